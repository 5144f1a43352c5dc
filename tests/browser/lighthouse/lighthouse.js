// Lighthouse over the three kinds of page that are read most. All scores have to be 100; with `performance`, that of the
// speed too, which an idle machine alone can tell.

import { join } from 'node:path';

import * as chrome from 'chrome-launcher';
import lighthouse from 'lighthouse';

import { serve } from '../server.js';

const PAGES = ['index.html', 'releases.html', 'projects/openexr.html'];
const CATEGORIES = ['accessibility', 'best-practices', 'seo', ...process.argv.slice(2)];

const site = await serve(join(process.env.SITES, 'seed'));
const browser = await chrome.launch({
  chromePath: process.env.CHROMIUM,
  chromeFlags: ['--headless=new', '--disable-quic', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
});
try {
  for (const path of PAGES) {
    const { lhr } = await lighthouse(site.address + path, {
      port: browser.port,
      onlyCategories: CATEGORIES,
      disableFullPageScreenshot: true,
      logLevel: 'error',
    });
    for (const { id, score, auditRefs } of Object.values(lhr.categories)) {
      console.log(`${path}: ${id} ${Math.round(score * 100)}`);
      if (score < 1) {
        process.exitCode = 1;
        const lost = auditRefs.filter((audit) => audit.weight > 0 && lhr.audits[audit.id].score < 1);
        lost.forEach((audit) => console.log(`  ${audit.id}: ${lhr.audits[audit.id].title}`));
      }
    }
  }
} finally {
  browser.kill();
  site.close();
}

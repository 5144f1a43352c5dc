// How the pages look: by day and by night, on a telephone, and to those who do not see.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { violations } from './axe.js';
import { none, Site } from './site.js';

const fixture = new Site('fixture');
const seed = new Site('seed');

/** Every page of the fixture; of the seed those with most in them. */
const PAGES = [
  ...fixture.pages.map((path) => [fixture, `fixture/${path}`, path]),
  ...['index.html', 'releases.html', 'timeline.html', 'platforms/cy2026.html', 'projects/openimageio.html'].map(
    (path) => [seed, `seed/${path}`, path],
  ),
];

/** What a finger has to hit; a link in running text is as high as its line. */
const TARGETS = 'button, input, select, summary, nav a, .skip';

for (const [site, name, path] of PAGES) {
  test(`${name}: axe finds nothing`, async (t) => {
    const page = await site.open(t, path, { colorScheme: 'light', viewport: { width: 1280, height: 800 } });
    none(await violations(page), 'axe finds nothing by day');
  });

  test(`${name}: on a telephone by night`, async (t) => {
    const telephone = { colorScheme: 'dark', viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };
    const page = await site.open(t, path, telephone);
    for (const width of [320, 360]) {
      await page.setViewportSize({ width, height: 640 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert(wide <= width, `the page is ${wide} px wide, and the telephone ${width}`);
      const low = await page.locator(TARGETS).evaluateAll((targets) => targets
        .filter((target) => target.checkVisibility() && Math.round(target.getBoundingClientRect().height) < 44)
        .map((target) => `${target.getBoundingClientRect().height} px: ${target.outerHTML.slice(0, 120)}`));
      none(low, `nothing is too low for a finger at ${width} px`);
    }
    // The largest pages have nothing that the others have not, and take their time.
    if (site === fixture) {
      none(await violations(page), 'axe finds nothing by night');
    }
  });
}

for (const [colorScheme, is] of [['light', 'bright'], ['dark', 'dark']]) {
  test(`who asks for ${colorScheme} pages has them ${is}`, async (t) => {
    const page = await fixture.open(t, 'index.html', { colorScheme });
    const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const brightness = paper.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3;
    assert(is === 'bright' ? brightness > 230 : brightness < 40, paper);
  });
}

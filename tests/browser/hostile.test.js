// What strangers wrote, in a browser: no script of theirs runs and nobody is asked, with the policy of the pages and
// without it, and in a reader that takes the feeds' HTML as it comes.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Site, none } from './site.js';

const site = new Site('hostile');

/** Pictures may stand in notes; they are asked for where they say, and nothing else is. */
const PICTURES = [/^off the site: https:\/\/(example\.org|github\.com)\//, /net::ERR_FAILED https:\/\/(example\.org|github\.com)\//];

const POLICY = /<meta http-equiv="Content-Security-Policy"[^>]*>/;

/** What ran: an alert, in the page or in a frame of it. */
function watch(page, ran) {
  page.on('dialog', (dialog) => {
    ran.push(`${dialog.type()}: ${dialog.message()}`);
    return dialog.dismiss();
  });
}

/** Without the policy, which would stop what got through. */
function defenceless(page) {
  return page.route(`${site.address}**/*.html`, async (route) => {
    const response = await route.fetch();
    const body = await response.text();
    assert.match(body, POLICY);
    return route.fulfill({ response, body: body.replace(POLICY, '') });
  });
}

/** Does to every element what a reader may do, but for following links. */
function touchAll(page) {
  return page.evaluate(async () => {
    addEventListener('click', (event) => event.preventDefault(), true);
    for (const details of document.querySelectorAll('details')) details.open = true;
    for (const element of document.querySelectorAll('main *, header *')) {
      for (const type of ['pointerover', 'mouseover', 'mouseenter', 'focus', 'click', 'load', 'error', 'toggle']) {
        element.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }));
      }
    }
    await new Promise((passed) => setTimeout(passed, 300));
  });
}

/** What in the document could run or ask, as the browser sees it. */
function dangers(page, within) {
  return page.locator(within).evaluateAll((elements) => elements.flatMap((element) => {
    const found = [];
    if (/^(script|style|iframe|frame|object|embed|base|form|meta|link|svg|math|template|video|audio)$/i.test(element.localName)) {
      found.push(element.outerHTML);
    }
    for (const { name } of element.attributes) {
      if (name.startsWith('on') || ['style', 'srcdoc', 'formaction', 'id', 'name', 'class'].includes(name)) found.push(element.outerHTML);
    }
    if (element.localName === 'a' && element.href && !['http:', 'https:'].includes(element.protocol)) found.push(element.outerHTML);
    return found;
  }));
}

test('there is a place for every way to do harm', () => {
  const vectors = JSON.parse(readFileSync(new URL('../data/hostile.json', import.meta.url), 'utf8'));
  const page = readFileSync(join(site.folder, 'projects/hostile.html'), 'utf8');
  assert.equal(page.match(/<section class="release"/g).length, vectors.length + 1);
});

for (const [how, prepare] of [['with their policy', () => {}], ['without their policy', defenceless]]) {
  test(`pages ${how}: nothing that strangers wrote runs or asks`, async (t) => {
    for (const path of site.pages) {
      const ran = [];
      const page = await site.open(t, path, {
        complaints: PICTURES,
        prepare: async (page) => {
          watch(page, ran);
          await prepare(page);
        },
      });
      await touchAll(page);
      assert.deepEqual(ran, [], path);
      none(await dangers(page, '.notes > :not(p.note):not(p.note *), .notes > * *'), `${path} is harmless`);
      assert.equal(await page.locator('script').count(), 1);
      assert.equal(await page.evaluate(() => window.frames.length), 0);
      await page.context().close();
    }
  });
}

for (const ending of ['json', 'atom', 'rss']) {
  test(`feeds as ${ending}: their HTML does nothing in a reader that takes it as it comes`, async (t) => {
    const ran = [];
    const page = await site.open(t, 'index.html', {
      complaints: PICTURES,
      prepare: async (page) => {
        watch(page, ran);
        await page.route(`${site.address}index.html`, (route) => route.fulfill({
          contentType: 'text/html', body: '<!DOCTYPE html><title>Reader</title><link rel=icon href="data:,"><main></main>',
        }));
      },
    });
    const text = readFileSync(join(site.folder, `feeds/all.${ending}`), 'utf8');
    const contents = await page.evaluate(({ text, ending }) => {
      if (ending === 'json') return JSON.parse(text).items.map((item) => item.content_html);
      const feed = new DOMParser().parseFromString(text, 'application/xml');
      if (feed.querySelector('parsererror')) throw new Error(feed.querySelector('parsererror').textContent);
      return [...feed.getElementsByTagName(ending === 'atom' ? 'content' : 'content:encoded')].map((one) => one.textContent);
    }, { text, ending });
    assert(contents.length > 100, `${contents.length} entries`);
    await page.evaluate((contents) => {
      for (const content of contents) {
        const article = document.createElement('article');
        article.innerHTML = content;
        document.querySelector('main').append(article);
      }
    }, contents);
    await touchAll(page);
    none(await dangers(page, 'article *'), 'what is put into a page is harmless');
    await page.evaluate(async (contents) => {
      const frame = document.createElement('iframe');
      const loaded = new Promise((done) => { frame.onload = done; });
      frame.srcdoc = contents.join('<hr>');
      document.body.append(frame);
      await loaded;
    }, contents);
    await page.waitForTimeout(300);
    none(await page.frames()[1].locator('script, [onerror], [onload], iframe, style').evaluateAll(
      (elements) => elements.map((element) => element.outerHTML),
    ), 'what is a page of its own is harmless');
    assert.deepEqual(ran, []);
  });
}

test('pictures and lists of the site are what they are', async (t) => {
  const files = readdirSync(site.folder, { recursive: true }).filter((file) => /\.(svg|opml|xml|atom|rss)$/.test(file));
  assert(files.length > 5, files.join());
  const ran = [];
  const page = await site.open(t, 'index.html', { complaints: PICTURES, prepare: (page) => watch(page, ran) });
  for (const file of files) {
    const text = readFileSync(join(site.folder, file), 'utf8');
    const wrong = await page.evaluate((text) => {
      const read = new DOMParser().parseFromString(text, 'application/xml');
      return read.querySelector('parsererror')?.textContent ?? (read.querySelector('script, foreignObject, [onload]')?.outerHTML);
    }, text);
    assert.equal(wrong, undefined, file);
  }
  for (const file of files.filter((file) => file.endsWith('.svg'))) await page.goto(site.address + file);
  assert.deepEqual(ran, []);
});

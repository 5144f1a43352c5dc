// All that a mouse can do, a keyboard can.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Site } from './site.js';

const site = new Site('fixture');

/** A block that scrolls is one too, in Chromium. */
const STOPS = 'a[href], button, input, select, summary, [tabindex="0"], pre, .notes table';

test('the first stop is the way past the head', async (t) => {
  const page = await site.open(t, 'index.html');
  await page.keyboard.press('Tab');
  const skip = page.locator('.skip');
  assert(await skip.evaluate((link) => link === document.activeElement));
  const box = await skip.boundingBox();
  assert(box.x >= 0 && box.y >= 0, 'it is seen when it is stood on');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert(await page.evaluate(() => document.querySelector('main').contains(document.activeElement)));
});

for (const path of ['index.html', 'releases.html', 'subscribe.html', 'timeline.html', 'status.html', 'projects/lumen.html', 'platforms/y2026.html']) {
  test(`${path}: every stop is reached, in the order of the page, and is seen`, async (t) => {
    const page = await site.open(t, path);
    await page.locator('main').waitFor();
    const expected = await page.locator(STOPS).evaluateAll((stops) => {
      stops.forEach((stop, at) => { stop.dataset.stop = at; });
      const isStop = (stop) => stop.tabIndex >= 0 || stop.scrollWidth > stop.clientWidth;
      return stops.filter((stop) => stop.checkVisibility() && isStop(stop)).map((stop) => stop.dataset.stop);
    });
    for (const at of expected) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const { activeElement: stop } = document;
        const { outlineStyle, outlineWidth } = getComputedStyle(stop);
        return { at: stop.dataset.stop, outline: `${outlineStyle} ${outlineWidth}`, html: stop.outerHTML.slice(0, 120) };
      });
      assert.equal(stop.at, at, `stop ${at} is next, and not ${stop.html}`);
      assert.match(stop.outline, /^solid [2-9]px$/, `it is seen that one is on ${stop.html}`);
    }
  });
}

test('Escape empties the field of the filter', async (t) => {
  const page = await site.open(t, 'releases.html');
  const field = page.locator('form.filter [name=q]');
  await field.focus();
  await page.keyboard.type('prism');
  assert.equal(new URL(page.url()).search, '?q=prism');
  await page.keyboard.press('Escape');
  assert.equal(await field.inputValue(), '');
  assert.equal(new URL(page.url()).search, '');
  assert.equal(await page.locator('main [data-project][hidden]').count(), 0);
});

test('folded notes are opened and folded by Enter', async (t) => {
  const page = await site.open(t, 'projects/prism.html');
  const details = page.locator('section.release details:not([open])').first();
  const id = await details.evaluate((details) => details.closest('section').id);
  const notes = page.locator(`section.release[id="${id}"] details`);
  await notes.locator('summary').focus();
  await page.keyboard.press('Enter');
  await notes.locator('.notes').waitFor();
  await page.keyboard.press('Enter');
  await notes.locator('.notes').waitFor({ state: 'hidden' });
});

test('the picture of the timeline is no stop, and is said in words beside it', async (t) => {
  const page = await site.open(t, 'timeline.html');
  const pictures = page.locator('main svg');
  assert(await pictures.count() > 0);
  for (const picture of await pictures.all()) {
    assert(await picture.evaluate((svg) => svg.closest('[aria-hidden=true]') !== null));
    assert.equal(await picture.evaluate((svg) => svg.querySelectorAll('a, [tabindex], [focusable=true]').length), 0);
  }
  assert(await page.locator('main table, main ul, main ol').count() > 0);
});

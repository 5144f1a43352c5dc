// The notes between two versions or days, on a project's page.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Site } from './site.js';

const site = new Site('fixture');

/** The pictures in notes are others': they are asked for when the notes are opened. */
const PICTURES = [/pictures\.example\.org/];

function open(t, query) {
  return site.open(t, `projects/lumen.html${query}`, { complaints: PICTURES });
}

/** The releases that are shown, as the page orders them. */
function shown(page) {
  return page.locator('section.release:not([hidden])').evaluateAll((sections) => sections.map(({ id }) => id));
}

/** Those of them whose notes are folded. */
function folded(page) {
  const folded = 'section.release:not([hidden]):has(details:not([open]))';
  return page.locator(folded).evaluateAll((sections) => sections.map(({ id }) => id));
}

test('from a version to a version: the first is known already, the last is asked for', async (t) => {
  const page = await open(t, '');
  const form = page.locator('form.between');
  await form.locator('[name=from]').fill('1.1.0');
  await form.locator('[name=to]').fill('2.0.0');
  await form.locator('[name=to]').press('Enter');
  assert.deepEqual((await shown(page)).sort(), ['1.2.0', '1.2.0rc1', '1.2.1', '2.0.0', '2.0.0b1']);
  assert.deepEqual(await folded(page), []);
  assert.match(await form.locator('output').innerText(), /\b5\b/);
  assert.deepEqual(Object.fromEntries(new URL(page.url()).searchParams), { from: '1.1.0', to: '2.0.0' });
});

test('from a day to a day: both are asked for', async (t) => {
  const page = await open(t, '?from=2025-08-15&to=2026-02-10');
  assert.deepEqual((await shown(page)).sort(), ['1.2.0', '2.0.0', '2.0.0b1', '2.0.1']);
  assert.deepEqual(await folded(page), []);
});

test('an open end is all there is on that side', async (t) => {
  const after = await open(t, '?from=2.0.1');
  assert.deepEqual((await shown(after)).sort(), ['2.0.1.post1', '2.1.0', '2.1.0rc1']);
  const until = await open(t, '?to=1.0.0');
  assert.deepEqual(await shown(until), ['1.0.0']);
});

test('a version may be written as the project writes it', async (t) => {
  const page = await open(t, '?from=v2.0.0-beta.1&to=V2.0.0');
  assert.deepEqual(await shown(page), ['2.0.0']);
});

test('the versions are offered', async (t) => {
  const page = await open(t, '');
  const form = page.locator('form.between');
  for (const name of ['from', 'to']) {
    const list = await form.locator(`[name=${name}]`).getAttribute('list');
    const offered = await page.locator(`#${list} option`).evaluateAll((options) => options.map(({ value }) => value));
    assert(offered.includes('2.1.0') && offered.includes('1.2.0-rc1') || offered.includes('1.2.0rc1'), offered);
  }
});

test('what is not understood is said, and hides nothing', async (t) => {
  const page = await open(t, '');
  const all = await shown(page);
  const form = page.locator('form.between');
  await form.locator('[name=from]').fill('the day before');
  await form.locator('[name=from]').press('Enter');
  assert.match(await form.locator('output').innerText(), /the day before/);
  assert.deepEqual(await shown(page), all);
});

test('emptied, all are shown as they were', async (t) => {
  const page = await open(t, '?from=1.1.0&to=2.0.0');
  const form = page.locator('form.between');
  await form.locator('[name=from]').fill('');
  await form.locator('[name=to]').fill('');
  await form.locator('[name=to]').press('Enter');
  assert.equal((await shown(page)).length, await page.locator('section.release').count());
  assert.equal(new URL(page.url()).search, '');
});

test('it goes along with the filter', async (t) => {
  const page = await open(t, '?from=1.1.0&to=2.0.0&stability=pre-release');
  assert.deepEqual((await shown(page)).sort(), ['1.2.0rc1', '2.0.0b1']);
  assert.deepEqual(
    Object.fromEntries(new URL(page.url()).searchParams),
    { from: '1.1.0', to: '2.0.0', stability: 'pre-release' },
  );
});

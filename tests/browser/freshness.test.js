// What the pages say of the run that made them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Site } from './site.js';

const site = new Site('fixture');

function madeAt() {
  return new Date(JSON.parse(readFileSync(join(site.folder, 'status.json'))).at);
}

/** The page as it is looked at some hours after the site was made. */
function openAfter(t, path, hours) {
  const now = new Date(madeAt().getTime() + hours * 3_600_000);
  return site.open(t, path, { prepare: (page) => page.clock.setFixedTime(now) });
}

test('a site that was made the day before says nothing of its age', async (t) => {
  const page = await openAfter(t, 'index.html', 30);
  await page.waitForLoadState('networkidle');
  assert(await page.locator('.stale-banner').isHidden());
});

test('a site that was made more than two days ago says so', async (t) => {
  const page = await openAfter(t, 'index.html', 72);
  await page.locator('.stale-banner').waitFor();
  assert.equal(await page.locator('.stale-banner').getAttribute('role'), 'status');
});

for (const [what, answer] of [
  ['is not there', { status: 404 }],
  ['is nonsense', { body: '<html>' }],
  ['has nothing in it', { json: {} }],
]) {
  test(`where status.json ${what}, the pages say nothing`, async (t) => {
    for (const path of ['index.html', 'status.html']) {
      const page = await site.open(t, path, {
        complaints: [/status of 404.*status\.json/], // the browser's own word
        prepare: (page) => page.route('**/status.json', (route) => route.fulfill(answer)),
      });
      await page.waitForLoadState('networkidle');
      assert(await page.locator('.stale-banner').isHidden());
    }
  });
}

test('the status page says when the last run was', async (t) => {
  const page = await openAfter(t, 'status.html', 1);
  await page.locator('main').filter({ hasText: madeAt().toISOString().slice(0, 10) }).waitFor();
});

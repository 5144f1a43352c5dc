// The copy buttons.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { PUBLISHED, Site } from './site.js';

const site = new Site('fixture');

for (const path of ['subscribe.html', 'projects/lumen.html', 'platforms/y2026.html', 'feeds/alerts.html']) {
  test(`${path}: what a copy button has is the address of a file of the site, or a line with one`, async (t) => {
    const page = await site.open(t, path);
    const buttons = page.locator('button.copy');
    const texts = await buttons.evaluateAll((buttons) => buttons.map((button) => button.dataset.copy));
    assert(texts.length > 0, 'there is something to copy');
    for (const text of texts) {
      assert(text.includes(PUBLISHED), text);
      for (const [address] of text.matchAll(/https:\/\/example\.org\/aswf-release-feed\/[^\s)"'\]#<]*/g)) {
        const file = address.slice(PUBLISHED.length) || 'index.html';
        assert(existsSync(join(site.folder, file)), `${address} is a file`);
      }
    }
    assert(await buttons.filter({ visible: true }).count() > 0, 'the script shows them');
  });
}

test('a click copies, says so to eye and ear, and is forgotten after two seconds', async (t) => {
  const page = await site.open(t, 'projects/lumen.html', {
    permissions: ['clipboard-read', 'clipboard-write'],
    prepare: (page) => page.clock.install(),
  });
  const address = `${PUBLISHED}projects/lumen.atom`;
  const button = page.locator(`button.copy[data-copy="${address}"]`);
  assert.equal(await button.innerText(), 'Copy');
  await button.click();
  await page.locator('[role=status]').filter({ hasText: /copied/i }).first().waitFor({ state: 'attached' });
  assert.equal(await button.innerText(), 'Copied');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), address);
  await page.clock.fastForward(2500);
  assert.equal(await button.innerText(), 'Copy');
});

test('a second button copies its own', async (t) => {
  const page = await site.open(t, 'subscribe.html', { permissions: ['clipboard-read', 'clipboard-write'] });
  const buttons = page.locator('button.copy').filter({ visible: true });
  for (const button of [buttons.first(), buttons.last()]) {
    await button.click();
    await page.waitForFunction((button) => button.textContent === 'Copied', await button.elementHandle());
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await button.getAttribute('data-copy'));
  }
});

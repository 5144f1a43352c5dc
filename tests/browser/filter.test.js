// The filter of the home page, of the releases and of a project: what it shows, and its state in the address.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Site } from './site.js';

const site = new Site('fixture');

const PAGES = ['index.html', 'releases.html', 'projects/lumen.html'];
const FACETS = ['project', 'stage', 'channel', 'platform', 'stability'];
const ITEM = FACETS.map((facet) => `main [data-${facet}]`).join(', ');

/** How many items are shown, and how many there are, counted by the eye. */
async function count(page) {
  const items = page.locator(ITEM);
  const hidden = page.locator(FACETS.map((facet) => `main [data-${facet}][hidden]`).join(', '));
  return { shown: (await items.count()) - (await hidden.count()), all: await items.count() };
}

/** What the filter says of itself; nothing while it filters nothing. */
async function said(page) {
  const [shown, all] = (await page.locator('form.filter output').innerText()).match(/\d+/g)?.map(Number) ?? [];
  return { shown, all };
}

/** What of the page's items should be shown, by their own words, and what is. */
function choices(page, chosen) {
  return page.locator(ITEM).evaluateAll(
    (items, chosen) => items.map((item) => ({
      title: item.innerText.split('\n')[0],
      fits: Object.entries(chosen).every(([facet, id]) => item.dataset[facet]?.split(' ').includes(id) ?? false),
      shown: !item.hidden,
    })),
    chosen,
  );
}

async function shows(page, chosen) {
  const items = await choices(page, chosen);
  assert.deepEqual(items.filter((item) => item.fits !== item.shown), []);
  assert(items.some((item) => item.shown) && items.some((item) => !item.shown), 'some are shown, and some are not');
  assert.deepEqual(await said(page), await count(page));
}

function query(page) {
  return Object.fromEntries(new URL(page.url()).searchParams);
}

for (const path of PAGES) {
  test(`${path}: all is shown, and nothing is said of it, until something is asked for`, async (t) => {
    const page = await site.open(t, path);
    await page.locator('form.filter').waitFor();
    const { shown, all } = await count(page);
    assert(all > 0);
    assert.equal(shown, all);
    assert.deepEqual(await said(page), { shown: undefined, all: undefined });
    assert.deepEqual(query(page), {});
  });

  test(`${path}: each choice of each list shows what has it, and nothing else`, async (t) => {
    const page = await site.open(t, path);
    for (const list of await page.locator('form.filter select').all()) {
      const facet = await list.getAttribute('name');
      const ids = await list.locator('option').evaluateAll((options) => options.map((option) => option.value));
      assert.equal(ids.shift(), '', `${facet}: the first choice is all of them`);
      assert(ids.length > 1, `${facet}: there is something to choose`);
      for (const id of ids) {
        await list.selectOption(id);
        const items = await choices(page, { [facet]: id });
        assert.deepEqual(items.filter((item) => item.fits !== item.shown), [], `${facet}=${id}`);
        // Only a project may have nothing yet.
        assert(facet === 'project' || items.some((item) => item.shown), `${facet}=${id} has something`);
        assert.deepEqual(query(page), { [facet]: id });
      }
      await list.selectOption('');
      assert.deepEqual(query(page), {});
    }
  });
}

test('what is typed is looked for in the items, whatever its case', async (t) => {
  const page = await site.open(t, 'releases.html');
  await page.locator('form.filter [name=q]').pressSequentially('PRISM');
  const items = await choices(page, { project: 'prism' });
  assert.deepEqual(items.filter((item) => item.fits !== item.shown), []);
  assert.deepEqual(await said(page), await count(page));
  assert.deepEqual(query(page), { q: 'PRISM' });
});

test('what nothing has shows nothing, and says so', async (t) => {
  const page = await site.open(t, 'releases.html');
  await page.locator('form.filter [name=q]').fill('no such thing');
  const { shown, all } = await count(page);
  assert.equal(shown, 0);
  assert.deepEqual(await said(page), { shown, all });
});

test('two choices and a word show what has all three', async (t) => {
  const page = await site.open(t, 'releases.html');
  await page.locator('form.filter [name=project]').selectOption('lumen');
  await page.locator('form.filter [name=channel]').selectOption('pypi');
  await page.locator('form.filter [name=stability]').selectOption('final');
  await shows(page, { project: 'lumen', channel: 'pypi', stability: 'final' });
  await page.locator('form.filter [name=q]').fill('2.1.0');
  assert.equal((await said(page)).shown, 1);
  assert.deepEqual(query(page), { q: '2.1.0', project: 'lumen', channel: 'pypi', stability: 'final' });
});

test('an address is a filter: it can be kept, sent and loaded anew', async (t) => {
  const page = await site.open(t, 'releases.html?project=prism&stability=pre-release');
  await shows(page, { project: 'prism', stability: 'pre-release' });
  assert.equal(await page.locator('form.filter [name=project]').inputValue(), 'prism');
  assert.equal(await page.locator('form.filter [name=stability]').inputValue(), 'pre-release');
  await page.reload();
  await shows(page, { project: 'prism', stability: 'pre-release' });
  assert.deepEqual(query(page), { project: 'prism', stability: 'pre-release' });
});

test('an address with choices that are not there, and with others’ words, shows all that it does not exclude', async (t) => {
  const page = await site.open(t, 'releases.html?project=nobody&utm_source=mail&q=%3Cb%3E&__proto__=x');
  await page.locator('form.filter').waitFor();
  assert.deepEqual(await said(page), await count(page));
  assert.equal(await page.locator('form.filter [name=q]').inputValue(), '<b>');
  assert.equal(await page.locator('form.filter [name=project]').evaluate((list) => list.selectedIndex), 0);
  await page.locator('form.filter [type=reset]').click();
  const { shown, all } = await count(page);
  assert.equal(shown, all);
});

test('the reset clears all, in the address too', async (t) => {
  const page = await site.open(t, 'releases.html?q=lumen&channel=pypi');
  await page.locator('form.filter [type=reset]').click();
  const { shown, all } = await count(page);
  assert.equal(shown, all);
  assert.deepEqual(await said(page), { shown: undefined, all: undefined });
  assert.deepEqual(query(page), {});
  assert.equal(await page.locator('form.filter [name=q]').inputValue(), '');
  assert.equal(await page.locator('form.filter [name=channel]').inputValue(), '');
});

test('Enter in the field loads nothing anew', async (t) => {
  const page = await site.open(t, 'releases.html');
  await page.evaluate(() => { window.stayed = true; });
  await page.locator('form.filter [name=q]').fill('lumen');
  await page.keyboard.press('Enter');
  assert(await page.evaluate(() => window.stayed));
  assert.deepEqual(query(page), { q: 'lumen' });
});

test('a group whose items are all hidden is hidden with its heading', async (t) => {
  const page = await site.open(t, 'releases.html?project=prism');
  const groups = await page.locator('[data-group]').evaluateAll((groups, item) => groups.map((group) => ({
    empty: [...group.querySelectorAll(item)].every((item) => item.hidden),
    hidden: group.hidden,
  })), ITEM);
  assert(groups.some((group) => group.hidden) && groups.some((group) => !group.hidden));
  assert.deepEqual(groups.filter((group) => group.empty !== group.hidden), []);
});

test('the place on the page stays in the address', async (t) => {
  const page = await site.open(t, 'projects/lumen.html#2.0.1');
  await page.locator('form.filter [name=q]').fill('2.0');
  assert.equal(new URL(page.url()).hash, '#2.0.1');
});

test('going back leaves the page, however often the filter was changed', async (t) => {
  const page = await site.open(t, 'index.html');
  await page.goto(`${site.address}releases.html`);
  await page.locator('form.filter [name=q]').pressSequentially('prism');
  await page.goBack();
  assert(page.url().endsWith('index.html'), page.url());
  await page.goForward();
  assert.deepEqual(query(page), { q: 'prism' });
  assert.deepEqual(await said(page), await count(page));
});

test('the parts of a project are folded, and found all the same', async (t) => {
  const page = await site.open(t, 'index.html');
  const part = page.locator('.parts [data-project=halide]');
  assert(await part.isHidden());
  const fold = page.locator('button[aria-controls="parts-lumen"]');
  await fold.click();
  assert.equal(await fold.getAttribute('aria-expanded'), 'true');
  assert(await part.isVisible());
  await fold.click();
  assert.equal(await fold.getAttribute('aria-expanded'), 'false');
  assert(await part.isHidden());
  await page.locator('form.filter [name=q]').fill('halide');
  assert(await part.isVisible());
});

test('on a telephone the lists are folded, but where something is chosen', async (t) => {
  const telephone = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true };
  const page = await site.open(t, 'releases.html', telephone);
  const list = page.locator('form.filter [name=channel]');
  assert(await list.isHidden());
  await page.locator('form.filter summary').tap();
  await list.selectOption('pypi');
  await shows(page, { channel: 'pypi' });
  await page.reload();
  assert(await list.isVisible());
  await shows(page, { channel: 'pypi' });
});

// Every page: valid, quiet, linked, complete without the script, and readable from the disk.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'node:test';

import { HtmlValidate } from 'html-validate';

import { none, PUBLISHED, Site } from './site.js';

const fixture = new Site('fixture');
const seed = new Site('seed');

const RULES = {
  // A release's id is its version: links of feeds lead there, and HTML wants no letter in front.
  'valid-id': ['error', { relaxed: true }],
  // The forms answer while one types: there is nothing to submit.
  'wcag/h32': 'off',
};

/** Of the seed those of each kind that have most in them. */
const LARGE = [
  'index.html', 'releases.html', 'status.html', 'subscribe.html', 'timeline.html',
  'feeds/security.html', 'platforms/cy2026.html', 'projects/aswf-docker.html', 'projects/openimageio.html',
];

for (const [name, site, paths] of [['fixture', fixture, fixture.pages], ['seed', seed, LARGE]]) {
  test(`${name}: the pages are valid HTML`, async () => {
    const validate = new HtmlValidate({ root: true, extends: ['html-validate:recommended'], rules: RULES });
    const { results } = await validate.validateMultipleFiles(paths.map((page) => join(site.folder, page)));
    none(results.flatMap(({ filePath, messages }) => messages.map(
      ({ line, column, ruleId, message }) => `${filePath}:${line}:${column} ${ruleId}: ${message}`,
    )), 'html-validate has nothing to say');
  });

  test(`${name}: no two pages have the same title`, () => {
    const title = (page) => readFileSync(join(site.folder, page), 'utf8').match(/<title>(.*?)<\/title>/s)[1];
    const titles = site.pages.map(title);
    none(titles.filter((title, at) => titles.indexOf(title) !== at), 'each is said once');
  });
}

/** The ids of a page. */
function ids(site, path) {
  return [...readFileSync(join(site.folder, path), 'utf8').matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
}

/** Why a link of a page leads nowhere; nothing where it leads somewhere, or off the site. */
function broken(site, path, link) {
  const here = new URL(path, PUBLISHED);
  const { href, hash } = new URL(link, here);
  if (!href.startsWith(PUBLISHED)) {
    return [];
  }
  const target = decodeURIComponent(new URL(href).pathname.slice(new URL(PUBLISHED).pathname.length)) || 'index.html';
  if (!existsSync(join(site.folder, target))) {
    return [`${link}: there is no ${target}`];
  }
  const fragment = decodeURIComponent(hash.slice(1));
  return fragment && !ids(site, target).includes(fragment) ? [`${link}: ${target} has no ${fragment}`] : [];
}

for (const path of fixture.pages) {
  test(`${path}: asks nobody, complains of nothing, and all its links lead somewhere`, async (t) => {
    const page = await fixture.open(t, path);
    // What is fetched late is fetched when it comes into view.
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    await page.waitForLoadState('networkidle');
    const links = await page.locator('[href], [src]').evaluateAll((elements) => elements.map(
      (element) => element.getAttribute('href') ?? element.getAttribute('src'),
    ));
    none([...new Set(links)].flatMap((link) => broken(fixture, path, link)), 'every link leads somewhere');
    assert.equal(await page.locator('h1').count(), 1);
    const canonical = await page.locator('link[rel=canonical]').getAttribute('href');
    assert.equal(canonical, PUBLISHED + (path === 'index.html' ? '' : path));
  });
}

test('a picture in folded notes is fetched when they are opened, and not before', async (t) => {
  const page = await fixture.open(t, 'projects/lumen.html', { complaints: [/pictures\.example\.org/] });
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  const others = () => asked.filter((url) => !url.startsWith(fixture.address));
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await page.waitForLoadState('networkidle');
  assert.deepEqual(others(), []);
  const failed = page.waitForEvent('requestfailed');
  await page.locator('section.release[id="2.0.0"] summary').click();
  await failed;
  assert.deepEqual(others(), ['https://pictures.example.org/two-lamps.png']);
});

test('a place that is none on the page breaks nothing', async (t) => {
  const page = await fixture.open(t, 'projects/lumen.html#100%');
  await page.locator('form.filter [name=q]').fill('dimmer');
  assert(await page.locator('section.release[hidden]').count() > 0);
});

test('an address with its place opens the notes there', async (t) => {
  const page = await fixture.open(t, 'projects/lumen.html#1.1.0');
  assert(await page.locator('section.release[id="1.1.0"] .notes').isVisible());
});

test('an address that is not there leads back, at every depth', async (t) => {
  for (const path of ['nothing.html', 'projects/nothing.html', 'a/b/c/nothing.html']) {
    const page = await fixture.open(t, path, { complaints: [/status of 404/, /^missing: .*nothing\.html$/] });
    assert.notEqual(await page.locator('body').evaluate((body) => getComputedStyle(body).marginTop), '8px', 'it has its style');
    const home = page.locator('main a[href$="index.html"], main a[href$="/"]').first();
    await home.click();
    assert.equal(await page.title(), 'Lantern <releases>');
  }
});

for (const path of ['index.html', 'releases.html', 'subscribe.html', 'timeline.html', 'status.html', 'projects/lumen.html', 'platforms/y2027.html', 'feeds/lines.html']) {
  test(`${path}: without the script all is there, and nothing that needs it`, async (t) => {
    // By the standard, no picture is fetched late where there is no script.
    const complaints = [/pictures\.example\.org/];
    const page = await fixture.open(t, path, { javaScriptEnabled: false, complaints });
    const needing = page.locator('form, button, input, select, output, .stale-banner').filter({ visible: true });
    assert.equal(await needing.count(), 0);
    // Playwright looks into pages without the script too.
    const hidden = await page.locator('main [data-project], main [data-group], main .parts').filter({ visible: false }).count();
    const folded = await page.locator('main details:not([open]) :is([data-project], [data-group])').count();
    assert.equal(hidden - folded, 0);
  });
}

test('the site can be read from the disk', async (t) => {
  const page = await fixture.openFromDisk(t, 'index.html');
  await page.waitForLoadState('networkidle');
  assert.notEqual(await page.locator('body').evaluate((body) => getComputedStyle(body).marginTop), '8px', 'it has its style');
  await page.locator('main a[href="projects/lumen.html"]').first().click();
  assert.equal(await page.locator('h1').innerText(), 'Lumen');
  assert(await page.locator('form.filter').isVisible(), 'the script runs');
  await page.locator('form.filter [name=q]').fill('dimmer');
  assert(await page.locator('section.release[hidden]').count() > 0, 'and filters');
  await page.locator('header nav a').filter({ hasText: 'Releases' }).first().click();
  assert(await page.locator('main li a').count() > 10);
  await page.locator('header nav a').filter({ hasText: 'Status' }).first().click();
  await page.waitForLoadState('networkidle');
});

test('every page is in the map of the site', () => {
  const map = readFileSync(join(fixture.folder, 'sitemap.xml'), 'utf8');
  const listed = [...map.matchAll(/<loc>(.*?)<\/loc>/g)].map(([, address]) => address.slice(PUBLISHED.length) || 'index.html');
  assert.deepEqual(listed.sort(), fixture.pages.filter((page) => page !== '404.html').map((page) => posix.normalize(page)).sort());
});

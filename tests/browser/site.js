// The sites under test, and a browser to look at them. A test fails where a page writes to the console, asks another
// host, or asks for what is not there, unless it says that it expects so.

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';

import { BELOW, serve } from './server.js';

// Chromium asks its maker for updates and news otherwise; root has no sandbox.
const ARGUMENTS = [
  '--disable-background-networking', '--disable-component-update', '--disable-quic', '--disable-sync', '--no-first-run',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** Where the fixture is published, as its catalog says. */
export const PUBLISHED = `https://example.org${BELOW}`;

/** Fails, with the first of what was found, where anything was. */
export function none(found, what) {
  assert(found.length === 0, `${what}, but:\n${found.slice(0, 20).join('\n')}${found.length > 20 ? '\n…' : ''}`);
}

/** A built site: `fixture` has one of everything and notes, `seed` the size of the real one. */
export class Site {
  #server;
  #browser;

  /** Serves the site and starts a browser, for all tests of a file. */
  constructor(name) {
    assert(process.env.SITES, 'SITES names no folder: run .ci/browser-test');
    this.folder = join(process.env.SITES, name);
    before(async () => {
      this.#server = await serve(this.folder);
      this.#browser = await chromium.launch({
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: ARGUMENTS,
      });
    });
    after(async () => {
      await this.#browser.close();
      this.#server.close();
    });
  }

  /** All pages, by their paths. */
  get pages() {
    const files = readdirSync(this.folder, { recursive: true });
    return files.filter((file) => file.endsWith('.html')).sort();
  }

  /** Where the site is served. */
  get address() {
    return this.#server.address;
  }

  /**
   * A page at its address on the server. What is not there is answered by 404.html at any depth, which therefore names
   * everything by the address where the site is published: there the server stands in for its host.
   */
  async open(t, path, options = {}) {
    const isThere = path !== '404.html' && existsSync(join(this.folder, new URL(path, PUBLISHED).pathname.slice(BELOW.length)));
    const at = isThere ? this.address : PUBLISHED;
    const page = await this.#page(t, { at, ...options });
    await page.goto(at + path);
    return page;
  }

  /** A page as a file on the disk. */
  async openFromDisk(t, path) {
    const page = await this.#page(t, {});
    await page.goto(pathToFileURL(join(this.folder, path)).href);
    return page;
  }

  /** `prepare` is done before the page is loaded; `complaints` are patterns of what it may complain of. */
  async #page(t, { at, complaints: expected = [], prepare, ...context }) {
    const complaints = [];
    const own = await this.#browser.newContext(context);
    const page = await own.newPage();
    page.on('console', (message) => complaints.push(`console: ${message.text()} ${message.location().url}`));
    page.on('pageerror', (error) => complaints.push(`error: ${error.stack}`));
    page.on('download', (download) => complaints.push(`download: ${download.url()}`));
    await own.route((url) => url.protocol !== 'file:' && !url.href.startsWith(this.address), (route) => {
      const url = route.request().url();
      if (at === PUBLISHED && url.startsWith(PUBLISHED)) {
        const answer = route.fetch({ url: url.replace(PUBLISHED, this.address) });
        // The page may be gone before the answer is there.
        return answer.then((response) => route.fulfill({ response })).catch(() => {});
      }
      complaints.push(`off the site: ${url}`);
      return route.abort();
    });
    await prepare?.(page);
    const missing = this.#server.missing.length;
    t.after(async () => {
      await own.close();
      complaints.push(...this.#server.missing.slice(missing).map((path) => `missing: ${path}`));
      const unexpected = complaints.filter((complaint) => !expected.some((pattern) => pattern.test(complaint)));
      none(unexpected, 'a page has nothing to complain of');
    });
    return page;
  }
}

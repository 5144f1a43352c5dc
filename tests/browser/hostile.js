// Writes the memory of a foundation whose every word is hostile, and its catalog: the notes of tests/data/hostile.json, a
// release each, and markup in all names.
//
//     node tests/browser/hostile.js CATALOG SITE

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [catalog, site] = process.argv.slice(2);
const vectors = JSON.parse(readFileSync(new URL('../data/hostile.json', import.meta.url), 'utf8'));

/** Markup that gets out of text, of an attribute, of a title and of a comment. */
const NAME = '</title><script>alert(1)</script>"\' onload=alert(1) --><img src=x onerror=alert(1)>';

function release(text, n, { notes, reason }) {
  const at = new Date(Date.UTC(2026, 4, 1, 10, 0, n)).toISOString().replace('.000', '');
  const version = `4.${n}.0`;
  const url = `https://example.org/lantern/lumen/releases/tag/${encodeURIComponent(text)}`;
  const state = reason === undefined ? 'present' : { yanked: reason };
  return {
    version, text, released: at, recorded: at, stability: 'final',
    entry: { id: `tag:example.org,2026:hostile/${version}`, title: `${NAME} ${text}`, link: { github: url }, announced: at },
    channels: [
      { channel: 'github', name: 'lantern/lumen', state: 'present', tags: [{ tag: text, released: at, url }] },
      { channel: 'pypi', name: 'Lumen', state, tags: [{ tag: text, released: at }] },
    ],
    notes,
  };
}

const releases = vectors.map(([, notes], n) => release(`4.${n}`, n, { notes }));
releases.push(release(`4.${releases.length}${NAME}`, releases.length, { notes: NAME, reason: NAME }));
const advisory = {
  ghsa: 'GHSA-aaaa-bbbb-cccc', severity: 'high', summary: NAME, url: 'https://example.org/advisory', published: '2026-05-01T00:00:00Z',
  affected: [{ vulnerable: NAME, patched: '4.1' }],
};
const history = {
  schema: 1, id: 'hostile', releases: releases.reverse(), advisories: [advisory], left_out: { 'no-version': [NAME] },
};
mkdirSync(join(site, 'data', 'projects'), { recursive: true });
writeFileSync(join(site, 'data', 'projects', 'hostile.json'), JSON.stringify(history));

const name = JSON.stringify(NAME);
writeFileSync(catalog, `
[site]
title = ${name}
description = ${name}
url = "https://example.org/aswf-release-feed/"
authority = "example.org,2026"
newest = 500

[[stage]]
id = "stage"
name = ${name}

[[platform]]
id = "platform"
name = ${name}
status = "draft"
versions = { hostile = "4" }

[[project]]
id = "hostile"
name = ${name}
stage = "stage"
github = { repo = "lantern/lumen" }
pypi = [{ name = "Lumen" }]
`);

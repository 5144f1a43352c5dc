// A static server as GitHub Pages is one: a site below a path, types by ending, packed by gzip, 404.html for what is
// not there.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** Where the site stands on its host: the path of the catalogs' `url`. */
export const BELOW = '/aswf-release-feed/';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
  '.atom': 'application/atom+xml',
  '.rss': 'application/rss+xml',
  '.opml': 'text/x-opml',
  '.xml': 'application/xml',
};

/** Serves a folder on loopback; `missing` are the paths that were asked for and are not there. */
export async function serve(folder) {
  const missing = [];
  const server = createServer(async ({ url }, response) => {
    const path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
    const found = await read(folder, path);
    if (found) {
      const type = TYPES[extname(found.file)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, 'content-encoding': 'gzip' });
      response.end(await promisify(gzip)(found.bytes));
    } else {
      missing.push(path);
      response.writeHead(404, { 'content-type': TYPES['.html'] });
      response.end(await readFile(join(folder, '404.html')).catch(() => 'Not found'));
    }
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    address: `http://127.0.0.1:${server.address().port}${BELOW}`,
    missing,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The file that a path names; null where there is none. */
async function read(folder, path) {
  const inside = normalize(path.slice(BELOW.length));
  if (!path.startsWith(BELOW) || inside.split(sep).includes('..')) {
    return null;
  }
  const file = join(folder, path.endsWith('/') ? join(inside, 'index.html') : inside);
  return readFile(file).then((bytes) => ({ file, bytes }), () => null);
}

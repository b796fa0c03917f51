// Chromium for a test file, and a small site on an origin of its own whose pages are files with values put in.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const PAGES = join(dirname(dirname(fileURLToPath(import.meta.url))), 'browser/seed');
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** `mapped`: `{'localhost:3100': port}` sends what pages ask there to this port of the machine. `flags`: further ones. */
export function openBrowser({ mapped = {}, flags = [] } = {}) {
  const rules = Object.entries(mapped).map(([from, port]) => `MAP ${from} 127.0.0.1:${port}`);
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...FLAGS, ...flags, ...(rules.length > 0 ? [`--host-resolver-rules=${rules.join(',')}`] : [])],
  });
}

/** A site that serves the pages of `browser/seed`; `put(name, values)` says what stands where in a page, and answers its address. */
export async function openSite() {
  const values = new Map();
  const server = createServer((request, response) => {
    const name = new URL(request.url, 'http://site').pathname.slice(1);
    const type = extname(name) === '.js' ? 'text/javascript' : 'text/html';
    try {
      let text = readFileSync(join(PAGES, name), 'utf8');
      for (const [from, to] of Object.entries(values.get(name) ?? {})) text = text.replaceAll(from, to);
      response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(text);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    put(name, page) {
      values.set(name, page);
      return `${origin}/${name}`;
    },
    close: () => (server.closeAllConnections(), new Promise((done) => server.close(done))),
  };
}

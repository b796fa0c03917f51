// A host site of its own origin, on which the manual's pages and scripts are opened in chromium.
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export class Site {
  #pages = new Map();
  #server = createServer(({ url }, response) => {
    const html = this.#pages.get(url);
    response.writeHead(html ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' }).end(html ?? '');
  });

  #browser;

  async open() {
    await new Promise((listening) => this.#server.listen(0, '127.0.0.1', listening));
    this.#browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
    return this;
  }

  /** A page with this HTML in a browser profile of its own; `prepare` is called before it loads. */
  async shows(html, prepare = async () => {}) {
    const path = `/${this.#pages.size}`;
    this.#pages.set(path, html);
    const context = await this.#browser.newContext();
    const page = await context.newPage();
    await prepare(page);
    await page.goto(`http://127.0.0.1:${this.#server.address().port}${path}`);
    return page;
  }

  async close() {
    await this.#browser.close();
    this.#server.close();
  }
}

// Somebody's own site that embeds the chat: pages with a policy as strict as can be, and what a browser found wrong with them.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';

const STRICT = (service) => `default-src 'none'; script-src ${service}; frame-src ${service}`;
const WITH_OWN_SCRIPTS = (service) => `default-src 'none'; script-src 'self' ${service}; frame-src ${service}`;

/** What every page is asked about itself: refusals by its policy, moved content, long tasks. */
const WATCH = () => {
  window.watched = { violations: [], moved: 0, longTasks: [] };
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => window.watched.violations.push(`${violatedDirective} ${blockedURI}`));
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.watched.moved += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.watched.longTasks.push(duration);
  }).observe({ type: 'longtask', buffered: true });
};

export async function openHostSite(service) {
  const pages = new Map();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://host');
    const page = pages.get(pathname) ?? pages.get('*');
    response.writeHead(page ? 200 : 404, { 'content-type': page?.type ?? 'text/plain', ...page?.headers }).end(page?.body);
  });
  await new Promise((done) => server.listen(0, done));
  // Another site than that of the service, which is at 127.0.0.1; by that name it is the same.
  return new HostSite(`http://localhost:${server.address().port}`, service, pages, server);
}

class HostSite {
  constructor(origin, service, pages, server) {
    Object.assign(this, { origin, service, pages, server });
  }

  /** A page with the loader's script, whose attributes are these; nothing but our scripts and frames is allowed in it. */
  embeds(path, attributes, { content, html = '', lang = 'en', dir = 'ltr' } = {}) {
    const tags = Object.entries(attributes).map(([name, value]) => ` data-${name}="${value}"`).join('');
    const body = page({ lang, dir, content, html: `${html}<script async src="${this.service}/sdk/v1/loader.js"${tags}></script>` });
    this.pages.set(path, { type: 'text/html; charset=utf-8', headers: { 'content-security-policy': STRICT(this.service) }, body });
    return this.origin + path;
  }

  /** A single-page application: one page at all addresses, which calls before the loader is there. */
  application(calls) {
    const script = `window.NodechatWidget = window.NodechatWidget || function () { (NodechatWidget.q = NodechatWidget.q || []).push(arguments) };
      ${calls}
      document.head.append(Object.assign(document.createElement('script'), { async: true, src: ${JSON.stringify(`${this.service}/sdk/v1/loader.js`)} }));`;
    this.pages.set('/app.js', { type: 'text/javascript', body: script });
    const headers = { 'content-security-policy': WITH_OWN_SCRIPTS(this.service) };
    this.pages.set('*', { type: 'text/html; charset=utf-8', headers, body: page({ html: '<div id="app">Shop</div><script src="/app.js"></script>' }) });
    return this.origin;
  }

  /** A browser's view of a page; `context` for another page of somebody who was here. */
  async visits(browser, address, { context, locale = 'en', width = 1280, height = 800, ...more } = {}) {
    const own = context ?? (await browser.newContext({ locale, viewport: { width, height }, ...more }));
    const tab = await own.newPage();
    tab.setDefaultTimeout(20_000);
    await tab.addInitScript(WATCH);
    const host = new HostPage(tab, this.service);
    await tab.goto(address);
    return host;
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }
}

export class HostPage {
  constructor(page, service) {
    this.page = page;
    this.errors = [];
    /** Paths of whatever was loaded or asked for, in the panel as well. */
    this.asked = [];
    page.on('request', (request) => this.asked.push(new URL(request.url()).pathname));
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('console', (line) => line.type() === 'error' && this.errors.push(line.text()));
    this.launcher = page.locator('aside > button');
    this.panel = page.locator('aside > section');
    this.inside = page.frameLocator(`iframe[src^="${service}"]`);
  }

  /** Calls what the host's own scripts would call. */
  calls(name, ...args) {
    return this.page.evaluate(([name, args]) => window.NodechatWidget(name, ...args), [name, args]);
  }

  /** What the host hears from now on is kept. */
  listens(...events) {
    return this.page.evaluate((events) => {
      window.told = Object.fromEntries(events.map((event) => [event, []]));
      for (const event of events) window.NodechatWidget('on', event, (value) => window.told[event].push(value ?? null));
    }, events);
  }

  told(event) {
    return this.page.evaluate((event) => window.told[event], event);
  }

  get(name) {
    return this.calls('get', name);
  }

  async opens() {
    await this.launcher.click();
    await this.inside.locator('.quick, .queue, .top .dot').first().waitFor();
  }

  async says(text) {
    await this.inside.locator('.cmp textarea').fill(text);
    await this.inside.locator('.cmp textarea').press('Enter');
  }

  hears(text) {
    return this.inside.locator('.msgs .msg', { hasText: text }).first().waitFor();
  }

  /** Nothing of the host's page was moved or refused, and nothing went wrong. Answers its long tasks in ms. */
  async isUnharmed({ errors } = {}) {
    const { violations, moved, longTasks } = await this.page.evaluate(() => window.watched);
    assert.deepEqual({ violations, moved, errors: this.errors.filter((line) => !errors?.test(line)) }, { violations: [], moved: 0, errors: [] });
    return longTasks;
  }
}

const LONG = `<h1>Ridge vase, tall</h1>\n${'<p>Thrown in two parts and joined while still damp.</p>\n'.repeat(60)}`;

function page({ lang = 'en', dir = 'ltr', content = LONG, html }) {
  return `<!doctype html><html lang="${lang}" dir="${dir}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Shop</title></head><body>${content}${html}</body></html>`;
}

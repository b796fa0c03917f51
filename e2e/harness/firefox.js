// Firefox for a test file, and the visitor's page in it: says, sees, presses.
import assert from 'node:assert/strict';
import puppeteer from 'puppeteer-core';

/** What Firefox writes down of a network that is away. */
export const CUT = /NetworkError|can’t establish a connection|connection to .* was interrupted|NS_ERROR_|Cross-Origin Request Blocked/;

/** Playwright drives a Firefox of its own build only; over WebDriver BiDi the distribution's will do. */
export function openFirefox() {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
    headless: true,
    // A microphone that is not there hums by itself.
    extraPrefsFirefox: { 'media.navigator.streams.fake': true, 'media.navigator.permission.disabled': true },
  });
}

/** A tab that remembers what went wrong in it. */
export async function openTab(browser, address, { width = 390, height = 844 } = {}) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.errors = [];
  page.on('pageerror', (error) => page.errors.push(String(error)));
  page.on('console', (line) => line.type() === 'error' && page.errors.push(line.text()));
  await page.setViewport({ width, height });
  await page.goto(address);
  return page;
}

/** The visitor's page in Chinese, once all of it is there. */
export async function openInFirefox(browser, address) {
  const visitor = new FirefoxVisitor(await openTab(browser, `${address}${address.includes('?') ? '&' : '?'}lang=zh`));
  await visitor.sees('.tool');
  return visitor;
}

export class FirefoxVisitor {
  /** `place`: where the visitor's page is, if it is in a frame. */
  constructor(page, place = page) {
    Object.assign(this, { page, place });
  }

  /** Waits for an element that says this, in words or in its label. */
  async sees(selector, text = '') {
    const found = await this.place.waitForFunction(
      (all, words) => [...document.querySelectorAll(all)].find((element) => `${element.getAttribute('aria-label')} ${element.textContent}`.includes(words)),
      {},
      selector,
      text,
    );
    return found.asElement();
  }

  misses(selector) {
    return this.place.waitForFunction((all) => !document.querySelector(all), {}, selector);
  }

  async presses(selector, text) {
    await (await this.sees(selector, text)).click();
  }

  async writes(text, selector = '.panel textarea') {
    await (await this.sees(selector)).type(text);
  }

  async says(text) {
    await this.writes(text);
    await this.page.keyboard.press('Enter');
  }

  async picks(...paths) {
    await (await this.place.$('input[type=file]')).uploadFile(...paths);
  }

  /** What is in the box and not sent. */
  draft() {
    return this.place.$eval('.panel textarea', ({ value }) => value);
  }

  /** What was said, the oldest first. */
  texts() {
    return this.place.$$eval('.msgs .bub .words', (all) => all.map(({ textContent }) => textContent));
  }

  /** Asks for a person, and it is this agent, who comes into the room. */
  async isServedBy(agent) {
    await this.presses('.quick .btn', '转人工');
    const { roomid, chatid } = await agent.notices('assign');
    await agent.joins(roomid);
    await this.sees('.sys', `${agent.nick} 为您服务`);
    return { roomid, chatid };
  }

  /** Nothing was wrong in the browser's log, but for what is expected. */
  async closes({ errors } = {}) {
    assert.deepEqual(this.page.errors.filter((line) => !errors?.test(line)), []);
    await this.page.browserContext().close();
  }
}

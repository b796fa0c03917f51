// The visitor's page in a browser, in the words of a story: says, hears, sees.
import assert from 'node:assert/strict';

/** Opens the page and waits until it can be written on; `let: false` for one that is not let in, `before`: what is done to it first. */
export async function openVisitorPage(browser, address, { locale = 'zh-CN', scheme = 'light', width = 390, height = 844, query = '', let: isLet = true, before, ...more } = {}) {
  const context = await browser.newContext({ locale, colorScheme: scheme, viewport: { width, height }, ...more });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && errors.push(message.text()));
  await before?.(page);
  await page.goto(address + query);
  const visitor = new VisitorPage(page, errors, isLet);
  if (isLet) await page.locator('.quick, .queue, .top .dot').first().waitFor();
  return visitor;
}

class VisitorPage {
  constructor(page, errors, isLet) {
    Object.assign(this, { page, errors, isLet });
  }

  get box() {
    return this.page.locator('.panel textarea');
  }

  async says(text) {
    await this.box.fill(text);
    await this.box.press('Enter');
  }

  /** Waits for a message with this text. */
  hears(text) {
    return this.page.locator('.msgs .msg', { hasText: text }).first().waitFor();
  }

  /** Waits for a sentence in the middle of the log. */
  sees(text) {
    return this.page.locator('.sys', { hasText: text }).first().waitFor();
  }

  /** What was said, the oldest first. */
  texts() {
    return this.page.locator('.msgs .bub .words').allTextContents();
  }

  /** Nothing was wrong in the browser's log, but for what is expected. */
  async closes({ errors } = {}) {
    // A refusal over HTTP is told in its status as well, and browsers write that down.
    const expected = errors ?? (this.isLet ? undefined : /status of 4/);
    assert.deepEqual(this.errors.filter((line) => !expected?.test(line)), []);
    await this.page.context().close();
  }
}

// What a scene is looked at with: a desktop's window or a phone, in the language and the time zone of the shop.

export const DEVICES = {
  pc: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};

export class Device {
  constructor(browser, { locale, timezone }, name) {
    Object.assign(this, { browser, name, options: { ...DEVICES[name], locale, timezoneId: timezone, colorScheme: 'light', reducedMotion: 'reduce' } });
  }

  get isPhone() {
    return this.name === 'phone';
  }

  /** A page of its own; `session`: an agent who is signed in at the console. `permissions`: what the browser need not ask for. */
  async open(address, { session, permissions = ['notifications'], ...more } = {}) {
    const context = await this.browser.newContext({ ...this.options, permissions, ...more });
    if (session) await context.addInitScript((kept) => sessionStorage.setItem('nodechat.console', kept), JSON.stringify(session));
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(address);
    return page;
  }
}

// An agent at the console in a browser: what it does there, and what it sees.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Rest } from './rest.js';

const PASSWORD = 'correct horse';

export class Desk {
  constructor(stage, page, account) {
    this.stage = stage;
    this.page = page;
    this.account = account;
    this.nick = account.nick;
  }

  /** A page in English that remembers what went wrong in it. */
  static async page(browser, options = {}) {
    const context = await browser.newContext({ locale: 'en', viewport: { width: 1440, height: 900 }, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.wrongs = [];
    page.on('pageerror', (error) => page.wrongs.push(String(error)));
    page.on('console', (line) => line.type() === 'error' && page.wrongs.push(line.text()));
    return page;
  }

  /** In front of the door, with an account that nobody else has. */
  static async outside(stage, browser, { role = 'agent', companyid = 'c1', via = stage.server.url, options, path = '/console' } = {}) {
    const rest = new Rest(stage.server.url, await stage.key(companyid));
    const login = `a-${randomUUID().slice(0, 8)}`;
    const account = { login, password: PASSWORD, nick: `Agent ${login.slice(2)}`, role };
    const { body } = await rest.post('/agents', account);
    assert.equal(body.errcode, 0, JSON.stringify(body));
    const page = await Desk.page(browser, options);
    const desk = new Desk(stage, page, { ...account, companyid, aid: body.data.aid });
    stage.closesWith(() => page.context().close());
    await page.goto(`${via}${path}`);
    return desk;
  }

  /** Signed in. `replies`: canned replies of its own. */
  static async inside(stage, browser, more = {}) {
    const desk = await Desk.outside(stage, browser, more);
    const { companyid, login, password } = desk.account;
    const { body } = await new Rest(stage.server.url).post('/sessions', { companyid, login, password });
    desk.rest = new Rest(stage.server.url, body.data.ticket);
    for (const reply of more.replies ?? []) await desk.rest.post('/canned-replies', { ...reply, personal: true });
    await desk.signsIn(desk.page);
    return desk;
  }

  /** At the door of this page. */
  async signsIn(page) {
    const { companyid, login, password } = this.account;
    await page.locator('[name=organization]').fill(companyid);
    await page.locator('[name=username]').fill(login);
    await page.locator('[name=current-password]').fill(password);
    await page.locator('button[type=submit]').click();
    await page.locator('.status[aria-label$=line], .status[aria-label$=Busy]').waitFor();
  }

  static async online(stage, browser, more = {}) {
    const desk = await Desk.inside(stage, browser, more);
    await desk.sets('O', 'Online');
    return desk;
  }

  /** A group of this agent and a colleague alone; answers its id. */
  async groupWith(colleague) {
    const owner = new Rest(this.stage.server.url, await this.stage.key('c1'));
    const { body } = await owner.post('/groups', { name: `Group ${randomUUID().slice(0, 8)}`, members: [...new Set([this.account.aid, colleague.account.aid])] });
    return body.data.id;
  }

  busy() {
    return this.sets('B', 'Busy');
  }

  async sets(status, word) {
    await this.page.locator('.status').click();
    await this.page.locator(`[data-status=${status}]`).click();
    await this.page.locator(`.status[aria-label="Status: ${word}"]`).waitFor();
  }

  /** A visitor who has said these things asks for an agent, and it is this one. */
  async isGiven(nick, texts) {
    const visitor = await this.stage.visitor(nick);
    await visitor.connects();
    await visitor.joins();
    for (const text of texts) await visitor.says(text);
    const { status, cs } = await visitor.applies({ csid: this.account.aid });
    assert.equal(status, 'serving');
    assert.equal(cs.nick, this.nick);
    return visitor;
  }

  get box() {
    return this.page.locator('.cmp textarea');
  }

  row(nick) {
    return this.page.locator('.crow').filter({ has: this.page.locator('.nm', { hasText: nick }) });
  }

  message(text) {
    return this.page.locator('.log .msg').filter({ has: this.page.locator('.words', { hasText: text }) }).last();
  }

  async opens(nick) {
    await this.row(nick).click();
    await this.page.locator('.con h1', { hasText: nick }).waitFor();
    await this.box.waitFor();
  }

  async says(text) {
    await this.box.fill(text);
    await this.box.press('Enter');
  }

  picture(file) {
    return this.page.locator('input[data-kind=image]').setInputFiles(file);
  }

  file(file) {
    return this.page.locator('input[data-kind=file]').setInputFiles(file);
  }

  /** Opens a page of the settings. */
  async settings(name) {
    await this.page.locator('.rail a', { hasText: 'Settings' }).click();
    await this.page.locator('.pages a', { hasText: name }).click();
    await this.page.locator('.admin h1', { hasText: name }).waitFor();
  }

  tableRow(text) {
    return this.page.locator('.table tbody tr', { hasText: text }).first();
  }

  /** Opens the editor for something new and fills these fields in. */
  async begins(make, fields) {
    await this.page.locator('.admin-head .pri', { hasText: make }).click();
    for (const [name, value] of Object.entries(fields)) await this.page.locator(`.editor [data-field=${name}] :is(input, textarea)`).fill(value);
  }

  async saves() {
    await this.page.locator('.editor-deeds .pri').click();
    await this.page.locator('.editor').waitFor({ state: 'detached' });
  }

  async makes(make, fields) {
    await this.begins(make, fields);
    await this.saves();
  }

  /** Nothing went wrong in the page. `network: false`: a network that was cut may have been noticed. */
  async isCalm({ network = true } = {}) {
    const wrongs = this.page.wrongs.filter((wrong) => network || !/ERR_|Failed to load resource|WebSocket connection/.test(wrong));
    assert.deepEqual(wrongs, []);
  }
}

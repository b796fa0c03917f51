// Scenes of the console: each signs somebody in, brings the page into a state, and answers the page.
import { newHouse } from '../harness/house.js';
import { Stage } from '../harness/stage.js';
import { until } from '../harness/until.js';

const PAGES = ['replies', 'account', 'company', 'appearance', 'install', 'agents', 'groups', 'hours', 'service', 'bot', 'kinds', 'blacklist', 'words', 'files', 'data', 'webhooks', 'keys', 'audit'];

async function consoleOf(shop, device, login = shop.texts.agents[0].login, { path = '', url = shop.stage.server.url, ...more } = {}) {
  const page = await device.open(`${url}/console${path}`, { session: await shop.session(login), ...more });
  await page.locator('.console').waitFor();
  return page;
}

/** Of a server of its own, which nobody has set up. */
export async function setUp(shop, device) {
  const stage = new Stage(await newHouse({ args: [] }));
  await stage.open();
  const printed = await until('the address of the set-up is printed', () => stage.server.log.map((line) => /set up: (\S+)$/.exec(line)?.[1]).find(Boolean));
  const page = await device.open(`${stage.server.url}/console/setup${new URL(printed).hash}`);
  await page.locator('[name=organization]').fill(shop.texts.name);
  return Object.assign(page, { leaves: () => stage.close() });
}

export async function signIn(shop, device) {
  const page = await device.open(`${shop.stage.server.url}/console`);
  await page.locator('.door-form').waitFor();
  return page;
}

export async function signInWrong(shop, device) {
  const page = await signIn(shop, device);
  const { company, login } = shop.account(shop.texts.agents[0].login);
  await page.locator('[name=organization]').fill(company);
  await page.locator('[name=username]').fill(login);
  await page.locator('[name=current-password]').fill('wrong');
  await page.locator('button[type=submit]').click();
  await page.locator('[role=alert]').waitFor();
  return page;
}

export async function nothing(shop, device) {
  const page = await consoleOf(shop, device, shop.texts.newcomer.login, { permissions: [] });
  await page.locator('.lst .empty').waitFor();
  return page;
}

export async function list(shop, device) {
  const page = await consoleOf(shop, device);
  await page.locator('.crow').nth(5).waitFor();
  return page;
}

export async function waiting(shop, device) {
  const page = await list(shop, device);
  await page.locator('[data-view=waiting]').click();
  await page.locator('.qrow').nth(2).waitFor();
  return page;
}

/** The room of the visitor whom the texts name. */
async function room(shop, device, more) {
  const { roomid } = shop.people.get(shop.texts.main);
  const page = await consoleOf(shop, device, undefined, { path: `?${new URLSearchParams({ room: roomid })}`, ...more });
  await page.locator('.log .qt').first().waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll('.log .pic img')].every((image) => image.complete && image.naturalWidth > 0));
  await page.locator('.log .voice audio[src]').waitFor({ state: 'attached' });
  return page;
}

const box = (page) => page.locator('.cmp textarea');

export async function open(shop, device) {
  const page = await room(shop, device);
  const { roomid } = shop.people.get(shop.texts.main);
  const visitor = shop.people.get(shop.texts.main);
  await box(page).fill(shop.words.draft);
  const sign = setInterval(() => void visitor.asks('typing', { roomid, text: shop.words.typed }), 1_500);
  await page.locator('.typ span').first().waitFor();
  return Object.assign(page, { leaves: () => clearInterval(sign) });
}

export async function note(shop, device) {
  const page = await room(shop, device);
  await page.locator('.modes button').last().click();
  await box(page).fill(shop.words.note);
  return page;
}

export async function canned(shop, device) {
  const page = await room(shop, device);
  await box(page).fill('/');
  await page.locator('.slash [role=option]').first().waitFor();
  return page;
}

export async function transfer(shop, device) {
  const page = await room(shop, device);
  await page.locator('.con > .hd .btn').first().click();
  await page.locator('.target', { hasText: shop.texts.agents[2].nick }).click();
  await page.locator('.dialog textarea').fill(shop.words.handover);
  return page;
}

/** An agent who has a seat is offered somebody whom a colleague serves. */
export async function offer(shop, device) {
  const [, , { login, nick }, colleague] = shop.texts.agents;
  const { visitor, agent } = await shop.served(shop.guest(), colleague.login, [shop.words.draft]);
  await agent.manages('transfer', { roomid: visitor.roomid, tocsid: shop.people.get(nick).aid, msg: shop.words.handover });
  const page = await consoleOf(shop, device, login, { path: `?${new URLSearchParams({ room: visitor.roomid })}` });
  await page.locator('.offer .say-note').waitFor();
  const { roomid, chatid } = visitor;
  return Object.assign(page, { leaves: () => agent.gets('mgr', { type: 'endChat', roomid, chatid }) });
}

/** Undone before it is over. */
export async function undo(shop, device) {
  const page = await room(shop, device);
  await page.locator('.con > .hd .btn').nth(1).click();
  const back = page.locator('.toast button');
  await back.waitFor();
  return Object.assign(page, { leaves: () => back.click() });
}

export async function picture(shop, device) {
  const page = await room(shop, device);
  await page.locator('.log .pic').first().click();
  await page.locator('.viewer img').waitFor();
  return page;
}

export async function status(shop, device) {
  const page = await list(shop, device);
  await page.locator('.status').click();
  await page.locator('[data-status=B]').waitFor();
  return page;
}

export async function keys(shop, device) {
  const page = await list(shop, device);
  await page.keyboard.press('?');
  await page.locator('.dialog.sheet').waitFor();
  return page;
}

export async function account(shop, device) {
  const page = await list(shop, device);
  await page.locator('.me').click();
  await page.locator('.account').waitFor();
  return page;
}

export async function card(shop, device) {
  const page = await room(shop, device);
  if (device.isPhone) await page.locator('.opencard').click();
  await page.locator('aside.who .kv').first().waitFor();
  return page;
}

export async function lost(shop, device) {
  const proxy = await shop.stage.proxy();
  const page = await room(shop, device, { url: proxy.url });
  proxy.cut();
  await page.locator('.banner').waitFor();
  return Object.assign(page, { leaves: () => proxy.close() });
}

async function section(shop, device, path) {
  const page = await consoleOf(shop, device, undefined, { path });
  await page.locator('.admin').waitFor();
  return page;
}

export async function board(shop, device) {
  const page = await section(shop, device, '/board');
  await page.locator('.board-row').nth(2).waitFor();
  await page.locator('.tile .figure', { hasText: /\d/ }).first().waitFor();
  return page;
}

export async function numbers(shop, device) {
  const page = await section(shop, device, '/numbers');
  await page.locator('.chart canvas').waitFor();
  await page.locator('.table tbody tr').first().waitFor();
  return page;
}

export async function history(shop, device) {
  const page = await section(shop, device, '/history');
  await page.locator('.hit').first().waitFor();
  return page;
}

export async function found(shop, device) {
  const page = await history(shop, device);
  await page.locator('.find input').fill(shop.words.search);
  await page.locator('.find input').press('Enter');
  await page.locator('.hit mark').first().waitFor();
  return page;
}

export async function orders(shop, device) {
  const page = await section(shop, device, '/orders');
  await page.locator('.table tbody tr').first().waitFor();
  return page;
}

export async function lanes(shop, device) {
  const page = await orders(shop, device);
  await page.locator('.admin-head .switch button').last().click();
  await page.locator('.order-card').first().waitFor();
  await page.locator('.lane[aria-busy=true]').first().waitFor({ state: 'detached' });
  return page;
}

export async function order(shop, device) {
  const page = await orders(shop, device);
  await page.locator('.table tbody tr', { hasText: shop.texts.orders[0].title }).locator('.cell-open').click();
  await page.locator('.order-lines li').nth(2).waitFor();
  return page;
}

export async function questions(shop, device) {
  const page = await section(shop, device, '/questions');
  await page.locator('.table tbody tr').first().waitFor();
  await page.locator('.try input').fill(shop.texts.tried);
  await page.locator('.try li').first().waitFor();
  return page;
}

export async function question(shop, device) {
  const page = await section(shop, device, '/questions');
  await page.locator('.cell-open').first().click();
  await page.locator('.editor .item').first().waitFor();
  await page.locator('.try input').fill(shop.texts.tried);
  await page.locator('.try li').first().waitFor();
  return page;
}

export async function importing(shop, device) {
  const page = await questions(shop, device);
  const [{ title, items }] = shop.texts.questions;
  const rows = [['category', 'question', 'answer'], [title, items[0].title, items[0].answer], [title, items[1].title, shop.words.handover], [title, shop.words.search, '']];
  await page.locator('.admin-head .btn').first().click();
  await page.locator('.import input[type=file]').setInputFiles({ name: 'faq.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.map((row) => row.map((cell) => JSON.stringify(cell)).join(',')).join('\n')) });
  await page.locator('.import tbody tr').first().waitFor();
  return page;
}

export async function webhook(shop, device) {
  const page = await section(shop, device, '/settings/webhooks');
  await page.locator('.cell-open').first().click();
  await page.locator('.deliveries li').first().waitFor();
  return page;
}

export async function deleting(shop, device) {
  const page = await section(shop, device, '/settings/replies');
  await page.locator('.cell-open').first().click();
  await page.locator('.editor .danger').click();
  await page.locator('.dialog').waitFor();
  return page;
}

export async function newAgent(shop, device) {
  const page = await section(shop, device, '/settings/agents');
  await page.locator('.admin-head .pri').click();
  await page.locator('.editor').waitFor();
  return page;
}

export async function settings(shop, device) {
  const page = await section(shop, device, '/settings');
  await page.locator('.pages a').first().waitFor();
  return page;
}

/** A scene for each page of the settings. */
export const settingsPages = Object.fromEntries(
  PAGES.map((name) => [
    name,
    async (shop, device) => {
      const page = await section(shop, device, `/settings/${name}`);
      await page.locator('.page :is(.table tbody tr, form :is(.inp, .sw), .code, .empty)').first().waitFor();
      // Open at any time there would be no days to be seen.
      if (name === 'hours') await page.locator('.settings-form .sw').first().click();
      return page;
    },
  ]),
);

// The visitor's page: when the service cannot be reached or is busy, it says when it tries again, and takes nothing away.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';
import { openVisitorPage } from '../harness/visitor-page.js';

const stage = await openStage();
const browser = await openBrowser();
after(() => browser.close());
let companies = 0;

stage.story('the seconds to the next try are counted, and nobody has to wait for them', async () => {
  await new Rest(stage.server.url, await stage.company('cable', '岭上户外')).patch('/company', { anonymous: true });
  const proxy = await stage.proxy();
  const visitor = await openVisitorPage(browser, `${proxy.url}/chat/cable`);
  const { page } = visitor;
  proxy.cut();
  const banner = page.locator('.banner.bad', { hasText: /连不上服务，[5-9] 秒后再试/ });
  await banner.waitFor();
  proxy.restore();
  const pressed = Date.now();
  await banner.getByRole('button', { name: '现在试' }).click();
  await page.locator('.banner.ok', { hasText: '已恢复' }).waitFor();
  assert.ok(Date.now() - pressed < 4_000, `it took ${Date.now() - pressed} ms, as if nobody had pressed`);
  await visitor.closes({ errors: /net::|WebSocket|ERR_/ });
});

for (const [what, sign] of [
  ['looks at the page again', () => document.dispatchEvent(new Event('visibilitychange'))],
  ['has another network', () => dispatchEvent(new Event('online'))],
]) {
  stage.story(`who ${what} is connected in seconds, though nobody said that the socket is dead`, async () => {
    const companyid = `asleep${(companies += 1)}`;
    await new Rest(stage.server.url, await stage.company(companyid, '岭上户外')).patch('/company', { anonymous: true });
    const agent = await stage.agent('陈默', { companyid });
    await agent.connects();
    const proxy = await stage.proxy();
    const visitor = await openVisitorPage(browser, `${proxy.url}/chat/${companyid}`);
    const { page } = visitor;
    await page.getByRole('button', { name: '转人工' }).click();
    await agent.joins((await agent.notices('assign')).roomid);
    await visitor.sees('陈默 为您服务');
    await page.evaluate(sign);
    await visitor.says('还在吗');
    await agent.hears('还在吗');
    const before = proxy.accepted;
    proxy.wander();
    await agent.says('在的');
    await page.evaluate(sign);
    await page.locator('.msg', { hasText: '在的' }).waitFor({ timeout: 10_000 });
    assert.ok(proxy.accepted > before, 'it came over another connection');
    await page.locator('.banner').waitFor({ state: 'detached' });
    await visitor.says('看到了');
    await agent.hears('看到了');
    await visitor.closes({ errors: /net::|WebSocket|ERR_/ });
  });
}

stage.story('a service that is busy for a moment is waited for: who came with a token stays, and so does what was written', async () => {
  const key = await stage.company('busy', 'Ridge Outdoor');
  const agent = await stage.agent('Priya', { companyid: 'busy' });
  await agent.connects();
  const { body } = await stage.api.token(key, { type: 'user', aid: 'u-1', nick: 'Ann', companyid: 'busy' });
  const proxy = await stage.proxy();
  const context = await browser.newContext({ locale: 'en' });
  const busy = await busyFor(context, { connects: 2, joins: 1 });
  const page = await context.newPage();
  await page.goto(`${proxy.url}/chat/busy?token=${body.token}`);
  await page.locator('.cmp textarea').fill('Is anybody there?');
  await page.locator('.cmp textarea').press('Enter');
  await page.locator('.meta', { hasText: 'Sent' }).waitFor();
  assert.deepEqual(busy, { connects: 0, joins: 0 });

  busy.joins = 2;
  proxy.drop();
  await until('it was refused again', () => busy.joins === 0);
  await page.locator('.banner.ok').waitFor();
  await page.locator('.cmp textarea').fill('Still me');
  await page.locator('.cmp textarea').press('Enter');
  await page.locator('.msg', { hasText: 'Still me' }).locator('.meta', { hasText: 'Sent' }).waitFor();
  assert.equal(await page.locator('.notice').count(), 0);
  assert.deepEqual((await agent.gets('list', { type: 'allUser' })).rooms.map(({ topic }) => topic), ['Ann']);
  await context.close();
});

stage.story('what is written before the service could be reached outlives a reload', async () => {
  const rest = new Rest(stage.server.url, await stage.company('before', 'Ridge Outdoor'));
  await rest.patch('/company', { anonymous: true });
  const context = await browser.newContext({ locale: 'en' });
  const page = await context.newPage();
  await context.route(/socket\.io/, (route) => route.abort());
  await page.goto(`${stage.server.url}/chat/before`);
  await page.locator('.cmp textarea').fill('Written in the tunnel');
  await page.locator('.cmp textarea').press('Enter');
  await page.locator('.msg', { hasText: 'Written in the tunnel' }).waitFor();
  await page.reload();
  await page.locator('.msg', { hasText: 'Written in the tunnel' }).waitFor();
  await context.unrouteAll();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await page.locator('.meta', { hasText: 'Sent' }).waitFor();
  await page.reload();
  await page.locator('.meta', { hasText: 'Sent' }).waitFor();
  assert.equal(await page.locator('.msg.out').count(), 1);
  await context.close();
});

stage.story('what was refused for good stands there after a reload, and is sent again only when that is asked for', async () => {
  const companyid = 'refusing';
  await new Rest(stage.server.url, await stage.company(companyid, 'Ridge Outdoor')).patch('/company', { anonymous: true });
  const context = await browser.newContext({ locale: 'en' });
  const refusing = await refuses(context, 'Buy now');
  const page = await context.newPage();
  await page.goto(`${stage.server.url}/chat/${companyid}`);
  await until('it talks over a WebSocket', () => refusing.upgraded === 1);
  await page.locator('.cmp textarea').fill('Buy now');
  await page.locator('.cmp textarea').press('Enter');
  const failed = page.locator('.msg.is-failed', { hasText: 'Buy now' }).getByText('Not sent, it is not allowed here');
  await failed.waitFor();
  await page.reload();
  await failed.waitFor();
  await until('it talks over a WebSocket again', () => refusing.upgraded === 2);
  await page.locator('.cmp textarea').fill('Is anybody there?');
  await page.locator('.cmp textarea').press('Enter');
  await page.locator('.meta', { hasText: /^ ?Sent/ }).waitFor();
  assert.equal(refusing.asked, 1);
  await failed.waitFor();
  await page.getByRole('button', { name: 'Retry' }).click();
  await until('it was asked again', () => refusing.asked === 2);
  await context.close();
});

stage.story('a ticket that is over is followed by another one, each time, and calls go with the newest', async () => {
  const key = await stage.company('renewed', 'Ridge Outdoor');
  const rest = new Rest(stage.server.url, key);
  await rest.patch('/company', { anonymous: true });
  await rest.put('/work-order-kinds/repair', { text: 'Repair' });
  const context = await browser.newContext({ locale: 'en' });
  const page = await context.newPage();
  const tickets = [];
  page.on('response', async (response) => response.url().endsWith('/api/visitor') && tickets.push((await response.json()).ticket));
  await page.goto(`${stage.server.url}/chat/renewed`);
  await page.locator('.quick').waitFor();
  for (const n of [1, 2]) {
    const headers = { authorization: `Bearer ${key}` };
    await fetch(`${stage.server.url}/onlinechat/api/ticket/revoke`, { method: 'POST', headers, body: new URLSearchParams({ ticket: tickets.at(-1) }) });
    await until('there is another one', () => tickets.length === n + 1);
    await page.locator('.banner.ok').waitFor();
    await page.locator('.banner.ok').waitFor({ state: 'detached' });
  }
  assert.equal(await page.locator('.notice').count(), 0);
  const [asked] = await Promise.all([page.waitForRequest('**/fault/list'), page.getByRole('button', { name: 'My work orders' }).click()]);
  assert.equal(asked.postDataJSON().ticket, tickets.at(-1));
  await context.close();
});

/** A message with this text is refused for good; answers how often it was asked for, and how many connections have become WebSockets. */
async function refuses(context, text) {
  const told = { asked: 0, upgraded: 0 };
  await context.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      if (message === '5') told.upgraded += 1;
      const [, ack] = /^42(\d+)\["chat"/.exec(message) ?? [];
      if (!ack || !message.includes(text)) return server.send(message);
      told.asked += 1;
      socket.send(`43${ack}[{"errcode":4003,"errmsg":"not allowed"}]`);
    });
  });
  return told;
}

/** To so many connects and joins the service says that it is busy; what is left of them is in the answer. */
async function busyFor(context, left) {
  const refusal = '{"errcode":5003,"errmsg":"busy","retry_after":200}';
  const instead = (text) => {
    if (/(^|\x1e)40\{/.test(text) && left.connects > 0) {
      left.connects -= 1;
      return `44{"message":"busy","data":${refusal}}`;
    }
    return text.replace(/43(\d+)\[[^\x1e]*"chat_msgs"[^\x1e]*/, (ack, id) => (left.joins > 0 && (left.joins -= 1) >= 0 ? `43${id}[${refusal}]` : ack));
  };
  // By long polling alone, which can be read and written here.
  await context.routeWebSocket(/socket\.io/, (socket) => socket.close());
  await context.route(/socket\.io.*transport=polling/, async (route) => {
    if (route.request().method() === 'POST') return route.continue();
    try {
      const response = await route.fetch();
      await route.fulfill({ response, body: instead(await response.text()) });
    } catch {
      await route.abort().catch(() => {}); // the way to the service was cut meanwhile, or the page is gone
    }
  });
  return left;
}

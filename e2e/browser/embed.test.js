// The chat on somebody's own site: it comes up under the strictest policy, disturbs nothing, and keeps to itself what is said.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { openHostSite } from '../harness/host-site.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';
import { openVisitorPage } from '../harness/visitor-page.js';

const stage = await openStage();
const browser = await openBrowser();
const site = await openHostSite(stage.server.url);
after(async () => {
  await browser.close();
  await site.close();
});
let companies = 0;

/** A company of its own that talks to everybody. */
async function company(settings = {}) {
  const id = `embedded${(companies += 1)}`;
  const rest = new Rest(stage.server.url, await stage.company(id, 'Harrow Stoneware'));
  await rest.patch('/company', { anonymous: true, settings });
  return { id, rest };
}

const visits = (address, options) => site.visits(browser, address, options);

/** A JWT as a host's server signs it. */
function signed(claims, secret) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** An agent who serves whoever asks, in the room of the visitor in this panel. */
async function served(host, id, nick = 'Priya') {
  const agent = await stage.agent(nick, { companyid: id });
  await agent.connects();
  await host.inside.getByRole('button', { name: 'Talk to a person' }).first().click();
  const { roomid } = await agent.notices('assign');
  await agent.joins(roomid);
  await host.inside.locator('.top', { hasText: nick }).waitFor();
  return agent;
}

stage.story('a strict page embeds it: opened, talked in, closed by Esc, counted while closed', async () => {
  const { id } = await company();
  const host = await visits(site.embeds('/vase', { company: id }));
  await host.launcher.waitFor();
  assert.equal(await host.launcher.getAttribute('aria-expanded'), 'false');
  const place = await host.launcher.boundingBox();
  assert.deepEqual(place, { x: 1280 - 24 - 56, y: 800 - 24 - 56, width: 56, height: 56 });
  await host.listens('open', 'close', 'unread', 'message');

  await host.opens();
  assert.deepEqual(await host.panel.boundingBox(), { x: 1280 - 24 - 384, y: 800 - 96 - 640, width: 384, height: 640 });
  await host.inside.locator('.cmp textarea:focus').waitFor();
  const agent = await served(host, id);
  await host.says('Would a second one be the same colour?');
  await agent.hears('Would a second one be the same colour?');

  await host.page.keyboard.press('Escape');
  await host.page.locator('aside > button:focus').waitFor();
  assert.equal(await host.get('open'), false);
  await agent.says('Close, but a shade warmer');
  await agent.says('I can set one aside');
  await host.page.locator('aside b', { hasText: '2' }).waitFor();
  assert.equal(await host.launcher.getAttribute('aria-label'), 'Chat, 2 unread');
  assert.deepEqual(agent.noticed('mkread'), [], 'nobody has read it yet');
  const [{ from }] = await host.told('message');
  assert.equal(from, 'agent');
  assert.ok(!JSON.stringify(await host.told('message')).includes('warmer'), 'what is said stays in the panel');

  await host.page.keyboard.press('Enter');
  await host.hears('I can set one aside');
  await until('nothing is unread', async () => (await host.get('unread')) === 0);
  await agent.notices('mkread', ({ type }) => type === 'user');
  assert.deepEqual([await host.told('open'), await host.told('close')], [[null, null], [null]]);
  assert.equal((await host.told('unread')).at(-1), 0);
  await host.isUnharmed();
});

stage.story('whoever talked is called back on the next page, before the panel is opened', async () => {
  const { id } = await company();
  const address = site.embeds('/first', { company: id });
  const host = await visits(address);
  await host.opens();
  const agent = await served(host, id);
  await host.says('I will be back');
  await agent.hears('I will be back');
  await until('the host page has noticed', () => host.page.evaluate((id) => 'talked' in JSON.parse(localStorage[`nodechat/${id}`]), id));
  await host.page.close();
  await agent.says('Welcome back');
  const next = await visits(site.embeds('/second', { company: id }), { context: host.page.context() });
  await next.page.locator('aside b', { hasText: '1' }).waitFor();
  assert.equal(await next.get('open'), false);
  await next.opens();
  await next.hears('Welcome back');
  await next.isUnharmed();
});

stage.story('somebody who never opens it costs no connection and is no visitor', async () => {
  const { id } = await company();
  const host = await visits(site.embeds('/quiet', { company: id }));
  await host.launcher.waitFor();
  await host.inside.locator('.shut').waitFor({ state: 'attached' });
  assert.deepEqual(host.asked.filter((path) => !path.startsWith('/chat/') && !path.startsWith('/sdk/')), ['/quiet', '/onlinechat/api/company']);
  await host.isUnharmed();
});

stage.story('a single-page application boots it from a queue, and agents see on which of its pages somebody is', async () => {
  const { id, rest } = await company();
  const origin = site.application(`NodechatWidget('boot', { company: '${id}', traits: { plan: 'pro' } });`);
  const host = await visits(`${origin}/vases`);
  await host.launcher.waitFor();
  await host.opens();
  const agent = await served(host, id);
  const [{ userid }] = agent.noticed('assign');
  const page = async () => (await rest.get(`/visitors/${userid}`)).body.data.arrival.page;
  assert.equal(await page(), `${origin}/vases?plan=pro`);

  await host.page.evaluate(() => history.pushState({}, '', '/vases/ridge#colour'));
  await until('the agents see the next page', async () => (await page()) === `${origin}/vases/ridge?plan=pro`);
  await host.calls('track', 'basket', { sku: 'T-1', n: 2 });
  await until('the agents see what was tracked', async () => (await page()) === `${origin}/vases/ridge?plan=pro&sku=T-1&n=2&track=basket`);
  await host.page.evaluate(() => history.back());
  await until('the agents see the page before', async () => (await page()) === `${origin}/vases?plan=pro`);
  await host.isUnharmed();
  // The whole body is drawn anew, as such applications do.
  await host.page.evaluate(() => document.body.replaceChildren('Another page'));
  await agent.says('Still there?');
  await host.hears('Still there?');
  await host.calls('shutdown');
  await host.panel.waitFor({ state: 'detached' });
});

stage.story('on a phone the panel is the whole screen and holds the page behind it', async () => {
  const { id } = await company();
  const host = await visits(site.embeds('/phone', { company: id }), { width: 320, height: 640, hasTouch: true, isMobile: true });
  await host.launcher.waitFor();
  await host.page.evaluate(() => scrollTo(0, 200));
  await host.opens();
  assert.deepEqual(await host.panel.boundingBox(), { x: 0, y: 0, width: 320, height: 640 });
  assert.equal(await host.launcher.isVisible(), false);
  assert.equal(await host.page.evaluate(() => getComputedStyle(document.documentElement).overflow), 'hidden');
  await host.inside.getByRole('button', { name: 'Close chat' }).click();
  await host.launcher.waitFor();
  assert.deepEqual(await host.page.evaluate(() => [getComputedStyle(document.documentElement).overflow, scrollY]), ['visible', 200]);
  await host.isUnharmed();
});

stage.story('it looks as the company and the host want it, mirrored where one reads from the right', async () => {
  const { id } = await company({ accent: '#ffd400', launcher_side: 'left', launcher_text: '咨询', launcher_gap: 40 });
  const host = await visits(site.embeds('/look', { company: id }));
  await host.launcher.waitFor();
  const { x, y } = await host.launcher.boundingBox();
  assert.deepEqual([x, y], [40, 800 - 40 - 56]);
  assert.equal(await host.launcher.textContent(), '咨询');
  assert.equal(await host.launcher.evaluate((button) => getComputedStyle(button).backgroundColor), 'rgb(139, 115, 0)', 'the yellow is darkened until white can be read on it');
  await host.isUnharmed();
  await host.calls('update', { accent: '#0000ff', side: 'right', text: '' });
  await until('the host has its way', () => host.launcher.evaluate((button) => getComputedStyle(button).backgroundColor === 'rgb(0, 0, 255)'));
  assert.equal((await host.launcher.boundingBox()).x, 1280 - 40 - 56);

  // The next page knows how it looks, and has not loaded the panel.
  await host.page.reload();
  await until('the company has its way again', () => host.launcher.evaluate((button) => getComputedStyle(button).backgroundColor === 'rgb(139, 115, 0)'));
  await host.page.reload();
  await host.launcher.waitFor();
  await host.calls('update', { accent: '#0000ff' });
  await until('the host has its way there, too', () => host.launcher.evaluate((button) => getComputedStyle(button).backgroundColor === 'rgb(0, 0, 255)'));

  // The same yellow on the visitor's page by itself, dark enough for words in it and on its tints.
  const plain = await openVisitorPage(browser, `${stage.server.url}/chat/${id}`);
  await until('the page wears the accent', () => plain.page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--accent').trim() === '#786400'));
  await plain.closes();

  const mirrored = await visits(site.embeds('/rtl', { company: (await company()).id }, { dir: 'rtl', lang: 'ar' }));
  await mirrored.launcher.waitFor();
  assert.equal((await mirrored.launcher.boundingBox()).x, 24);
  assert.equal(await mirrored.launcher.evaluate((button) => getComputedStyle(button).borderBottomLeftRadius), '4px');
  await mirrored.opens();
  assert.equal((await mirrored.panel.boundingBox()).x, 24);
  await mirrored.isUnharmed();
});

stage.story('the host says who somebody is, and after a reset nobody knows', async () => {
  const { id, rest } = await company();
  const { body } = await stage.api.token(await stage.key(id), { type: 'user', aid: 'u-1001', nick: 'Ann', companyid: id });
  const host = await visits(site.embeds('/account', { company: id }));
  await host.launcher.waitFor();
  await host.listens('refused');
  await host.calls('identify', { token: body.token });
  await host.opens();
  await host.says('It is me');
  await host.inside.locator('.meta', { hasText: 'Sent' }).waitFor();
  const agent = await stage.agent('Priya', { companyid: id });
  await agent.connects();
  const people = async () => (await agent.gets('list', { type: 'allUser' })).rooms.map(({ topic }) => topic);
  assert.deepEqual(await people(), ['Ann']);

  const { body: made } = await rest.post('/company/identity-secret');
  await host.calls('identify', { jwt: signed({ sub: 'u-2002', name: 'Bo', exp: Math.floor(Date.now() / 1000) + 60 }, made.data.secret) });
  await until('the log is empty', async () => (await host.inside.locator('.quick').count()) > 0 && (await host.inside.locator('.msg.out').count()) === 0);
  await host.says('Now it is me');
  await host.inside.locator('.meta', { hasText: 'Sent' }).waitFor();
  assert.deepEqual((await people()).sort(), ['Ann', 'Bo']);

  await host.calls('reset');
  await until('the log is empty', async () => (await host.inside.locator('.quick').count()) > 0 && (await host.inside.locator('.msg.out').count()) === 0);
  await host.says('And now?');
  await host.inside.locator('.meta', { hasText: 'Sent' }).waitFor();
  assert.equal((await people()).length, 3);

  await host.calls('identify', { token: 'nct_used' });
  const [{ errcode }] = await until('the host hears that it was refused', async () => (await host.told('refused')).length && host.told('refused'));
  assert.equal(errcode, 4003);
  // A refusal over HTTP is told in its status as well, and browsers write that down.
  await host.isUnharmed({ errors: /status of 4/ });
});

stage.story('a part of the host that comes and goes with the same token is the same person each time', async () => {
  const { id } = await company();
  const { body } = await stage.api.token(await stage.key(id), { type: 'user', aid: 'u-1004', nick: 'Di', companyid: id });
  const host = await visits(site.embeds('/mounted', { company: id }).replace('localhost', '127.0.0.1'));
  await host.launcher.waitFor();
  await host.listens('refused');
  await host.calls('boot', { company: id, token: body.token });
  await host.opens();
  await host.says('It is me');
  await host.inside.locator('.meta', { hasText: 'Sent' }).waitFor();
  for (let times = 0; times < 2; times += 1) {
    await host.calls('shutdown');
    await host.calls('boot', { company: id, token: body.token });
    await host.launcher.waitFor();
    await host.opens();
    await host.hears('It is me');
  }
  assert.deepEqual(await host.told('refused'), []);
  // Who was logged out does not come back with it.
  await host.calls('reset');
  await host.calls('identify', { token: body.token });
  const [{ errcode }] = await until('the host hears that it was refused', async () => (await host.told('refused')).length && host.told('refused'));
  assert.equal(errcode, 4003);
  await host.isUnharmed({ errors: /status of 4/ });
});

// Of the same site as the service, where browsers keep something for the panel, and of another one, where they do not.
for (const [place, name] of Object.entries({ 'the same': '127.0.0.1', another: 'localhost' })) stage.story(`a log-out is not lost on ${place} site, however quickly the page goes after it`, async () => {
  const { id } = await company();
  const address = site.embeds('/logout', { company: id }).replace('localhost', name);
  const host = await visits(address);
  /** The conversation that is there now is a new one; something is said in it. */
  async function isNobody(words) {
    await host.opens();
    assert.equal(await host.inside.locator('.msg.out').count(), 0);
    await host.says(words);
    await host.inside.locator('.meta', { hasText: 'Sent' }).waitFor();
  }
  await host.launcher.waitFor();
  await isNobody('I am the first');
  await host.page.evaluate(() => {
    window.NodechatWidget.reset();
    window.NodechatWidget.shutdown();
  });
  await host.calls('boot', { company: id });
  await host.launcher.waitFor();
  await isNobody('I am the second');

  // The panel is not there, and neither is the page in the next moment.
  await host.page.route('**/chat/**', (route) => route.abort());
  await host.page.goto(address);
  await host.launcher.waitFor();
  await host.calls('reset');
  await host.page.unrouteAll();
  await host.page.goto(address);
  await host.launcher.waitFor();
  await isNobody('I am the third');
  await until('it is not asked for again', () => host.page.evaluate((id) => JSON.parse(localStorage[`nodechat/${id}`]).forget === false, id));

  // As the parts of an application do it: somebody is named, and then nobody is.
  const { body } = await stage.api.token(await stage.key(id), { type: 'user', aid: 'u-1003', nick: 'Cy', companyid: id });
  await host.calls('boot', { company: id, token: body.token });
  await host.launcher.waitFor();
  await isNobody('I am Cy');
  await host.calls('update', { lang: 'zh' });
  await host.launcher.waitFor();
  await host.opens();
  if (place === 'the same') await host.hears('I am Cy');
  await host.calls('shutdown');
  await host.calls('boot', { company: id, lang: 'en' });
  await host.launcher.waitFor();
  await isNobody('I am the fifth');
  await host.page.context().close();
});

stage.story('on a page in a language that is none of ours, the panel speaks the one of the company', async () => {
  const { id } = await company({ locale: 'zh-CN' });
  for (const [lang, words] of [['de', '输入消息'], ['en-GB', 'Write a message']]) {
    const host = await visits(site.embeds('/speaks', { company: id }, { lang }));
    await host.opens();
    await host.inside.getByPlaceholder(words).waitFor();
    await host.page.context().close();
  }
});

stage.story('a reset before any boot leaves nothing on the host page by itself, and is done by the boot that follows', async () => {
  const { id } = await company();
  const host = await visits(site.embeds('/later', {}));
  await host.page.waitForFunction(() => window.NodechatWidget?.boot);
  await host.calls('reset');
  assert.deepEqual(await host.page.evaluate(() => Object.keys(localStorage)), []);
  await host.calls('boot', { company: id });
  const forget = () => host.page.evaluate((id) => JSON.parse(localStorage[`nodechat/${id}`] ?? '{}').forget, id);
  await until('the page in the panel has forgotten', async () => (await forget()) === false);
  assert.deepEqual(await host.page.evaluate(() => Object.keys(localStorage)), [`nodechat/${id}`]);
  await host.isUnharmed();
});

stage.story('whoever comes after a reset sees nothing of the consultation before, and is told of each message once', async () => {
  const { id } = await company();
  const host = await visits(site.embeds('/next', { company: id }));
  await host.launcher.waitFor();
  await host.opens();
  const agent = await served(host, id);
  const { chatid } = agent.noticed('assign')[0];
  await host.inside.getByRole('button', { name: 'More' }).click();
  await host.inside.getByRole('menuitem').click();
  await host.inside.locator('.top', { hasText: 'Ended' }).waitFor();
  await host.calls('reset');
  await host.inside.locator('.top', { hasText: 'Customer service' }).waitFor();
  await host.inside.getByRole('button', { name: 'Talk to a person' }).first().waitFor();
  assert.equal(await host.inside.locator('.top', { hasText: 'Ended' }).count(), 0);
  await host.inside.getByRole('button', { name: 'Talk to a person' }).first().click();
  const { roomid } = await agent.notices('assign', (assigned) => assigned.chatid !== chatid);
  await agent.joins(roomid);
  await host.listens('unread');
  await host.calls('close');
  await agent.says('Good morning');
  await until('it is counted', async () => (await host.told('unread')).length > 0);
  assert.deepEqual(await host.told('unread'), [1]);
  await host.isUnharmed();
});

stage.story('the host puts words into the box, sends cards, and names the group that is asked', async () => {
  const { id, rest } = await company();
  const host = await visits(site.embeds('/product', { company: id }, { html: '<button id="ask">Ask us</button>' }));
  await host.launcher.waitFor();
  await host.calls('update', { launcher: '#ask' });
  await host.launcher.waitFor({ state: 'hidden' });
  await host.page.locator('#ask').click();
  await host.inside.locator('.quick').waitFor();
  assert.equal(await host.page.locator('#ask').getAttribute('aria-expanded'), 'true');
  await host.calls('send', 'Is it glazed inside?');
  await until('the words are in the box', async () => (await host.inside.locator('.cmp textarea').inputValue()) === 'Is it glazed inside?');
  await host.calls('send', 'And outside?');
  await until('they stand behind what is there', async () => (await host.inside.locator('.cmp textarea').inputValue()) === 'Is it glazed inside?\nAnd outside?');
  await host.inside.getByRole('button', { name: 'Emoji' }).click();
  await host.inside.locator('.emoji').waitFor();
  await host.page.keyboard.press('Escape');
  await host.inside.locator('.emoji').waitFor({ state: 'detached' });
  assert.equal(await host.get('open'), true);

  const [sales, other] = [await stage.agent('Sales', { companyid: id }), await stage.agent('Other', { companyid: id })];
  await Promise.all([sales.connects(), other.connects()]);
  const { body: group } = await rest.post('/groups', { name: 'Sales', members: [sales.aid] });
  await host.calls('route', { group: group.data.id });
  await host.inside.getByRole('button', { name: 'Talk to a person' }).first().click();
  const { roomid } = await sales.notices('assign');
  await sales.joins(roomid);

  const hostile = '<img src=x onerror="parent.hacked=1"><script>parent.hacked=1</script>';
  await host.calls('card', { kind: 'product', title: hostile, price: '£68', url: 'javascript:parent.hacked=1', picture: 'https://elsewhere.example/x.png' });
  const { mtype, msg } = await sales.hears((message) => message.mtype === 'custom');
  assert.deepEqual([mtype, msg.title], ['custom', hostile]);
  await host.calls('send', 'Said by the host', { now: true });
  await sales.hears('Said by the host');
  await host.hears('Said by the host');
  await host.inside.locator('.cardm', { hasText: hostile }).waitFor();
  assert.equal(await host.inside.locator('.cardm').count(), 1);
  assert.equal(await host.inside.locator('.cardm img, .cardm script, .cardm a').count(), 0);
  assert.equal(await host.page.evaluate(() => window.hacked), undefined);
  await host.isUnharmed();
});

stage.story('another window that speaks the same words is not listened to', async () => {
  const { id } = await company();
  const host = await visits(site.embeds('/strangers', { company: id }));
  await host.launcher.waitFor();
  await host.opens();
  await host.page.evaluate(() => postMessage({ nodechat: 'close' }, '*'));
  await host.calls('send', 'after that', { now: true });
  await host.hears('after that');
  assert.equal(await host.get('open'), true);
  await host.isUnharmed();
});

stage.story('where the panel may not be shown, it says where the chat is', async () => {
  const { id, rest } = await company();
  await rest.patch('/company', { origins: ['https://only.example'] });
  const host = await visits(site.embeds('/refused', { company: id }));
  await host.launcher.waitFor();
  // Some time after the page was loaded: the panel is given its own.
  await host.page.evaluate((id) => Object.assign(localStorage, { [`nodechat/${id}`]: JSON.stringify({ look: { side: 'right', gap: 24, text: '' }, told: Date.now() }) }), id);
  await host.page.clock.install();
  await host.page.reload();
  await host.launcher.waitFor();
  await host.page.clock.fastForward(5_500);
  await host.launcher.click();
  assert.equal(await host.panel.getByRole('link').isVisible(), false);
  const link = host.panel.getByRole('link', { name: 'Chat' });
  await link.waitFor();
  assert.equal(await link.getAttribute('href'), `${stage.server.url}/chat/${id}?lang=en`);
  await host.launcher.click();
  assert.equal(await host.get('open'), false);
  await host.page.context().close();
});

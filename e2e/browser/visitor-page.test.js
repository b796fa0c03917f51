// The visitor's page: comes in, asks the bot, is served by a person, and loses nothing on the way.
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

const QUESTIONS = [
  { title: '帐篷使用', default: true, items: [{ title: '帐杆断了怎么办', answer: '签收 30 天内断杆，补发整根，不收费。' }] },
  { title: '订单物流', default: true, items: [{ title: '几天能到', answer: '一般三天。' }] },
];

/** A company of its own that talks to everybody, with the bot's questions when there are any. */
async function company({ questions = [], settings = {} } = {}) {
  const id = `visited${(companies += 1)}`;
  const rest = new Rest(stage.server.url, await stage.company(id, '岭上户外'));
  await rest.patch('/company', { anonymous: true, ...settings });
  if (questions.length > 0) await rest.put('/questions', { questions });
  return id;
}

const open = (companyid, options) => openVisitorPage(browser, `${options?.url ?? stage.server.url}/chat/${companyid}`, options);

for (const [locale, words] of [
  ['zh-CN', { human: '转人工', read: '已读', served: '客服一 为您服务', end: '结束会话', ended: '本次服务已结束', rate: '非常满意', submit: '提交评价', more: '更多' }],
  ['en', { human: 'Talk to a person', read: 'Read', served: '客服一 joined', end: 'End the conversation', ended: 'This conversation has ended', rate: 'Very good', submit: 'Send rating', more: 'More' }],
]) {
  stage.story(`a visitor asks the bot, is served by a person, ends and rates (${locale})`, async () => {
    const companyid = await company({ questions: QUESTIONS });
    const agent = await stage.agent('客服一', { companyid });
    await agent.connects();
    const visitor = await open(companyid, { locale });

    await visitor.page.getByRole('tab', { name: '帐篷使用' }).click();
    await visitor.page.getByRole('button', { name: '帐杆断了怎么办' }).click();
    await visitor.hears('补发整根');
    await visitor.says('几天能到');
    await visitor.page.locator('.col .qs').getByText('几天能到').click();
    await visitor.hears('一般三天');

    await visitor.page.getByRole('button', { name: words.human }).last().click();
    const { roomid } = await agent.notices('assign');
    await visitor.sees(words.served);
    await agent.joins(roomid);
    await agent.says('您好，我在');
    await visitor.hears('您好，我在');
    await visitor.says('你好 👋');
    await agent.hears('你好 👋');
    await agent.reads();
    await visitor.page.locator('.meta', { hasText: words.read }).last().waitFor();
    await until('the agent sees that the visitor has read', () => agent.noticed('mkread').some(({ type }) => type === 'user'));

    await visitor.page.getByRole('button', { name: words.more, exact: true }).first().click();
    await visitor.page.getByRole('menuitem', { name: words.end }).click();
    await visitor.sees(words.ended);
    await visitor.page.getByText(words.rate, { exact: true }).click();
    await visitor.page.getByRole('button', { name: words.submit }).click();
    await visitor.page.locator('.receipt', { hasText: words.rate }).waitFor();
    await visitor.closes();
  });
}

stage.story('a visitor waits for its turn, sees it come nearer, keeps it over a reload, and may give it up', async () => {
  const companyid = await company({ settings: { settings: { agent_cap: 1 } } });
  const agent = await stage.agent('陈默', { companyid });
  await agent.connects();
  const [first, second] = [await stage.visitor('甲', { companyid }), await stage.visitor('乙', { companyid })];
  const chats = [];
  for (const person of [first, second]) {
    await person.connects();
    await person.joins();
    chats.push((await person.applies()).chatid);
  }
  const visitor = await open(companyid);
  await visitor.page.getByRole('button', { name: '转人工' }).click();
  await visitor.page.locator('.queue', { hasText: '位排在您前面' }).waitFor();
  assert.equal(await visitor.page.locator('.queue .place').textContent(), '1');
  await visitor.page.reload();
  await visitor.page.locator('.queue', { hasText: '位排在您前面' }).waitFor();
  await second.gets('user', { type: 'endcs', roomid: second.roomid, chatid: chats[1] });
  await visitor.page.locator('.queue', { hasText: '下一位就是您' }).waitFor();
  await visitor.page.getByRole('button', { name: '不等了' }).click();
  await visitor.sees('您离开了排队');
  assert.equal(await visitor.page.locator('dialog').count(), 0, 'nobody rates what did not begin');
  await visitor.closes();
});

stage.story('when nobody is there a message can be left, in words that say what is missing', async () => {
  const companyid = await company({ settings: { settings: { offline: '每天 9:00 至 21:00 有人值班' } } });
  const visitor = await open(companyid);
  await visitor.page.getByRole('button', { name: '转人工' }).click();
  const sheet = visitor.page.getByRole('dialog');
  await sheet.getByRole('button', { name: '发送留言' }).click();
  await sheet.getByText('写一句话，说说是什么事').waitFor();
  await sheet.getByLabel('手机号或邮箱').fill('138 0000 0000');
  await sheet.getByLabel('遇到了什么问题').fill('请回电');
  await sheet.getByRole('button', { name: '发送留言' }).click();
  await visitor.sees('留言已收到');
  const agent = await stage.agent('客服', { companyid });
  await agent.connects();
  await agent.notices('assign');
  const [row] = (await agent.gets('list', { type: 'selfUser' })).rooms;
  assert.deepEqual(row.left, { msg: '请回电', contact: '138 0000 0000' });
  await visitor.closes();
});

stage.story('what is written without network waits, is sent once, and what was missed comes in', async () => {
  const companyid = await company();
  const proxy = await stage.proxy();
  const agent = await stage.agent('陈默', { companyid });
  await agent.connects();
  const visitor = await open(companyid, { url: proxy.url });
  await visitor.page.getByRole('button', { name: '转人工' }).click();
  const { roomid } = await agent.notices('assign');
  await agent.joins(roomid);
  await visitor.sees('陈默 为您服务');

  proxy.cut();
  await visitor.says('from the tunnel');
  await visitor.page.locator('.meta', { hasText: '等网络恢复后发送' }).waitFor();
  await visitor.page.locator('.banner', { hasText: '网络断开了' }).waitFor();
  for (const n of [1, 2, 3]) await agent.says(`into the tunnel ${n}`);
  assert.ok(!(await visitor.texts()).includes('into the tunnel 1'));
  proxy.restore();
  await visitor.hears('into the tunnel 3');
  await agent.hears('from the tunnel');
  await visitor.page.locator('.banner', { hasText: '已恢复，补上了 3 条消息' }).waitFor();
  assert.equal((await agent.history()).filter(({ msg }) => msg === 'from the tunnel').length, 1);
  assert.equal((await visitor.texts()).filter((text) => text === 'from the tunnel').length, 1);
  await visitor.closes({ errors: /net::|WebSocket|ERR_/ });
});

stage.story('a reload keeps the person, the draft and what was not sent', async () => {
  const companyid = await company();
  const proxy = await stage.proxy();
  const visitor = await open(companyid, { url: proxy.url });
  await visitor.says('before');
  await visitor.page.locator('.meta', { hasText: '已发送' }).waitFor();
  // The page is served, the channel is not: what is written cannot be sent.
  await visitor.page.route('**/socket.io/**', (route) => route.abort());
  proxy.drop();
  await visitor.says('not sent yet');
  await visitor.box.fill('half a sent');
  await visitor.page.locator('.meta', { hasText: '等网络恢复后发送' }).waitFor();
  await visitor.page.unroute('**/socket.io/**');
  await visitor.page.reload();
  await visitor.hears('not sent yet');
  assert.equal(await visitor.box.inputValue(), 'half a sent');
  await until('all is sent, once and in order', async () => (await visitor.texts()).join() === 'before,not sent yet');
  await visitor.page.locator('.meta', { hasText: '已发送' }).last().waitFor();
  await visitor.closes({ errors: /net::|WebSocket|ERR_/ });
});

stage.story('hostile text shows as text, and its links go only where they say', async () => {
  const companyid = await company();
  const nick = '<i>陈</i>\u202e默';
  const agent = await stage.agent(nick, { companyid });
  await agent.connects();
  const visitor = await open(companyid);
  await visitor.page.getByRole('button', { name: '转人工' }).click();
  const { roomid } = await agent.notices('assign');
  await agent.joins(roomid);
  const hostile = [
    '<img src=x onerror="document.title=1"><script>document.title=2</script>',
    'javascript:alert(1) data:text/html,<b>x</b>',
    '&lt;b&gt; \u202egnp.exe \u200d\u200d\u200d',
    `https://ok.example/${'a'.repeat(2000)}`,
    'x'.repeat(10_000),
  ];
  for (const text of hostile) await agent.says(text);
  await agent.gets('chat', { roomid, type: 'custom', msg: { html: '<b>card</b>', subType: 'evil' } });
  await visitor.hears('收到一张这里还不能显示的卡片');
  assert.deepEqual(await visitor.texts(), hostile);
  assert.deepEqual(await visitor.page.locator('.scr a').evaluateAll((links) => links.map(({ href, rel, target }) => [href, rel, target])), [[hostile[3], 'noopener noreferrer nofollow', '_blank']]);
  assert.equal(await visitor.page.locator('.scr :is(img, script, b)').count(), 0);
  assert.equal(await visitor.page.locator('.top bdi').first().textContent(), nick);
  assert.ok(await visitor.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is wider than the page');
  await visitor.page.getByRole('button', { name: '展开' }).last().click();
  await visitor.closes();
});

stage.story('earlier messages come by scrolling up, and what is read stays where it is', async () => {
  const companyid = await company();
  const visitor = await stage.visitor('小明', { companyid });
  await visitor.connects();
  await visitor.joins();
  for (let n = 0; n < 60; n += 1) await visitor.says(`line ${n}`);
  const page = await open(companyid, { query: `?ticket=${visitor.ticket}` });
  await page.hears('line 59');
  assert.ok(!page.page.url().includes('ticket'), 'no secret stays in the address');
  const top = () => page.page.locator('.msg', { hasText: /line 50$/ }).evaluate((row) => row.getBoundingClientRect().top);
  await page.page.locator('.scr').evaluate((log) => log.scrollTo(0, 40));
  const before = await top();
  await page.hears('line 45');
  assert.ok(Math.abs((await top()) - before) < 60, `it moved from ${before} to ${await top()}`);
  await until('all is there', async () => {
    await page.page.locator('.scr').evaluate((log) => log.scrollTo(0, 0));
    return (await page.texts()).length === 60;
  });
  assert.deepEqual(await page.texts(), Array.from({ length: 60 }, (_, n) => `line ${n}`));
  await page.closes();
});

stage.story('who is not let in reads why and what to do', async () => {
  const nobody = await open('no-such-company', { let: false });
  await nobody.page.getByRole('alert').getByText('商家不存在').waitFor();
  await nobody.closes();
  const companyid = await company();
  const late = await open(companyid, { query: '?token=used-up', let: false });
  await late.page.getByRole('alert').getByText('请回到商家的页面').waitFor();
  assert.ok(!late.page.url().includes('token'));
  await late.closes();
});

stage.story('each control has a name, and the page works without a mouse', async () => {
  const companyid = await company({ questions: QUESTIONS });
  const visitor = await open(companyid, { width: 320, height: 568 });
  const nameless = await visitor.page.locator('button, a, input, textarea, [role=tab]').evaluateAll((controls) =>
    controls.filter((control) => !(control.getAttribute('aria-label') || control.textContent.trim() || control.labels?.length)).map(({ outerHTML }) => outerHTML),
  );
  assert.deepEqual(nameless, []);
  await visitor.page.getByRole('tab').first().focus();
  await visitor.page.keyboard.press('ArrowRight');
  assert.equal(await visitor.page.locator('[role=tab][aria-selected=true]').evaluate((tab) => tab === document.activeElement), true);
  await visitor.box.focus();
  await visitor.page.keyboard.type('one');
  await visitor.page.keyboard.press('Shift+Enter');
  await visitor.page.keyboard.type('two');
  await visitor.page.keyboard.press('Enter');
  await visitor.hears('one\ntwo');
  assert.ok(await visitor.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await visitor.closes();
});

stage.story('a company that lists its origins is shown inside of them only, and its own page talks to it', async () => {
  const companyid = await company({ settings: { origins: ['https://shop.example'] } });
  const policy = (await fetch(`${stage.server.url}/chat/${companyid}`)).headers.get('content-security-policy');
  assert.match(policy, /frame-ancestors 'self' https:\/\/shop\.example;/);
  assert.doesNotMatch((await fetch(`${stage.server.url}/chat/${await company()}`)).headers.get('content-security-policy'), /frame-ancestors/);
  const visitor = await open(companyid);
  await visitor.says('hello');
  await visitor.page.locator('.meta', { hasText: '已发送' }).waitFor();
  await visitor.closes();
});

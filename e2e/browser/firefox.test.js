// The visitor's page in Firefox: from the first question over the queue and a person to the rating, work orders, and a message for when nobody is there.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { openFirefox, openInFirefox } from '../harness/firefox.js';
import { png } from '../harness/pictures.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { temporaryFolder } from '../harness/tidy.js';
import { until } from '../harness/until.js';

const QUESTION = { title: '帐篷使用', default: true, items: [{ title: '帐杆断了怎么办', answer: '签收 30 天内断杆，补发整根，不收费。' }] };

const stage = await openStage();
const browser = await openFirefox();
after(() => browser.close());
let companies = 0;

/** A company of its own that talks to everybody, with an agent who is there. */
async function company(settings = {}) {
  const companyid = `fox${(companies += 1)}`;
  const rest = new Rest(stage.server.url, await stage.company(companyid, '岭上户外'));
  await rest.patch('/company', { anonymous: true, settings });
  return { companyid, rest };
}

async function agentOf(companyid) {
  const agent = await stage.agent('陈默', { companyid });
  await agent.connects();
  return agent;
}

const open = (companyid, query = '') => openInFirefox(browser, `${stage.server.url}/chat/${companyid}${query}`);

stage.story('a visitor asks the bot, is served, sends a text and a picture, reloads and rates', async () => {
  const { companyid, rest } = await company();
  await rest.put('/questions', { questions: [QUESTION] });
  const agent = await agentOf(companyid);
  const visitor = await open(companyid);
  const { page } = visitor;

  await visitor.presses('.qs .q', '帐杆断了怎么办');
  await visitor.sees('.msg.in', '补发整根');
  const consultation = await visitor.isServedBy(agent);
  await agent.says('您好，我在');
  await visitor.sees('.msg.in', '您好，我在');

  await visitor.says('你好 👋');
  await agent.hears('你好 👋');
  const picture = join(temporaryFolder(), '杆.png');
  writeFileSync(picture, png(400, 300));
  await visitor.picks(picture);
  await agent.hears(({ mtype }) => mtype === 'image');
  await agent.reads();
  await visitor.sees('.meta', '已读');

  await page.reload();
  for (const text of ['您好，我在', '你好 👋']) await visitor.sees('.msg', text);
  await until('the picture is loaded', () => page.$$eval('.pic img', (images) => images.length === 1 && images[0].naturalWidth === 400));

  await agent.manages('endChat', consultation);
  await visitor.presses('.rates label', '非常满意');
  await visitor.presses('.sheet button', '提交评价');
  await visitor.sees('.receipt', '非常满意');
  assert.equal((await agent.history()).filter(({ msg }) => msg === '你好 👋').length, 1);
  await visitor.closes();
});

stage.story('a visitor waits for its turn, sees it come nearer, and is served', async () => {
  const { companyid } = await company({ agent_cap: 1 });
  const agent = await agentOf(companyid);
  const chats = [];
  for (const nick of ['甲', '乙']) {
    const person = await stage.visitor(nick, { companyid });
    await person.connects();
    const { roomid } = await person.joins();
    chats.push({ person, roomid, chatid: (await person.applies()).chatid });
  }
  const [{ roomid, chatid }, next] = chats;
  const visitor = await open(companyid);
  await visitor.presses('.quick .btn', '转人工');
  await visitor.sees('.queue', '位排在您前面');
  await visitor.sees('.queue .place', '1');
  await next.person.gets('user', { type: 'endcs', roomid: next.roomid, chatid: next.chatid });
  await visitor.sees('.queue', '下一位就是您');
  await agent.manages('endChat', { roomid, chatid });
  await visitor.sees('.sys', '陈默 为您服务');
  await visitor.misses('.queue');
  await visitor.closes();
});

stage.story('a quote shows what it answers to, what is taken back can be written again, and typing is told both ways', async () => {
  const { companyid } = await company();
  const agent = await agentOf(companyid);
  const visitor = await open(companyid);
  await visitor.isServedBy(agent);
  await visitor.writes('你');
  await agent.notices('typing', ({ type }) => type === 'user');
  await agent.gets('typing', { roomid: agent.roomid });
  await visitor.sees('.dots', '对方正在输入');
  const asked = await agent.says('请问订单号是多少？');
  await visitor.misses('.dots');

  await (await visitor.sees(`[data-id="${asked.id}"]`)).hover();
  await visitor.presses(`[data-id="${asked.id}"] .acts button`, '引用');
  await visitor.sees('.quoting', '请问订单号');
  await visitor.says('看订单 0387');
  const { id, quote } = await agent.hears('你看订单 0387');
  assert.equal(quote, asked.id);
  await visitor.sees('.quoted', '陈默：请问订单号是多少？');
  await agent.gets('recall', { roomid: agent.roomid, id: asked.id });
  await visitor.sees('.quoted', '引用的消息已撤回');
  await visitor.sees('.bub.gone', '对方撤回了一条消息');

  await (await visitor.sees(`[data-id="${id}"]`)).hover();
  await visitor.presses(`[data-id="${id}"] .acts button`, '撤回');
  await agent.notices('recall', (told) => told.id === id);
  await visitor.presses('button', '重新编辑');
  assert.equal(await visitor.draft(), '你看订单 0387');
  await visitor.closes();
});

stage.story('earlier messages come by scrolling up, and what is read stays where it is', async () => {
  const { companyid } = await company();
  const person = await stage.visitor('小明', { companyid });
  await person.connects();
  await person.joins();
  for (let n = 0; n < 60; n += 1) await person.says(`line ${n}`);
  const visitor = await open(companyid, `?ticket=${person.ticket}`);
  const row = await visitor.sees('.msg', 'line 52');
  const top = () => row.evaluate((element) => element.getBoundingClientRect().top);
  await visitor.place.$eval('.scr', (log) => log.scrollTo(0, 40));
  const before = await top();
  await visitor.sees('.msg', 'line 45');
  assert.ok(Math.abs((await top()) - before) < 60, `it moved from ${before} to ${await top()}`);
  await until('all is there', async () => {
    await visitor.place.$eval('.scr', (log) => log.scrollTo(0, 0));
    return (await visitor.texts()).length === 60;
  });
  assert.deepEqual(await visitor.texts(), Array.from({ length: 60 }, (_, n) => `line ${n}`));
  await visitor.closes();
});

stage.story('when nobody is there a message can be left, in words that say what is missing', async () => {
  const { companyid } = await company();
  const visitor = await open(companyid);
  await visitor.presses('.quick .btn', '转人工');
  await visitor.presses('.sheet button', '发送留言');
  await visitor.sees('.sheet', '写一句话，说说是什么事');
  await visitor.writes('138 0000 0000', '#contact');
  await visitor.writes('请回电', '#words');
  await visitor.presses('.sheet button', '发送留言');
  await visitor.sees('.sys', '留言已收到');
  const agent = await agentOf(companyid);
  await agent.notices('assign');
  const [row] = (await agent.gets('list', { type: 'selfUser' })).rooms;
  assert.deepEqual(row.left, { msg: '请回电', contact: '138 0000 0000' });
  await visitor.closes();
});

stage.story('a visitor writes a work order, and sees what becomes of it while looking', async () => {
  const { companyid, rest } = await company();
  await rest.put('/work-order-kinds/repair', { text: '维修' });
  const visitor = await open(companyid);
  await visitor.presses('.quick .btn', '我的工单');
  await visitor.presses('.sheet button', '写一张工单');
  await visitor.presses('.sheet button', '提交工单');
  await visitor.sees('.sheet', '这里还没有填');
  await visitor.writes('主杆断了', '#title');
  await visitor.writes('第一次搭就断了', '#describe');
  await visitor.writes('13800000000', '#phone');
  await visitor.presses('.sheet button', '提交工单');
  await visitor.sees('.orders li', '已提交');
  const [order] = (await rest.get('/orders')).body.data;
  await rest.patch(`/orders/${order.id}`, { state: 'accepted', comment: { text: '明天寄出', public: true } });
  await visitor.sees('.orders li', '已受理');
  await visitor.sees('.orders li', '明天寄出');
  await visitor.closes();
});

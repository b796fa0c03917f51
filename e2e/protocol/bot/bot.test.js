// The bot answers first: its questions on join, `query`, what it finds for a text, and a human for whoever asks for one.
import assert from 'node:assert/strict';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage();
let number = 0;

/** A company with these questions, and a visitor in its room. */
async function company(questions, rules = {}) {
  const companyid = `bot${number++}`;
  await stage.company(companyid, '岭上户外');
  const rest = await restOf(companyid);
  if (questions) await rest('PUT', 'questions', { questions });
  await rest('PUT', 'bot', rules);
  const visitor = await stage.visitor('小明', { companyid });
  await visitor.connects();
  return { companyid, rest, visitor };
}

async function restOf(companyid) {
  const key = await stage.key(companyid);
  return async (method, path, body) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const response = await fetch(`${stage.server.url}/api/v1/${path}`, { method, headers, body: body && JSON.stringify(body) });
    const answer = await response.json();
    assert.ok(response.ok, `${method} ${path}: ${JSON.stringify(answer)}`);
    return answer.data;
  };
}

const QUESTIONS = [
  { title: '退换货', default: true, items: [{ title: '如何申请退款', answer: '在订单页面点“申请退款”。' }, { title: '退款多久到账', answer: '三个工作日内。' }] },
  { title: '物流', items: [{ title: '怎么修改收货地址', answer: '发货之前可以在订单里修改。' }] },
  { title: '旧的', enabled: false, default: true, items: [{ title: '旧版小程序在哪里', answer: '没有了。' }] },
];

/** Joins until every node knows of the questions. */
async function joins(visitor) {
  return until('the default questions are there', async () => {
    const room = await visitor.joins();
    return room.chat_msgs.some(({ type }) => type === 'csrmsg') && room;
  });
}

stage.story('default questions stand behind the newest messages and are stored nowhere', async () => {
  const { companyid, visitor } = await company(QUESTIONS, { human_button: '转人工' });
  const room = await joins(visitor);
  const { id, time, ...welcome } = room.chat_msgs.at(-1);
  assert.ok(id && time);
  const items = welcome.msg.items.map(({ title, subItmes }) => [title, ...subItmes.map(({ subTitle }) => subTitle)]);
  assert.deepEqual(items, [['退换货', '如何申请退款', '退款多久到账']]);
  assert.deepEqual({ ...welcome, msg: { ...welcome.msg, items: [] } }, { type: 'csrmsg', mtype: 'custom', aid: companyid, mid: `S${companyid}`, nick: '岭上户外', msg: { subType: 'defFQA', items: [], human: '转人工' } });
  assert.equal(room.next_pos, 0);
  assert.deepEqual(await visitor.history(), []);
  const agent = await stage.agent('客服', { companyid });
  await agent.connects();
  assert.deepEqual((await agent.joins(visitor.roomid)).chat_msgs, [], 'an agent is shown none');
});

stage.story('a question that is picked is answered, and both are history that an agent reads', async () => {
  const { companyid, visitor } = await company(QUESTIONS);
  const room = await joins(visitor);
  const [{ id: queryId, subTitle: queryTitle }] = room.chat_msgs.at(-1).msg.items[0].subItmes;
  const { roomid, data } = await visitor.gets('query', { roomid: visitor.roomid, queryId, queryTitle });
  assert.equal(roomid, visitor.roomid);
  assert.deepEqual([data.type, data.mtype, data.aid, data.mid, data.msg, data.pos], ['csmsg', 'text', companyid, `S${companyid}`, '在订单页面点“申请退款”。', 1]);
  const agent = await stage.agent('客服', { companyid });
  await agent.connects();
  const seen = (await agent.joins(visitor.roomid)).chat_msgs;
  assert.deepEqual(seen.map(({ type, msg }) => [type, msg]), [['usermsg', '如何申请退款'], ['csmsg', '在订单页面点“申请退款”。']]);
  assert.equal((await visitor.hears('在订单页面点“申请退款”。')).id, data.id);
  assert.equal((await agent.isRefused('query', { roomid: visitor.roomid, queryId })).errcode, 4003);
});

stage.story('a query that is repeated with its id is answered once', async () => {
  const { visitor } = await company(QUESTIONS);
  const room = await joins(visitor);
  const [{ id: queryId }] = room.chat_msgs.at(-1).msg.items[0].subItmes;
  const id = '0191d8b0-7c1e-7aaa-8bbb-0123456789ab';
  const first = await visitor.gets('query', { roomid: visitor.roomid, queryId, id });
  assert.deepEqual(await visitor.gets('query', { roomid: visitor.roomid, queryId, id }), first);
  assert.equal((await visitor.history()).length, 2);
});

stage.story('a text is stored, and what it means is found, or not', async () => {
  const { visitor } = await company(QUESTIONS, { synonyms: [['退款', '把钱还我']], nothing_found: '没找到' });
  await joins(visitor);
  const found = await visitor.says('你好，我想申请退款');
  assert.deepEqual([found.success, found.pos, found.result, found.roomid], [true, 0, 'FOUND', visitor.roomid]);
  assert.equal(found.items[0].subItmes[0].subTitle, '如何申请退款');
  assert.equal((await visitor.says('申请把钱还我')).items[0].subItmes[0].subTitle, '如何申请退款');
  const { result, msg, items } = await visitor.says('今天天气怎么样');
  assert.deepEqual({ result, msg, items }, { result: 'EMPTY', msg: '没找到', items: undefined });
  assert.equal((await visitor.says('旧版小程序在哪里')).result, 'EMPTY', 'what is not enabled is not found');
  assert.equal((await visitor.history()).length, 4);
});

stage.story('a company without questions answers as ever', async () => {
  const { visitor } = await company(null);
  assert.deepEqual((await visitor.joins()).chat_msgs, []);
  assert.deepEqual(Object.keys(await visitor.says('退款')).sort(), ['id', 'pos', 'success', 'time']);
});

stage.story('whoever asks for a human gets one, and the bot is silent while it lasts', async () => {
  const { companyid, visitor } = await company(QUESTIONS);
  const agent = await stage.agent('客服', { companyid });
  await agent.connects();
  await joins(visitor);
  await visitor.says('怎么退款');
  const asked = await visitor.says('转人工');
  assert.deepEqual([asked.success, asked.result, asked.service.status], [true, 'HUMAN', 'serving']);
  const { chatid } = asked.service;
  assert.equal((await agent.notices('assign')).chatid, chatid);
  assert.equal((await visitor.says('怎么退款')).result, undefined);
  assert.deepEqual((await visitor.joins()).chat_msgs.filter(({ type }) => type === 'csrmsg'), []);
});

stage.story('hundreds of questions with long answers are put with one call', async () => {
  const items = Array.from({ length: 100 }, (_, n) => ({ title: `问题 ${n}`, answer: '答'.repeat(500) }));
  const many = Array.from({ length: 10 }, (_, n) => ({ title: `分类 ${n}`, items }));
  const { rest } = await company(many);
  assert.equal((await rest('GET', 'questions?limit=100')).reduce((sum, question) => sum + question.items.length, 0), 1_000);
});

stage.story('what is changed is answered so, on every node', async () => {
  const { rest, visitor } = await company(QUESTIONS);
  await joins(visitor);
  await rest('PUT', 'questions', { questions: [{ title: '门店', items: [{ title: '门店几点开门', answer: '九点。' }] }] });
  await until('the new question is found', async () => (await visitor.says('门店几点开门')).result === 'FOUND');
  await until('the old one is gone', async () => (await visitor.says('如何申请退款')).result === 'EMPTY');
  await rest('PUT', 'questions', { questions: [] });
  await until('there is no bot', async () => (await visitor.says('门店几点开门')).result === undefined);
});

stage.story('what cannot be asked has its code', async () => {
  const { visitor } = await company(QUESTIONS);
  await joins(visitor);
  const code = async (payload) => (await visitor.isRefused('query', payload)).errcode;
  const { roomid } = visitor;
  const nobody = '0191d8b0-7c1e-7aaa-8bbb-0123456789ab';
  assert.equal(await code({ roomid }), 4001);
  assert.equal(await code({ roomid, queryId: 7 }), 4002);
  assert.equal(await code({ roomid, queryId: 'x' }), 4002);
  assert.equal(await code({ roomid, queryId: nobody }), 4004);
  assert.equal(await code({ roomid: '/U2S_somebody#c1', queryId: nobody }), 4003);
});

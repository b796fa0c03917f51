// Contract B5: the bot before the human: default questions on join, `query`, and what is found for a text.
import assert from 'node:assert/strict';
import { Model, says } from '../../harness/model.js';
import { Rest } from '../../harness/rest.js';
import { aText, aTime, isWhole, UUID } from '../../harness/shape.js';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage({ args: ['--demo', '--model-private-addresses'] });
let companies = 0;

/** A company whose bot knows one question, and a visitor who knows that it does. */
async function asking(rules = {}) {
  const companyid = `b5-${(companies += 1)}`;
  const rest = new Rest(stage.server.url, await stage.company(companyid, '岭上户外'));
  await rest.put('/bot', rules);
  const items = [{ title: '如何申请退款', answer: '在订单页面点“申请退款”。' }];
  assert.equal((await rest.put('/questions', { questions: [{ title: '退换货', default: true, items }] })).status, 200);
  const visitor = await stage.visitor('小明', { companyid });
  await visitor.connects();
  const room = await until('the bot is known', async () => {
    const room = await visitor.joins();
    return room.chat_msgs.length === 1 && room;
  });
  return { companyid, rest, visitor, room, roomid: visitor.roomid };
}

const shown = [{ title: '退换货', subItmes: [{ id: UUID, subTitle: '如何申请退款' }] }];
const receipt = (pos) => ({ success: true, id: UUID, pos, time: aTime });

stage.story('chat_msgs ends with one csrmsg of the company, subType defFQA, which counts in no position', async () => {
  const { companyid, visitor, room, roomid } = await asking();
  const welcome = { id: UUID, type: 'csrmsg', mtype: 'custom', aid: companyid, mid: `S${companyid}`, nick: '岭上户外', time: aTime, msg: { subType: 'defFQA', items: shown } };
  isWhole(room, {
    roomid, chat_msgs: [welcome], msg_pos: 0, topic: '岭上户外', lsttime: aTime, members: [{ type: 'user', aid: visitor.aid, mid: visitor.aid, account: visitor.aid, nick: '小明' }],
    epoch: aText, reads: { user: -1, cs: -1 }, next_pos: 0, recalls: 0,
  });
  assert.deepEqual(await visitor.gets('user', { type: 'viewchat', roomid, start: 0 }), { roomid, chat_msgs: [] });
});

stage.story('query answers {roomid, data: <message>}, and question and answer become part of the history', async () => {
  const { companyid, visitor, room, roomid } = await asking();
  const [{ id: queryId, subTitle: queryTitle }] = room.chat_msgs[0].msg.items[0].subItmes;
  const answered = await visitor.gets('query', { roomid, queryId, queryTitle });
  const answer = { id: UUID, pos: 1, type: 'csmsg', mtype: 'text', aid: companyid, mid: `S${companyid}`, nick: '岭上户外', time: aTime, msg: '在订单页面点“申请退款”。' };
  isWhole(answered, { roomid, data: answer });
  const question = { id: UUID, pos: 0, type: 'usermsg', mtype: 'text', aid: visitor.aid, mid: visitor.aid, nick: '小明', time: aTime, msg: '如何申请退款' };
  isWhole(await visitor.history(), [question, answered.data]);
  for (const { msg } of [question, answer]) isWhole(await visitor.notices('chat', ({ data }) => data.msg === msg), { roomid, data: msg === question.msg ? question : answer });
});

stage.story('the ack of a text also says {roomid, result: FOUND, items}', async () => {
  const { visitor, roomid } = await asking();
  isWhole(await visitor.says('你好，我想申请退款'), { ...receipt(0), roomid, result: 'FOUND', items: shown });
  assert.equal((await visitor.history()).length, 1, 'the message itself is stored');
});

stage.story('whoever writes questions sees what a text finds, as they are and as they would be, and nothing is saved by it', async () => {
  const { companyid, rest } = await asking();
  const { body } = await rest.get('/questions/try', { text: '我想申请退款' });
  const [found] = body.data.found;
  assert.deepEqual([found.title, found.shown, found.words], ['如何申请退款', true, ['申请', '退款']]);
  assert.ok(found.score >= body.data.threshold && found.score <= 1000);

  const [saved] = (await rest.get('/questions')).body.data;
  const tried = async (draft, text = '发票抬头写错了') => (await rest.post('/questions/try', { text, draft })).body.data.found.map(({ id, title, shown }) => [id, title, shown]);
  const items = [{ id: saved.items[0].id, title: '如何申请退款' }, { title: '发票抬头写错了' }];
  assert.deepEqual(await tried({ id: saved.id, title: '退换货', items }), [[undefined, '发票抬头写错了', true]]);
  assert.deepEqual(await tried({ title: '发票', items: items.slice(1) }), [[undefined, '发票抬头写错了', true]]);
  assert.deepEqual(await tried({ id: saved.id, title: '退换货', items, enabled: false }, '申请退款'), []);
  assert.deepEqual(await tried({ title: '', items: [{ title: '' }] }), []);
  assert.deepEqual((await rest.get('/questions')).body.data, [saved]);

  const refused = await rest.post('/questions/try', { text: 'x', draft: { title: 't', items: Array.from({ length: 101 }, () => ({ title: 'x' })) } });
  assert.deepEqual([refused.status, refused.body.errcode], [400, 4002]);
  const agent = await rest.post('/agents', { login: 'reader', password: 'correct horse' });
  assert.equal(agent.status, 201);
  const { body: session } = await rest.as().post('/sessions', { companyid, login: 'reader', password: 'correct horse' });
  assert.equal((await rest.as(session.data.ticket).post('/questions/try', { text: 'x', draft: { title: 't', items: [] } })).body.errcode, 4003);
});

stage.story('or {result: EMPTY, msg}, in the company’s words where it has some', async () => {
  const { visitor, roomid } = await asking();
  isWhole(await visitor.says('今天天气怎么样'), { ...receipt(0), roomid, result: 'EMPTY', msg: '没有找到相关的问题' });
  const own = await asking({ nothing_found: '没找到，请换个说法' });
  isWhole(await own.visitor.says('今天天气怎么样'), { ...receipt(0), roomid: own.roomid, result: 'EMPTY', msg: '没找到，请换个说法' });
  assert.equal((await own.visitor.history()).length, 1, 'the message itself is stored');
});

stage.story('while a consultation runs there are no default questions, and a text is a text', async () => {
  const { companyid, visitor, roomid } = await asking();
  const agent = await stage.agent('客服', { companyid });
  await agent.connects();
  const { chatid } = await visitor.applies();
  isWhole(await visitor.says('我想申请退款'), receipt(0));
  assert.deepEqual((await visitor.joins()).chat_msgs.map(({ type }) => type), ['usermsg']);
  await visitor.gets('user', { type: 'endcs', roomid, chatid });
  isWhole(await visitor.says('我想申请退款'), { ...receipt(1), roomid, result: 'FOUND', items: shown });
});

stage.story('whoever asks for a human is told how that stands', async () => {
  const { companyid, visitor, roomid } = await asking();
  isWhole(await visitor.says('转人工'), { ...receipt(0), roomid, result: 'HUMAN', service: { status: 'offline' } });
  const agent = await stage.agent('客服', { companyid });
  await agent.connects();
  const cs = { type: 'cs', aid: agent.aid, mid: agent.aid, account: agent.aid, nick: '客服', status: 'O' };
  isWhole(await visitor.says('转人工'), { ...receipt(1), roomid, result: 'HUMAN', service: { chatid: UUID, status: 'serving', cs } });
});

/** What grows of an answer, from the first piece to the last. */
async function streamed(behave) {
  const model = await new Model(behave).open();
  stage.closesWith(() => model.close());
  const { visitor, roomid, companyid } = await asking({ model: { enabled: true, url: model.url, name: 'small', key: 'sk', prompt: '', timeout_ms: 5_000 } });
  const asked = await until('every node knows the model', async () => {
    const asked = await visitor.says('我想申请退款');
    return asked.answer && asked;
  });
  isWhole(asked, { ...receipt(Number.isInteger), roomid, result: 'FOUND', items: shown, answer: UUID });
  const id = asked.answer;
  await visitor.notices('stream', (piece) => piece.id === id && piece.done);
  return { visitor, companyid, id, roomid, pieces: visitor.noticed('stream').filter((piece) => piece.id === id) };
}

stage.story('with a language model FOUND also says answer, which grows by stream {roomid, id, text, done}', async () => {
  const { visitor, companyid, id, roomid, pieces } = await streamed(says('请在订单页面', '申请退款。'));
  const last = pieces.pop();
  assert.deepEqual(last, { roomid, id, text: '', done: true });
  for (const piece of pieces) isWhole(piece, { roomid, id, text: aText, done: false });
  assert.equal(pieces.map(({ text }) => text).join(''), '请在订单页面申请退款。');
  const said = { id, pos: Number.isInteger, type: 'csmsg', mtype: 'text', aid: companyid, mid: `S${companyid}`, nick: '岭上户外', time: aTime, msg: '请在订单页面申请退款。' };
  isWhole(await visitor.notices('chat', ({ data }) => data.id === id), { roomid, data: said });
});

stage.story('one that fails ends with failed: true, and there is no message', async () => {
  const { visitor, id, roomid, pieces } = await streamed((response) => response.writeHead(500).end());
  assert.deepEqual(pieces, [{ roomid, id, text: '', done: true, failed: true }]);
  assert.deepEqual((await visitor.history()).filter(({ type }) => type === 'csmsg'), []);
});

// Contract C1: asking for a human: what is answered, and what each side is told.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Rest } from '../../harness/rest.js';
import { aText, aTime, isWhole, UUID } from '../../harness/shape.js';
import { openStage } from '../../harness/stage.js';

const stage = await openStage();
const yes = { success: true };
let companies = 0;

/** A company of its own, agents who are connected, and visitors in their rooms. */
async function shop({ agents = 1, visitors = 1, settings = {} } = {}) {
  const companyid = `c1-${(companies += 1)}`;
  const rest = new Rest(stage.server.url, await stage.company(companyid, 'Shop', settings));
  const crew = [];
  for (let n = 0; n < agents; n += 1) crew.push(await stage.agent(`客服${n}`, { companyid }));
  for (const agent of crew) await agent.connects();
  const guests = [];
  for (let n = 0; n < visitors; n += 1) guests.push(await stage.visitor(`访客${n}`, { companyid }));
  for (const visitor of guests) {
    await visitor.connects();
    await visitor.joins();
  }
  return { companyid, rest, crew, agent: crew[0], guests, visitor: guests[0], roomid: guests[0].roomid };
}

const member = (agent, status = 'O') => ({ type: 'cs', aid: agent.aid, mid: agent.aid, account: agent.aid, nick: agent.nick, status });

stage.story('applycs answers {chatid, status: serving, cs}, and the same chatid while it runs', async () => {
  const { agent, visitor, roomid } = await shop();
  const applied = await visitor.applies();
  isWhole(applied, { chatid: UUID, status: 'serving', cs: member(agent) });
  assert.deepEqual(await visitor.applies(), applied);
  const { chatid } = applied;
  for (const person of [visitor, agent]) assert.deepEqual(await person.isTold('serving'), { roomid, chatid, type: 'serving', cs: member(agent) });
  assert.deepEqual((await visitor.joins()).service, applied, 'whoever comes back is told');
});

stage.story('applycs answers {chatid, status: waiting, position}, and waiting is told on every change of position', async () => {
  const { agent, guests: [first, second] } = await shop({ visitors: 2 });
  await agent.manages('setStatus', { status: 'B' });
  const { chatid } = await first.applies();
  const applied = await second.applies();
  isWhole(applied, { chatid: UUID, status: 'waiting', position: 2 });
  isWhole(await second.isTold('waiting'), { roomid: second.roomid, chatid: applied.chatid, type: 'waiting', position: 2 });
  assert.deepEqual(await agent.manages('serveChat', { roomid: first.roomid, chatid }), yes);
  isWhole(await second.isTold('waiting', ({ position }) => position === 1), { roomid: second.roomid, chatid: applied.chatid, type: 'waiting', position: 1 });
});

stage.story('once somebody was served, waiting also says wait_ms', async () => {
  const { agent, guests: [first, second] } = await shop({ visitors: 2, settings: { agent_cap: 1 } });
  const { chatid } = await first.applies();
  await agent.manages('endChat', { roomid: first.roomid, chatid });
  await second.applies();
  const applied = await first.applies();
  isWhole(applied, { chatid: UUID, status: 'waiting', position: 1, wait_ms: Number.isInteger });
  isWhole(await first.isTold('waiting'), { roomid: first.roomid, chatid: applied.chatid, type: 'waiting', position: 1, wait_ms: Number.isInteger });
});

stage.story('applycs answers {status: offline} when nobody is there, and a message can be left', async () => {
  const { visitor, roomid, companyid } = await shop({ agents: 0, settings: { offline: '打烊了' } });
  assert.deepEqual(await visitor.applies(), { status: 'offline', msg: '打烊了' });
  const left = await visitor.gets('user', { type: 'leavemsg', roomid, msg: '请回电', contact: '138' });
  isWhole(left, { chatid: UUID, status: 'left', success: true, id: UUID, pos: 0, time: aTime });
  const agent = await stage.agent('客服', { companyid });
  await agent.connects();
  isWhole(await agent.notices('assign'), { type: 'assign', roomid, userid: visitor.aid, topic: visitor.nick, lsttime: aTime, chatid: left.chatid });
  const row = { roomid, topic: visitor.nick, c: Number.isInteger, lsttime: aTime, userid: visitor.aid, chatid: left.chatid, status: 'serving', csid: agent.aid, begun: aTime, left: { msg: '请回电', contact: '138' } };
  isWhole(await agent.gets('list', { type: 'selfUser' }), { rooms: [row] });
});

stage.story('applycs with csid asks for that agent, with groupid for one of that group', async () => {
  const { rest, crew, visitor, roomid } = await shop({ agents: 3 });
  for (const agent of [crew[2], crew[1]]) {
    const applied = await visitor.applies({ csid: agent.aid });
    isWhole(applied, { chatid: UUID, status: 'serving', cs: member(agent) });
    await visitor.gets('user', { type: 'endcs', roomid, chatid: applied.chatid });
  }
  const group = await rest.post('/groups', { name: '售后', members: [crew[0].aid] });
  assert.equal(group.status, 201, group.text);
  const grouped = await visitor.applies({ groupid: group.body.data.id });
  isWhole(grouped, { chatid: UUID, status: 'serving', cs: member(crew[0]) });
  isWhole(await crew[0].gets('list', { type: 'selfUser' }), { rooms: [{ roomid, topic: visitor.nick, c: 0, lsttime: aTime, userid: visitor.aid, chatid: grouped.chatid, status: 'serving', csid: crew[0].aid, groupid: group.body.data.id, begun: aTime }] });
});

stage.story('user endcs and mgr endChat end it: service {type: ended, roomid, chatid, by, rate}', async () => {
  const { agent, visitor, roomid } = await shop();
  const ends = { user: (chatid) => visitor.gets('user', { type: 'endcs', roomid, chatid }), cs: (chatid) => agent.manages('endChat', { roomid, chatid }) };
  for (const [by, end] of Object.entries(ends)) {
    const { chatid } = await visitor.applies();
    assert.deepEqual(await end(chatid), yes);
    for (const person of [visitor, agent]) assert.deepEqual(await person.isTold('ended', (told) => told.chatid === chatid), { roomid, chatid, type: 'ended', by, rate: true });
    assert.deepEqual(await end(chatid), yes, 'said twice');
  }
});

stage.story('rate is false where nobody has served, and where the company asks for no rating', async () => {
  const waiting = await shop();
  await waiting.agent.manages('setStatus', { status: 'B' });
  const first = await waiting.visitor.applies();
  await waiting.visitor.gets('user', { type: 'endcs', roomid: waiting.roomid, chatid: first.chatid });
  assert.deepEqual(await waiting.visitor.isTold('ended'), { roomid: waiting.roomid, chatid: first.chatid, type: 'ended', by: 'user', rate: false });
  const silent = await shop({ settings: { ask_rating: false } });
  const second = await silent.visitor.applies();
  await silent.visitor.gets('user', { type: 'endcs', roomid: silent.roomid, chatid: second.chatid });
  assert.deepEqual(await silent.visitor.isTold('ended'), { roomid: silent.roomid, chatid: second.chatid, type: 'ended', by: 'user', rate: false });
});

stage.story('what has ended can be rated and taken up again under its chatid', async () => {
  const { agent, visitor, roomid } = await shop();
  const applied = await visitor.applies();
  const { chatid } = applied;
  await agent.manages('endChat', { roomid, chatid });
  assert.deepEqual(await visitor.gets('user', { type: 'rate', roomid, chatid, ratetype: 'HAND', rateresult: 'GOOD' }), yes);
  assert.deepEqual(await agent.isTold('rated'), { roomid, chatid, type: 'rated', rateresult: 'GOOD' });
  assert.deepEqual(await visitor.gets('user', { type: 'reopen', roomid, chatid }), applied);
  assert.deepEqual(await visitor.isTold('reopened'), { roomid, chatid, type: 'reopened' });
});

stage.story('nobody is above the cap, and whoever waited is served the moment a slot frees', async () => {
  const { agent, guests: [first, second] } = await shop({ visitors: 2, settings: { agent_cap: 1 } });
  const { chatid } = await first.applies();
  const waits = await second.applies();
  isWhole(waits, { chatid: UUID, status: 'waiting', position: 1 });
  await agent.manages('endChat', { roomid: first.roomid, chatid });
  assert.deepEqual(await second.isTold('serving'), { roomid: second.roomid, chatid: waits.chatid, type: 'serving', cs: member(agent) });
});

stage.story('whoever waits is served the moment a cap is raised, the company’s or the agent’s own', async () => {
  const { rest, agent, guests: [first, second, third] } = await shop({ visitors: 3, settings: { agent_cap: 1 } });
  await first.applies();
  const places = [await second.applies(), await third.applies()];
  isWhole(places, [{ chatid: UUID, status: 'waiting', position: 1 }, { chatid: UUID, status: 'waiting', position: 2 }]);
  assert.equal((await rest.patch('/company', { settings: { agent_cap: 2 } })).status, 200);
  assert.deepEqual(await second.isTold('serving'), { roomid: second.roomid, chatid: places[0].chatid, type: 'serving', cs: member(agent) });
  const raised = await rest.patch(`/agents/${agent.aid}`, { cap: 3 });
  assert.equal(raised.status, 200, raised.text);
  assert.deepEqual(await third.isTold('serving'), { roomid: third.roomid, chatid: places[1].chatid, type: 'serving', cs: member(agent) });
});

stage.story('the last agent is the first to be asked again', async () => {
  const { crew, visitor, roomid } = await shop({ agents: 3 });
  const { cs, chatid } = await visitor.applies({ csid: crew[1].aid });
  await visitor.gets('user', { type: 'endcs', roomid, chatid });
  isWhole(await visitor.applies(), { chatid: (id) => id !== chatid, status: 'serving', cs });
});

stage.story('whoever waits for long is told unserved, an agent who does not answer in time lost', async () => {
  const waits = await shop({ settings: { wait_limit_seconds: 1 } });
  await waits.agent.manages('setStatus', { status: 'B' });
  const waiting = await waits.visitor.applies();
  assert.deepEqual(await waits.visitor.isTold('unserved'), { roomid: waits.roomid, chatid: waiting.chatid, type: 'unserved' });
  const silent = await shop({ agents: 2, settings: { answer_limit_seconds: 1 } });
  const { chatid, cs } = await silent.visitor.applies();
  const [first, second] = cs.aid === silent.crew[0].aid ? silent.crew : silent.crew.toReversed();
  assert.deepEqual(await first.isTold('lost'), { roomid: silent.roomid, chatid, type: 'lost' });
  assert.deepEqual(await silent.visitor.isTold('serving', (told) => told.cs.aid === second.aid), { roomid: silent.roomid, chatid, type: 'serving', cs: member(second) });
});

stage.story('idle says until when something has to be said, and ended that nothing was', async () => {
  const { agent, visitor, roomid } = await shop({ settings: { idle_seconds: 1, idle_notice_seconds: 1 } });
  const { chatid } = await visitor.applies();
  await agent.joins(roomid);
  await agent.says('还有什么可以帮您？');
  for (const person of [visitor, agent]) isWhole(await person.isTold('idle'), { roomid, chatid, type: 'idle', at: aTime });
  for (const person of [visitor, agent]) assert.deepEqual(await person.isTold('ended'), { roomid, chatid, type: 'ended', by: 'idle', rate: true });
});

stage.story('a user’s disconnect never ends a consultation', async () => {
  const { agent, visitor, roomid } = await shop();
  const applied = await visitor.applies();
  await agent.joins(roomid);
  await visitor.hangsUp();
  await agent.notices('presence', ({ aid, online }) => aid === visitor.aid && !online);
  await visitor.connects();
  assert.deepEqual((await visitor.joins()).service, applied);
  assert.deepEqual(agent.told('ended'), []);
});

stage.story('what cannot be asked has its code', async () => {
  const { agent, visitor, roomid } = await shop();
  const chatid = randomUUID();
  const cases = [
    [visitor, 'user', { type: 'applycs' }, 4001], [visitor, 'user', { type: 'applycs', roomid, groupid: 'x' }, 4002], [visitor, 'user', { type: 'endcs', roomid }, 4001], [visitor, 'user', { type: 'endcs', roomid, chatid }, 4004],
    [visitor, 'user', { type: 'reopen', roomid, chatid }, 4004], [visitor, 'user', { type: 'leavemsg', roomid }, 4001], [agent, 'mgr', { type: 'endChat', roomid, chatid }, 4004], [agent, 'mgr', { type: 'acceptTransfer', roomid, chatid }, 4004],
  ];
  for (const [person, event, payload, errcode] of cases) isWhole(await person.isRefused(event, payload), { errcode, errmsg: aText }, JSON.stringify(payload));
});

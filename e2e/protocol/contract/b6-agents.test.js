// Contract B6: what an agent's page asks and is told: lists, `assign`, `mgr`.
import assert from 'node:assert/strict';
import { aText, aTime, isWhole, UUID } from '../../harness/shape.js';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage();
let companies = 0;

/** A company of its own, agents and a visitor in its room. */
async function shop(agents = 1) {
  const companyid = `b6-${(companies += 1)}`;
  await stage.company(companyid, 'Shop');
  const crew = [];
  for (let n = 0; n < agents; n += 1) crew.push(await stage.agent(`客服${n}`, { companyid }));
  for (const agent of crew) await agent.connects();
  const visitor = await stage.visitor('小明', { companyid });
  await visitor.connects();
  await visitor.joins();
  return { companyid, crew, agent: crew[0], visitor, roomid: visitor.roomid };
}

/** One of these serves the visitor. */
async function served(agents = 1) {
  const house = await shop(agents);
  const { chatid } = await house.visitor.applies();
  const { cs } = await house.visitor.isTold('serving');
  const agent = house.crew.find(({ aid }) => aid === cs.aid);
  return { ...house, chatid, agent, colleague: house.crew.find((other) => other !== agent) };
}

const yes = { success: true };
const row = (visitor, c, chat = {}) => ({ roomid: visitor.roomid, topic: visitor.nick, c, lsttime: aTime, userid: visitor.aid, ...chat });

stage.story('list allUser: rooms of the company; selfUser: those that I serve; c counts what is unread', async () => {
  const { agent, visitor, companyid } = await shop();
  const lists = async () => [await agent.gets('list', { type: 'allUser' }), await agent.gets('list', { type: 'selfUser' })];
  isWhole(await lists(), [{ rooms: [row(visitor, 0)] }, { rooms: [] }]);
  await visitor.says('一');
  await visitor.says('二');
  const { chatid } = await visitor.applies();
  const chat = { chatid, status: 'serving', csid: agent.aid, begun: aTime };
  isWhole(await lists(), [{ rooms: [row(visitor, 2, chat)] }, { rooms: [row(visitor, 2, chat)] }]);
  await agent.joins(visitor.roomid);
  await agent.reads();
  isWhole(await lists(), [{ rooms: [row(visitor, 0, chat)] }, { rooms: [row(visitor, 0, chat)] }]);
  const stranger = await stage.agent('外人');
  await stranger.connects();
  assert.equal((await stranger.gets('list', { type: 'allUser' })).rooms.some(({ roomid }) => roomid.endsWith(`#${companyid}`)), false);
});

stage.story('list unreads: {rooms: {<roomid>: n}}, rooms with n > 0', async () => {
  const { agent, visitor, roomid } = await shop();
  assert.deepEqual(await agent.gets('list', { type: 'unreads' }), { rooms: {} });
  await visitor.says('一');
  await visitor.says('二');
  assert.deepEqual(await agent.gets('list', { type: 'unreads' }), { rooms: { [roomid]: 2 } });
  await agent.joins(roomid);
  await agent.reads(0);
  assert.deepEqual(await agent.gets('list', { type: 'unreads' }), { rooms: { [roomid]: 1 } });
  await agent.reads();
  assert.deepEqual(await agent.gets('list', { type: 'unreads' }), { rooms: {} });
});

stage.story('event assign {type: assign, roomid, userid, topic, lsttime, chatid}', async () => {
  const { agent, visitor, roomid, chatid } = await served();
  isWhole(await agent.notices('assign'), { type: 'assign', roomid, userid: visitor.aid, topic: '小明', lsttime: aTime, chatid });
});

stage.story('mgr setStatus, allStatus {allCs: 0 online, 1 busy, 2 offline}, setWaitCount', async () => {
  const { crew } = await shop(3);
  const [one, two, three] = crew;
  assert.deepEqual(await two.manages('setStatus', { status: 'B' }), yes);
  assert.deepEqual(await three.manages('setStatus', { status: 'F' }), yes);
  assert.deepEqual(await one.manages('allStatus'), { allCs: { [one.aid]: 0, [two.aid]: 1, [three.aid]: 2 } });
  assert.deepEqual(await one.isTold('status', ({ csid, status }) => csid === three.aid && status === 2), { type: 'status', csid: three.aid, status: 2 });
  assert.deepEqual(await three.manages('setStatus', { status: 'O' }), yes);
  assert.deepEqual((await one.manages('allStatus')).allCs[three.aid], 0);
  assert.deepEqual(await one.manages('setWaitCount', { c: 3 }), yes);
});

stage.story('mgr remove: off my list, stays in all', async () => {
  const { agent, visitor, roomid, chatid } = await served();
  assert.deepEqual(await agent.manages('remove', { roomid }), yes);
  assert.deepEqual(await agent.gets('list', { type: 'selfUser' }), { rooms: [] });
  isWhole(await agent.gets('list', { type: 'allUser' }), { rooms: [row(visitor, 0)] });
  isWhole(await visitor.isTold('ended'), { roomid, chatid, type: 'ended', by: 'cs', rate: true });
  assert.deepEqual(await agent.manages('remove', { roomid }), yes, 'again is fine');
});

stage.story('mgr serveChat: exactly one agent wins, the others get 4009 naming the winner', async () => {
  const { crew, visitor, roomid } = await shop(3);
  for (const agent of crew) await agent.manages('setStatus', { status: 'B' });
  const { chatid } = await visitor.applies();
  const answers = await Promise.all(crew.map((agent) => agent.asks('mgr', { type: 'serveChat', roomid, chatid })));
  const winner = crew[answers.findIndex(([err]) => err === null)];
  const cs = { type: 'cs', aid: winner.aid, mid: winner.aid, account: winner.aid, nick: winner.nick, status: 'B' };
  for (const [at, [err, datas]] of answers.entries()) {
    if (crew[at] === winner) assert.deepEqual(datas, yes);
    else isWhole(err, { errcode: 4009, errmsg: (text) => text.includes(winner.nick) });
  }
  assert.deepEqual(await visitor.isTold('serving'), { roomid, chatid, type: 'serving', cs });
  assert.deepEqual(await winner.manages('serveChat', { roomid, chatid }), yes, 'the winner may say it again');
});

stage.story('mgr transfer: the target gets event assign {type: transfer, roomid, topic, lsttime, msg}, and accepts', async () => {
  const { agent, colleague, visitor, roomid, chatid } = await served(2);
  assert.deepEqual(await agent.manages('transfer', { roomid, tocsid: colleague.aid, msg: '退款' }), yes);
  isWhole(await colleague.notices('assign', ({ type }) => type === 'transfer'), { type: 'transfer', roomid, topic: '小明', lsttime: aTime, msg: '退款', chatid, from: agent.aid });
  assert.deepEqual(await agent.isTold('offered'), { roomid, chatid, type: 'offered', csid: colleague.aid });
  const offered = { chatid, status: 'serving', csid: agent.aid, begun: aTime, offered: true, transfer: { from: agent.aid, msg: '退款' } };
  isWhole(await colleague.gets('list', { type: 'selfUser' }), { rooms: [row(visitor, 0, offered)] });
  assert.deepEqual(await colleague.manages('acceptTransfer', { roomid, chatid }), yes);
  const cs = { type: 'cs', aid: colleague.aid, mid: colleague.aid, account: colleague.aid, nick: colleague.nick, status: 'O' };
  for (const person of [visitor, agent, colleague]) assert.deepEqual(await person.isTold('transferred'), { roomid, chatid, type: 'transferred', cs });
  isWhole(await colleague.notices('assign', ({ type }) => type === 'assign'), { type: 'assign', roomid, userid: visitor.aid, topic: '小明', lsttime: aTime, chatid, msg: '退款', from: agent.aid });
});

stage.story('mgr rejectTransfer: it stays where it was', async () => {
  const { agent, colleague, visitor, roomid, chatid } = await served(2);
  await agent.manages('transfer', { roomid, tocsid: colleague.aid, msg: '' });
  await colleague.notices('assign', ({ type }) => type === 'transfer');
  assert.deepEqual(await colleague.manages('rejectTransfer', { roomid, chatid }), yes);
  for (const person of [agent, colleague]) assert.deepEqual(await person.isTold('rejected'), { roomid, chatid, type: 'rejected', csid: colleague.aid, reason: 'rejected' });
  isWhole(await agent.gets('list', { type: 'selfUser' }), { rooms: [row(visitor, 0, { chatid, status: 'serving', csid: agent.aid, begun: aTime })] });
  assert.deepEqual(visitor.told('transferred'), []);
});

stage.story('all agents are told how many wait and are served', async () => {
  const { crew, visitor } = await shop(2);
  for (const agent of crew) await agent.manages('setStatus', { status: 'B' });
  await visitor.applies();
  for (const agent of crew) assert.deepEqual(await agent.isTold('queue', ({ waiting }) => waiting === 1), { type: 'queue', waiting: 1, serving: 0 });
});

stage.story('a list of rooms has filters and pages', async () => {
  const { agent, visitor, roomid, chatid } = await served();
  isWhole(await agent.gets('list', { type: 'rooms', view: 'mine' }), { rooms: [row(visitor, 0, { chatid, status: 'serving', csid: agent.aid, begun: aTime })] });
  await agent.manages('endChat', { roomid, chatid });
  await visitor.gets('user', { type: 'rate', roomid, chatid, rateresult: 'BEST' });
  const closed = { chatid, status: 'closed', csid: agent.aid, begun: aTime, ended: aTime, rateresult: 'BEST' };
  isWhole(await agent.gets('list', { type: 'rooms', view: 'closed' }), { rooms: [row(visitor, 0, closed)] });
  await agent.manages('setStatus', { status: 'B' });
  const { chatid: second } = await visitor.applies();
  isWhole(await agent.gets('list', { type: 'rooms', view: 'waiting' }), { rooms: [row(visitor, 0, { chatid: second, status: 'waiting', begun: aTime, position: 1 })] });
  const other = await stage.visitor('小红', { companyid: agent.companyid });
  await other.connects();
  await other.joins();
  const page = await agent.gets('list', { type: 'rooms', limit: 1 });
  isWhole(page, { rooms: [(found) => found.userid !== undefined], next: aText });
  const rest = await agent.gets('list', { type: 'rooms', limit: 1, cursor: page.next });
  assert.deepEqual([...page.rooms, ...rest.rooms].map(({ userid }) => userid).sort(), [visitor.aid, other.aid].sort());
});

stage.story('an agent may come with the status of last time', async () => {
  const { agent } = await shop();
  await agent.manages('setStatus', { status: 'B' });
  const back = stage.tabOf(agent);
  await back.connects();
  await until('the status is told', async () => (await back.manages('allStatus')).allCs[agent.aid] === 1);
});

stage.story('from a user every one of these is 4003', async () => {
  const { visitor, agent, roomid, chatid } = await served();
  const calls = [
    ...['allUser', 'selfUser', 'unreads', 'rooms'].map((type) => ['list', { type }]),
    ...['allStatus', 'remove', 'acceptChat', 'serveChat', 'acceptTransfer', 'rejectTransfer', 'endChat', 'takeOver', 'watch', 'unwatch', 'addOrder', 'wallboard'].map((type) => ['mgr', { type, roomid, chatid }]),
    ['mgr', { type: 'setStatus', status: 'B' }], ['mgr', { type: 'setWaitCount', c: 1 }], ['mgr', { type: 'transfer', roomid, tocsid: agent.aid, msg: '' }], ['mgr', {}], ['list', {}],
  ];
  for (const [event, payload] of calls) isWhole(await visitor.isRefused(event, payload), { errcode: 4003, errmsg: aText }, JSON.stringify(payload));
});

stage.story('a supervisor’s wallboard hears how the desk stands', async () => {
  const { companyid, agent } = await shop();
  const [aid] = (await stage.server.command('agent', 'create', '--company', companyid, '--login', 'boss', '--role', 'supervisor')).split('\n');
  const boss = await stage.agent('组长', { companyid, aid });
  await boss.connects();
  assert.deepEqual(await boss.manages('wallboard'), yes);
  const staff = [agent, boss].map(({ aid, nick }) => ({ csid: aid, nick, status: 'O', serving: 0, cap: 10 })).sort((a, b) => (a.csid < b.csid ? -1 : 1));
  isWhole(await boss.notices('wallboard'), { companyid, waiting: 0, messages_left: 0, serving: 0, agents: 2, free_seats: 20, staff, groups: [] });
  assert.equal((await agent.isRefused('mgr', { type: 'wallboard' })).errcode, 4003);
  assert.deepEqual(await boss.manages('wallboard', { on: false }), yes);
});

stage.story('mgr addOrder makes a work order of what was said', async () => {
  const { agent, visitor, roomid } = await served();
  await visitor.says('打印机坏了');
  const made = await agent.manages('addOrder', { roomid });
  isWhole(made, { success: true, faultId: UUID });
  isWhole(await visitor.notices('order'), { faultId: made.faultId, companyid: visitor.companyid, title: '打印机坏了', state: 'new', feedbackConten: '', submitter: visitor.aid, time: aTime });
});

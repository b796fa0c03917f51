// The life of a consultation, told to both sides: asked for, given to an agent, transferred, ended, rated, taken up again.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage();
let companies = 0;

/** A company of its own with so many agents, connected, and visitors in their rooms: whoever waits elsewhere does not count here. */
async function house({ agents = 1, visitors = 1, status } = {}) {
  const companyid = `life${(companies += 1)}`;
  await stage.company(companyid, 'Shop');
  const cast = { companyid, agents: [], visitors: [] };
  for (let n = 0; n < agents; n += 1) {
    const agent = await stage.agent(`客服${n}`, { companyid });
    await agent.connects();
    if (status) await agent.manages('setStatus', { status });
    cast.agents.push(agent);
  }
  for (let n = 0; n < visitors; n += 1) {
    const visitor = await stage.visitor(`访客${n}`, { companyid });
    await visitor.connects();
    await visitor.joins();
    cast.visitors.push(visitor);
  }
  return { ...cast, agent: cast.agents[0], visitor: cast.visitors[0] };
}

stage.story('whoever asks is given to the free agent, and both are told', async () => {
  const { agent, visitor } = await house();
  const applied = await visitor.applies();
  assert.match(applied.chatid, /^[0-9a-f-]{36}$/);
  const { chatid } = applied;
  const served = await visitor.isTold('serving');
  assert.deepEqual(served, { roomid: visitor.roomid, chatid, type: 'serving', cs: served.cs });
  assert.deepEqual([served.cs.type, served.cs.aid, served.cs.nick, served.cs.status], ['cs', agent.aid, agent.nick, 'O']);
  const assigned = await agent.notices('assign');
  assert.deepEqual(assigned, { type: 'assign', roomid: visitor.roomid, userid: visitor.aid, topic: visitor.nick, lsttime: assigned.lsttime, chatid });
  assert.equal(typeof assigned.lsttime, 'number');
  await agent.joins(visitor.roomid);
  await agent.says('您好');
  await visitor.hears('您好');
  assert.deepEqual(await visitor.gets('user', { type: 'endcs', roomid: visitor.roomid, chatid }), { success: true });
  for (const person of [visitor, agent]) {
    const ended = await person.isTold('ended');
    assert.deepEqual(ended, { roomid: visitor.roomid, chatid, type: 'ended', by: 'user', rate: ended.rate });
  }
});

stage.story('asking again while one runs is the same consultation', async () => {
  const { agent, visitor } = await house();
  const tab = stage.tabOf(visitor);
  await tab.connects();
  await tab.joins(visitor.roomid);
  const answers = await Promise.all([visitor, tab, visitor, tab].map((page) => page.applies()));
  assert.equal(new Set(answers.map(({ chatid }) => chatid)).size, 1);
  await agent.notices('assign');
  const again = await tab.applies();
  assert.deepEqual([again.chatid, again.status, again.cs.aid], [answers[0].chatid, 'serving', agent.aid]);
  assert.equal(agent.noticed('assign').length, 1);
});

stage.story('nobody is there: it is said, and a message is left that waits for an owner', async () => {
  const { visitor, companyid } = await house({ agents: 0 });
  assert.equal((await visitor.applies()).status, 'offline');
  const left = await visitor.gets('user', { type: 'leavemsg', roomid: visitor.roomid, msg: '请回电', contact: '138' });
  assert.equal(left.status, 'left');
  const agent = await stage.agent('客服', { companyid });
  await agent.connects();
  const assigned = await agent.notices('assign');
  assert.equal(assigned.chatid, left.chatid);
  const [row] = (await agent.gets('list', { type: 'selfUser' })).rooms;
  assert.deepEqual(row.left, { msg: '请回电', contact: '138' });
});

stage.story('a rating counts once, the last one, over a socket and over HTTP', async () => {
  const { agent, visitor, companyid } = await house();
  const { chatid } = await visitor.applies();
  await agent.notices('assign');
  await agent.manages('endChat', { roomid: visitor.roomid, chatid });
  assert.equal((await visitor.isTold('ended')).by, 'cs');
  await visitor.gets('user', { type: 'rate', roomid: visitor.roomid, chatid, ratetype: 'AUTO', rateresult: 'GOOD' });
  assert.equal((await agent.isTold('rated')).rateresult, 'GOOD');
  const { body } = await stage.api.get('userChat/saveRate', { ticket: visitor.ticket, chatid, roomid: visitor.roomid, ratetype: 'HAND', rateresult: 'BEST', companyid });
  assert.deepEqual(body, { errcode: 0 });
  await agent.isTold('rated', ({ rateresult }) => rateresult === 'BEST');
  const { rooms } = await agent.gets('list', { type: 'rooms', view: 'closed' });
  assert.deepEqual(rooms.map(({ chatid: id, status, rateresult }) => [id, status, rateresult]), [[chatid, 'closed', 'BEST']]);
  const { rooms: bad } = await agent.gets('list', { type: 'rooms', view: 'closed', rating: 'BAD' });
  assert.deepEqual(bad, []);
});

stage.story('a rating by hand is taken at any time, and whoever has rated is not asked again', async () => {
  const { agent, visitor } = await house();
  const { roomid } = visitor;
  const { chatid } = await visitor.applies();
  await agent.notices('assign');
  await visitor.gets('user', { type: 'rate', roomid, chatid, ratetype: 'HAND', rateresult: 'GOOD' });
  assert.equal((await agent.isTold('rated')).rateresult, 'GOOD');
  await agent.manages('endChat', { roomid, chatid });
  for (const person of [visitor, agent]) assert.equal((await person.isTold('ended')).rate, false);
  await visitor.gets('user', { type: 'rate', roomid, chatid, rateresult: 'BAD' });
  const { rooms } = await agent.gets('list', { type: 'rooms', view: 'closed' });
  assert.deepEqual(rooms.map(({ chatid: id, rateresult }) => [id, rateresult]), [[chatid, 'BAD']]);
});

stage.story('a visitor who goes ends nothing, and finds it when it is back', async () => {
  const { agent, visitor } = await house();
  const { chatid } = await visitor.applies();
  await agent.notices('assign');
  await agent.joins(visitor.roomid);
  await visitor.hangsUp();
  await agent.notices('presence', ({ aid, online }) => aid === visitor.aid && !online);
  assert.deepEqual((await agent.gets('list', { type: 'selfUser' })).rooms.map((row) => row.chatid), [chatid]);
  await agent.says('您还在吗');
  const back = stage.tabOf(visitor);
  await back.connects();
  const { service, chat_msgs: [said] } = await back.joins(visitor.roomid);
  assert.deepEqual([service.chatid, service.status, said.msg], [chatid, 'serving', '您还在吗']);
});

stage.story('what ended goes on with the same name and the same agent', async () => {
  const { agents: [one, two], visitor } = await house({ agents: 2 });
  const { chatid } = await visitor.applies();
  const { cs } = await visitor.isTold('serving');
  const [server, other] = cs.aid === one.aid ? [one, two] : [two, one];
  await server.manages('endChat', { roomid: visitor.roomid, chatid });
  await visitor.isTold('ended');
  const again = await visitor.gets('user', { type: 'reopen', roomid: visitor.roomid, chatid });
  assert.deepEqual([again.chatid, again.status, again.cs?.aid], [chatid, 'serving', server.aid]);
  await until('the agent is given it again', () => server.noticed('assign').length === 2);
  assert.equal(other.noticed('assign').length, 0);
});

stage.story('a transfer changes hands when it is accepted, and not when it is rejected', async () => {
  const { agents, visitor } = await house({ agents: 2 });
  const { chatid } = await visitor.applies();
  const { cs } = await visitor.isTold('serving');
  const [from, to] = cs.aid === agents[0].aid ? agents : [agents[1], agents[0]];
  const { roomid } = visitor;
  assert.deepEqual(await from.manages('transfer', { roomid, tocsid: to.aid, msg: '退款' }), { success: true });
  const offer = await to.notices('assign', ({ type }) => type === 'transfer');
  assert.deepEqual([offer.roomid, offer.topic, offer.msg, offer.chatid], [roomid, visitor.nick, '退款', chatid]);
  await to.manages('rejectTransfer', { roomid, chatid });
  const rejected = await from.isTold('rejected');
  assert.deepEqual([rejected.csid, rejected.reason], [to.aid, 'rejected']);
  assert.deepEqual((await from.gets('list', { type: 'selfUser' })).rooms.map((row) => row.roomid), [roomid]);
  assert.equal(visitor.told('transferred').length, 0);

  await from.manages('transfer', { roomid, tocsid: to.aid, msg: '再试' });
  await to.notices('assign', ({ type, msg }) => type === 'transfer' && msg === '再试');
  assert.deepEqual((await to.gets('list', { type: 'selfUser' })).rooms.map(({ offered }) => offered), [true]);
  await to.manages('acceptTransfer', { roomid, chatid });
  assert.equal((await visitor.isTold('transferred')).cs.aid, to.aid);
  assert.deepEqual((await from.gets('list', { type: 'selfUser' })).rooms, []);
  assert.deepEqual((await to.gets('list', { type: 'selfUser' })).rooms.map((row) => row.chatid), [chatid]);
  const late = await from.isRefused('mgr', { type: 'acceptTransfer', roomid, chatid });
  assert.equal(late.errcode, 4009);
});

stage.story('of two agents who take somebody at once one wins, the other hears who', async () => {
  const rounds = Number(process.env.NODECHAT_SERVES ?? 50);
  const { agents, visitor } = await house({ agents: 2, status: 'B' });
  const { roomid } = visitor;
  for (let round = 0; round < rounds; round += 1) {
    const { chatid, status } = await visitor.applies();
    assert.equal(status, 'waiting');
    const answers = await Promise.all(agents.map((agent) => agent.asks('mgr', { type: 'serveChat', roomid, chatid })));
    const winner = answers.findIndex(([err]) => err === null);
    const [refusal] = answers[1 - winner];
    assert.equal(refusal?.errcode, 4009, JSON.stringify(answers));
    assert.ok(refusal.errmsg.includes(agents[winner].nick), refusal.errmsg);
    await visitor.isTold('serving', (told) => told.chatid === chatid && told.cs.aid === agents[winner].aid);
    await agents[winner].manages('endChat', { roomid, chatid });
  }
});

stage.story('a page that comes back is told where it stands', async () => {
  const { agents: [agent], visitors: [first, second] } = await house({ visitors: 2, status: 'B' });
  await first.applies();
  const { chatid } = await second.applies();
  const tab = stage.tabOf(second);
  await tab.connects();
  const { service } = await tab.joins(second.roomid);
  assert.deepEqual([service.chatid, service.status, service.position], [chatid, 'waiting', 2]);
  await agent.manages('serveChat', { roomid: second.roomid, chatid });
  const { service: served } = await tab.joins(second.roomid);
  assert.deepEqual([served.status, served.cs.aid], ['serving', agent.aid]);
  const again = stage.tabOf(agent);
  await again.connects();
  const { rooms } = await again.gets('list', { type: 'selfUser' });
  assert.deepEqual(rooms.map(({ roomid, chatid: id, status }) => [roomid, id, status]), [[second.roomid, chatid, 'serving']]);
});

stage.story('lists show whose turn it is, what is unread, and find rooms page by page', async () => {
  const { agents: [agent], visitors } = await house({ visitors: 5, status: 'B' });
  for (const visitor of visitors) await visitor.applies();
  await visitors[1].says('一');
  await visitors[1].says('二');
  const waiting = await agent.gets('list', { type: 'rooms', view: 'waiting', limit: 2 });
  assert.deepEqual(waiting.rooms.map(({ userid, position }) => [userid, position]), [[visitors[0].aid, 1], [visitors[1].aid, 2]]);
  const rest = await agent.gets('list', { type: 'rooms', view: 'waiting', limit: 9, cursor: waiting.next });
  assert.deepEqual(rest.rooms.map(({ position }) => position), [3, 4, 5]);
  assert.equal(rest.next, undefined);
  const all = (await agent.gets('list', { type: 'allUser' })).rooms;
  assert.equal(all.length, 5);
  assert.deepEqual([all[0].roomid, all[0].c, all[0].topic], [visitors[1].roomid, 2, visitors[1].nick]);
  assert.deepEqual((await agent.gets('list', { type: 'unreads' })).rooms, { [visitors[1].roomid]: 2 });
  await agent.joins(visitors[1].roomid);
  await agent.reads();
  assert.deepEqual((await agent.gets('list', { type: 'unreads' })).rooms, {});
  const found = await agent.gets('list', { type: 'rooms', search: visitors[3].nick });
  assert.deepEqual(found.rooms.map(({ userid }) => userid), [visitors[3].aid]);
  const firstPage = await agent.gets('list', { type: 'rooms', limit: 3 });
  const secondPage = await agent.gets('list', { type: 'rooms', limit: 3, cursor: firstPage.next });
  assert.equal(new Set([...firstPage.rooms, ...secondPage.rooms].map(({ roomid }) => roomid)).size, 5);
  assert.deepEqual((await agent.gets('list', { type: 'selfUser' })).rooms, []);
});

stage.story('how all agents are is told as numbers', async () => {
  const { agents } = await house({ agents: 2 });
  await agents[1].manages('setStatus', { status: 'B' });
  assert.deepEqual(await agents[0].manages('allStatus'), { allCs: { [agents[0].aid]: 0, [agents[1].aid]: 1 } });
  await agents[0].isTold('status', ({ csid, status }) => csid === agents[1].aid && status === 1);
  assert.deepEqual(await agents[0].manages('setWaitCount', { c: 3 }), { success: true });
});

stage.story('a request that means nothing has its code', async () => {
  const { agent, visitor } = await house();
  const { roomid } = visitor;
  const chatid = randomUUID();
  const codes = [
    [visitor, 'user', { type: 'applycs' }, 4001],
    [visitor, 'user', { type: 'endcs', roomid, chatid: 'x' }, 4002],
    [visitor, 'user', { type: 'endcs', roomid, chatid }, 4004],
    [visitor, 'user', { type: 'rate', roomid, chatid, rateresult: 'BEST' }, 4004],
    [visitor, 'user', { type: 'fly', roomid }, 3100],
    [agent, 'mgr', { type: 'serveChat', roomid, chatid }, 4004],
    [agent, 'mgr', { type: 'setStatus', status: 'Z' }, 4002],
    [agent, 'mgr', {}, 4001],
    [agent, 'list', { type: 'x' }, 3100],
  ];
  for (const [person, event, payload, code] of codes) {
    assert.equal((await person.isRefused(event, payload)).errcode, code, JSON.stringify(payload));
  }
});

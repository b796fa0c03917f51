// Every request about consultations from somebody whom it does not concern answers 4003, and nobody is told anything.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { openStage } from '../../harness/stage.js';

const stage = await openStage();
await stage.company('c2', 'Shop Two');

/** What only the visitor of the room may ask. */
const visitors = {
  applycs: (roomid) => ['user', { type: 'applycs', roomid }],
  endcs: (roomid, chatid) => ['user', { type: 'endcs', roomid, chatid }],
  rate: (roomid, chatid) => ['user', { type: 'rate', roomid, chatid, rateresult: 'BAD' }],
  reopen: (roomid, chatid) => ['user', { type: 'reopen', roomid, chatid }],
  leavemsg: (roomid) => ['user', { type: 'leavemsg', roomid, msg: 'x', contact: 'x' }],
};

/** What only agents of the room's company may ask. */
const agents = {
  serveChat: (roomid, chatid) => ['mgr', { type: 'serveChat', roomid, chatid }],
  acceptChat: (roomid, chatid) => ['mgr', { type: 'acceptChat', roomid, chatid }],
  transfer: (roomid, _, tocsid) => ['mgr', { type: 'transfer', roomid, tocsid, msg: 'x' }],
  transferToGroup: (roomid) => ['mgr', { type: 'transfer', roomid, togroupid: randomUUID(), msg: 'x' }],
  card: (roomid) => ['mgr', { type: 'card', roomid }],
  acceptTransfer: (roomid, chatid) => ['mgr', { type: 'acceptTransfer', roomid, chatid }],
  rejectTransfer: (roomid, chatid) => ['mgr', { type: 'rejectTransfer', roomid, chatid }],
  endChat: (roomid, chatid) => ['mgr', { type: 'endChat', roomid, chatid }],
  takeOver: (roomid, chatid) => ['mgr', { type: 'takeOver', roomid, chatid }],
  remove: (roomid) => ['mgr', { type: 'remove', roomid }],
  watch: (roomid) => ['mgr', { type: 'watch', roomid }],
};

/** What every agent may ask of its own company, and no visitor of any. */
const general = {
  setStatus: () => ['mgr', { type: 'setStatus', status: 'B' }],
  allStatus: () => ['mgr', { type: 'allStatus' }],
  setWaitCount: () => ['mgr', { type: 'setWaitCount', c: 1 }],
  unwatch: (roomid) => ['mgr', { type: 'unwatch', roomid }],
  allUser: () => ['list', { type: 'allUser' }],
  selfUser: () => ['list', { type: 'selfUser' }],
  unreads: () => ['list', { type: 'unreads' }],
  rooms: () => ['list', { type: 'rooms' }],
};

stage.story('nobody else’s consultation can be asked about, moved, ended or rated, existing or not', async () => {
  const host = await stage.conversation();
  const { chatid } = await host.visitor.applies();
  await host.visitor.isTold('serving');
  const [neighbour, foreigner] = await Promise.all([stage.visitor('隔壁'), stage.visitor('外人', { companyid: 'c2' })]);
  const foreignAgent = await stage.agent('外客服', { companyid: 'c2' });
  await Promise.all([neighbour, foreigner, foreignAgent].map((person) => person.connects()));
  const absent = `/U2S_${randomUUID()}#c1`;
  const heard = () => [host.visitor, host.agent].map((person) => ['service', 'assign', 'typing'].flatMap((event) => person.noticed(event)).length);
  const before = heard();
  const attempts = [
    ...[neighbour, foreigner, foreignAgent, host.agent].flatMap((asker) => Object.entries(visitors).map((request) => [asker, request])),
    ...[neighbour, foreigner, foreignAgent, host.visitor].flatMap((asker) => Object.entries(agents).map((request) => [asker, request])),
    ...[neighbour, foreigner, host.visitor].flatMap((asker) => Object.entries(general).map((request) => [asker, request])),
  ];
  for (const [asker, [name, request]] of attempts) {
    const there = await asker.isRefused(...request(host.roomid, chatid, host.agent.aid));
    assert.equal(there.errcode, 4003, `${name} by ${asker.nick}: ${JSON.stringify(there)}`);
    if (asker !== host.agent) assert.deepEqual(await asker.isRefused(...request(absent, randomUUID(), host.agent.aid)), there, `${name} by ${asker.nick} tells what exists`);
  }
  for (const asker of [neighbour, foreigner, foreignAgent, host.agent]) {
    const { body } = await stage.api.get('userChat/saveRate', { ticket: asker.ticket, chatid, roomid: host.roomid, rateresult: 'BAD', companyid: 'c1' });
    assert.equal(body.errcode, 4003, `saveRate by ${asker.nick}`);
  }
  const { rooms } = await host.agent.gets('list', { type: 'selfUser' });
  assert.deepEqual(rooms.map((row) => [row.roomid, row.chatid, row.rateresult]), [[host.roomid, chatid, undefined]]);
  assert.deepEqual(heard(), before, 'nobody was told anything');
  assert.deepEqual((await foreignAgent.gets('list', { type: 'allUser' })).rooms, []);
  assert.deepEqual((await foreignAgent.gets('list', { type: 'rooms', view: 'closed' })).rooms, []);
});

stage.story('a colleague who does not serve it can neither end nor give away a consultation, and only supervisors take it over or watch', async () => {
  const host = await stage.conversation();
  const { chatid } = await host.visitor.applies();
  const { cs } = await host.visitor.isTold('serving');
  assert.equal(cs.aid, host.agent.aid);
  const colleague = await stage.agent('同事');
  await colleague.connects();
  const { roomid } = host;
  for (const type of ['takeOver', 'watch']) assert.equal((await colleague.isRefused('mgr', { type, roomid, chatid })).errcode, 4003, type);
  for (const type of ['serveChat', 'endChat', 'acceptTransfer', 'transfer']) {
    const err = await colleague.isRefused('mgr', { type, roomid, chatid, tocsid: colleague.aid, msg: '' });
    assert.ok([4003, 4009].includes(err.errcode), `${type}: ${JSON.stringify(err)}`);
  }
  assert.deepEqual((await host.agent.gets('list', { type: 'selfUser' })).rooms.map((row) => row.chatid), [chatid]);
});

// From one agent to whoever of a group is free, or will be: with what was said about it, at the place it had, whoever is connected where.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Rest } from '../../harness/rest.js';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage();
let companies = 0;

/** A company with a group of agents for each list of names, each with one seat. */
async function house(...groups) {
  const companyid = `group${(companies += 1)}`;
  const rest = new Rest(stage.server.url, await stage.company(companyid, 'Shop', { agent_cap: 1 }));
  const cast = { companyid, rest, groups: [] };
  for (const [at, names] of groups.entries()) {
    const members = [];
    for (const name of names) {
      cast[name] = await stage.agent(name, { companyid });
      members.push(cast[name].aid);
    }
    const { body, text } = await rest.post('/groups', { name: `组${at}`, members });
    assert.equal(body.errcode, 0, text);
    cast.groups.push(body.data.id);
  }
  for (const name of groups.flat()) await cast[name].connects();
  cast.asks = async (nick, group) => {
    const visitor = await stage.visitor(nick, { companyid });
    await visitor.connects();
    await visitor.joins();
    visitor.asked = await visitor.applies({ groupid: cast.groups[group] });
    return visitor;
  };
  return cast;
}

const mine = async (agent) => (await agent.gets('list', { type: 'selfUser' })).rooms.map(({ chatid }) => chatid);

stage.story('a free agent of the group gets it at once with the note, and the giver is rid of it', async () => {
  const { a1, b1, groups, asks } = await house(['a1'], ['b1']);
  const visitor = await asks('小明', 0);
  const { roomid, asked: { chatid } } = visitor;
  assert.equal((await visitor.isTold('serving')).cs.aid, a1.aid);
  await visitor.says('我要退款');
  assert.deepEqual(await a1.manages('transfer', { roomid, togroupid: groups[1], msg: '退款' }), { success: true });
  const assigned = await b1.notices('assign');
  assert.deepEqual([assigned.type, assigned.roomid, assigned.chatid, assigned.msg, assigned.from], ['assign', roomid, chatid, '退款', a1.aid]);
  const transferred = await visitor.isTold('transferred');
  assert.deepEqual([transferred.chatid, transferred.cs.aid, transferred.groupid], [chatid, b1.aid, groups[1]]);
  assert.equal((await a1.isTold('transferred')).cs.aid, b1.aid);
  assert.deepEqual(await mine(a1), []);
  const [row] = (await b1.gets('list', { type: 'selfUser' })).rooms;
  assert.deepEqual([row.chatid, row.groupid, row.transfer], [chatid, groups[1], { msg: '退款', from: a1.aid }]);
  // What was said before is there for whoever has it now.
  assert.deepEqual((await b1.joins(roomid)).chat_msgs.map(({ msg }) => msg), ['我要退款']);
  await b1.says('我来处理');
  await visitor.hears('我来处理');
});

stage.story('while all of the group are busy it waits before those who asked after it, and keeps its note', async () => {
  const { a1, b1, groups, asks } = await house(['a1'], ['b1']);
  const first = await asks('第一', 1);
  const second = await asks('第二', 1);
  const given = await asks('转来', 0);
  const late = await asks('最后', 1);
  assert.deepEqual([second.asked.position, late.asked.position], [1, 2]);
  await a1.manages('transfer', { roomid: given.roomid, togroupid: groups[1], msg: '请接' });
  assert.equal((await given.isTold('waiting')).position, 2);
  await late.isTold('waiting', ({ position }) => position === 3);
  assert.deepEqual(given.told('transferred'), []);
  const told = await a1.isTold('transferred');
  assert.deepEqual([told.cs, told.groupid], [undefined, groups[1]]);
  assert.deepEqual(await mine(a1), []);
  const tab = stage.tabOf(given);
  await tab.connects();
  const { service } = await tab.joins(given.roomid);
  assert.deepEqual([service.chatid, service.status, service.position], [given.asked.chatid, 'waiting', 2]);
  await b1.manages('endChat', { roomid: first.roomid, chatid: first.asked.chatid });
  await second.isTold('serving');
  await b1.manages('endChat', { roomid: second.roomid, chatid: second.asked.chatid });
  assert.equal((await given.isTold('serving', ({ cs }) => cs.aid === b1.aid)).chatid, given.asked.chatid);
  const assigned = await b1.notices('assign', ({ chatid }) => chatid === given.asked.chatid);
  assert.deepEqual([assigned.msg, assigned.from], ['请接', a1.aid]);
  await late.isTold('waiting', ({ position }) => position === 1);
});

stage.story('a kill of every node leaves what was given to a group where it was', async () => {
  const { a1, b1, groups, asks } = await house(['a1'], ['b1']);
  const first = await asks('第一', 1);
  const given = await asks('转来', 0);
  await a1.manages('transfer', { roomid: given.roomid, togroupid: groups[1], msg: '请接' });
  assert.equal((await given.isTold('waiting')).position, 1);
  await stage.server.kill();
  await stage.server.start();
  await until('the agent is back', () => b1.link.isOpen);
  await b1.manages('endChat', { roomid: first.roomid, chatid: first.asked.chatid });
  const rooms = await until('the agent is given it', async () => {
    const { rooms: own } = await b1.gets('list', { type: 'selfUser' });
    return own.some(({ chatid }) => chatid === given.asked.chatid) && own;
  });
  assert.deepEqual(rooms.map(({ transfer }) => transfer), [{ msg: '请接', from: a1.aid }]);
});

stage.story('whoever gives it to its own group does not get it back', async () => {
  const { a1, a2, groups, asks } = await house(['a1', 'a2']);
  const visitor = await asks('小明', 0);
  const giver = (await visitor.isTold('serving')).cs.aid === a1.aid ? a1 : a2;
  const other = giver === a1 ? a2 : a1;
  await other.manages('setStatus', { status: 'B' });
  await giver.manages('transfer', { roomid: visitor.roomid, togroupid: groups[0], msg: '' });
  assert.equal((await visitor.isTold('waiting')).position, 1);
  assert.deepEqual(await mine(giver), []);
  await other.manages('setStatus', { status: 'O' });
  await visitor.isTold('serving', ({ cs }) => cs.aid === other.aid);
});

stage.story('what cannot be given to a group stays where it is', async () => {
  const { a1, b1, groups, asks, companyid } = await house(['a1'], ['b1']);
  const visitor = await asks('小明', 0);
  const { roomid, asked: { chatid } } = visitor;
  await visitor.isTold('serving');
  const foreign = await house(['x1']);
  const cases = [
    [a1, {}, 4001],
    [a1, { tocsid: b1.aid, togroupid: groups[1] }, 4002],
    [a1, { togroupid: 'sales' }, 4002],
    [a1, { togroupid: randomUUID() }, 4004],
    [a1, { togroupid: foreign.groups[0] }, 4004],
    [a1, { togroupid: groups[0] }, 4009],
    [b1, { togroupid: groups[1] }, 4009],
    [visitor, { togroupid: groups[1] }, 4003],
    [foreign.x1, { togroupid: foreign.groups[0] }, 4003],
  ];
  for (const [person, to, code] of cases) {
    assert.equal((await person.isRefused('mgr', { type: 'transfer', roomid, msg: 'x', ...to })).errcode, code, JSON.stringify(to));
  }
  await b1.manages('setStatus', { status: 'F' });
  assert.equal((await a1.isRefused('mgr', { type: 'transfer', roomid, togroupid: groups[1], msg: 'x' })).errcode, 4009, companyid);
  assert.deepEqual(await mine(a1), [chatid]);
  assert.deepEqual([visitor.told('transferred'), visitor.told('waiting')], [[], []]);
});

// Contract C2: ids, positions, catching up, epochs: the fields that carry them, whole.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { aText, aTime, isWhole, UUID } from '../../harness/shape.js';
import { openStage } from '../../harness/stage.js';

const stage = await openStage();

const message = (person, receipt, msg) => ({ id: receipt.id, pos: receipt.pos, type: person.type === 'cs' ? 'csmsg' : 'usermsg', mtype: 'text', aid: person.aid, mid: person.aid, nick: person.nick, time: receipt.time, msg });

stage.story('chat with an id answers {success, id, pos, time}, and dup: true from the second on', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const id = randomUUID();
  const first = await visitor.says('once', { id });
  isWhole(first, { success: true, id, pos: 0, time: aTime });
  for (let turn = 0; turn < 2; turn += 1) assert.deepEqual(await visitor.says('once', { id }), { ...first, dup: true });
  await visitor.says('behind it');
  await agent.hears('behind it');
  assert.deepEqual(agent.heard().map(({ msg }) => msg), ['once', 'behind it'], 'the room is told once');
  isWhole(await visitor.isRefused('chat', { roomid, type: 'text', msg: 'another', id }), { errcode: 4009, errmsg: aText }, 'another body');
  isWhole(await agent.isRefused('chat', { roomid, type: 'text', msg: 'once', id }), { errcode: 4002, errmsg: aText }, 'another sender');
  assert.equal((await visitor.history()).length, 2, 'nothing of that is stored');
});

stage.story('join answers the whole room, with reads, next_pos and epoch', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const one = await visitor.says('一');
  const two = await agent.says('二');
  await visitor.reads(0);
  const member = (person, extra) => ({ type: person.type, aid: person.aid, mid: person.aid, account: person.aid, nick: person.nick, ...extra });
  const room = await visitor.joins(roomid);
  isWhole({ ...room, members: room.members.toSorted((a, b) => b.type.localeCompare(a.type)) }, {
    roomid, chat_msgs: [message(visitor, one, '一'), message(agent, two, '二')], msg_pos: 0, topic: 'Shop One', lsttime: two.time,
    members: [member(visitor), member(agent, { status: 'O' })], epoch: aText, reads: { user: 0, cs: -1 }, next_pos: 2, recalls: 0,
  });
  const seen = await agent.joins(roomid);
  isWhole(seen, { ...room, members: seen.members, topic: '小明', notes: 0 });
});

stage.story('join with since answers missed: all messages from there on, and no gap', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const receipts = await agent.saysAll(Array.from({ length: 25 }, (_, n) => `number ${n}`));
  const { missed, gap, ...room } = await visitor.joins(roomid, { since: 3 });
  assert.deepEqual([missed, gap], [receipts.slice(3).map((receipt, n) => message(agent, receipt, `number ${n + 3}`)), undefined]);
  assert.deepEqual(await visitor.joins(roomid), room, 'the rest is as without');
  assert.deepEqual((await visitor.joins(roomid, { since: 25, epoch: room.epoch })).missed, []);
});

stage.story('gap: true where there are more than 500, where the epoch is another one, and beyond the end', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  for (let from = 0; from < 510; from += 30) await agent.saysAll(Array.from({ length: 30 }, (_, n) => `number ${from + n}`));
  const all = await visitor.joins(roomid, { since: 0 });
  assert.deepEqual([all.missed.length, all.missed.at(-1).pos, all.gap], [500, 499, true]);
  assert.deepEqual((await visitor.pagesBack(500, 100)).map(({ pos }) => pos), Array.from({ length: 10 }, (_, n) => 500 + n));
  assert.equal((await visitor.joins(roomid, { since: 1, epoch: 'another' })).gap, true);
  assert.equal((await visitor.joins(roomid, { since: 511 })).gap, true);
});

stage.story('mkread may carry pos: event {roomid, type, time, pos}; beyond the last message it is 4002', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const one = await visitor.says('一');
  const two = await visitor.says('二');
  assert.deepEqual(await agent.reads(0), { success: true });
  assert.deepEqual(await visitor.notices('mkread'), { roomid, type: 'cs', time: one.time, pos: 0 });
  assert.deepEqual(await agent.reads(), { success: true });
  assert.deepEqual(await visitor.notices('mkread', ({ pos }) => pos === 1), { roomid, type: 'cs', time: two.time, pos: 1 });
  isWhole(await agent.isRefused('mkread', { roomid, pos: 2 }), { errcode: 4002, errmsg: aText });
});

stage.story('every request gets its ack: an unknown event 3100, a payload that cannot be read 4002', async () => {
  const { visitor } = await stage.conversation();
  isWhole(await visitor.asks('fly'), [{ errcode: 3100, errmsg: aText }, null]);
  for (const payload of [[1], 'text', 7, true]) {
    for (const event of ['join', 'chat', 'user', 'mkread', 'leave', 'typing', 'query', 'recall']) isWhole(await visitor.asks(event, payload), [{ errcode: 4002, errmsg: aText }, null], `${event} ${payload}`);
  }
});

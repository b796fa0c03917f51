// Contract C4: quotes, recalls and notes, whole.
import assert from 'node:assert/strict';
import { aText, aTime, CLOCK, isWhole, UUID } from '../../harness/shape.js';
import { openStage } from '../../harness/stage.js';

const stage = await openStage();

const by = (person) => ({ type: person.type === 'cs' ? 'csmsg' : 'usermsg', aid: person.aid, mid: person.aid, nick: person.nick });

stage.story('chat with quote: the message says quote, in the event and in the history', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const { id: quote } = await visitor.says('什么时候？');
  const { id, pos, time } = await agent.says('明天', { quote });
  const whole = { id, pos, ...by(agent), mtype: 'text', time, msg: '明天', quote };
  assert.deepEqual(await visitor.notices('chat', ({ data }) => data.id === id), { roomid, data: whole });
  assert.deepEqual(await visitor.gets('user', { type: 'viewchat', roomid, start: 1 }), { roomid, chat_msgs: [whole] });
});

stage.story('recall {roomid, id}: event {roomid, id, pos, recalls}, and the message reads mtype recalled, msg null', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const { id, time } = await visitor.says('卡号 4111');
  assert.deepEqual(await visitor.gets('recall', { roomid, id }), { success: true, pos: 0 });
  for (const person of [visitor, agent]) assert.deepEqual(await person.notices('recall'), { roomid, id, pos: 0, recalls: 1 });
  const gone = { id, pos: 0, ...by(visitor), mtype: 'recalled', time, msg: null };
  assert.deepEqual(await agent.gets('user', { type: 'viewchat', roomid, start: 0 }), { roomid, chat_msgs: [gone] });
  assert.deepEqual((await agent.joins(roomid)).chat_msgs, [gone]);
  const { type, ...recorded } = gone;
  isWhole((await stage.api.get('msg/list', { ticket: agent.ticket, roomid })).body, { errcode: 0, msgs: [{ ...recorded, utype: type, roomid, time: CLOCK }] });
  assert.deepEqual((await agent.joins(roomid, { since: 1, recalls: 0 })).recalled, [{ id, pos: 0 }], 'whoever was away is told');
});

stage.story('only the sender recalls', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const { id } = await visitor.says('mine');
  isWhole(await agent.isRefused('recall', { roomid, id }), { errcode: 4003, errmsg: aText });
  const own = await agent.says('yours');
  isWhole(await visitor.isRefused('recall', { roomid, id: own.id }), { errcode: 4003, errmsg: aText });
  assert.deepEqual(await agent.gets('recall', { roomid, id: own.id }), { success: true, pos: 1 });
});

stage.story('note {roomid, msg} by agents: event note to agents only, a list of its own without pos', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const colleague = await stage.agent('客服二');
  await colleague.connects();
  await colleague.joins(roomid);
  const receipt = await agent.gets('note', { roomid, msg: '小心' });
  isWhole(receipt, { success: true, id: UUID, number: 0, time: aTime });
  const note = { number: 0, id: receipt.id, aid: agent.aid, mid: agent.aid, nick: agent.nick, time: receipt.time, msg: '小心' };
  for (const person of [agent, colleague]) assert.deepEqual(await person.notices('note'), { roomid, data: note });
  assert.deepEqual(await colleague.gets('notes', { roomid }), { roomid, notes: [note] });
  assert.deepEqual(await colleague.gets('notes', { roomid, from: 1 }), { roomid, notes: [] });
  assert.deepEqual(await agent.gets('note', { roomid, msg: '小心', id: receipt.id }), { ...receipt, dup: true });
  await agent.says('end');
  await visitor.hears('end');
  assert.deepEqual(visitor.noticed('note'), []);
  for (const event of ['note', 'notes']) isWhole(await visitor.isRefused(event, { roomid, msg: 'x' }), { errcode: 4003, errmsg: aText });
  assert.equal('notes' in (await visitor.joins(roomid)), false);
});

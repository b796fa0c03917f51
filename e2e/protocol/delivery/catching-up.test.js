// Who knows the last position can always catch up: `since`, `missed`, `gap`, `epoch`.
import assert from 'node:assert/strict';
import { openStage } from '../../harness/stage.js';

const stage = await openStage();
const texts = (from, to) => Array.from({ length: to - from }, (_, n) => `text ${from + n}`);
const said = (messages) => messages.map(({ msg }) => msg);

stage.story('a join with since brings what was missed, oldest first', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  await agent.saysAll(texts(0, 30));
  const { missed, gap, next_pos, epoch } = await visitor.joins(roomid, { since: 12 });
  assert.deepEqual([said(missed), gap, next_pos], [texts(12, 30), undefined, 30]);
  assert.deepEqual(missed.map(({ pos }) => pos), Array.from({ length: 18 }, (_, n) => 12 + n));
  assert.equal(typeof epoch, 'string');
  assert.equal(epoch, (await stage.tabOf(agent).connects()).epoch, 'the connection names the same history');
});

stage.story('nobody missed anything: an empty list and no gap', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  assert.deepEqual((await visitor.joins(roomid, { since: 0 })).missed, []);
  await agent.saysAll(texts(0, 3));
  const { missed, gap } = await visitor.joins(roomid, { since: 3 });
  assert.deepEqual([missed, gap], [[], undefined]);
});

stage.story('more than 500 missed: the oldest 500 and a gap, the rest by paging', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  await agent.saysAll(texts(0, 620));
  const { missed, gap, next_pos } = await visitor.joins(roomid, { since: 100 });
  assert.deepEqual([said(missed), gap, next_pos], [texts(100, 600), true, 620]);
  assert.deepEqual(said(await visitor.pagesBack(600, 100)), texts(600, 620));
  const exactly = await visitor.joins(roomid, { since: 120 });
  assert.deepEqual([exactly.missed.length, exactly.gap], [500, undefined], 'exactly 500 is no gap');
});

stage.story('another epoch or a since beyond the end is a gap, never "nothing new"', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  await agent.saysAll(texts(0, 5));
  assert.equal((await visitor.joins(roomid, { since: 6 })).gap, true);
  assert.equal((await visitor.joins(roomid, { since: 2, epoch: 'another history' })).gap, true);
  const { epoch } = await visitor.joins(roomid);
  const same = await visitor.joins(roomid, { since: 2, epoch });
  assert.deepEqual([said(same.missed), same.gap], [texts(2, 5), undefined]);
});

stage.story('a since that is no position is invalid', async () => {
  const { visitor, roomid } = await stage.conversation();
  for (const since of [-1, 1.5, '3', {}, [], true]) {
    assert.equal((await visitor.isRefused('join', { roomid, since })).errcode, 4002, `since ${JSON.stringify(since)}`);
  }
});

stage.story('the epoch and the history are the same after a restart', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  await agent.saysAll(texts(0, 5));
  const before = await visitor.joins(roomid);
  await Promise.all([visitor.hangsUp(), agent.hangsUp()]);
  assert.deepEqual(await stage.server.stop(), { code: 0, signal: null });
  await stage.server.start();
  await visitor.connects({ via: stage.server.url });
  const after = await visitor.joins(roomid, { since: 0, epoch: before.epoch });
  assert.deepEqual(after.chat_msgs, before.chat_msgs);
  assert.deepEqual([after.epoch, after.gap, after.missed], [before.epoch, undefined, before.chat_msgs]);
});

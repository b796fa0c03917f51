// A message has the id its sender gave it: sent again it is the same message, and nobody can take another's id.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { openStage } from '../../harness/stage.js';

const stage = await openStage();

stage.story('the same id again is the same message, with the same receipt', async () => {
  const { visitor, agent } = await stage.conversation();
  const id = randomUUID();
  const first = await visitor.says('once', { id });
  assert.deepEqual({ success: first.success, id: first.id, pos: first.pos, dup: first.dup }, { success: true, id, pos: 0, dup: undefined });
  assert.equal(typeof first.time, 'number');
  assert.deepEqual(await visitor.says('once', { id }), { ...first, dup: true });
  assert.deepEqual(await visitor.says('once', { id }), { ...first, dup: true });

  await visitor.says('after');
  await agent.hears('after');
  assert.deepEqual(agent.heard().map(({ msg }) => msg), ['once', 'after'], 'the room is told once');
  assert.deepEqual((await visitor.history()).map(({ id: kept }) => kept)[0], id);
  assert.equal((await visitor.history()).length, 2);
});

stage.story('the same id, many times at once and from another tab, is stored once', async () => {
  const { visitor, agent } = await stage.conversation();
  const tab = stage.tabOf(visitor);
  await tab.connects();
  await tab.joins();
  const id = randomUUID();
  const receipts = await Promise.all(Array.from({ length: 40 }, (_, n) => (n % 2 ? visitor : tab).says('at once', { id })));
  assert.equal(receipts.filter(({ dup }) => !dup).length, 1);
  assert.deepEqual(new Set(receipts.map(({ pos, time }) => `${pos} ${time}`)).size, 1);
  await visitor.says('end');
  await agent.hears('end');
  assert.deepEqual(agent.heard().map(({ pos, msg }) => [pos, msg]), [[0, 'at once'], [1, 'end']]);
});

stage.story('the same id with another body, kind or room conflicts, and nothing is stored', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const other = await stage.conversation();
  await agent.joins(other.roomid);
  agent.roomid = roomid;
  const id = randomUUID();
  await agent.says('mine', { id });
  const refusals = await Promise.all([
    agent.isRefused('chat', { roomid, type: 'text', msg: 'changed', id }),
    agent.isRefused('chat', { roomid, type: 'custom', msg: { text: 'mine' }, id }),
    agent.isRefused('chat', { roomid: other.roomid, type: 'text', msg: 'mine', id }),
  ]);
  assert.deepEqual(refusals.map(({ errcode }) => errcode), [4009, 4009, 4009]);
  assert.equal((await visitor.history()).length, 1);
  assert.equal((await other.visitor.history()).length, 0);
});

stage.story('the id of somebody else is invalid, and nothing is stored', async () => {
  const { visitor, agent } = await stage.conversation();
  const id = randomUUID();
  await visitor.says('mine', { id });
  assert.equal((await agent.isRefused('chat', { roomid: agent.roomid, type: 'text', msg: 'mine', id })).errcode, 4002);
  assert.equal((await visitor.history()).length, 1);
});

stage.story('a retry after the server was killed gets the first receipt', async () => {
  const { visitor } = await stage.conversation();
  const id = randomUUID();
  const first = await visitor.says('before the kill', { id });
  await visitor.hangsUp();
  await stage.server.kill();
  await stage.server.start();
  await visitor.connects({ via: stage.server.url });
  await visitor.joins();
  assert.deepEqual(await visitor.says('before the kill', { id }), { ...first, dup: true });
  assert.deepEqual((await visitor.history()).map(({ msg }) => msg), ['before the kill']);
});

stage.story('an id that is no uuid is invalid', async () => {
  const { visitor, roomid } = await stage.conversation();
  for (const id of ['', 'x', 7, {}, 'g0000000-0000-0000-0000-000000000000', `${randomUUID()}\0`]) {
    const [err] = await visitor.asks('chat', { roomid, type: 'text', msg: 'hi', id });
    assert.equal(err?.errcode, 4002, `id ${JSON.stringify(id)}`);
  }
  assert.equal((await visitor.history()).length, 0);
});

stage.story('a message without an id gets one from the server', async () => {
  const { visitor, agent } = await stage.conversation();
  const { id } = await visitor.says('no id');
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  assert.equal((await agent.hears('no id')).id, id);
});

// Read marks only move forward, are told to the other side only, and only when they moved.
import assert from 'node:assert/strict';
import { openStage } from '../../harness/stage.js';

const stage = await openStage();

stage.story('all that was sent so far is read, and the other side learns until when', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  assert.deepEqual((await visitor.joins(roomid)).reads, { user: -1, cs: -1 });
  await visitor.says('one');
  const { time } = await visitor.says('two');
  assert.deepEqual(await agent.reads(), { success: true });
  assert.deepEqual(await visitor.notices('mkread'), { roomid, type: 'cs', time, pos: 1 });
  assert.deepEqual((await visitor.joins(roomid)).reads, { user: -1, cs: 1 });
  assert.deepEqual(agent.noticed('mkread'), [], 'the reader is not told');
});

stage.story('a mark that does not move tells nobody', async () => {
  const { visitor, agent } = await stage.conversation();
  await visitor.says('one');
  await visitor.says('two');
  await agent.reads();
  await agent.reads();
  await agent.reads(0);
  await agent.says('end');
  await visitor.hears('end');
  assert.deepEqual(visitor.noticed('mkread').map(({ pos }) => pos), [1]);
  assert.deepEqual((await visitor.joins(visitor.roomid)).reads.cs, 1);
});

stage.story('a mark may name its position, but none beyond the last message', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const first = await visitor.says('one');
  await visitor.says('two');
  await agent.reads(0);
  assert.deepEqual(await visitor.notices('mkread'), { roomid, type: 'cs', time: first.time, pos: 0 });
  for (const pos of [2, 1e9, -1, 0.5, '1', {}]) assert.equal((await agent.isRefused('mkread', { roomid, pos })).errcode, 4002, `pos ${JSON.stringify(pos)}`);
  assert.equal((await visitor.joins(roomid)).reads.cs, 0);
});

stage.story('in an empty room there is nothing to read', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  assert.deepEqual(await agent.reads(), { success: true });
  await agent.says('end');
  await visitor.hears('end');
  assert.deepEqual(visitor.noticed('mkread'), []);
  assert.deepEqual((await visitor.joins(roomid)).reads, { user: -1, cs: -1 });
});

stage.story('both sides have marks of their own, which survive a kill', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  await visitor.says('one');
  await agent.reads();
  await agent.says('two');
  await visitor.reads();
  assert.deepEqual(await agent.notices('mkread', ({ type }) => type === 'user'), { roomid, type: 'user', time: (await agent.hears('two')).time, pos: 1 });
  await Promise.all([visitor.hangsUp(), agent.hangsUp()]);
  await stage.server.kill();
  await stage.server.start();
  await visitor.connects({ via: stage.server.url });
  assert.deepEqual((await visitor.joins(roomid)).reads, { user: 1, cs: 0 });
});

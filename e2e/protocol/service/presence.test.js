// Who writes and who is there, told to those who hear the room, on whichever node, and to nobody else.
import assert from 'node:assert/strict';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage();

stage.story('typing is heard by the other side, not by oneself, and is no message', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const tab = stage.tabOf(visitor);
  await tab.connects();
  await tab.joins(roomid);
  assert.deepEqual(await visitor.gets('typing', { roomid }), { success: true });
  assert.deepEqual(await agent.notices('typing'), { roomid, aid: visitor.aid, type: 'user' });
  await agent.gets('typing', { roomid, text: 'not for visitors' });
  assert.deepEqual(await visitor.notices('typing'), { roomid, aid: agent.aid, type: 'cs' });
  await visitor.says('behind it');
  await tab.hears('behind it');
  assert.deepEqual(tab.noticed('typing').map(({ type }) => type), ['cs']);
  assert.deepEqual((await visitor.history()).map(({ msg }) => msg), ['behind it']);
});

stage.story('one socket types once a second', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  await visitor.gets('typing', { roomid });
  const refused = await visitor.isRefused('typing', { roomid });
  assert.equal(refused.errcode, 4029);
  assert.ok(refused.retry_after > 0 && refused.retry_after <= 1000);
  await until('a second has gone by', async () => (await visitor.asks('typing', { roomid }))[0] === null);
  await visitor.says('behind it');
  await agent.hears('behind it');
  assert.equal(agent.noticed('typing').length, 2);
});

stage.story('the first page that opens and the last that closes are told, not those between', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const tab = stage.tabOf(visitor);
  await tab.connects();
  await visitor.hangsUp();
  await tab.joins(roomid);
  await tab.says('still here');
  await agent.hears('still here');
  await tab.hangsUp();
  assert.deepEqual(await agent.notices('presence', ({ online }) => !online), { roomid, aid: visitor.aid, type: 'user', online: false });
  const back = stage.tabOf(visitor);
  await back.connects();
  await until('the agent sees the visitor come back', () => {
    const told = agent.noticed('presence').filter(({ aid }) => aid === visitor.aid).map(({ online }) => online);
    return told.lastIndexOf(true) > told.lastIndexOf(false);
  });
});

stage.story('an agent who goes is seen to go by the visitor', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  // The room is known to be the agent's on the visitor's node from here on.
  await visitor.joins(roomid);
  await agent.hangsUp();
  assert.deepEqual(await visitor.notices('presence', ({ online }) => !online), { roomid, aid: agent.aid, type: 'cs', online: false });
});

stage.story('who has not joined the room types nowhere and hears nothing of it', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const neighbour = await stage.visitor('隔壁');
  await neighbour.connects();
  await neighbour.joins();
  assert.equal((await neighbour.isRefused('typing', { roomid })).errcode, 4003);
  await visitor.gets('typing', { roomid });
  await agent.notices('typing');
  await agent.leaves(roomid);
  assert.equal((await agent.isRefused('typing', { roomid })).errcode, 4003);
  assert.deepEqual(neighbour.noticed('typing'), []);
  assert.deepEqual(neighbour.noticed('presence'), []);
});

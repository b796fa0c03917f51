// Contract C3: typing and presence, whole.
import assert from 'node:assert/strict';
import { aText, isWhole } from '../../harness/shape.js';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage();
await stage.company('preview', 'Preview', { typing_preview: true });

stage.story('typing {roomid, text?} becomes {roomid, aid, type} for the other members, and is stored nowhere', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  assert.deepEqual(await visitor.gets('typing', { roomid, text: '我想' }), { success: true });
  assert.deepEqual(await agent.notices('typing'), { roomid, aid: visitor.aid, type: 'user' }, 'no text, where the company has not allowed it');
  assert.deepEqual(await agent.gets('typing', { roomid }), { success: true });
  assert.deepEqual(await visitor.notices('typing'), { roomid, aid: agent.aid, type: 'cs' });
  assert.deepEqual(await visitor.history(), []);
});

stage.story('text travels only towards agents, and only if the company allows it', async () => {
  const { visitor, agent, roomid } = await stage.conversation({ companyid: 'preview' });
  await visitor.gets('typing', { roomid, text: '我想退款' });
  assert.deepEqual(await agent.notices('typing'), { roomid, aid: visitor.aid, type: 'user', text: '我想退款' });
  await agent.gets('typing', { roomid, text: 'not for visitors' });
  assert.deepEqual(await visitor.notices('typing'), { roomid, aid: agent.aid, type: 'cs' });
});

stage.story('at most one a second for each socket; the next is 4029 with retry_after', async () => {
  const { visitor, roomid } = await stage.conversation();
  await visitor.gets('typing', { roomid });
  isWhole(await visitor.isRefused('typing', { roomid }), { errcode: 4029, errmsg: aText, retry_after: (ms) => Number.isInteger(ms) && ms > 0 && ms <= 1000 });
  const tab = stage.tabOf(visitor);
  await tab.connects();
  await tab.joins(roomid);
  assert.deepEqual(await tab.gets('typing', { roomid }), { success: true }, 'another socket has a second of its own');
  await until('the second is over', async () => (await visitor.asks('typing', { roomid }))[0] === null);
});

stage.story('looking {roomid, on?} tells the agents of a room which of them have it open, and nobody else', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const colleague = await stage.agent('客服二', { companyid: agent.companyid });
  await colleague.connects();
  isWhole(await colleague.isRefused('looking', { roomid }), { errcode: 4003, errmsg: aText });
  await colleague.joins(roomid);
  assert.deepEqual(await colleague.gets('looking', { roomid }), { success: true });
  assert.deepEqual(await agent.notices('looking'), { roomid, aid: colleague.aid, on: true });
  await agent.gets('looking', { roomid, on: false });
  assert.deepEqual(await colleague.notices('looking'), { roomid, aid: agent.aid, on: false });
  isWhole(await visitor.isRefused('looking', { roomid }), { errcode: 4003, errmsg: aText });
  isWhole(await agent.isRefused('looking', { roomid: 7 }), { errcode: 4002, errmsg: aText });
  await visitor.says('still there');
  await colleague.hears('still there');
  assert.deepEqual([visitor.noticed('looking').length, agent.noticed('looking').length, colleague.noticed('looking').length], [0, 1, 1]);
});

stage.story('presence {roomid, aid, type, online} tells who comes and goes', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  await visitor.joins(roomid);
  const tab = stage.tabOf(agent);
  await agent.hangsUp();
  assert.deepEqual(await visitor.notices('presence', ({ online }) => !online), { roomid, aid: agent.aid, type: 'cs', online: false });
  await tab.connects();
  assert.deepEqual(await visitor.notices('presence', ({ online }) => online), { roomid, aid: agent.aid, type: 'cs', online: true });
  await tab.joins(roomid);
  await visitor.hangsUp();
  assert.deepEqual(await tab.notices('presence', ({ aid, online }) => aid === visitor.aid && !online), { roomid, aid: visitor.aid, type: 'user', online: false });
});

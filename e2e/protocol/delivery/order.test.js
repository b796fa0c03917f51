// One order for everyone: the messages of one connection stay in order, positions are dense, every tab hears the same.
import assert from 'node:assert/strict';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage();
const upTo = (count) => Array.from({ length: count }, (_, n) => n);

stage.story('500 pipelined messages keep their order', async () => {
  const { visitor, agent } = await stage.conversation();
  const texts = upTo(500).map((n) => `number ${n}`);
  const receipts = await visitor.saysAll(texts);
  assert.deepEqual(receipts.map(({ pos }) => pos), upTo(500));
  await until('the agent has heard all', () => agent.heard().length === 500);
  assert.deepEqual(agent.heard().map(({ msg }) => msg), texts);
  assert.deepEqual((await agent.history()).map(({ msg }) => msg), texts);
});

stage.story('two who speak at once end with one order, the same for both', async () => {
  const { visitor, agent } = await stage.conversation();
  await Promise.all([visitor.saysAll(upTo(200).map((n) => `v${n}`)), agent.saysAll(upTo(200).map((n) => `a${n}`))]);
  await until('all is heard', () => agent.heard().length === 400 && visitor.heard().length === 400);
  assert.deepEqual(agent.heard(), visitor.heard());
  assert.deepEqual(agent.heard(), await agent.history());
  assert.deepEqual(agent.heard().map(({ pos }) => pos), upTo(400));
  for (const speaker of ['v', 'a']) {
    assert.deepEqual(agent.heard().map(({ msg }) => msg).filter((msg) => msg.startsWith(speaker)), upTo(200).map((n) => `${speaker}${n}`));
  }
});

stage.story('requests of one connection are answered in their order, of whatever kind', async () => {
  const { visitor, roomid } = await stage.conversation();
  const answered = [];
  const ask = (name, ...args) => visitor.asks(...args).then(() => answered.push(name));
  await Promise.all([
    ask('chat 1', 'chat', { roomid, type: 'text', msg: 'one' }),
    ask('page 1', 'user', { type: 'viewchat', roomid, start: 0 }),
    ask('leave', 'leave', { roomid }),
    ask('chat 2', 'chat', { roomid, type: 'text', msg: 'two' }),
    ask('join', 'join', { roomid }),
    ask('chat 3', 'chat', { roomid, type: 'text', msg: 'three' }),
    ask('unknown', 'nothing', {}),
    ask('read', 'mkread', { roomid }),
  ]);
  assert.deepEqual(answered, ['chat 1', 'page 1', 'leave', 'chat 2', 'join', 'chat 3', 'unknown', 'read']);
  assert.deepEqual((await visitor.history()).map(({ msg }) => msg), ['one', 'three'], 'what was said outside the room is not stored');
});

stage.story('every tab hears everything, the one that speaks included', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const tabs = [stage.tabOf(visitor), stage.tabOf(visitor), stage.tabOf(agent)];
  for (const tab of tabs) {
    await tab.connects({ way: 'upgrade' });
    await tab.joins(roomid);
  }
  await visitor.says('from the first tab');
  await tabs[1].says('from the third');
  await agent.says('from the agent');
  for (const person of [visitor, agent, ...tabs]) {
    await person.hears('from the agent');
    assert.deepEqual(person.heard().map(({ pos, msg }) => [pos, msg]), [[0, 'from the first tab'], [1, 'from the third'], [2, 'from the agent']]);
  }
});

stage.story('one tab leaves, the other stays', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const tab = stage.tabOf(visitor);
  await tab.connects();
  await tab.joins(roomid);
  assert.deepEqual(await tab.leaves(), { success: true });
  await agent.says('who is still here?');
  await visitor.hears('who is still here?');
  assert.equal((await tab.isRefused('chat', { roomid, type: 'text', msg: 'not I' })).errcode, 4003);
  assert.deepEqual(tab.heard(), []);
  assert.deepEqual(await tab.leaves(), { success: true }, 'leaving a room one is not in is fine');
  assert.equal((await tab.pagesBack(0)).length, 1, 'the history stays open');
});

stage.story('joining twice does not make one hear twice', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  await visitor.joins(roomid);
  await visitor.joins();
  await agent.says('once');
  await agent.says('end');
  await visitor.hears('end');
  assert.deepEqual(visitor.heard().map(({ msg }) => msg), ['once', 'end']);
});

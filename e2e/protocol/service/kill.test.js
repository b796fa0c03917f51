// The server is killed in the middle of service: the same queue in the same order, the same assignments, running graces, ratings that were acknowledged.
import assert from 'node:assert/strict';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const KILLS = Number(process.env.NODECHAT_SERVICE_KILLS ?? 2);
const stage = await openStage();
await stage.company('night', 'Shop', { agent_cap: 2, grace_seconds: 30 });
const companyid = 'night';
const upTo = (count) => Array.from({ length: count }, (_, n) => n);

async function standing(agents, visitors) {
  const served = {};
  for (const agent of agents) served[agent.aid] = (await agent.gets('list', { type: 'selfUser' })).rooms.map(({ chatid }) => chatid).sort();
  const waiting = (await agents[0].gets('list', { type: 'rooms', view: 'waiting' })).rooms.map(({ chatid, position }) => [chatid, position]);
  const closed = (await agents[0].gets('list', { type: 'rooms', view: 'closed' })).rooms.map(({ chatid, rateresult }) => [chatid, rateresult]);
  const told = [];
  for (const visitor of visitors) {
    const { service } = await visitor.joins(visitor.roomid);
    told.push(service && [service.chatid, service.status, service.position, service.cs?.aid]);
  }
  return { served, waiting, closed, told };
}

stage.story(`${KILLS} kills of every node change nothing of who serves whom and who waits where`, async () => {
  const agents = await Promise.all(upTo(3).map((n) => stage.agent(`客服${n}`, { companyid })));
  await Promise.all(agents.map((agent) => agent.connects()));
  const visitors = await Promise.all(upTo(10).map((n) => stage.visitor(`访客${n}`, { companyid })));
  for (const visitor of visitors) {
    await visitor.connects();
    await visitor.joins();
    visitor.chatid = (await visitor.applies()).chatid;
  }
  const first = visitors[0];
  await first.gets('user', { type: 'endcs', roomid: first.roomid, chatid: first.chatid });
  await first.gets('user', { type: 'rate', roomid: first.roomid, chatid: first.chatid, rateresult: 'GOOD' });
  const before = await standing(agents, visitors);
  assert.equal(before.waiting.length, 3);
  assert.deepEqual(before.closed, [[first.chatid, 'GOOD']]);
  for (let kill = 0; kill < KILLS; kill += 1) {
    await stage.server.kill();
    await stage.server.start();
    await until('everybody is back', () => [...agents, ...visitors].every((person) => person.link.isOpen));
    assert.deepEqual(await standing(agents, visitors), before, `after kill ${kill + 1}`);
  }
  const [{ chatid }] = (await agents[0].gets('list', { type: 'selfUser' })).rooms;
  const { roomid } = visitors.find((visitor) => visitor.chatid === chatid);
  await agents[0].manages('endChat', { roomid, chatid });
  const next = visitors.find((visitor) => visitor.chatid === before.waiting[0][0]);
  await next.isTold('serving', ({ cs }) => cs.aid === agents[0].aid);
});

stage.story('a grace that began before a kill of every node ends after it', async () => {
  await stage.company('short', 'Shop', { grace_seconds: 3 });
  const [agent, visitor] = [await stage.agent('客服', { companyid: 'short' }), await stage.visitor('小明', { companyid: 'short' })];
  await agent.connects();
  await visitor.connects();
  await visitor.joins();
  const { chatid } = await visitor.applies();
  await visitor.isTold('serving');
  await agent.hangsUp();
  await stage.server.kill();
  await stage.server.start();
  const told = await visitor.isTold('waiting');
  assert.deepEqual([told.chatid, told.position], [chatid, 1]);
});

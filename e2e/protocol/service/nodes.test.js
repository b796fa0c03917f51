// One of two nodes dies with the agents it serves: the other one begins their grace, and nobody is lost who comes back in time.
import assert from 'node:assert/strict';
import { form } from '../../harness/ground.js';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage();
const alone = form !== 'cluster';

async function apart(companyid, settings) {
  await stage.company(companyid, 'Shop', settings);
  const [first, second] = [await stage.agent('客服', { companyid }), await stage.visitor('小明', { companyid })];
  await first.connects();
  await second.connects();
  await second.joins();
  const { chatid } = await second.applies();
  await second.isTold('serving');
  const node = stage.server.nodes.find(({ url }) => url === first.url);
  return { agent: first, visitor: second, chatid, node };
}

stage.story('agents of a node that died are gone after their grace', { skip: alone && 'there is one node' }, async () => {
  const { visitor, chatid, node } = await apart('dead', { grace_seconds: 1 });
  await node.kill();
  const told = await visitor.notices('service', ({ type }) => type === 'waiting');
  assert.deepEqual([told.chatid, told.position], [chatid, 1]);
  await node.start();
});

stage.story('an agent whose node died goes on at the other within the grace', { skip: alone && 'there is one node' }, async () => {
  const { agent, visitor, chatid, node } = await apart('moved', { grace_seconds: 60 });
  await node.kill();
  const elsewhere = stage.tabOf(agent);
  elsewhere.url = stage.server.nodes.find((other) => other !== node).url;
  await elsewhere.connects();
  const { rooms } = await elsewhere.gets('list', { type: 'selfUser' });
  assert.deepEqual(rooms.map((row) => row.chatid), [chatid]);
  await elsewhere.joins(visitor.roomid);
  await elsewhere.says('我还在');
  await visitor.hears('我还在');
  await node.start();
  assert.deepEqual(visitor.told('waiting'), []);
});

stage.story('agents of a node that was frozen for longer than their grace serve again when it is back', { skip: alone && 'there is one node' }, async () => {
  const { agent, visitor, chatid, node } = await apart('frozen', { grace_seconds: 1 });
  node.freeze();
  assert.equal((await visitor.isTold('waiting')).chatid, chatid);
  node.thaw();
  await until('the agent is given it again', () => visitor.told('serving').length === 2);
  const { rooms } = await agent.gets('list', { type: 'selfUser' });
  assert.deepEqual(rooms.map((row) => row.chatid), [chatid]);
});

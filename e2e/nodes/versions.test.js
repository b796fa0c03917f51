// Two versions side by side, as during a rolling restart: what a later one publishes and adds to the schema does not disturb the nodes of this one.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { breakableGround } from '../harness/ground.js';
import { newHouse } from '../harness/house.js';
import { Stage } from '../harness/stage.js';
import { until } from '../harness/until.js';

const ground = await breakableGround({ nodes: 2 });
const stage = new Stage(await newHouse({ args: [], ground }));
after(() => stage.close());
await stage.open();
const [here, there] = stage.server.nodes;

stage.story('what a later version publishes is heard as far as it is known, and read in the store where it is not', async () => {
  const { visitor, agent, epoch } = await conversation();
  const channel = `nodechat:${epoch.slice(0, 12)}:room:${visitor.roomid}`;
  const strange = [
    { v: 99, node: 'later', what: { nobody: 'knows' } },
    { v: 1, node: 'later', trace: 'x', changes: [{ recalled: { pos: 0 } }] },
    { v: 1, node: 'later', changes: [{ said: { pos: 'seven' } }] },
    { node: 'later' },
    [],
  ].map((publication) => JSON.stringify(publication));
  for (const [turn, publication] of [...strange, 'not-json'].entries()) {
    const [listeners] = (await ground.redis.command('PUBLISH', channel, `'${publication}'`)).split(':').slice(1);
    assert.equal(listeners, '2', 'both nodes listen to the room');
    await visitor.says(`第 ${turn} 句`);
    await agent.hears(`第 ${turn} 句`);
  }
  assert.deepEqual(agent.heard().map(({ pos }) => pos), [...strange, ''].map((_, pos) => pos), 'each once, in order');
});

stage.story('a schema that is a step ahead is served by the nodes that run', async () => {
  const { visitor, agent } = await conversation();
  await visitor.says('before');
  await agent.hears('before');
  const tables = await ground.postgres.query("select string_agg(format('alter table %I add column added_later text', tablename), ';') from pg_tables where schemaname = 'public' and tablename <> 'migration'", 'nodechat');
  await ground.postgres.query(tables, 'nodechat');
  await ground.postgres.query("create table later (id bigint primary key); insert into migration (number, name, checksum) select max(number) + 1, 'later', 'x' from migration", 'nodechat');
  const receipt = await visitor.says('after');
  assert.equal(receipt.pos, 1);
  await agent.hears('after');
  await agent.reads();
  await visitor.notices('mkread');
  const stranger = await stage.visitor('新客');
  await stranger.connects({ via: there.url });
  await stranger.joins();
  assert.equal((await stranger.says('你好')).pos, 0);
  assert.deepEqual((await visitor.history()).map(({ msg }) => msg), ['before', 'after']);
  for (const node of [here, there]) await until('it is ready', async () => (await fetch(`${node.url}/readyz`)).status === 200);

  await here.stop();
  await assert.rejects(here.start(), /newer version/, 'one of the old version that is started anew is refused: what it would do to the later schema nobody knows');
  await ground.postgres.query("delete from migration where name = 'later'", 'nodechat');
  await here.start();
});

/** A visitor at one node and an agent at the other. */
async function conversation() {
  const [visitor, agent] = [await stage.visitor(), await stage.agent()];
  const { epoch } = await visitor.connects({ via: here.url });
  await agent.connects({ via: there.url });
  await visitor.joins();
  await agent.joins(visitor.roomid);
  return { visitor, agent, epoch };
}

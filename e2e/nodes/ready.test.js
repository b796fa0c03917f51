// What /readyz says, and how soon: a balancer takes out a node that cannot keep what it is told, and only that one.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { breakableGround } from '../harness/ground.js';
import { newHouse } from '../harness/house.js';
import { Stage } from '../harness/stage.js';
import { until } from '../harness/until.js';

/** What a balancer would wait for an answer. */
const PROBE_MS = 2_500;

const ground = await breakableGround({ nodes: 2, cabled: true });
const stage = new Stage(await newHouse({ args: [], ground }));
after(() => stage.close());
await stage.open();
const [one, other] = stage.server.nodes;

stage.story('a healthy node says so of each of its parts', async () => {
  assert.deepEqual(await asked(one), { status: 200, text: 'ready\nnode: serving\nstore: ok\nredis: ok\nbucket: not used\n' });
  assert.equal((await fetch(`${one.url}/healthz`)).status, 200);
});

stage.story('a node without Redis says so and stays in', async () => {
  await ground.redis.kill();
  await until('it says so', async () => /^redis: away/m.test((await asked(one)).text));
  const { status, text } = await asked(one);
  assert.deepEqual([status, text.split('\n')[0]], [200, 'ready'], 'all nodes lose Redis together; none may be taken out for it');
  assert.match(await metrics(one), /^nodechat_redis_up 0$/m);
  await ground.redis.start();
  await until('it is back', async () => /^redis: ok$/m.test((await asked(one)).text));
  assert.match(await metrics(one), /^nodechat_redis_up 1$/m);
});

stage.story('a node whose database answers nothing says so in time, lives, and comes back by itself; the other is not affected', async () => {
  ground.cables.postgres[0].stall();
  await until('it is not ready', async () => (await asked(one)).status === 503);
  const probes = await Promise.all(Array.from({ length: 50 }, () => asked(one)));
  assert.ok(probes.every(({ status, text }) => status === 503 && /^store: not available$/m.test(text)), 'every probe was answered');
  assert.equal((await fetch(`${one.url}/healthz`)).status, 200, 'it lives: to restart it would help nobody');
  assert.equal((await asked(other)).status, 200);
  ground.cables.postgres[0].restore();
  await until('it is ready', async () => (await asked(one)).status === 200, 15_000);
});

stage.story('a database that is gone takes all nodes out, and its return brings them back', async () => {
  await ground.postgres.stopImmediate();
  await until('none is ready', async () => (await Promise.all([asked(one), asked(other)])).every(({ status }) => status === 503));
  await ground.postgres.start();
  await until('all are ready', async () => (await Promise.all([asked(one), asked(other)])).every(({ status }) => status === 200), 15_000);
});

async function asked(node) {
  const response = await fetch(`${node.url}/readyz`, { signal: AbortSignal.timeout(PROBE_MS) });
  return { status: response.status, text: await response.text() };
}

async function metrics(node) {
  return (await fetch(`${node.url}/metrics`)).text();
}

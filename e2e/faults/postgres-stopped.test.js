// PostgreSQL is stopped at once and started again: meanwhile every send is told when to come again, afterwards all is well by itself.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { moment } from '../harness/crowd.js';
import { until, within } from '../harness/until.js';
import { faultStory, pairs } from './fault.js';

const BACK_WITHIN_MS = 5_000;

await faultStory('PostgreSQL is stopped (immediate) and started', async ({ stage, ground, random }) => {
  const people = await pairs(stage);
  const send = (person) => person.asks('chat', { roomid: person.roomid, type: 'text', msg: 'is anybody there?', id: randomUUID() });

  await ground.postgres.stopImmediate();
  for (let round = 0; round < 3; round += 1) {
    for (const [err, datas] of await Promise.all(people.map(({ visitor }) => send(visitor)))) {
      assert.ok(err, `acknowledged without a database: ${JSON.stringify(datas)}`);
      assert.equal(err.errcode, 5003, JSON.stringify(err));
      assert.ok(err.retry_after > 0, JSON.stringify(err));
    }
    await moment(random.between(0, 1_000));
  }

  await ground.postgres.start();
  const started = Date.now();
  await Promise.all(people.map(({ visitor }) => within(`${visitor.url} serves again`, until('a send is acknowledged', async () => !(await send(visitor))[0]), BACK_WITHIN_MS)));
  const backMs = Date.now() - started;
  await Promise.all(people.flatMap(({ visitor, agent }) => [visitor.hangsUp(), agent.hangsUp()]));
  return { backMs };
});

// A node that is cut off from Redis or PostgreSQL without a word (bytes swallowed, nothing refused, nothing closed) is as one whose Redis or
// PostgreSQL is dead: nobody waits longer than the configured time, and the other node does not feel it.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Api } from '../harness/api.js';
import { swallow, whyNoFirewall } from '../harness/firewall.js';
import { breakableGround } from '../harness/ground.js';
import { openStage } from '../harness/stage.js';
import { until, within } from '../harness/until.js';

const REDIS_TIMEOUT_MS = 500;
const DATABASE_TIMEOUT_MS = 2_000;
/** What a busy test machine may add to a configured time. */
const SLACK_MS = 1_500;
const TOLD_WITHIN_MS = 3_000;
const BACK_WITHIN_MS = 5_000;

const ground = await breakableGround({ nodes: 2, cabled: true });
const stage = await openStage({ ground, args: ['--demo', '--redis-timeout-ms', `${REDIS_TIMEOUT_MS}`, '--database-timeout-ms', `${DATABASE_TIMEOUT_MS}`] });
const [near, far] = stage.server.nodes;

/** Ways to be cut off; each answers how it ends. */
const means = {
  'a proxy that says nothing more': (cable) => {
    cable.stall();
    return () => cable.restore();
  },
};
const refused = whyNoFirewall();
if (refused) console.log(`not tried with a firewall: ${refused}`);
else means['a firewall rule'] = (cable) => swallow(new URL(cable.url).port);

for (const [by, cut] of Object.entries(means)) {
  stage.story(`a node cut off from Redis by ${by} goes on, and all is told within three seconds`, async () => {
    const { here, there } = await oneAtEachNode();
    const end = cut(ground.cables.redis[1]);
    try {
      for (let turn = 0; turn < 5; turn += 1) {
        await within('it is acknowledged', there.says(`from there ${turn}`), REDIS_TIMEOUT_MS + SLACK_MS);
        await here.hears(`from there ${turn}`, { deadlineMs: TOLD_WITHIN_MS });
        await here.says(`from here ${turn}`);
        await there.hears(`from here ${turn}`, { deadlineMs: TOLD_WITHIN_MS });
      }
      const newcomer = await stage.visitor();
      await within('somebody new is let in', newcomer.connects({ via: far.url }), 2 * REDIS_TIMEOUT_MS + SLACK_MS);
      await within('and joins', newcomer.joins(), 2 * REDIS_TIMEOUT_MS + SLACK_MS);
      const { body } = await within('and a call over HTTP is answered', new Api(far.url).visitor({ companyid: 'demo' }), 2 * REDIS_TIMEOUT_MS + SLACK_MS);
      assert.equal(body.errcode, 0);
    } finally {
      end();
    }
    await here.says('all is well again');
    await there.hears('all is well again', { deadlineMs: TOLD_WITHIN_MS });
    assert.deepEqual(there.heard(), await here.history(there.roomid), 'each once and in order');
    assert.deepEqual([here.link.opened, there.link.opened], [1, 1], 'nobody lost the connection');
  });

  stage.story(`a node cut off from PostgreSQL by ${by} says so in time, and the other serves on`, async () => {
    const { here, there } = await oneAtEachNode();
    const send = (person) => person.asks('chat', { roomid: there.roomid, type: 'text', msg: 'hello?', id: randomUUID() });
    const end = cut(ground.cables.postgres[1]);
    try {
      for (let turn = 0; turn < 3; turn += 1) {
        const [err, datas] = await within('a send is answered', send(there), DATABASE_TIMEOUT_MS + SLACK_MS);
        assert.ok(err, `acknowledged: ${JSON.stringify(datas)}`);
        assert.equal(err.errcode, 5003, JSON.stringify(err));
        assert.ok(err.retry_after > 0, JSON.stringify(err));
      }
      const [err] = await within('a page is answered', there.asks('user', { type: 'viewchat', roomid: there.roomid, start: 0 }), DATABASE_TIMEOUT_MS + SLACK_MS);
      assert.equal(err?.errcode, 5003);
      await within('the other node serves the same room', until('a send is acknowledged', async () => !(await send(here))[0]), BACK_WITHIN_MS);
      await until('a balancer is told', async () => (await readiness(far)) === 503);
      assert.equal(await readiness(near), 200);
    } finally {
      end();
    }
    await within('it serves again', until('a send is acknowledged', async () => !(await send(there))[0]), BACK_WITHIN_MS);
    await until('a balancer is told', async () => (await readiness(far)) === 200);
    await here.says('all is well again');
    await there.hears('all is well again', { deadlineMs: TOLD_WITHIN_MS });
    assert.deepEqual(there.heard(), await here.history(there.roomid), 'each once and in order');
  });
}

stage.story('a revoked ticket ends its connections at every node within five seconds, also without Redis', async () => {
  const { here, there } = await oneAtEachNode();
  await ground.redis.kill();
  try {
    const { body } = await new Api(near.url).post('ticket/revoke', { ticket: there.ticket }, { authorization: `Bearer ${await stage.key('c1')}` });
    assert.equal(body.errcode, 0);
    await there.link.journal.find('the connection ends', ({ name }) => name === 'disconnect', 5_000);
    assert.equal((await here.says('I am still here')).success, true);
  } finally {
    await ground.redis.start();
  }
});

stage.story('an agent whose node is killed is not there any more, and is again when they come back', async () => {
  const visitor = await stage.visitor();
  const agent = await stage.agent();
  await visitor.connects({ via: near.url });
  await visitor.joins();
  await agent.connects({ via: far.url });
  await agent.joins(visitor.roomid);
  const status = async () => (await visitor.joins(visitor.roomid)).members.find(({ aid }) => aid === agent.aid).status;
  await until('the agent is seen', async () => (await status()) === 'O');
  await ground.redis.flushAll();
  await until('the agent is seen again after Redis forgot', async () => (await status()) === 'O');
  await far.kill();
  await until('the agent is gone', async () => (await status()) === 'F', 15_000);
  await far.start();
  await until('the agent is back', async () => (await status()) === 'O', 15_000);
});

/** A visitor at the node that will be cut off (`there`), and an agent in the same room at the other one (`here`). */
async function oneAtEachNode() {
  const [there, here] = [await stage.visitor(), await stage.agent()];
  await there.connects({ via: far.url });
  await here.connects({ via: near.url });
  await there.joins();
  await here.joins(there.roomid);
  await there.says('before');
  await here.hears('before');
  return { here, there };
}

async function readiness(node) {
  const response = await fetch(`${node.url}/readyz`);
  await response.arrayBuffer();
  return response.status;
}

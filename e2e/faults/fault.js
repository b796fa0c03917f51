// The frame of every story about something that breaks: three nodes, fifty people talking, the fault at random moments, the verdict at the end.
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { Crowd, moment } from '../harness/crowd.js';
import { breakableGround } from '../harness/ground.js';
import { Random, seedOfThisRun } from '../harness/random.js';
import { openStage } from '../harness/stage.js';

const TIMES = Number(process.env.NODECHAT_FAULTS ?? 3);
const ROOMS = 25;
/** So that a client notices within seconds that its node has gone silent. */
const HEARTBEATS = ['--ping-interval-ms', '1000', '--ping-timeout-ms', '2000'];

/**
 * Makes a story of it. `strike` lets the fault happen once and end again; it gets `{stage, house, ground, crowd, random}` and may answer
 * `{backMs}`, how long the service needed to come back. `toldWithinMs`: how late the last reader may hear, where the fault says so.
 */
export async function faultStory(name, strike, { toldWithinMs } = {}) {
  const seed = seedOfThisRun();
  const ground = await breakableGround({ nodes: 3 });
  const stage = await openStage({ ground, args: HEARTBEATS });
  const house = stage.server;
  const title = `${name}, ${TIMES} times: nothing acknowledged is lost, doubled or moved, and every reader is told all of it (NODECHAT_SEED=${seed})`;
  stage.story(title, async (_, context) => {
    const random = new Random(seed);
    const balancer = await stage.proxy(() => house.url);
    const crowd = await Crowd.gather(stage, { rooms: ROOMS, random, paceMs: 60, atOnce: 1, via: balancer.url });
    let backMs = 0;
    try {
      for (let turn = 0; turn < TIMES; turn += 1) {
        await crowd.goesOn();
        await moment(random.between(0, 1_000));
        const felt = await strike({ stage, house, ground, crowd, random });
        backMs = Math.max(backMs, felt?.backMs ?? 0);
        await crowd.goesOn();
        await everyNodeServes(stage);
      }
      await crowd.settles();
    } finally {
      crowd.hushes();
    }
    const told = crowd.longestDelay();
    context.diagnostic(`the last reader heard ${told.ms} ms after the receipt; back after ${backMs} ms`);
    report({ fault: name, times: TIMES, ...crowd.counts(), ...kinds(await crowd.judged()), toldMs: told.ms, backMs });
    await crowd.verdict(`${name.replaceAll(' ', '-')}-${seed}`, context);
    if (toldWithinMs) assert.ok(told.ms <= toldWithinMs, `a reader heard only after ${told.ms} ms: ${JSON.stringify(told)}`);
  });
}

/** For each node a visitor at it, and an agent in the visitor's room at the next one. */
export async function pairs(stage) {
  const { nodes } = stage.server;
  return Promise.all(
    nodes.map(async (node, n) => {
      const [visitor, agent] = [await stage.visitor(), await stage.agent()];
      await visitor.connects({ via: node.url });
      await agent.connects({ via: nodes[(n + 1) % nodes.length].url });
      await visitor.joins();
      await agent.joins(visitor.roomid);
      return { visitor, agent };
    }),
  );
}

/** Whoever comes to any node says something, and is heard on the next one within the deadline. */
export async function everyNodeServes(stage, deadlineMs = 5_000) {
  for (const { visitor, agent } of await pairs(stage)) {
    const receipt = await visitor.says('is anybody there?');
    assert.equal((await agent.hears('is anybody there?', { deadlineMs })).id, receipt.id);
    await visitor.hangsUp();
    await agent.hangsUp();
  }
}

/** How many faults of which kind, as the table has them. */
function kinds(faults) {
  const count = (...names) => faults.filter(({ fault }) => names.includes(fault)).length;
  return { lost: count('lost', 'unanswered'), doubled: count('doubled', 'stranger'), moved: count('position', 'swapped'), untold: count('hole') };
}

/** One line for the table of docs/reliability.md, where script/soak asks for it. */
function report(line) {
  if (process.env.NODECHAT_RESULTS) appendFileSync(process.env.NODECHAT_RESULTS, `${JSON.stringify(line)}\n`);
}

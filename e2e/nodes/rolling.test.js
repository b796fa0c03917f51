// Three nodes behind a balancer are restarted one after the other under load, as a new version is brought in: nobody is told of it.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { Balancer, balancers, placeName } from '../harness/balancer.js';
import { Crowd } from '../harness/crowd.js';
import { breakableGround } from '../harness/ground.js';
import { newHouse } from '../harness/house.js';
import { libraryOf, Page } from '../harness/page.js';
import { jsVersions } from '../harness/person.js';
import { Random, seedOfThisRun } from '../harness/random.js';
import { Stage } from '../harness/stage.js';
import { until } from '../harness/until.js';

const WAYS = ['websocket', 'polling', 'upgrade'];
const ROOMS = 8;
const PAGES = 6;
const PAGE_PACE_MS = 150;
const seed = seedOfThisRun();

const ground = await breakableGround({ nodes: 3 });
const settings = (n) => ({ ...ground.settings(n), node: placeName(n), trust_proxy: 'true' });
const stage = new Stage(await newHouse({ args: [], ground: { ...ground, settings } }));
after(() => stage.close());
await stage.open();
const { nodes } = stage.server;
const Nodechat = await libraryOf(nodes[0]);

for (const kind of balancers) {
  stage.story(`behind ${kind} a rolling restart is noticed by nobody (NODECHAT_SEED=${seed})`, { timeout: 180_000 }, async (_, context) => {
    const balancer = await new Balancer(kind, nodes).open();
    stage.closesWith(() => balancer.close());
    const travels = (n) => ({ client: jsVersions[n % jsVersions.length], way: WAYS[n % WAYS.length] });
    const crowd = await Crowd.gather(stage, { rooms: ROOMS, random: new Random(seed), paceMs: 30, via: balancer.url, travels });
    const pages = await openPages(balancer.url);
    for (const node of nodes) {
      await crowd.goesOn(60);
      assert.deepEqual(await node.stop(), { code: 0, signal: null });
      await crowd.goesOn(60);
      await node.start();
      // Before the next one goes, as the guide says: a balancer that still takes this one for dead would be left with one.
      await until(`${kind} sends somebody to it`, async () => (await handshake(balancer.url)).startsWith(`${placeName(nodes.indexOf(node))}-`));
    }
    await crowd.goesOn(60);
    for (const page of pages) page.hushes();
    await crowd.settles();
    await crowd.verdict(`rolling-${kind}-${seed}`, context);
    for (const { page, said } of pages) {
      await until('everything is acknowledged', () => page.receipts.length === said());
      await until('everything is on the screen', () => page.shown.length >= said());
      assert.deepEqual(page.positions(), page.positions().map((_, place) => place), 'dense, in order, once');
      assert.deepEqual(page.shown.map(({ msg }) => msg), Array.from({ length: said() }, (_, n) => `第 ${n} 句`), 'all that was said');
      assert.deepEqual([page.refusals, page.errors], [[], []], 'the page was told of no trouble');
      assert.ok(page.reconnections > 0, 'its node was restarted like the others');
    }
    const { ms } = crowd.longestDelay();
    context.diagnostic(`${kind}: pages came back ${pages.flatMap(({ page }) => page.gaps).length} times, after ${Math.max(...pages.flatMap(({ page }) => page.gaps))} ms at most; whoever waited longest for a message waited ${ms} ms`);
  });
}

/** Pages with nodechat.js, each of a visitor who talks to himself all the time. */
async function openPages(via) {
  return Promise.all(Array.from({ length: PAGES }, async (_, n) => {
    const page = new Page(Nodechat, await stage.visitor(`网页${n}`), { via, joinsAgain: n % 2 === 0 });
    stage.closesWith(() => page.close());
    await page.opened();
    let said = 0;
    const talk = setInterval(() => {
      page.says(`第 ${said} 句`);
      said += 1;
    }, PAGE_PACE_MS);
    stage.closesWith(() => clearInterval(talk));
    return { page, said: () => said, hushes: () => clearInterval(talk) };
  }));
}

/** Opens a session that nobody uses; answers its id. */
async function handshake(url) {
  const response = await fetch(`${url}/socket.io/?EIO=4&transport=polling`);
  assert.equal(response.status, 200);
  return JSON.parse((await response.text()).slice(1)).sid;
}

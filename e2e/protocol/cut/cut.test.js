// The network is cut while the other side goes on talking: both end equal to the history, without reload.
import assert from 'node:assert/strict';
import { libraryOf, Page } from '../../harness/page.js';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const SECONDS = Number(process.env.NODECHAT_CUT_SECONDS ?? 0);
const stage = await openStage({ args: ['--demo', '--ping-interval-ms', '1000', '--ping-timeout-ms', '3000'] });
const Nodechat = await libraryOf(stage.server);
const upTo = (count) => Array.from({ length: count }, (_, n) => n);

for (const weather of ['cut', 'stall']) {
  for (const joinsAgain of [false, true]) {
    stage.story(`a visitor whose network is ${weather === 'cut' ? 'cut' : 'silent'} misses nothing, the page ${joinsAgain ? 'joining again itself' : 'leaving it to the library'}`, async () => {
      const { agent, roomid } = await stage.conversation();
      const { page, proxy } = await pageOf(await stage.visitor('旅客', { aid: /_(.*)#/.exec(roomid)[1] }), { joinsAgain });
      page.says('before');
      await agent.hears('before');

      const started = Date.now();
      proxy[weather]();
      for (const n of upTo(30)) page.says(`from the tunnel ${n}`);
      await agent.saysAll(upTo(200).map((n) => `into the tunnel ${n}`));
      await until('the cut has lasted', () => Date.now() - started >= SECONDS * 1000, SECONDS * 1000 + 5_000);
      if (weather === 'stall') await until('the silence is noticed', () => !page.nodechat.connected, 15_000);
      // What stood in the pipe of a pulled cable is gone, not late.
      proxy.drop();
      proxy.restore();

      await until('everything said in the tunnel is stored', () => page.receipts.length === 31, 60_000);
      page.says('after');
      await until('the visitor has seen the last word', () => page.shown.at(-1)?.msg === 'after', 30_000);
      await agent.hears('after');

      const history = await agent.history(roomid);
      assert.deepEqual(history.map(({ pos }) => pos), upTo(232));
      assert.deepEqual(page.shown, history, 'the visitor’s page, each message once and in order');
      assert.deepEqual(agent.heard(), history, 'the agent’s page');
      assert.deepEqual(history.filter(({ msg }) => msg.startsWith('from the tunnel')).map(({ msg }) => msg), upTo(30).map((n) => `from the tunnel ${n}`));
      assert.deepEqual(page.refusals, []);
      assert.ok(page.reconnections >= 1);
    });
  }
}

stage.story('both sides are cut again and again, and both end equal', async () => {
  const visitor = await pageOf(await stage.visitor());
  const agentPerson = await stage.agent();
  agentPerson.roomid = visitor.page.roomid;
  const agent = await pageOf(agentPerson);
  for (const round of upTo(5)) {
    const [cut, other] = round % 2 ? [agent, visitor] : [visitor, agent];
    const said = (round + 1) * 20;
    cut.proxy.cut();
    for (const n of upTo(20)) {
      visitor.page.says(`visitor ${round} ${n}`);
      agent.page.says(`agent ${round} ${n}`);
    }
    await until('the other side has said it all', () => other.page.receipts.length === said, 30_000);
    cut.proxy.restore();
    await until('both have said it all', () => [visitor, agent].every(({ page }) => page.receipts.length === said), 60_000);
  }
  await until('both have seen it all', () => [visitor, agent].every(({ page }) => page.shown.length >= 200), 30_000);
  assert.deepEqual(visitor.page.positions(), upTo(200));
  assert.deepEqual(agent.page.shown, visitor.page.shown);
});

stage.story('a page whose server is killed goes on as if nothing had been', async () => {
  const { page, proxy } = await pageOf(await stage.visitor());
  for (const n of upTo(50)) page.says(`text ${n}`);
  await stage.server.kill();
  await stage.server.start();
  for (const n of upTo(50)) page.says(`text ${50 + n}`);
  await until('all is stored', () => page.receipts.length === 100, 60_000);
  await until('all is seen', () => page.shown.length >= 100, 30_000);
  assert.deepEqual(page.shown.map(({ pos, msg }) => [pos, msg]), upTo(100).map((n) => [n, `text ${n}`]));
});

/** A page behind a cable of its own, with its room on the screen. */
async function pageOf(person, { joinsAgain = false } = {}) {
  const proxy = await stage.proxy();
  const page = new Page(Nodechat, person, { via: proxy.url, joinsAgain });
  stage.closesWith(() => page.close());
  return { proxy, page: await page.opened() };
}

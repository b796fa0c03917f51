// The console of somebody with five hundred open rooms: the list draws what is seen, and the page stays quick.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Desk } from '../harness/desk.js';
import { meter } from '../harness/meter.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';

const ROOMS = 500;
const AT_ONCE = 10;
/** What fits on the screen, and a screen above and below it. */
const MOST_ROWS = 60;

const stage = await openStage({ args: [] });
const browser = await openBrowser();
after(() => browser.close());

stage.story('five hundred open rooms: listed, found, opened by key; who writes comes to the top', async (_, context) => {
  await new Rest(stage.server.url, await stage.key('c1')).patch('/company', { settings: { agent_cap: 1_000 } });
  const desk = await Desk.online(stage, browser);
  const visitors = [];
  for (let n = 0; n < ROOMS; n += AT_ONCE) visitors.push(...(await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => desk.isGiven(`Guest ${n + at}.`, [`hello ${n + at}`])))));
  await desk.page.locator('[data-view=mine] span', { hasText: String(ROOMS) }).waitFor();
  const rows = desk.page.locator('.crow');
  assert.ok((await rows.count()) < MOST_ROWS, `only what is seen is drawn, not ${await rows.count()} rows`);

  const worked = await meter(desk.page);
  const before = await worked();
  for (const visitor of visitors) await visitor.says('and one thing more');
  const last = visitors.at(-1);
  await desk.row(last.nick).locator('.pv', { hasText: 'one thing more' }).waitFor();
  context.diagnostic(`${ROOMS} messages into as many rooms took the page ${Math.round((await worked()) - before)} ms of the processor`);

  // By wheel down to the end of the list, which draws each row that one comes by.
  const seen = new Set();
  const list = desk.page.locator('.lst .rows');
  await until('all rows have been seen', async () => {
    for (const nick of await desk.page.locator('.crow .nm').allTextContents()) seen.add(nick);
    await list.evaluate((element) => element.scrollBy(0, element.clientHeight / 2));
    return seen.size === ROOMS;
  }, 60_000);
  await list.evaluate((element) => element.scrollTo(0, 0));

  const from = await worked();
  for (let n = 0; n < 20; n += 1) {
    const open = await desk.page.locator('.con h1').textContent({ timeout: 1 }).catch(() => '');
    await desk.page.keyboard.press('Alt+ArrowDown');
    await desk.page.locator('.con h1').filter({ hasNotText: open || 'nobody' }).waitFor();
    await desk.box.waitFor();
  }
  context.diagnostic(`20 rooms opened one after the other took it ${Math.round((await worked()) - from)} ms`);

  await desk.page.locator('.find input').fill('Guest 77.');
  await desk.row('Guest 77.').waitFor();
  await desk.opens('Guest 77.');
  await desk.message('hello 77').waitFor();
  await desk.says('Hello, 77');
  await visitors[77].hears('Hello, 77');
  await desk.isCalm();
});

// The visitor's page and the embed on a very wide screen: a column in the middle, a panel of its size, nothing larger than elsewhere.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { openHostSite } from '../harness/host-site.js';
import { cutOff } from '../harness/looks.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { openVisitorPage } from '../harness/visitor-page.js';

const WIDE = { width: 2560, height: 1440 };
const COLUMN_PX = 720;
const GUTTER_PX = 16;

const stage = await openStage();
const browser = await openBrowser();
const site = await openHostSite(stage.server.url);
after(async () => {
  await browser.close();
  await site.close();
});
const rest = new Rest(stage.server.url, await stage.company('wide', 'Harrow Stoneware'));
await rest.patch('/company', { anonymous: true });
await rest.put('/questions', { questions: [{ title: 'Orders', default: true, items: [{ title: 'When does it arrive?', answer: 'In three days.' }] }] });

/** Sizes of whatever is written, by what it is. */
const type = (page) =>
  page.evaluate(() =>
    Object.fromEntries(['.top .nm', '.top .st', '.msg.in .bub', '.msg.out .bub', '.msg .meta', '.q', '.quick .btn', '.cmp textarea'].map((part) => [part, getComputedStyle(document.querySelector(part)).font])),
  );

stage.story('at 2,560 px the conversation is a column of 720 in the middle, in the type of a laptop', async () => {
  const visitor = await openVisitorPage(browser, `${stage.server.url}/chat/wide`, { locale: 'en', width: 1440, height: 900 });
  const { page } = visitor;
  await page.getByRole('button', { name: 'When does it arrive?' }).click();
  await visitor.hears('In three days.');
  await visitor.says(`A second vase, please. ${'It should have the same glaze. '.repeat(40)}`);
  await page.locator('.msg.out .meta', { hasText: 'Sent' }).last().waitFor();
  const before = await type(page);
  await page.setViewportSize(WIDE);

  const start = (WIDE.width - COLUMN_PX) / 2 + GUTTER_PX;
  const end = (WIDE.width + COLUMN_PX) / 2 - GUTTER_PX;
  const box = (part) => page.locator(part).first().boundingBox();
  const edges = async (first, last) => {
    const [left, right] = [await box(first), await box(last)];
    return [Math.round(left.x), Math.round(right.x + right.width)];
  };
  assert.equal((await edges('.top .av', '.top .av'))[0], start, 'who serves stands at its start');
  assert.deepEqual(await edges('.msg.in .av', '.msg.out .bub'), [start, end], 'both sides speak from its edges');
  assert.equal((await edges('.quick .btn', '.quick .btn'))[0], start);
  // The tools are wider than what they show.
  assert.deepEqual(await edges('.panel .tool', '.panel .go'), [start - 8, end + 8]);
  assert.equal((await box('.cmp')).width, WIDE.width, 'the paper goes to the edges');
  assert.deepEqual(await type(page), before);
  assert.deepEqual(await cutOff(page), []);
  await visitor.closes();
});

stage.story('at 2,560 px the panel on a host page is 384 by 640 at 24 px from the corner, in its own type', async () => {
  const host = await site.visits(browser, site.embeds('/wide', { company: 'wide' }), WIDE);
  await host.opens();
  await host.inside.getByRole('button', { name: 'When does it arrive?' }).click();
  await host.hears('In three days.');
  await host.says('A second vase, please.');
  await host.inside.locator('.msg.out .meta', { hasText: 'Sent' }).last().waitFor();
  assert.deepEqual(await host.launcher.boundingBox(), { x: WIDE.width - 24 - 56, y: WIDE.height - 24 - 56, width: 56, height: 56 });
  assert.deepEqual(await host.panel.boundingBox(), { x: WIDE.width - 24 - 384, y: WIDE.height - 96 - 640, width: 384, height: 640 });
  assert.deepEqual(await cutOff(host.page), []);
  await host.isUnharmed();
  const frame = host.page.frames().at(-1);
  const before = await type(frame);
  await host.page.setViewportSize({ width: 1280, height: 800 });
  assert.deepEqual(await type(frame), before);
  assert.match(before['.msg.in .bub'], /^14px/);
});

// The way of somebody new, timed: from an empty folder to an agent's answer in the visitor's page, in browsers, no file edited.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Desk } from '../harness/desk.js';
import { Server } from '../harness/server.js';
import { until } from '../harness/until.js';
import { openVisitorPage } from '../harness/visitor-page.js';

test('from an empty folder to the first answer', { timeout: 120_000 }, async (context) => {
  const browser = await openBrowser();
  context.after(() => browser.close());
  const begin = performance.now();
  const server = await new Server({ args: [] }).start();
  context.after(() => server.stop());
  const printed = await until('the address of the set-up is printed', () => server.log.map((line) => /set up: (\S+)$/.exec(line)?.[1]).find(Boolean));

  const owner = await Desk.page(browser);
  await owner.goto(printed);
  for (const [field, text] of Object.entries({ organization: 'Harrow Stoneware', name: 'Priya', username: 'priya', 'new-password': 'rain on the tent roof' })) {
    await owner.locator(`[name=${field}]`).fill(text);
  }
  await owner.getByRole('button', { name: 'Begin' }).click();
  await owner.locator('.con .begin li', { hasText: 'Put it on your page' }).click();
  await owner.locator('[role=tab]', { hasText: 'Link' }).click();
  const link = await owner.locator('.code a').getAttribute('href');
  await owner.locator('.rail a', { hasText: 'Chats' }).click();

  const visitor = await openVisitorPage(browser, link, { locale: 'en' });
  await visitor.page.getByRole('button', { name: 'Talk to a person' }).first().click();
  await visitor.page.locator('.top', { hasText: 'Priya' }).waitFor();
  await visitor.says('Is the blue vase in stock?');

  await owner.locator('.crow').first().click();
  await owner.locator('.log .words', { hasText: 'blue vase' }).waitFor();
  await owner.locator('.cmp textarea').fill('Two of them, yes.');
  await owner.locator('.cmp textarea').press('Enter');
  await visitor.hears('Two of them, yes.');
  context.diagnostic(`${((performance.now() - begin) / 1000).toFixed(1)} s from an empty folder to the first answer`);
  assert.deepEqual(owner.wrongs, []);
  await visitor.closes();
});

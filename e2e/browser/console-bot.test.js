// The bot's rules in the console: it goes by them at once, and whoever may not change them sees them.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Desk } from '../harness/desk.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';

const stage = await openStage({ args: [] });
const browser = await openBrowser();
after(() => browser.close());

/** At the rules of the bot, which has one question to answer. */
async function atRules(role) {
  const rest = new Rest(stage.server.url, await stage.key('c1'));
  const questions = [{ title: '退换货', default: true, items: [{ title: '怎么申请退款', answer: '点退款' }] }];
  assert.equal((await rest.put('/questions', { questions })).body.errcode, 0);
  const desk = await Desk.inside(stage, browser, { role });
  await desk.settings('Bot');
  return { rest, desk, page: desk.page };
}

stage.story('the bot goes by its rules at once: words for a human, words that mean the same, a model’s key that is never shown', async () => {
  const { rest, desk, page } = await atRules('admin');
  const field = (name) => page.locator(`[data-field=${name}] :is(input, textarea)`);
  await field('human').fill('真人\n救命');
  await field('synonyms').fill('退款，返钱');
  await field('threshold').fill('600');
  await page.locator('[data-field=threshold]', { hasText: '600 of 1000, strict' }).waitFor();
  await page.getByLabel('A language model puts answers into words').click();
  await field('model_url').fill('https://llm.example/v1');
  await field('model_name').fill('small');
  await field('model_key').fill('sk-secret');
  await page.getByLabel('A language model puts answers into words').click();
  await page.locator('.form-deeds .pri').click();
  await page.locator('[data-field=model_key]', { hasText: 'There is one' }).waitFor();
  const { data } = (await rest.get('/bot')).body;
  assert.deepEqual([data.threshold, data.human, data.synonyms, data.model.enabled, data.model.has_key], [600, ['真人', '救命'], [['退款', '返钱']], false, true]);
  assert.doesNotMatch(await page.content(), /sk-secret/);

  await page.locator('.try input').fill('救命');
  await page.locator('.try', { hasText: 'This asks for a human' }).waitFor();
  await page.locator('.try input').fill('怎么申请返钱');
  await page.locator('.try li', { hasText: '怎么申请退款' }).waitFor();
  await field('most').fill('99');
  await page.locator('.form-deeds .pri').click();
  await page.locator('.say.bad').waitFor();
  await desk.isCalm({ network: false });
});

stage.story('a supervisor sees the rules and may not change them', async () => {
  const { desk, page } = await atRules('supervisor');
  await until('the rules are there', () => page.locator('[data-field=human] textarea').isDisabled());
  assert.equal(await page.locator('.form-deeds').count(), 0);
  await desk.isCalm();
});

// The visitor's page under a crowd of messages: who reads further up stays there, and the page stays quick and small.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { meter } from '../harness/meter.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';
import { openVisitorPage } from '../harness/visitor-page.js';

const stage = await openStage();
const browser = await openBrowser();
after(() => browser.close());

const CROWD = 2_000;
/** As many as the page keeps, and what is not sent yet. */
const MOST_ROWS = 210;

stage.story('two thousand messages come while somebody reads further up', async (_, context) => {
  await new Rest(stage.server.url, await stage.company('crowd', '岭上户外')).patch('/company', { anonymous: true });
  const agent = await stage.agent('陈默', { companyid: 'crowd' });
  await agent.connects();
  const visitor = await openVisitorPage(browser, `${stage.server.url}/chat/crowd`);
  const { page, box } = visitor;
  await page.getByRole('button', { name: '转人工' }).click();
  await agent.joins((await agent.notices('assign')).roomid);
  for (let n = 0; n < 80; n += 1) await agent.says(`before ${n}`);
  await visitor.hears('before 79');
  const log = page.locator('.scr');
  const row = page.locator('.msg', { hasText: /before 20$/ });
  await row.evaluate((element) => element.scrollIntoView({ block: 'start' }));
  await page.locator('.jump').waitFor();
  const top = () => row.evaluate((element) => element.getBoundingClientRect().top);
  const before = await top();

  const busy = await meter(page);
  let half;
  for (let n = 0; n < CROWD; n += 50) {
    if (n === CROWD / 2) {
      await box.fill('写到一半');
      half = await busy();
    }
    await agent.saysAll(Array.from({ length: 50 }, (_, at) => `crowd ${n + at}`));
  }
  await page.locator('.jump', { hasText: `${CROWD} 条新消息` }).waitFor();
  assert.equal(await top(), before, 'what was read has moved');
  assert.equal(await box.inputValue(), '写到一半');
  assert.ok((await page.locator('.msg').count()) < MOST_ROWS);
  context.diagnostic(`the second thousand took the page ${Math.round((await busy()) - half)} ms of the processor`);

  // On the way down by hand nothing is left out.
  const seen = new Set();
  await until('the end is reached', async () => {
    for (const text of await visitor.texts()) seen.add(text);
    await log.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    return seen.has(`crowd ${CROWD - 1}`);
  }, 60_000);
  assert.deepEqual(Array.from({ length: CROWD }, (_, n) => `crowd ${n}`).filter((text) => !seen.has(text)), []);
  assert.ok((await page.locator('.msg').count()) < MOST_ROWS);

  // Up again, far enough that the end is let go; and back to it at once by saying something.
  await until('earlier ones are there, and the last ones are not', async () => {
    await log.evaluate((element) => element.scrollTo(0, 0));
    const texts = await visitor.texts();
    return texts.includes(`crowd ${CROWD - 300}`) && !texts.includes(`crowd ${CROWD - 1}`);
  }, 60_000);
  await agent.gets('chat', { roomid: agent.roomid, type: 'text', msg: 'the very last', id: randomUUID() });
  await visitor.says('收到');
  await visitor.hears('the very last');
  await agent.hears('收到');
  await until('own words stand at the end', async () => (await visitor.texts()).slice(-2).join() === 'the very last,收到');
  await visitor.closes();
});

stage.story('who stands at the end stays there, however late it is told that the page has scrolled', async () => {
  await new Rest(stage.server.url, await stage.company('end', '岭上户外')).patch('/company', { anonymous: true });
  const agent = await stage.agent('陈默', { companyid: 'end' });
  await agent.connects();
  const visitor = await openVisitorPage(browser, `${stage.server.url}/chat/end`);
  const { page } = visitor;
  await page.getByRole('button', { name: '转人工' }).click();
  await agent.joins((await agent.notices('assign')).roomid);
  const log = page.locator('.scr');
  // A scroll of before is told when the next message stands in the page, and the page has not been laid out.
  await log.evaluate((element) => new MutationObserver(() => element.dispatchEvent(new Event('scroll'))).observe(element, { childList: true, subtree: true }));
  await agent.saysAll(Array.from({ length: 300 }, (_, at) => `line ${at}`));
  await visitor.hears('line 299');
  const below = () => log.evaluate(({ scrollTop, scrollHeight, clientHeight }) => scrollHeight - scrollTop - clientHeight);
  await until('the last message is in view', async () => (await below()) < 2);
  assert.equal(await page.locator('.jump').count(), 0);
  await page.mouse.move(200, 300);
  await page.mouse.wheel(0, -2_000);
  await page.locator('.jump').waitFor();
  await visitor.closes();
});

// The visitor's page open twice: both show the same, and neither loses what is being written.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';
import { openVisitorPage } from '../harness/visitor-page.js';

const stage = await openStage();
const browser = await openBrowser();
after(() => browser.close());

stage.story('two pages of one visitor agree on what was said and who serves, and each keeps its own draft', async () => {
  await new Rest(stage.server.url, await stage.company('tabs', '岭上户外')).patch('/company', { anonymous: true });
  const agent = await stage.agent('陈默', { companyid: 'tabs' });
  await agent.connects();
  const visitor = await openVisitorPage(browser, `${stage.server.url}/chat/tabs`);
  const { page } = visitor;
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.locator('.quick').waitFor();
  await other.locator('.panel textarea').fill('写到一半');

  await page.getByRole('button', { name: '转人工' }).click();
  await agent.joins((await agent.notices('assign')).roomid);
  for (const tab of [page, other]) await tab.locator('.top', { hasText: '陈默' }).waitFor();
  await visitor.says('在这一页说');
  await agent.says('收到');
  const texts = (tab) => tab.locator('.msgs .bub .words').allTextContents();
  for (const tab of [page, other]) await until('both show it', async () => (await texts(tab)).join() === '在这一页说,收到');
  await agent.reads();
  for (const tab of [page, other]) await tab.locator('.meta', { hasText: '已读' }).waitFor();

  await other.reload();
  await other.locator('.top .dot').waitFor();
  assert.equal(await other.locator('.panel textarea').inputValue(), '写到一半');
  await page.reload();
  await page.locator('.top .dot').waitFor();
  assert.equal(await visitor.box.inputValue(), '');
  await visitor.closes();
});

// The visitor's page: whether the bot's answer was of use.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { openVisitorPage } from '../harness/visitor-page.js';

const stage = await openStage();
const browser = await openBrowser();
after(() => browser.close());
let companies = 0;

const QUESTIONS = [{ title: '帐篷使用', default: true, items: [{ title: '帐杆断了怎么办', answer: '签收 30 天内断杆，补发整根，不收费。' }, { title: '几天能到', answer: '一般三天。' }] }];

async function asked(locale) {
  const companyid = `helped${(companies += 1)}`;
  const rest = new Rest(stage.server.url, await stage.company(companyid, '岭上户外'));
  await rest.patch('/company', { anonymous: true });
  await rest.put('/questions', { questions: QUESTIONS });
  const visitor = await openVisitorPage(browser, `${stage.server.url}/chat/${companyid}`, { locale });
  await visitor.page.getByRole('button', { name: '帐杆断了怎么办' }).click();
  await visitor.hears('补发整根');
  return { companyid, visitor, page: visitor.page };
}

stage.story('an answer that helped is acknowledged, and only the last answer asks', async () => {
  const { visitor, page } = await asked('zh-CN');
  await page.getByRole('button', { name: '有帮助' }).click();
  await page.getByText('好的，还有问题随时问').waitFor();
  await page.getByRole('button', { name: '几天能到' }).click();
  await visitor.hears('一般三天');
  await page.locator('.msg', { hasText: '一般三天' }).getByRole('button', { name: '没解决，转人工' }).waitFor();
  assert.equal(await page.locator('.helped').count(), 1);
  await visitor.closes();
});

stage.story('an answer that did not help leads to a person', async () => {
  const { companyid, visitor, page } = await asked('en');
  const agent = await stage.agent('Priya', { companyid });
  await agent.connects();
  await page.getByRole('button', { name: 'Not solved, talk to a person' }).click();
  await agent.notices('assign');
  await visitor.sees('Priya joined');
  assert.equal(await page.locator('.helped').count(), 0, 'nobody is asked about the bot while a person is there');
  await visitor.closes();
});

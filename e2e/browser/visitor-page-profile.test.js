// The visitor's page: looks and speaks as the company has set it.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { png } from '../harness/pictures.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';
import { openVisitorPage } from '../harness/visitor-page.js';

const stage = await openStage();
const browser = await openBrowser();
after(() => browser.close());

stage.story('a company greets in its own words under its own logo, and says when it is there', async () => {
  const rest = new Rest(stage.server.url, await stage.company('face', '岭上户外'));
  const agent = await stage.agent('陈默', { companyid: 'face' });
  const { body } = await stage.api.uploadImage(agent.ticket, png(64, 64), 'logo.png');
  const hours = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => `${day} 00:00-00:01`).join('\n');
  await rest.patch('/company', { anonymous: true, settings: { logo: body.data, welcome: '你好。\n山上见', offline: '明早 9 点起按先后回复', hours } });
  const visitor = await openVisitorPage(browser, `${stage.server.url}/chat/face`);
  const { page } = visitor;
  await visitor.hears('山上见');
  await logoIsThere(page);
  await page.locator('.top', { hasText: '现在是下班时间' }).waitFor();
  await page.getByRole('button', { name: '转人工' }).click();
  const sheet = page.getByRole('dialog', { name: '留言给我们' });
  await sheet.getByText('明早 9 点起按先后回复').waitFor();
  await sheet.getByText('每天 0:00 至 0:01').waitFor();
  await visitor.closes();
});

stage.story('a company that asks for a ticket is there under its own logo all the same', async () => {
  const rest = new Rest(stage.server.url, await stage.company('guarded', '岭上户外'));
  const agent = await stage.agent('陈默', { companyid: 'guarded' });
  const { body } = await stage.api.uploadImage(agent.ticket, png(64, 64), 'logo.png');
  await rest.patch('/company', { anonymous: true, private_files: true, settings: { logo: body.data } });
  const visitor = await openVisitorPage(browser, `${stage.server.url}/chat/guarded`);
  await logoIsThere(visitor.page);
  await visitor.closes({ errors: /status of 4/ });
});

for (const [company, locale, word] of [['chinese', 'zh-CN', '转人工'], ['english', 'en', 'Talk to a person']]) {
  stage.story(`somebody whose language is neither Chinese nor English is spoken to in the company's (${locale})`, async () => {
    const rest = new Rest(stage.server.url, await stage.company(company, '岭上户外'));
    await rest.patch('/company', { anonymous: true, settings: { locale } });
    const visitor = await openVisitorPage(browser, `${stage.server.url}/chat/${company}`, { locale: 'de-DE' });
    await visitor.page.getByRole('button', { name: word }).waitFor();
    assert.match(await visitor.page.locator('html').getAttribute('lang'), locale === 'en' ? /^en/ : /^zh/);
    await visitor.closes();
  });
}

function logoIsThere(page) {
  return until('the logo is there', () => page.locator('.top .av img').evaluateAll(([image]) => image?.naturalWidth === 64));
}

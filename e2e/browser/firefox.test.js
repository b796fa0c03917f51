// The visitor's page in Firefox: the main story, from the first question over a person, a picture and a reload to the rating.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import puppeteer from 'puppeteer-core';
import { png } from '../harness/pictures.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { temporaryFolder } from '../harness/tidy.js';
import { until } from '../harness/until.js';

const QUESTION = { title: '帐篷使用', default: true, items: [{ title: '帐杆断了怎么办', answer: '签收 30 天内断杆，补发整根，不收费。' }] };

const stage = await openStage();
// Playwright drives a Firefox of its own build only; over WebDriver BiDi the distribution's will do.
const browser = await puppeteer.launch({ browser: 'firefox', executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr', headless: true });
after(() => browser.close());

stage.story('a visitor asks the bot, is served, sends a text and a picture, reloads and rates', async () => {
  const rest = new Rest(stage.server.url, await stage.company('fox', '岭上户外'));
  await rest.patch('/company', { anonymous: true });
  await rest.put('/questions', { questions: [QUESTION] });
  const agent = await stage.agent('陈默', { companyid: 'fox' });
  await agent.connects();
  const page = await open('/chat/fox?lang=zh');
  const visitor = visitorAt(page);

  await visitor.presses('.qs .q', '帐杆断了怎么办');
  await visitor.sees('.msg.in', '补发整根');
  await visitor.presses('.quick .btn', '转人工');
  const { roomid, chatid } = await agent.notices('assign');
  await visitor.sees('.sys', '陈默 为您服务');
  await agent.joins(roomid);
  await agent.says('您好，我在');
  await visitor.sees('.msg.in', '您好，我在');

  await visitor.says('你好 👋');
  await agent.hears('你好 👋');
  const picture = join(temporaryFolder(), '杆.png');
  writeFileSync(picture, png(400, 300));
  await (await page.$('input[type=file]')).uploadFile(picture);
  await agent.hears(({ mtype }) => mtype === 'image');
  await agent.reads();
  await visitor.sees('.meta', '已读');

  await page.reload();
  for (const text of ['您好，我在', '你好 👋']) await visitor.sees('.msg', text);
  await until('the picture is loaded', () => page.$$eval('.pic img', (images) => images.length === 1 && images[0].naturalWidth === 400));

  await agent.manages('endChat', { roomid, chatid });
  await visitor.presses('.rates label', '非常满意');
  await visitor.presses('.sheet button', '提交评价');
  await visitor.sees('.receipt', '非常满意');
  assert.equal((await agent.history()).filter(({ msg }) => msg === '你好 👋').length, 1);
  assert.deepEqual(page.errors, []);
  await page.close();
});

async function open(path) {
  const page = await browser.newPage();
  page.setDefaultTimeout(20_000);
  page.errors = [];
  page.on('pageerror', (error) => page.errors.push(String(error)));
  page.on('console', (line) => line.type() === 'error' && page.errors.push(line.text()));
  await page.setViewport({ width: 390, height: 844 });
  await page.goto(stage.server.url + path);
  return page;
}

/** What a visitor does at the page; elements are found by what they say. */
function visitorAt(page) {
  const sees = (selector, text) => page.waitForFunction((all, words) => [...document.querySelectorAll(all)].find(({ textContent }) => textContent.includes(words)), {}, selector, text);
  return {
    sees,
    presses: async (selector, text) => (await sees(selector, text)).click(),
    async says(text) {
      await page.type('.panel textarea', text);
      await page.keyboard.press('Enter');
    },
  };
}

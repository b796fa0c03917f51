// Questions in the console as a file: what it would do is seen line by line before it is saved, and all of them can be taken out.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Desk } from '../harness/desk.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';

const stage = await openStage({ args: [] });
const browser = await openBrowser();
after(() => browser.close());

const THERE = [{ title: '退换货', default: true, order: 1, items: [{ title: '怎么申请退款', answer: '点退款' }, { title: '多久到账', answer: '三天' }] }];
/** 分类,问题,答案 / 物流,几天到,两天 as Excel writes it on a Chinese Windows. */
const GB18030 = Buffer.from([0xb7, 0xd6, 0xc0, 0xe0, 0x2c, 0xce, 0xca, 0xcc, 0xe2, 0x2c, 0xb4, 0xf0, 0xb0, 0xb8, 0x0d, 0x0a, 0xce, 0xef, 0xc1, 0xf7, 0x2c, 0xbc, 0xb8, 0xcc, 0xec, 0xb5, 0xbd, 0x2c, 0xc1, 0xbd, 0xcc, 0xec, 0x0d, 0x0a]);

/** At the questions of the company, which are these. */
async function atQuestions(role = 'supervisor', questions = THERE) {
  const rest = new Rest(stage.server.url, await stage.key('c1'));
  assert.equal((await rest.put('/questions', { questions })).body.errcode, 0);
  const desk = await Desk.inside(stage, browser, { role });
  await desk.page.locator('.rail a', { hasText: 'Questions' }).click();
  await desk.tableRow('退换货').waitFor();
  const file = (name, bytes) => desk.page.locator('.import input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(bytes) });
  const count = async (tab) => Number(await desk.page.getByRole('tab', { name: new RegExp(`^${tab}`) }).locator('span').textContent());
  return { rest, desk, file, count, page: desk.page };
}

stage.story('a file is seen line by line before it is saved with one call; ids of questions stay', async () => {
  const { rest, desk, file, count, page } = await atQuestions();
  const before = (await rest.get('/questions')).body.data[0];
  await page.getByRole('button', { name: 'Import' }).click();
  await file('faq.csv', '分类,问题,答案,欢迎卡片\n退换货,怎么申请退款,点退款,\n退换货,多久到账,五天,\n退换货,"运费\n谁付",我们付,\n退换货,没有答案,,\n物流,几天到,"两天, 最多三天",否\n');
  await page.locator('.import .admin-head', { hasText: 'faq.csv · UTF-8 · 5 questions' }).waitFor();
  assert.deepEqual([await count('Left out'), await count('New'), await count('Changed'), await count('Unchanged')], [1, 2, 1, 1]);
  const wrong = page.locator('.import tbody tr');
  assert.deepEqual((await wrong.locator('td').allTextContents()).map((text) => text.trim()), ['6', 'Left out', '退换货', '没有答案', 'The answer is missing']);
  await page.getByRole('tab', { name: /^Changed/ }).click();
  await page.locator('.import tbody tr', { hasText: 'The answer was: 三天' }).waitFor();

  const calls = [];
  page.on('request', (request) => /questions/.test(request.url()) && request.method() !== 'GET' && calls.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await page.getByRole('button', { name: 'Save 3 changes' }).click();
  await desk.tableRow('物流').waitFor();
  assert.deepEqual(calls, ['PUT /api/v1/questions']);
  const now = (await rest.get('/questions')).body.data;
  const items = now.find(({ title }) => title === '退换货').items;
  assert.deepEqual(items.map(({ title, answer }) => [title, answer]), [['怎么申请退款', '点退款'], ['多久到账', '五天'], ['运费 谁付', '我们付']]);
  assert.deepEqual(items.slice(0, 2).map(({ id }) => id), before.items.map(({ id }) => id));
  assert.equal(now.find(({ title }) => title === '物流').default, false);
  await desk.isCalm();
});

stage.story('a file of a Chinese spreadsheet is read, one that is none says why, and the template can be taken', async () => {
  const { desk, file, page } = await atQuestions();
  await page.getByRole('button', { name: 'Import' }).click();
  const [template] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download a template' }).click()]);
  assert.match(readFileSync(await template.path(), 'utf8'), /^\u{feff}Topic,Question,Answer,Welcome card,Enabled,Order\r\n/u);
  await file('picture.csv', [0x89, 0x50, 0x4e, 0x47, 0, 0, 0xff, 0xff]);
  await page.locator('.say.bad', { hasText: 'not a text file' }).waitFor();
  await file('other.csv', 'name,phone\na,b\n');
  await page.locator('.say.bad', { hasText: 'lacks these columns: Topic, Question, Answer' }).waitFor();
  await file('excel.csv', GB18030);
  await page.locator('.import .admin-head', { hasText: 'excel.csv · GB18030 · 1 question' }).waitFor();
  await page.locator('.import tbody tr', { hasText: '几天到' }).waitFor();
  await desk.isCalm();
});

stage.story('questions that a file does not name go only when that is asked for and said again', async () => {
  const { rest, desk, file, page } = await atQuestions();
  await page.getByRole('button', { name: 'Import' }).click();
  await file('few.csv', '分类,问题,答案\n退换货,多久到账,三天\n');
  await page.getByRole('button', { name: 'Nothing to save' }).waitFor();
  await page.getByLabel('Delete questions that are not in the file').click();
  await page.locator('.import tbody tr', { hasText: '怎么申请退款' }).locator('.tag', { hasText: 'Deleted' }).waitFor();
  await page.getByRole('button', { name: 'Save 1 change' }).click();
  await page.getByRole('button', { name: 'Delete 1 question and save' }).click();
  // The preview has such a row, too.
  await page.locator('.import').waitFor({ state: 'detached' });
  await desk.tableRow('退换货').waitFor();
  assert.deepEqual((await rest.get('/questions')).body.data.flatMap(({ items }) => items.map(({ title }) => title)), ['多久到账']);
  await desk.isCalm();
});

stage.story('what a colleague changes meanwhile is not lost: the preview is drawn anew', async () => {
  const { rest, desk, file, page } = await atQuestions();
  await page.getByRole('button', { name: 'Import' }).click();
  await file('one.csv', '分类,问题,答案\n退换货,能换吗,能\n');
  await page.getByRole('button', { name: 'Save 1 change' }).waitFor();
  await rest.post('/questions', { title: '会员', items: [{ title: '怎么升级', answer: '多买' }] });
  await page.getByRole('button', { name: 'Save 1 change' }).click();
  await page.locator('.toast', { hasText: 'Somebody has changed the questions' }).waitFor();
  await page.getByRole('button', { name: 'Save 1 change' }).click();
  await desk.tableRow('会员').waitFor();
  assert.deepEqual((await rest.get('/questions')).body.data.map(({ title }) => title).sort(), ['会员', '退换货']);
  await desk.isCalm();
});

stage.story('all questions are taken out, and come back unchanged', async () => {
  const { desk, file, count, page } = await atQuestions('supervisor', [{ ...THERE[0], items: [{ title: '=1+1', answer: '"两", 行\n第二行' }] }]);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export' }).click()]);
  assert.equal(download.suggestedFilename(), 'c1-questions.csv');
  const text = readFileSync(await download.path());
  assert.match(text.toString(), /,"'=1\+1",/);
  await page.getByRole('button', { name: 'Import' }).click();
  await file('back.csv', text);
  await page.getByRole('button', { name: 'Nothing to save' }).waitFor();
  assert.equal(await count('Unchanged'), 1);
  await desk.isCalm();
});

stage.story('what is more than the service takes at once is not saved, and the page says so', async () => {
  const { rest, desk, file, page } = await atQuestions();
  await page.getByRole('button', { name: 'Import' }).click();
  // Each line's end is one byte in the file and two in what is sent.
  await file('long.csv', `分类,问题,答案\n${Array.from({ length: 3_000 }, (_, n) => `很长 ${n % 30},问题 ${n},"${'x\n'.repeat(1_000)}"`).join('\n')}`);
  await page.locator('.import-foot .pri').click();
  await page.locator('.say.bad', { hasText: 'more than the service takes at once' }).waitFor();
  assert.equal((await rest.get('/questions')).body.data.length, 1);
  await desk.isCalm({ network: false });
});

stage.story('what is being written is tried before it is saved: scores beside the threshold, shared words marked', async () => {
  const { rest, desk, page } = await atQuestions();
  const results = page.locator('.try li');
  const tries = (text) => page.locator('.try input').fill(text);
  await tries('运费谁付');
  await page.locator('.try', { hasText: 'Nothing found' }).waitFor();

  await desk.tableRow('退换货').click();
  await page.locator('.editor .try', { hasText: 'Matches what is being written' }).waitFor();
  assert.equal(await page.locator('.try').count(), 1);
  assert.equal(await page.locator('.try input').inputValue(), '运费谁付', 'what was tried is tried again');
  await page.getByRole('button', { name: 'Add a question' }).click();
  await page.getByLabel('Question', { exact: true }).last().fill('退货的运费由谁付');
  const written = results.filter({ hasText: '退货的运费由谁付' });
  await written.locator('mark', { hasText: '运费' }).waitFor();
  assert.ok(await written.evaluate((row) => row.classList.contains('shown')));
  await page.locator('.try .hint', { hasText: 'A visitor sees 1 of these.' }).waitFor();

  await tries('退款');
  const [first, score] = [results.first(), async () => Number(await results.first().locator('.num').textContent())];
  await first.filter({ hasText: '怎么申请退款' }).waitFor();
  const before = await score();
  await page.getByLabel('Question', { exact: true }).first().fill('退款');
  await until('the score is that of the new words', async () => (await score()) === 100 && before < 100);
  await page.getByLabel('Enabled').click();
  await page.locator('.try', { hasText: 'Nothing found' }).waitFor();
  await page.locator('.try input').press('Enter');
  assert.deepEqual((await rest.get('/questions')).body.data.flatMap(({ items }) => items.map(({ title }) => title)), THERE[0].items.map(({ title }) => title), 'nothing was saved');
  await desk.isCalm();
});

stage.story('what only comes near is told as such and does not look as if it were shown', async () => {
  const { rest, page, desk } = await atQuestions('supervisor', [{ ...THERE[0], items: [{ title: '怎么申请退款', answer: '点' }, { title: '会员怎么升级到金卡等级', answer: '多买' }] }]);
  await rest.put('/bot', { ...(await rest.get('/bot')).body.data, threshold: 900 });
  await page.locator('.try input').fill('金卡');
  const near = page.locator('.try li:not(.shown)', { hasText: '会员怎么升级到金卡等级' });
  await near.locator('mark', { hasText: '金卡' }).waitFor();
  await page.locator('.try .hint', { hasText: 'A visitor sees 0 of these. The line is the threshold of 90' }).waitFor();
  await desk.isCalm();
});

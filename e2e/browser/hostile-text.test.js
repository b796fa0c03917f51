// What strangers write is text, wherever an agent meets it: name, words, file, address, attributes, card, order, note.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Desk } from '../harness/desk.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';

const stage = await openStage();
const browser = await openBrowser();
after(() => browser.close());

const MARKUP = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>';
/** What makes letters around it run the other way, and what is nothing to be seen. */
const REVERSED = '\u202egnp.exe\u2066';
const JOINED = `a${'\u200d'.repeat(50)}\u200bb`;

async function isUnhurt(desk, where) {
  assert.equal(await desk.page.evaluate(() => window.hurt), undefined, where);
  assert.equal(await desk.page.locator('img[src=x], .console script').count(), 0, where);
  await until(`nothing is wider than the page ${where}`, () => desk.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
}

stage.story('everything that a stranger can name or write stands in the console as it was written', async () => {
  const companyid = 'hostile';
  const owner = new Rest(stage.server.url, await stage.company(companyid, MARKUP));
  const desk = await Desk.online(stage, browser, { companyid, role: 'supervisor' });
  const name = `${MARKUP}${REVERSED}`;
  const visitor = await stage.visitor(name, { companyid, attributes: { [MARKUP]: REVERSED, city: MARKUP } });
  await visitor.connects({ arrival: { page: `https://shop.example/${encodeURIComponent(MARKUP)}?${MARKUP}`, referrer: MARKUP } });
  await visitor.joins();
  const { id } = await visitor.says(MARKUP);
  await visitor.says(REVERSED, { quote: id });
  await visitor.says(JOINED);
  await visitor.says('x'.repeat(10_000));
  await visitor.says('长'.repeat(10_000));
  const { body: file } = await stage.api.uploadFile(visitor.ticket, Buffer.from('text'), `${REVERSED}${'n'.repeat(150)}.txt`, 'text/plain');
  await visitor.gets('chat', { roomid: visitor.roomid, type: 'file', msg: { fileid: file.fileid, filename: file.filename ?? `${REVERSED}.txt` } });
  for (const kind of ['product', 'order']) await visitor.gets('chat', { roomid: visitor.roomid, type: 'custom', msg: { kind, title: MARKUP, number: MARKUP, state: REVERSED, note: MARKUP, price: MARKUP, url: `javascript:window.hurt=1` } });
  await owner.put('/work-order-kinds/repair', { text: MARKUP });
  const made = await owner.post('/orders', { kind: 'repair', submitter: visitor.aid, title: MARKUP, describe: `${MARKUP}${REVERSED}` });
  assert.equal(made.body.errcode, 0, JSON.stringify(made.body));
  const { chatid } = await visitor.applies({ csid: desk.account.aid });

  await desk.row(MARKUP).click();
  await desk.page.locator('.con h1 bdi', { hasText: MARKUP }).waitFor();
  for (const text of [MARKUP, 'x'.repeat(10_000), '长'.repeat(10_000)]) {
    await until('it stands there whole', async () => (await desk.page.locator('.log .words').allTextContents()).some((words) => words.includes(text)) || (await desk.page.locator('.log').evaluate((log) => void (log.scrollTop -= 400))));
  }
  await isUnhurt(desk, 'in the conversation');
  assert.equal(await desk.page.locator('.log a[href^="javascript"]').count(), 0);
  const card = desk.page.locator('aside.who');
  await card.locator('dt bdi', { hasText: MARKUP }).waitFor();
  await card.locator('dd', { hasText: MARKUP }).first().waitFor();
  await card.locator('a bdi', { hasText: MARKUP }).waitFor();
  await isUnhurt(desk, 'in the card');

  await desk.page.locator('.modes button').last().click();
  await desk.says(MARKUP);
  await desk.page.locator('.note .words', { hasText: MARKUP }).waitFor();
  await desk.page.keyboard.press('Alt+t');
  await desk.page.locator('.dialog h2', { hasText: MARKUP }).waitFor();
  await isUnhurt(desk, 'in the transfer');
  await desk.page.keyboard.press('Escape');

  await desk.page.locator('.rail a', { hasText: 'Orders' }).click();
  await desk.tableRow(MARKUP).getByText(MARKUP).click();
  await desk.page.locator('.editor', { hasText: REVERSED }).waitFor();
  await isUnhurt(desk, 'in the work order');
  await desk.page.locator('.rail a', { hasText: 'History' }).click();
  await desk.page.locator('.hit', { hasText: MARKUP }).first().waitFor();
  await isUnhurt(desk, 'in the history');

  await visitor.gets('user', { type: 'endcs', roomid: visitor.roomid, chatid });
  await desk.page.locator('.rail a', { hasText: 'Chats' }).click();
  await desk.busy();
  await visitor.applies();
  await desk.page.locator('.rail a', { hasText: 'Board' }).click();
  await desk.page.locator('.board-row', { hasText: MARKUP }).waitFor();
  await isUnhurt(desk, 'on the wallboard');
  await desk.isCalm();
});

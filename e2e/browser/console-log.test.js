// What an agent reads in the log of a room: the bot's part, folded; what the visitor is typing, where the company lets agents see it.
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

const ITEMS = [
  { title: '几天能到', answer: '一般三天。' },
  { title: '怎么退货', answer: '在订单里点退货。' },
];

stage.story('what the bot has answered is one line, which mouse and keys unfold and fold again', async () => {
  const rest = new Rest(stage.server.url, await stage.company('bot', '岭上户外'));
  await rest.put('/questions', { questions: [{ title: '常见', default: true, items: ITEMS }] });
  const desk = await Desk.online(stage, browser, { companyid: 'bot' });
  const visitor = await stage.visitor('小樊', { companyid: 'bot' });
  await visitor.connects();
  const [{ subItmes }] = await until('the bot is known', async () => (await visitor.joins()).chat_msgs.at(-1)?.msg.items);
  for (const { id, subTitle } of subItmes) await visitor.gets('query', { roomid: visitor.roomid, queryId: id, queryTitle: subTitle });
  await visitor.says('我还有一个问题');
  await visitor.applies({ csid: desk.account.aid });

  await desk.opens('小樊');
  const fold = desk.page.locator('.bots', { hasText: 'The bot answered 2 first: 几天能到' });
  const says = () => desk.page.locator('.log .msg .words').allTextContents();
  await fold.waitFor();
  assert.deepEqual(await says(), ['我还有一个问题']);

  const all = [...ITEMS.flatMap(({ title, answer }) => [title, answer]), '我还有一个问题'];
  const shows = (texts) => until(`the log says ${texts}`, async () => String(await says()) === String(texts));
  const button = fold.getByRole('button');
  await button.click();
  await shows(all);
  assert.equal(await button.getAttribute('aria-expanded'), 'true');
  assert.equal(await desk.page.locator('.log .msg.bot').count(), 2);
  await button.click();
  await shows(['我还有一个问题']);

  for (const [state, texts] of [['true', all], ['false', ['我还有一个问题']]]) {
    await desk.page.keyboard.press(state === 'true' ? 'Enter' : 'Space');
    await shows(texts);
    assert.equal(await desk.page.evaluate(() => document.activeElement.getAttribute('aria-expanded')), state, 'the focus stays on the button');
  }
  await desk.isCalm();
});

stage.story('what a visitor types is shown as far as the company allows, and is gone when it is said', async () => {
  await stage.company('open', 'Open', { typing_preview: true });
  await stage.company('shy', 'Shy');
  for (const [companyid, preview] of [['open', '我想退'], ['shy', '']]) {
    const desk = await Desk.online(stage, browser, { companyid });
    const visitor = await stage.visitor('小幸', { companyid });
    await visitor.connects();
    await visitor.joins();
    await visitor.says('hello');
    await visitor.applies({ csid: desk.account.aid });
    await desk.opens('小幸');
    await visitor.gets('typing', { roomid: visitor.roomid, text: '我想退' });
    const line = desk.page.locator('.typ');
    await line.filter({ hasText: '小幸 is typing' }).waitFor();
    assert.equal((await line.textContent()).replace('小幸 is typing', ''), preview);
    await visitor.says('我想退货');
    await desk.message('我想退货').waitFor();
    assert.equal(await line.textContent(), '');
    await desk.isCalm();
  }
});

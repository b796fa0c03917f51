// The list of an agent's chats: new on top, and nothing moves under the mouse.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Desk } from '../harness/desk.js';
import { broken } from '../harness/looks.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';

const stage = await openStage({ args: [] });
const browser = await openBrowser();
after(() => browser.close());

stage.story('who writes comes to the top, but not while somebody aims: then the list says that it has news', async () => {
  const list = await List.of('甲', '乙', '丙');
  const { desk, page, visitors } = list;
  const [first] = visitors;
  await list.stands('丙', '乙', '甲');

  await desk.row('甲').hover();
  const place = await desk.row('甲').boundingBox();
  const isStill = async () => assert.deepEqual(await desk.row('甲').boundingBox(), place);
  await first.says('news');
  await list.hasNews('1 update');
  await desk.row('甲').locator('.pv', { hasText: 'news' }).waitFor();
  await isStill();
  await desk.isGiven('丁', ['hello']);
  await list.hasNews('2 updates');
  await list.stands('丙', '乙', '甲');
  await isStill();
  await page.mouse.down();
  await page.mouse.up();
  await page.locator('.con h1', { hasText: '甲' }).waitFor();

  await list.news.click();
  await list.stands('丁', '甲', '丙', '乙');
  await list.hasNoNews();

  await visitors[1].says('me too');
  await list.hasNews('1 update');
  await page.mouse.move(900, 400);
  await list.stands('乙', '丁', '甲', '丙');
  await list.hasNoNews();
  await desk.isCalm();
});

stage.story('the same holds for who goes through the list by keys, and the news are one key away', async () => {
  const list = await List.of('甲', '乙');
  const { desk, page, visitors } = list;
  const focused = () => page.evaluate(() => document.activeElement.querySelector('.nm')?.textContent);
  await desk.row('乙').focus();
  await page.keyboard.press('ArrowDown');
  assert.equal(await focused(), '甲');
  await visitors[0].says('news');
  await list.hasNews('1 update');
  await list.stands('乙', '甲');
  await until('the focus is on the news', async () => (await page.keyboard.press('Shift+Tab'), list.news.evaluate((button) => button === document.activeElement)));
  await page.keyboard.press('Enter');
  await list.stands('甲', '乙');
  await list.hasNoNews();
  assert.equal(await focused(), '甲');
  await desk.isCalm();
});

stage.story('that somebody begins or ceases to wait moves no row under the mouse, and who waits can be taken all the while', async () => {
  const list = await List.of('甲', '乙');
  const { desk, page } = list;
  const colleague = await stage.agent('Colleague');
  await colleague.connects();
  const strip = page.locator('.wait');
  const queueIs = (n) => page.locator('[data-view=waiting] span', { hasText: String(n) }).waitFor();
  await desk.busy();

  await desk.row('甲').hover();
  const place = await desk.row('甲').boundingBox();
  const isStill = async (at = place) => assert.deepEqual(await desk.row('甲').boundingBox(), at);
  const first = await list.waits('丙');
  await queueIs(1);
  await list.hasNews('1 update');
  assert.equal(await strip.count(), 0);
  await isStill();

  await list.news.click();
  await strip.filter({ hasText: '1 waiting' }).waitFor();
  await list.hasNoNews();
  await desk.row('甲').hover();
  const lower = await desk.row('甲').boundingBox();
  assert.ok(lower.y > place.y);
  await colleague.manages('serveChat', first);
  await strip.filter({ hasText: '0 waiting' }).waitFor();
  await list.hasNews('1 update');
  await isStill(lower);
  await page.mouse.move(900, 400);
  await strip.waitFor({ state: 'detached' });
  await isStill();

  // The key takes whoever waits, whether the strip stands there or not.
  await desk.row('甲').hover();
  await list.waits('丁');
  await queueIs(1);
  await page.keyboard.press('Alt+j');
  await page.locator('.con h1', { hasText: '丁' }).waitFor();
  assert.equal(await strip.count(), 0);
  await isStill();
  await desk.isCalm();
});

stage.story('who is answered or gone keeps the place under the mouse, faded, until the list is left', async () => {
  const list = await List.of('甲', '乙', '丙');
  const { desk, page, visitors } = list;
  await desk.opens('丙');
  await desk.row('甲').hover();
  const place = await desk.row('甲').boundingBox();
  const isStill = async () => assert.deepEqual(await desk.row('甲').boundingBox(), place);
  await desk.says('an answer');
  await visitors[2].hears('an answer');
  await list.hasNews('1 update');
  await isStill();

  const [{ chatid }] = visitors[1].told('serving');
  await visitors[1].gets('user', { type: 'endcs', roomid: visitors[1].roomid, chatid });
  await page.locator('.crow.is-gone', { hasText: '乙' }).waitFor();
  await list.hasNews('2 updates');
  await isStill();
  assert.deepEqual(await broken(page), []);
  await page.mouse.move(900, 400);
  await list.stands('甲', '丙');
  await desk.isCalm();
});

stage.story('who takes one after the other from the queue by mouse has the button where it was, and sees whom it took', async () => {
  const list = await List.of('甲');
  const { desk, page } = list;
  await desk.busy();
  await list.waits('乙');
  await list.waits('丙');
  const take = page.locator('.wait button');
  await page.locator('.wait', { hasText: '2 waiting' }).waitFor();
  await take.hover();
  const place = await take.boundingBox();
  for (const [nick, left] of [['乙', '1 waiting'], ['丙', '0 waiting']]) {
    await page.mouse.down();
    await page.mouse.up();
    await page.locator('.con h1', { hasText: nick }).waitFor();
    await page.locator('.wait', { hasText: left }).waitFor();
    await desk.row(nick).waitFor();
    assert.deepEqual(await take.boundingBox(), place);
  }
  await page.mouse.down();
  await page.mouse.up();
  await page.locator('.con h1', { hasText: '丙' }).waitFor();
  await page.mouse.move(900, 400);
  await page.locator('.wait').waitFor({ state: 'detached' });
  await desk.isCalm();
});

stage.story('all and closed say how many of them have come, and that there are more', async () => {
  const key = await stage.company('many', 'Many');
  const desk = await Desk.online(stage, browser, { companyid: 'many' });
  await desk.busy();
  const { body } = await new Rest(stage.server.url, key).post('/groups', { name: 'All', members: [desk.account.aid] });
  const comes = async (nick) => {
    const visitor = await stage.visitor(nick, { companyid: 'many' });
    await visitor.connects();
    await visitor.joins();
    assert.equal((await visitor.applies({ groupid: body.data.id })).status, 'waiting');
    return visitor;
  };
  const tab = (view) => desk.page.locator(`[data-view=${view}]`);
  const says = (view, words) => until(`${view} says ${words}`, async () => (await tab(view).textContent()) === words);
  for (let n = 0; n < 50; n += 10) await Promise.all(Array.from({ length: 10 }, (_, at) => comes(`Guest ${n + at}`)));
  await desk.page.keyboard.press('Alt+3');
  await says('all', 'All50');
  const last = await comes('Guest 50');
  await says('all', 'All50+');
  await desk.page.locator('.lst .rows').evaluate((list) => list.scrollTo(0, list.scrollHeight));
  await says('all', 'All51');
  await last.gets('user', { type: 'endcs', roomid: last.roomid, chatid: last.told('waiting')[0].chatid });
  await desk.page.keyboard.press('Alt+4');
  await says('closed', 'Closed1');
  await says('all', 'All');
  await desk.isCalm();
});

class List {
  /** Of an agent who has these visitors, given one after the other. */
  static async of(...nicks) {
    const desk = await Desk.online(stage, browser);
    const list = Object.assign(new List(), { desk, page: desk.page, visitors: [] });
    for (const nick of nicks) {
      list.visitors.push(await desk.isGiven(nick, ['hello']));
      await desk.row(nick).waitFor();
    }
    return list;
  }

  /** A visitor who waits for this agent; answers the consultation. */
  async waits(nick) {
    const visitor = await stage.visitor(nick);
    await visitor.connects();
    await visitor.joins();
    await visitor.says('anybody?');
    const { status, chatid } = await visitor.applies({ groupid: await this.desk.groupWith(this.desk) });
    assert.equal(status, 'waiting');
    return { roomid: visitor.roomid, chatid };
  }

  get news() {
    return this.page.locator('.updates');
  }

  hasNews(words) {
    return this.page.locator('.updates', { hasText: words }).waitFor();
  }

  hasNoNews() {
    return this.news.waitFor({ state: 'detached' });
  }

  /** From top to bottom, as it is seen. */
  async stands(...nicks) {
    const seen = () =>
      this.page.locator('.crow').evaluateAll((rows) =>
        rows
          .map((row) => [row.getBoundingClientRect().top, row.querySelector('.nm bdi').textContent])
          .sort(([one], [other]) => one - other)
          .map(([, nick]) => nick),
      );
    await until(`the list is ${nicks}`, async () => String(await seen()) === String(nicks));
  }
}

// The console in a room of a hundred thousand messages: it draws what is seen, goes back page by page, and opens a place far back.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openBrowser } from '../harness/browser.js';
import { Desk } from '../harness/desk.js';
import { meter } from '../harness/meter.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';

const FILL = join(dirname(fileURLToPath(import.meta.url)), '../harness/long-past.py');
const MESSAGES = 100_000;
const LAST = MESSAGES - 1;
/** So many are gone back page by page. */
const BACK = 4_000;
/** What fits on the screen, and what is kept ready above and below it. */
const MOST_DRAWN = 120;
const MOST_HEAP_BYTES = 30_000_000;
const PATIENCE_MS = 120_000;

const stage = await openStage({ args: [] });
const browser = await openBrowser();
after(() => browser.close());

stage.story('a hundred thousand messages: little is drawn, pages come from far back, and so does what was searched for', async (_, context) => {
  const visitor = await visitorWithPast();
  const desk = await Desk.online(stage, browser);
  await visitor.connects();
  await visitor.joins();
  await visitor.applies({ csid: desk.account.aid });
  const log = new Log(desk.page);
  const worked = await meter(desk.page);
  const took = async (what, does) => {
    const [before, from] = [await worked(), Date.now()];
    await does();
    context.diagnostic(`${what}: ${Math.round((await worked()) - before)} ms of the processor, ${Date.now() - from} ms in all, ${Math.round((await heapBytes(desk.page)) / 1e6)} MB`);
  };

  await took('opened', async () => {
    await desk.opens('小史');
    await log.shows(LAST);
  });
  await log.isSmall();

  await took(`${BACK} messages back`, async () => {
    await until('the pages have come', async () => {
      await log.isSmall();
      await log.scrolls(-1e6);
      return (await log.drawn()).at(0) <= MESSAGES - BACK;
    }, PATIENCE_MS);
  });
  await visitor.says('while you read');
  await log.jump.filter({ hasText: '1 new message' }).click();
  await log.says('while you read');
  await log.shows(LAST);
  await log.isSmall();

  // What lies far back is shown in its place, and can be read on from there in both directions.
  await took('a place far back', () => log.isOpenedFromHistory(1_234));
  await log.isSmall();
  await log.readsFrom(1_234, 1_400);
  await log.readsFrom(1_400, 1_100);
  await visitor.says('while you read again');
  await log.jump.filter({ hasText: '1 new message' }).waitFor();
  await desk.says('I have read it');
  await visitor.hears('I have read it');
  await log.says('while you read again');
  await log.says('I have read it');
  assert.equal(await log.jump.count(), 0);

  // From a place that is not that far back one comes to the end without a gap.
  await took('a place not that far back', () => log.isOpenedFromHistory(LAST - 500));
  await log.readsFrom(LAST - 500, LAST);
  await until('the end is reached', async () => (await log.scrolls(1e6), (await log.jump.count()) === 0));
  await log.says('I have read it');
  assert.ok((await heapBytes(desk.page)) < MOST_HEAP_BYTES);
  await desk.isCalm();
});

/** Somebody who has talked with the company for long. */
async function visitorWithPast() {
  const visitor = await stage.visitor('小史');
  await visitor.connects();
  await visitor.joins();
  await visitor.hangsUp();
  await stage.server.stop();
  execFileSync('python3', [FILL, join(stage.server.dataDirs[0], 'nodechat.db'), visitor.roomid, String(MESSAGES)]);
  await stage.server.start();
  // Before anybody comes the whole of it is made ready for the search.
  const rest = new Rest(stage.server.url, await stage.key('c1'));
  await until('all can be searched', async () => (await rest.get(`/messages/search?text=${LAST}`)).body.data.length > 0, 4 * PATIENCE_MS);
  return visitor;
}

/** The log of the open room, by the numbers of its lines. */
class Log {
  constructor(page) {
    Object.assign(this, { page, jump: page.locator('.jump') });
  }

  /** The numbers of the lines that are in the page, from top to bottom. */
  async drawn() {
    const texts = await this.page.locator('.log .msg .words').allTextContents();
    return texts.map((text) => Number(/^line (\d+)/.exec(text)?.[1] ?? NaN)).filter((n) => !Number.isNaN(n)).sort((one, other) => one - other);
  }

  shows(n) {
    return this.page.locator('.log .msg .words', { hasText: new RegExp(`^line ${n}\\b`) }).waitFor();
  }

  says(text) {
    return this.page.locator('.log .msg .words', { hasText: new RegExp(`^${text}$`) }).waitFor();
  }

  scrolls(by) {
    return this.page.locator('.log').evaluate((log, by) => log.scrollBy(0, by), by);
  }

  async isSmall() {
    const drawn = await this.page.locator('.log .msg').count();
    assert.ok(drawn < MOST_DRAWN, `only what is seen is drawn, not ${drawn} messages`);
  }

  /** Searches for it in the whole history and opens the hit. */
  async isOpenedFromHistory(n) {
    await this.page.locator('.rail a', { hasText: 'History' }).click();
    await this.page.getByLabel('Search messages').fill(`line ${n}`);
    const hit = this.page.locator('.hit', { hasText: new RegExp(`line ${n}\\b`) });
    await until('the message is found', async () => {
      await this.page.getByLabel('Search messages').press('Enter');
      return hit.count();
    }, PATIENCE_MS);
    await hit.first().click();
    await this.page.locator('.msg.lit .words', { hasText: new RegExp(`^line ${n}\\b`) }).waitFor();
    const place = await this.page.locator('.log').evaluate((log, n) => {
      const line = [...log.querySelectorAll('.msg')].find((msg) => msg.textContent.includes(`line ${n}`)).getBoundingClientRect();
      const frame = log.getBoundingClientRect();
      return line.bottom > frame.top && line.top < frame.bottom;
    }, n);
    assert.ok(place, `line ${n} is in view`);
  }

  /** Scrolls from one line to another; each between them has been there. */
  async readsFrom(from, to) {
    const way = Math.sign(to - from);
    const wanted = Array.from({ length: Math.abs(to - from) + 1 }, (_, at) => from + at * way);
    const seen = new Set();
    await until(`lines ${from} to ${to} are read`, async () => {
      for (const n of await this.drawn()) seen.add(n);
      await this.scrolls(way * 400);
      await this.isSmall();
      return wanted.every((n) => seen.has(n));
    }, PATIENCE_MS);
  }
}

async function heapBytes(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  await devtools.detach();
  return usedSize;
}

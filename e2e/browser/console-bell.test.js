// The bell of the console: the sound itself, over two tabs of one agent, silenced in either.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Desk } from '../harness/desk.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';

const stage = await openStage({ args: [] });
const browser = await openBrowser();
after(() => browser.close());

/** A chime is two notes. */
const CHIME = 2;

stage.story('over two tabs the bell is heard once each time, and silenced in one it is silent in both, while all else goes on', async () => {
  const { desk, tabs } = await twoTabs();
  for (const page of tabs) await page.locator('.find input').click();
  const visitor = await desk.isGiven('小葛', []);
  for (const page of tabs) await row(page, '小葛').waitFor();
  await rang(tabs, 1);
  await until('it can be heard', async () => (await total(tabs, loudest)) > 0.01);

  await visitor.says('knock');
  await seen(tabs, 'knock');
  await rang(tabs, 2);

  // In each tab: one of the two is the one that rings.
  for (const [n, page] of tabs.entries()) {
    const before = await total(tabs, notes);
    const shown = await total(tabs, notices);
    await page.getByRole('button', { name: 'Sound off' }).click();
    for (const tab of tabs) await tab.getByRole('button', { name: 'Sound on' }).waitFor();
    await visitor.says(`in silence ${n}`);
    await seen(tabs, `in silence ${n}`);
    await until('it is told without a sound', async () => (await total(tabs, notices)) === shown + 1);
    for (const tab of tabs) await until('the title counts', async () => (await tab.title()).startsWith('(1) '));
    assert.equal(await total(tabs, notes), before);

    // Where it is switched on it is heard, as a sample.
    await page.getByRole('button', { name: 'Sound on' }).click();
    for (const tab of tabs) await tab.getByRole('button', { name: 'Sound off' }).waitFor();
    await until('the sample is played', async () => (await total(tabs, notes)) === before + CHIME);
  }
  await visitor.says('aloud again');
  await seen(tabs, 'aloud again');
  await rang(tabs, 5);
  await desk.isCalm();
});

/** An agent with the console open in two tabs, of which nobody looks at either. */
async function twoTabs() {
  const desk = await Desk.online(stage, browser);
  const context = desk.page.context();
  await context.addInitScript(() => {
    document.hasFocus = () => false;
    window.notices = 0;
    window.Notification = class {
      static permission = 'granted';
      constructor() {
        window.notices += 1;
      }
      close() {}
    };
    window.notes = 0;
    window.loudest = 0;
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function (...when) {
      window.notes += 1;
      return start.apply(this, when);
    };
    // What goes to the loudspeakers goes by an instrument, too.
    const { connect } = AudioNode.prototype;
    AudioNode.prototype.connect = function (to, ...more) {
      if (to instanceof AudioDestinationNode) {
        const hears = this.context.createScriptProcessor(16_384, 1, 1);
        hears.onaudioprocess = ({ inputBuffer }) => (window.loudest = inputBuffer.getChannelData(0).reduce((most, sample) => Math.max(most, Math.abs(sample)), window.loudest));
        connect.call(this, hears);
        connect.call(hears, to);
      }
      return connect.call(this, to, ...more);
    };
  });
  const ticket = await desk.page.evaluate(() => sessionStorage.getItem('nodechat.console'));
  await desk.page.evaluate((kept) => localStorage.setItem('nodechat.console', kept), ticket);
  const tabs = [desk.page, await context.newPage()];
  for (const page of tabs) {
    await page.goto(`${stage.server.url}/console`);
    await page.locator('.status[aria-label="Status: Online"]').waitFor();
  }
  return { desk, tabs };
}

function row(page, text) {
  return page.locator('.crow', { hasText: text });
}

async function seen(tabs, text) {
  for (const page of tabs) await row(page, text).waitFor();
}

const notes = () => window.notes;
const notices = () => window.notices;
const loudest = () => window.loudest;

async function total(tabs, what) {
  return (await Promise.all(tabs.map((page) => page.evaluate(what)))).reduce((sum, n) => sum + n, 0);
}

/** So often so far, in all tabs together. */
async function rang(tabs, times) {
  await until(`it has rung ${times} times`, async () => (await total(tabs, notes)) >= times * CHIME);
  assert.equal(await total(tabs, notes), times * CHIME);
}

// The agent's console without a mouse: a whole day, from signing in to the search through the history.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Desk } from '../harness/desk.js';
import { broken } from '../harness/looks.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';

/** So often Tab is pressed at most on the way to something. */
const MOST_TABS = 120;
/** An end can be taken back for ten seconds. */
const UNDONE_NO_MORE = { deadlineMs: 20_000 };

const stage = await openStage({ args: [] });
const browser = await openBrowser();
after(() => browser.close());

stage.story('a whole day without the mouse', async () => {
  const owner = new Rest(stage.server.url, await stage.key('c1'));
  await owner.post('/canned-replies', { shortcut: 'day', title: 'Good day', text: 'Good day {{visitor}}', personal: false });
  const colleague = await stage.agent('Colleague');
  await colleague.connects();
  await colleague.manages('setStatus', { status: 'O' });

  const desk = await Desk.outside(stage, browser);
  await desk.page.addInitScript(() => {
    for (const event of ['pointerdown', 'mousedown']) addEventListener(event, () => (window.pointed = true), true);
  });
  await desk.page.reload();
  const day = new Day(desk);

  await day.signsIn();
  await day.sets('B', 'Busy');

  const visitor = await day.takesFromTheQueue('小孙', 'one question');
  await day.answersWithQuote(visitor, 'one question', 'one answer');
  await day.notes('was easy');
  await day.answersCanned(visitor, 'day', 'Good day 小孙');
  await day.recalls(visitor, 'one answer');

  await day.sets('O', 'Online');
  const second = await desk.isGiven('小李', ['me too']);
  await day.goesToWhoWaits('小李');
  await day.transfers(second, colleague, 'likes tents');
  await day.goesTo('小孙');
  await day.endsAndTakesItBack('小孙');
  await day.ends(visitor);

  await day.searchesTheList('小孙');
  await day.searchesTheHistory('one question', '小孙');
  await day.opensTheSheet();
  assert.equal(await desk.page.evaluate(() => window.pointed), undefined, 'no mouse was used');
  await desk.isCalm();
});

stage.story('after a search the keys go through what it found, and back to the lists', async () => {
  const desk = await Desk.online(stage, browser);
  const day = new Day(desk);
  for (const nick of ['卫一', '卫二', '蒋三']) await desk.isGiven(nick, ['hello']);

  await day.opensFromTheSearch('卫', '卫二');
  await day.keys.press('Alt+ArrowDown');
  await day.isIn('卫一');
  await day.keys.press('Alt+3');
  await day.isInTheList('all', '蒋三');

  await day.opensFromTheSearch('卫', '卫二');
  await day.tabsTo('the tabs', desk.page.locator('[data-view=all]'), { back: true });
  await day.keys.press('ArrowLeft');
  await day.isInTheList('waiting');

  await day.sets('B', 'Busy');
  await day.keys.press('Alt+1');
  const next = await day.hasWaiting('沈四', 'me too');
  await day.opensFromTheSearch('卫', '卫二');
  await day.takesTheNext(next);
  await day.isInTheList('mine', '沈四');
  await desk.isCalm();
});

stage.story('what a colleague offers is given back and accepted without a mouse', async () => {
  const desk = await Desk.online(stage, browser);
  const day = new Day(desk);
  const colleague = await stage.agent('Colleague');
  await colleague.connects();
  await colleague.manages('setStatus', { status: 'O' });
  const visitor = await stage.visitor('韩五');
  await visitor.connects();
  await visitor.joins();
  await visitor.says('about a tent');
  assert.equal((await visitor.applies({ csid: colleague.aid })).status, 'serving');
  const offers = () => colleague.manages('transfer', { roomid: visitor.roomid, tocsid: desk.account.aid, msg: 'likes tents' });

  await offers();
  await desk.row('韩五').waitFor();
  await day.keys.press('Alt+Shift+ArrowDown');
  await day.isIn('韩五');
  await day.answersTheOffer('likes tents', 'Give back');
  await colleague.isTold('rejected');
  await day.focusIsOn('the log', '.log');

  await offers();
  await day.answersTheOffer('likes tents', 'Accept');
  await visitor.isTold('transferred', ({ cs }) => cs.nick === desk.nick);
  await day.focusIsOn('the box', '.cmp textarea');
  await day.keys.type('I take over');
  await day.keys.press('Enter');
  await visitor.hears('I take over');
  await desk.isCalm();
});

stage.story('from the empty box one goes up to the messages, and to what was just recalled', async () => {
  const desk = await Desk.online(stage, browser);
  const day = new Day(desk);
  const visitor = await desk.isGiven('杨六', ['one question', 'another question']);
  await desk.row('杨六').waitFor();
  await day.keys.press('Alt+Shift+ArrowDown');
  await day.isIn('杨六');
  await day.focusIsOn('the box', '.cmp textarea');
  await day.keys.type('wrong answer');
  await day.keys.press('Enter');
  const { id } = await visitor.hears('wrong answer');
  await day.hasSaid('wrong answer');

  await day.keys.press('ArrowUp');
  await day.isOnMessage('wrong answer');
  // Whatever is told of a message, who stands on it stays there.
  await visitor.reads();
  await desk.message('wrong answer').locator('.meta', { hasText: 'Read' }).waitFor();
  await day.isOnMessage('wrong answer');
  assert.deepEqual(await broken(day.page), []);
  await day.keys.press('Delete');
  await visitor.notices('recall', (told) => told.id === id);
  await day.isOnMessage('You recalled a message');
  await day.keys.press('Escape');
  await day.focusIsOn('the box', '.cmp textarea');
  await day.keys.press('ArrowUp');
  await until('it stands in the box', async () => (await desk.box.inputValue()) === 'wrong answer');
  await day.keys.press('Control+a');
  await day.keys.type('right answer');
  await day.keys.press('Enter');
  await visitor.hears('right answer');
  await day.hasSaid('right answer');

  await day.keys.press('ArrowUp');
  await day.isOnMessage('right answer');
  await day.keys.press('Control+c');
  await day.page.locator('.toast', { hasText: 'Copied' }).waitFor();
  for (const text of ['You recalled a message', 'another question', 'one question']) {
    await day.keys.press('ArrowUp');
    await day.isOnMessage(text);
  }
  await day.keys.press('Enter');
  await day.page.locator('.quoting', { hasText: 'one question' }).waitFor();
  await day.focusIsOn('the box', '.cmp textarea');
  await day.keys.type('to the first');
  await day.keys.press('Enter');
  assert.ok((await visitor.hears('to the first')).quote);
  await day.hasSaid('to the first');

  await day.keys.press('Alt+i');
  await day.keys.press('ArrowUp');
  await day.isOnMessage('to the first');
  await day.keys.press('ArrowDown');
  await day.focusIsOn('the box', '.cmp.is-note textarea');
  await day.keys.type('a line');
  await day.keys.press('ArrowUp');
  await day.focusIsOn('the box, in which there is something,', '.cmp.is-note textarea');
  await desk.isCalm();
});

stage.story('the search finds what was said, too, and the keys lead to the place', async () => {
  const desk = await Desk.online(stage, browser);
  const day = new Day(desk);
  const visitor = await desk.isGiven('褚七', ['the pole is splintered']);
  for (let n = 0; n < 40; n += 1) await visitor.says(`line ${n}`);
  await until('it can be found', async () => (await desk.rest.get('/messages/search?text=splintered')).body.data.length);
  await day.keys.press('Control+k');
  await day.keys.type('internal');
  await day.page.locator('.lst .empty', { hasText: 'Nothing found' }).waitFor();
  assert.equal(await day.page.locator('.command-row').count(), 0, 'there is no chat to write a note in');
  await day.keys.press('Control+a');
  await day.keys.type('splintered');
  const hit = day.page.locator('.hit-row', { hasText: 'the pole is splintered' });
  await hit.locator('mark', { hasText: 'splintered' }).waitFor();
  assert.equal(await day.page.locator('.lst .empty').count(), 0, 'it does not say that nothing was found');
  assert.deepEqual(await broken(day.page), []);
  await day.keys.press('ArrowDown');
  await day.focusIsOn('the hit', '.hit-row');
  await day.keys.press('Enter');
  await day.isIn('褚七');
  await day.page.locator('.msg.lit .words', { hasText: 'the pole is splintered' }).waitFor();
  await day.keys.press('Control+k');
  await day.keys.press('Control+a');
  await day.keys.type('nothing like this');
  await day.page.locator('.lst .empty', { hasText: 'Nothing found' }).waitFor();
  assert.equal(await hit.count(), 0);

  await day.keys.press('Control+a');
  await day.keys.type('internal');
  await day.page.locator('.command-row', { hasText: 'Alt+I' }).waitFor();
  assert.deepEqual(await broken(day.page), []);
  await day.keys.press('ArrowDown');
  await day.focusIsOn('the command', '.command-row');
  await day.keys.press('Enter');
  await day.focusIsOn('the box for notes', '.cmp.is-note textarea');
  assert.equal(await day.page.getByLabel('Search visitors').inputValue(), '', 'the search is over');
  await desk.isCalm();
});

/** What somebody does at the console with the keys alone. */
class Day {
  constructor(desk) {
    Object.assign(this, { desk, page: desk.page, keys: desk.page.keyboard });
  }

  focusIsOn(what, selector) {
    return until(`${what} has the focus`, () => this.page.evaluate((fits) => document.activeElement?.matches(fits) ?? false, selector));
  }

  /** Presses Tab until something that fits has the focus; `back`: the other way. */
  async tabsTo(what, locator, { back = false } = {}) {
    await locator.waitFor({ state: 'attached' });
    for (let n = 0; n < MOST_TABS; n += 1) {
      if (await locator.evaluate((element) => element === document.activeElement)) return;
      await this.keys.press(back ? 'Shift+Tab' : 'Tab');
    }
    throw new Error(`${what} is not reached by Tab`);
  }

  async signsIn() {
    const { account } = this.desk;
    await this.focusIsOn('the first field', '[name=organization]');
    for (const text of ['c1', account.login, account.password]) {
      await this.keys.type(text);
      await this.keys.press('Tab');
    }
    await this.keys.press('Enter');
    await this.page.locator('.status[aria-label="Status: Online"]').waitFor();
  }

  async sets(status, word) {
    await this.keys.press('Alt+s');
    await this.page.locator(`[data-status=${status}]`).waitFor();
    await until(`${word} is highlighted`, async () => {
      await this.keys.press('ArrowDown');
      return this.page.locator(`[data-status=${status}][data-highlighted]`).count();
    });
    await this.keys.press('Enter');
    await this.page.locator(`.status[aria-label="Status: ${word}"]`).waitFor();
  }

  async takesFromTheQueue(nick, question) {
    const visitor = await this.hasWaiting(nick, question);
    await this.takesTheNext(visitor);
    await this.focusIsOn('the box', 'textarea');
    return visitor;
  }

  async hasWaiting(nick, question) {
    const groupid = await this.desk.groupWith(this.desk);
    const visitor = await stage.visitor(nick);
    await visitor.connects();
    await visitor.joins();
    await visitor.says(question);
    assert.equal((await visitor.applies({ groupid })).status, 'waiting');
    await this.page.locator('.wait').waitFor();
    return visitor;
  }

  async takesTheNext(visitor) {
    await this.keys.press('Alt+j');
    await visitor.isTold('serving', ({ cs }) => cs.nick === this.desk.nick);
    await this.isIn(visitor.nick);
  }

  isIn(nick) {
    return this.page.locator('.con h1', { hasText: nick }).waitFor();
  }

  async answersWithQuote(visitor, question, answer) {
    await this.keys.press('Alt+r');
    await this.page.locator('.quoting', { hasText: question }).waitFor();
    await this.keys.type(answer);
    await this.keys.press('Enter');
    assert.ok((await visitor.hears(answer)).quote);
  }

  async notes(text) {
    await this.keys.press('Alt+i');
    await this.keys.type(text);
    await this.keys.press('Enter');
    await this.page.locator('.note', { hasText: text }).waitFor();
  }

  /** The list behind a slash, the first of it into the box, and sent. */
  async answersCanned(visitor, shortcut, text) {
    await this.focusIsOn('the box for replies', '.cmp:not(.is-note) textarea');
    await this.keys.type(`/${shortcut}`);
    await this.page.locator('[role=option]', { hasText: 'Good day' }).waitFor();
    await this.keys.press('Enter');
    await until('the reply is in the box', async () => (await this.desk.box.inputValue()) === text);
    await this.keys.press('Enter');
    await visitor.hears(text);
  }

  async recalls(visitor, text) {
    const { id } = visitor.heard().find(({ msg }) => msg === text);
    await this.tabsTo('Recall', this.desk.message(text).getByLabel('Recall'), { back: true });
    await this.keys.press('Enter');
    await visitor.notices('recall', (told) => told.id === id);
    await this.page.locator('.bub.gone').waitFor();
  }

  /** The message that says so has the focus. */
  /** It is on its way no more: what is has no keys. */
  hasSaid(text) {
    return this.page.locator('.msg[data-message]', { hasText: text }).waitFor();
  }

  isOnMessage(text) {
    return until(`“${text}” has the focus`, () => this.page.evaluate((text) => document.activeElement?.matches('.msg') && document.activeElement.querySelector('.words, .gone').textContent.trim() === text, text));
  }

  async answersTheOffer(note, deed) {
    const offer = this.page.locator('.offer', { hasText: note });
    await this.tabsTo(deed, offer.getByRole('button', { name: deed }), { back: true });
    await this.keys.press('Enter');
    await offer.waitFor({ state: 'detached' });
  }

  async goesToWhoWaits(nick) {
    await this.keys.press('Alt+1');
    await this.desk.row(nick).locator('.n').waitFor();
    await this.keys.press('Alt+Shift+ArrowDown');
    await this.isIn(nick);
  }

  async goesTo(nick) {
    await until(`${nick} is open`, async () => {
      await this.keys.press('Alt+ArrowDown');
      return this.page.locator('.con h1', { hasText: nick }).count();
    });
  }

  async transfers(visitor, colleague, note) {
    await this.keys.press('Alt+t');
    await this.focusIsOn('the search', '.dialog input[type=search]');
    await this.keys.type(colleague.nick);
    await this.tabsTo('the colleague', this.page.locator('.target', { hasText: colleague.nick }).locator('input'));
    await this.keys.press('Space');
    await this.tabsTo('the note', this.page.locator('.dialog textarea'));
    await this.keys.type(note);
    await this.tabsTo('the button', this.page.locator('.dialog button[type=submit]'));
    await this.keys.press('Enter');
    const { msg, roomid, chatid } = await colleague.notices('assign', ({ type }) => type === 'transfer');
    assert.equal(msg, note);
    await colleague.manages('acceptTransfer', { roomid, chatid });
    await visitor.isTold('transferred', ({ cs }) => cs.nick === colleague.nick);
  }

  /** Once by its key, once by the button: as long as that has the focus, the ten seconds stand still. */
  async endsAndTakesItBack(nick) {
    await this.keys.press('Alt+q');
    await this.undo.waitFor();
    await this.keys.press('Alt+z');
    await this.undo.waitFor({ state: 'detached' });
    await this.goesTo(nick);

    await this.keys.press('Alt+q');
    await this.undo.waitFor();
    await until('the focus is on Undo', async () => (await this.keys.press('F6'), this.undo.evaluate((button) => button === document.activeElement)));
    await this.passesAMinute();
    await this.keys.press('Enter');
    await this.undo.waitFor({ state: 'detached' });
    await this.goesTo(nick);
  }

  get undo() {
    return this.page.locator('.toast', { hasText: 'has ended' }).locator('button', { hasText: 'Undo' });
  }

  /** By the page's own clock, which is then looked at a few times. */
  async passesAMinute() {
    await this.page.evaluate(() => {
      const now = performance.now.bind(performance);
      window.looks = 0;
      performance.now = () => ((window.looks += 1), now() + 60_000);
    });
    await until('the page has noticed', () => this.page.evaluate(() => window.looks > 3));
  }

  async ends(visitor) {
    await this.keys.press('Alt+q');
    await visitor.isTold('ended', undefined, UNDONE_NO_MORE);
  }

  async searchesTheList(nick) {
    await this.searches(nick);
    await this.keys.press('Escape');
  }

  async searches(nick) {
    await this.keys.press('Control+k');
    await this.keys.type(nick);
    await this.desk.row(nick).first().waitFor();
  }

  async opensFromTheSearch(text, nick) {
    await this.searches(text);
    await this.tabsTo(nick, this.desk.row(nick));
    await this.keys.press('Enter');
    await this.isIn(nick);
  }

  /** The list shows this view, with this visitor in it, and nothing is searched. */
  async isInTheList(view, nick) {
    await this.page.locator(`[data-view=${view}][aria-selected=true]`).waitFor();
    assert.equal(await this.page.getByLabel('Search visitors').inputValue(), '');
    if (nick) await this.desk.row(nick).waitFor();
  }

  async searchesTheHistory(text, nick) {
    await this.tabsTo('the history', this.page.locator('.rail a', { hasText: 'History' }), { back: true });
    await this.keys.press('Enter');
    const search = this.page.getByLabel('Search messages');
    await this.tabsTo('the search', search);
    await this.keys.type(text);
    const hit = this.page.locator('.hit', { hasText: text }).first();
    await until('the message is found', async () => {
      await this.keys.press('Enter');
      return hit.locator('mark').count();
    });
    await this.tabsTo('the hit', hit);
    await this.keys.press('Enter');
    await this.isIn(nick);
    await this.desk.message(text).waitFor();
  }

  async opensTheSheet() {
    await this.keys.press('Escape');
    await this.keys.press('F6');
    const writes = () => this.page.evaluate(() => document.activeElement?.matches('input, textarea, select') ?? false);
    await until('the focus is where nothing is written', async () => !(await writes()) || (await this.keys.press('F6'), false));
    await this.keys.press('?');
    await this.page.locator('.dialog.sheet').waitFor();
    await this.keys.press('Escape');
    await this.page.locator('.dialog.sheet').waitFor({ state: 'detached' });
  }
}

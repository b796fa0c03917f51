// The agent's console in a browser: signing in, being given visitors, answering, the queue, transfers, ends, a broken network.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Desk } from '../harness/desk.js';
import { Rest } from '../harness/rest.js';
import { png } from '../harness/pictures.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';
import { voiceOf } from '../scenes/things.js';

const stage = await openStage({ args: [] });
const { port } = new URL(stage.server.url);
/** Beyond localhost, plain http is no secure context. */
const browser = await openBrowser({ mapped: { 'console.example': port } });
after(() => browser.close());

/** An end can be taken back for ten seconds. */
const UNDONE_NO_MORE = { deadlineMs: 20_000 };

stage.story('an agent signs in with an account, is told in words when it is wrong, and signs out for good', async () => {
  const { page, account } = await Desk.outside(stage, browser);
  await page.locator('[name=organization]').fill('c1');
  await page.locator('[name=username]').fill(account.login);
  await page.locator('[name=current-password]').fill('wrong password');
  await page.locator('button[type=submit]').click();
  await page.locator('[role=alert]', { hasText: 'Company, login or password is wrong' }).waitFor();
  await page.locator('[name=current-password]').fill(account.password);
  await page.locator('button[type=submit]').click();
  await page.locator('.status[aria-label="Status: Online"]').waitFor();

  const ticket = await page.evaluate(() => JSON.parse(sessionStorage.getItem('nodechat.console')).ticket);
  assert.equal(await page.evaluate(() => localStorage.getItem('nodechat.console')), null, 'not kept unless asked for');
  await page.reload();
  await page.locator('.status').waitFor();

  await page.locator('.me').click();
  await page.locator('[role=menuitem]', { hasText: 'Sign out' }).click();
  await page.locator('.door-form').waitFor();
  await until('the ticket is revoked', async () => (await fetch(`${stage.server.url}/api/v1/me`, { headers: { authorization: `Bearer ${ticket}` } })).status === 401);
});

stage.story('a token of the host site opens the console once and does not stay in the address', async () => {
  const key = await stage.key('c1');
  const { body } = await stage.api.token(key, { type: 'cs', aid: 'token-agent', nick: 'Tok', companyid: 'c1' });
  const page = await Desk.page(browser);
  await page.goto(`${stage.server.url}/console?token=${body.token}`);
  await page.locator('.status').waitFor();
  assert.equal(new URL(page.url()).search, '');
  const again = await Desk.page(browser);
  await again.goto(`${stage.server.url}/console?token=${body.token}`);
  await again.locator('[role=alert]', { hasText: 'This sign-in link was used' }).waitFor();
});

stage.story('an agent is given a visitor, answers, sees what is typed and read, quotes, recalls and ends', async () => {
  const desk = await Desk.online(stage, browser);
  const visitor = await desk.isGiven('小明', ['My parcel is late', 'Hello?']);
  await desk.row('小明').locator('.n', { hasText: '2' }).waitFor();
  await desk.opens('小明');
  await visitor.notices('mkread', ({ type }) => type === 'cs');
  await desk.row('小明').locator('.n').waitFor({ state: 'detached' });

  await desk.says('I am looking');
  await visitor.hears('I am looking');
  await visitor.reads();
  await desk.page.locator('.msg.own .meta', { hasText: 'Read' }).waitFor();

  await desk.picture({ name: 'cat.png', mimeType: 'image/png', buffer: png(40, 30) });
  await visitor.hears(({ mtype }) => mtype === 'image');
  await desk.page.locator('.msg.own .pic img').waitFor();
  await desk.file({ name: 'receipt.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4') });
  await visitor.hears(({ mtype, msg }) => mtype === 'file' && msg.filename === 'receipt.pdf');

  await desk.message('Hello?').hover();
  await desk.message('Hello?').getByLabel('Quote').click();
  await desk.says('It arrives today');
  const answer = await visitor.hears('It arrives today');
  assert.ok(answer.quote, 'it quotes');

  await desk.message('It arrives today').hover();
  await desk.message('It arrives today').getByLabel('Recall').click();
  await visitor.notices('recall', ({ id }) => id === answer.id);
  await desk.page.locator('.bub.gone', { hasText: 'You recalled a message' }).waitFor();
  await desk.box.fill('By the way');
  await desk.page.getByRole('button', { name: 'Edit again' }).click();
  assert.equal(await desk.box.inputValue(), 'By the way\nIt arrives today', 'what stands in the box stays');

  await desk.page.keyboard.press('Alt+q');
  await desk.page.locator('.toast', { hasText: 'has ended' }).getByText('Undo').click();
  await desk.row('小明').waitFor();
  await desk.opens('小明');
  await desk.page.keyboard.press('Alt+q');
  await visitor.isTold('ended', ({ by }) => by === 'cs', UNDONE_NO_MORE);
  await desk.isCalm();
});

stage.story('notes are for colleagues only, and canned replies fill in names', async () => {
  const desk = await Desk.online(stage, browser, { replies: [{ shortcut: 'hi', title: 'Greeting', text: 'Hello {{visitor}}, {{agent}} here' }] });
  const visitor = await desk.isGiven('小红', ['hi']);
  await desk.opens('小红');
  await desk.page.keyboard.press('Alt+i');
  await desk.says('has called twice');
  await desk.page.locator('.note', { hasText: 'has called twice' }).waitFor();
  await desk.box.fill('/h');
  await desk.page.locator('[role=option]', { hasText: 'Greeting' }).waitFor();
  await desk.box.press('Control+Enter');
  await visitor.hears(`Hello 小红, ${desk.nick} here`);
  assert.deepEqual(visitor.heard().filter(({ msg }) => msg === 'has called twice'), []);
  await desk.isCalm();
});

stage.story('a note that is saved late changes nothing in the room that is open by then', async () => {
  const proxy = await stage.proxy();
  const desk = await Desk.online(stage, browser, { via: proxy.url });
  for (const nick of ['小何', '小吕']) await desk.isGiven(nick, ['hi']);
  await desk.row('小吕').waitFor();
  await desk.opens('小何');
  await desk.page.keyboard.press('Alt+i');
  await desk.box.fill('has called twice');
  const drafts = () => desk.page.evaluate(() => Object.entries(localStorage).filter(([key]) => key.includes('.draft.')).map(([, draft]) => Object.values(JSON.parse(draft)).join('')));
  proxy.stall();
  await desk.box.press('Enter');
  await desk.opens('小吕');
  assert.deepEqual(await drafts(), ['has called twice'], 'kept until it is saved');
  await desk.opens('小何');
  await desk.page.keyboard.press('Alt+i');
  assert.equal(await desk.box.inputValue(), '', 'nobody is to write it again');
  await desk.opens('小吕');
  await desk.page.keyboard.press('Alt+i');
  await desk.box.fill('not for the visitor');
  proxy.restore();
  await until('the note is saved', async () => (await drafts()).join() === 'not for the visitor');
  await desk.page.locator('[role=tab][aria-selected=true]', { hasText: 'Internal note' }).waitFor();
  assert.equal(await desk.box.inputValue(), 'not for the visitor');
  await desk.opens('小何');
  await desk.page.locator('.note', { hasText: 'has called twice' }).waitFor();
  await desk.page.keyboard.press('Alt+i');
  assert.equal(await desk.box.inputValue(), '');
  await desk.isCalm({ network: false });
});

stage.story('of two agents who take the same visitor one wins, and the other is told who', async () => {
  const proxy = await stage.proxy();
  const [quick, late] = [await Desk.inside(stage, browser), await Desk.inside(stage, browser, { via: proxy.url })];
  const group = await quick.groupWith(late);
  await quick.busy();
  await late.busy();
  const visitor = await stage.visitor('小刚');
  await visitor.connects();
  await visitor.joins();
  await visitor.says('anybody?');
  assert.equal((await visitor.applies({ groupid: group })).status, 'waiting');
  const rows = [quick, late].map((desk) => desk.page.locator('.qrow', { hasText: '小刚' }));
  for (const desk of [quick, late]) await desk.page.keyboard.press('Alt+2');
  for (const row of rows) await row.waitFor();
  // The one has taken it before the other, who still sees it wait, hears of that.
  proxy.stall();
  await rows[0].getByRole('button').click();
  await visitor.isTold('serving', ({ cs }) => cs.nick === quick.nick);
  await rows[1].getByRole('button').click();
  proxy.restore();
  await late.page.locator('.toast', { hasText: `${quick.nick} took it first` }).waitFor();
  for (const desk of [quick, late]) await desk.isCalm();
});

stage.story('a visitor is handed over with a note, given back, handed over again and accepted', async () => {
  const giver = await Desk.online(stage, browser);
  const visitor = await giver.isGiven('小丽', ['about a tent']);
  const taker = await Desk.online(stage, browser);
  await giver.opens('小丽');
  for (const deed of ['Give back', 'Accept']) {
    await giver.page.keyboard.press('Alt+t');
    await giver.page.locator('.target', { hasText: taker.nick }).click();
    await giver.page.locator('.dialog textarea').fill('wants a tent for two');
    await giver.page.locator('.dialog button[type=submit]').click();
    await taker.opens('小丽');
    // Nor does a reload lose what the colleague has said.
    await taker.page.reload();
    await taker.page.locator('.offer', { hasText: 'wants a tent for two' }).getByText(deed).click();
    if (deed === 'Give back') await giver.page.locator('.toast', { hasText: 'You still serve' }).waitFor();
  }
  await visitor.isTold('transferred', ({ cs }) => cs.nick === taker.nick);
  await taker.page.locator('.handed', { hasText: 'wants a tent for two' }).waitFor();
  assert.equal(await giver.page.locator('.handed').count(), 0);
  await taker.says('I take over');
  await visitor.hears('I take over');
  for (const desk of [giver, taker]) await desk.isCalm();
});

stage.story('a visitor is given to a group: to whoever of it is free, or to its queue', async () => {
  const owner = new Rest(stage.server.url, await stage.key('c1'));
  const taker = await Desk.online(stage, browser);
  await taker.busy();
  await owner.post('/groups', { name: 'Repairs', members: [taker.account.aid] });
  const giver = await Desk.online(stage, browser);
  const visitor = await giver.isGiven('小兰', ['a broken pole']);
  await giver.opens('小兰');
  await giver.page.keyboard.press('Alt+t');
  await giver.page.locator('.target', { hasText: 'Repairs' }).filter({ hasText: 'waits in the queue' }).click();
  await giver.page.locator('.dialog button[type=submit]').click();
  await giver.page.locator('.toast', { hasText: '小兰 was given to Repairs' }).waitFor();
  await visitor.isTold('waiting');
  await taker.sets('O', 'Online');
  await visitor.isTold('serving', ({ cs }) => cs.nick === taker.nick);
  for (const desk of [giver, taker]) await desk.isCalm();
});

stage.story('colleagues who have the same visitor open see each other, and nobody who only has it in the list', async () => {
  const one = await Desk.online(stage, browser);
  const visitor = await one.isGiven('小云', ['hello']);
  const two = await Desk.online(stage, browser);
  await one.opens('小云');
  const seen = (desk) => desk.page.locator('.also');
  await two.page.keyboard.press('Alt+3');
  await two.row('小云').click();
  await seen(one).filter({ hasText: two.nick }).waitFor();
  await seen(two).filter({ hasText: one.nick }).waitFor();
  await one.page.reload();
  await seen(one).filter({ hasText: two.nick }).waitFor();
  await two.page.goto('about:blank');
  await seen(one).waitFor({ state: 'detached' });
  await one.says('hi');
  await visitor.hears('hi');
  for (const desk of [one, two]) await desk.isCalm();
});

stage.story('a cut network, a reload in the middle of it, and nothing that was written is lost', async () => {
  const proxy = await stage.proxy();
  const desk = await Desk.online(stage, browser, { via: proxy.url });
  const visitor = await desk.isGiven('小王', ['before']);
  await desk.opens('小王');
  proxy.cut();
  await desk.says('into the dark');
  await desk.page.locator('.meta', { hasText: 'Will send when back online' }).waitFor();
  await desk.page.locator('.banner', { hasText: 'Connection lost' }).waitFor();
  for (const n of [1, 2, 3]) await visitor.says(`meanwhile ${n}`);
  proxy.restore();
  await visitor.hears('into the dark');
  await desk.message('meanwhile 3').waitFor();
  await desk.page.locator('.banner', { hasText: 'Back online' }).waitFor();

  // What was under way when the page went is said after it comes back.
  await desk.box.fill('half a sentence');
  proxy.stall();
  await desk.says('just before the reload');
  await desk.page.locator('.meta', { hasText: /Sending|Will send/ }).waitFor();
  proxy.drop();
  proxy.restore();
  await desk.page.reload();
  await visitor.hears('just before the reload');
  await desk.message('just before the reload').waitFor();
  assert.equal((await visitor.history()).filter(({ msg }) => msg === 'just before the reload').length, 1);
  await desk.isCalm({ network: false });
});

for (const [where, url] of [
  ['', stage.server.url],
  ['over plain http, too, ', `http://console.example:${port}`],
])
  stage.story(`${where}two tabs ring once for a new visitor and once for a message, and not for what somebody looks at`, () => twoTabsRingOnce(url));

async function twoTabsRingOnce(url) {
  const desk = await Desk.online(stage, browser, { via: url });
  const context = desk.page.context();
  // What would be shown outside of the page, of both tabs together; nobody has the focus unless the story says so.
  await context.addInitScript(() => {
    const shown = (window.shown = []);
    document.hasFocus = () => window.looks === true;
    window.Notification = class {
      static permission = 'granted';
      constructor(title, { body }) {
        shown.push(`${title}: ${body}`);
      }
      close() {}
    };
  });
  const ticket = await desk.page.evaluate(() => sessionStorage.getItem('nodechat.console'));
  await desk.page.evaluate((kept) => localStorage.setItem('nodechat.console', kept), ticket);
  const other = await context.newPage();
  await Promise.all([desk.page.reload(), other.goto(`${url}/console`)]);
  for (const page of [desk.page, other]) await page.locator('.status[aria-label="Status: Online"]').waitFor();
  // Whom agents of earlier stories have left may be given to this one.
  const shown = async () => (await Promise.all([desk.page, other].map((page) => page.evaluate(() => window.shown)))).flat().filter((told) => told.includes('小吴'));

  const visitor = await desk.isGiven('小吴', []);
  await until('the visitor is announced', async () => (await shown()).length === 1);
  // What is said before the room is there belongs to the new visitor, who was announced.
  for (const page of [desk.page, other]) await page.locator('.crow', { hasText: '小吴' }).waitFor();
  await visitor.says('knock');
  await until('the message is announced', async () => (await shown()).length === 2);
  for (const page of [desk.page, other]) await page.locator('.crow', { hasText: 'knock' }).waitFor();
  assert.deepEqual((await shown()).sort(), ['New visitor 小吴: ', '小吴: knock']);

  await other.evaluate(() => (window.looks = true));
  await other.locator('.crow', { hasText: '小吴' }).click();
  await visitor.notices('mkread', ({ type }) => type === 'cs');
  await visitor.says('seen at once');
  for (const page of [desk.page, other]) await page.locator('.crow', { hasText: 'seen at once' }).waitFor();
  assert.equal((await shown()).length, 2);
  await desk.isCalm();
}

stage.story('a browser that has notifications by name only, as on Android, rings and counts all the same', async () => {
  const desk = await Desk.inside(stage, browser);
  await desk.page.addInitScript(() => {
    document.hasFocus = () => false;
    window.chimes = 0;
    window.Notification = class {
      static permission = 'granted';
      constructor() {
        throw new TypeError('Illegal constructor');
      }
    };
    // Of two notes.
    const { createOscillator } = AudioContext.prototype;
    AudioContext.prototype.createOscillator = function () {
      window.chimes += 0.5;
      return createOscillator.call(this);
    };
  });
  await desk.page.reload();
  await desk.sets('O', 'Online');
  const visitor = await desk.isGiven('小尤', []);
  await desk.row('小尤').waitFor();
  await until('it has rung for the visitor', () => desk.page.evaluate(() => window.chimes === 1));
  await visitor.says('knock');
  await until('it has rung for the message', () => desk.page.evaluate(() => window.chimes === 2));
  await until('the title counts', async () => (await desk.page.title()).startsWith('(1) '));
  await desk.isCalm();
});

stage.story('who signs out while another tab rings does not wait for the bell any more', async () => {
  const desk = await Desk.online(stage, browser);
  const other = await desk.page.context().newPage();
  await other.goto(`${stage.server.url}/console`);
  await desk.signsIn(other);
  const waiting = () => desk.page.evaluate(async () => (await navigator.locks.query()).pending.length);
  await until('the other tab waits for its turn', async () => (await waiting()) === 1);
  await other.locator('.me').click();
  await other.locator('[role=menuitem]', { hasText: 'Sign out' }).click();
  await other.locator('.door-form').waitFor();
  await until('it does not wait', async () => (await waiting()) === 0);
  await desk.isCalm();
});

stage.story('over plain http, where browsers offer a page less, the console works', async () => {
  const desk = await Desk.online(stage, browser, { via: `http://console.example:${port}` });
  assert.equal(await desk.page.evaluate(() => window.isSecureContext), false);
  const visitor = await desk.isGiven('小沈', ['hi']);
  await desk.opens('小沈');
  await desk.says('hello');
  await visitor.hears('hello');
  await desk.page.keyboard.press('Alt+i');
  await desk.says('over plain http');
  await desk.page.locator('.note', { hasText: 'over plain http' }).waitFor();
  await desk.isCalm();
});

stage.story('a company that asks for a ticket shows its pictures to its agents', async () => {
  const owner = new Rest(stage.server.url, await stage.key('c1'));
  assert.equal((await owner.patch('/company', { private_files: true })).body.errcode, 0);
  stage.closesWith(() => owner.patch('/company', { private_files: false }));
  const desk = await Desk.online(stage, browser);
  const visitor = await desk.isGiven('小韩', []);
  await desk.opens('小韩');
  await desk.picture({ name: 'cat.png', mimeType: 'image/png', buffer: png(400, 300) });
  await visitor.hears(({ mtype }) => mtype === 'image');
  await desk.page.reload();
  const loaded = (where) => until(`the picture ${where} is loaded`, () => desk.page.locator(`${where} img`).evaluateAll((images) => images.length === 1 && images[0].naturalWidth === 400));
  await loaded('.log .pic');
  await desk.page.locator('.log .pic').click();
  await loaded('.viewer');
  await desk.isCalm();
});

stage.story('the card is that of the visitor who is open, whatever comes late', async () => {
  const desk = await Desk.online(stage, browser);
  const [before, now] = [await desk.isGiven('小杨', ['one']), await desk.isGiven('小朱', ['two'])];
  await desk.row('小朱').waitFor();
  await desk.opens('小杨');
  const fact = (aid) => desk.page.locator('.who dd', { hasText: aid });
  await fact(before.aid).waitFor();

  const late = [];
  const waits = (route) => new Promise((done) => late.push(() => route.continue().then(done)));
  const waited = desk.page.waitForResponse(`**/visitors/${before.aid}/tags`);
  await desk.page.route(`**/visitors/${before.aid}/tags`, waits);
  await desk.page.route(`**/visitors/${now.aid}`, waits);
  await desk.page.getByRole('button', { name: 'Add a tag' }).click();
  await desk.page.getByLabel('Tag', { exact: true }).fill('gold');
  await desk.page.keyboard.press('Alt+ArrowUp');
  await desk.page.locator('.con h1', { hasText: '小朱' }).waitFor();
  await until('both are asked for', () => late.length === 2);
  assert.equal(await fact(before.aid).count(), 0, 'no facts of somebody else');
  for (const goes of late) await goes();
  await waited;
  await fact(now.aid).waitFor();
  assert.equal(await desk.page.locator('.who .tag', { hasText: 'gold' }).count(), 0);
  await desk.opens('小杨');
  await desk.page.locator('.who .tag', { hasText: 'gold' }).waitFor();
  await desk.isCalm();
});

stage.story('a voice of a visitor plays, and what is no sound says so', async () => {
  const desk = await Desk.online(stage, browser);
  const visitor = await desk.isGiven('小冯', []);
  const sends = async (bytes, name, words) => {
    const { body } = await stage.api.uploadFile(visitor.ticket, bytes, name);
    await visitor.gets('chat', { roomid: visitor.roomid, type: 'voice', msg: { url: body.fileid, duration: '2', val: words } });
  };
  await desk.opens('小冯');
  await sends(voiceOf(2), 'voice.wav', 'as recognised');
  await desk.page.locator('.log .trs', { hasText: 'as recognised' }).waitFor();
  await until('it can be played', () => desk.page.locator('.log audio').evaluate((player) => player.readyState >= 1));
  await desk.page.locator('.log').getByRole('button', { name: 'Play' }).click();
  await desk.page.locator('.log').getByRole('button', { name: 'Pause' }).waitFor();
  await sends(Buffer.from('not a sound'), 'letter.txt', '');
  await desk.page.locator('.log .cardm', { hasText: 'cannot be opened' }).waitFor();
  await desk.isCalm();
});

stage.story('a draft stays with its room, over other rooms and a reload', async () => {
  const desk = await Desk.online(stage, browser);
  await desk.isGiven('小赵', ['one']);
  await desk.isGiven('小钱', ['two']);
  // Before the pointer is in the list: from then on nothing comes in by itself.
  await desk.row('小钱').waitFor();
  await desk.opens('小赵');
  await desk.box.fill('not finished');
  await desk.opens('小钱');
  await desk.row('小赵').locator('.pv', { hasText: 'Draft not finished' }).waitFor();
  await desk.page.reload();
  await desk.opens('小赵');
  await until('the draft is back', async () => (await desk.box.inputValue()) === 'not finished');
  await desk.isCalm();
});

stage.story('what is too long to be sent is kept whole, and its length is said', async () => {
  const desk = await Desk.online(stage, browser);
  const visitor = await desk.isGiven('小常', ['tell me all']);
  await desk.opens('小常');
  const most = '好'.repeat(10_000);
  const send = desk.page.locator('.cmp .send');
  const tooLong = desk.page.locator('.cmp [role=alert]', { hasText: '10001 characters, the limit is 10000' });
  const writes = async () => {
    await desk.box.focus();
    // As a paste comes in.
    await desk.page.keyboard.insertText(`${most}🎈`);
    await tooLong.waitFor();
    assert.ok(await send.isDisabled());
    await desk.box.press('Enter');
    assert.equal(await desk.box.inputValue(), `${most}🎈`);
    await desk.box.press('Backspace');
    await tooLong.waitFor({ state: 'detached' });
    await desk.box.press('Enter');
  };
  await writes();
  await visitor.hears(({ msg }) => msg === most);
  await desk.page.keyboard.press('Alt+i');
  await writes();
  await desk.page.locator('.note .words').waitFor();
  assert.equal((await desk.page.locator('.note .words').textContent()).trim(), most);
  await desk.isCalm();
});

stage.story('names and messages full of markup are text', async () => {
  const desk = await Desk.online(stage, browser);
  const name = '<img src=x onerror="window.hurt=1">';
  await desk.isGiven(name, ['<script>window.hurt=1</script>', '\u202eright to left', 'x'.repeat(10_000)]);
  await desk.opens(name);
  await desk.message('<script>window.hurt=1</script>').waitFor();
  assert.equal(await desk.page.evaluate(() => window.hurt), undefined);
  assert.equal(await desk.page.locator('.console img[src=x], .console .log script').count(), 0);
  await until('nothing is wider than the page', () => desk.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await desk.isCalm();
});

stage.story('a long past is reached by scrolling, page by page, and what is new does not move the reader', async () => {
  const desk = await Desk.online(stage, browser);
  const visitor = await desk.isGiven('小周', []);
  for (let from = 0; from < 200; from += 20) await visitor.saysAll(Array.from({ length: 20 }, (_, n) => `line ${from + n}`));
  await desk.opens('小周');
  await desk.message('line 199').waitFor();
  const log = desk.page.locator('.log');
  await until('the first line is there', async () => {
    return (await log.evaluate(restsAtTop)) && (await desk.page.locator('.msg .words', { hasText: /^line 0$/ }).count()) > 0;
  });
  const before = await log.evaluate((element) => element.scrollTop);
  await visitor.says('while you read');
  await desk.page.locator('.jump', { hasText: '1 new message' }).waitFor();
  assert.ok(Math.abs((await log.evaluate((element) => element.scrollTop)) - before) < 2, 'the reader stays');
  await desk.page.locator('.jump').click();
  await desk.message('while you read').waitFor();
  await desk.isCalm();
});

stage.story('two thousand messages arrive while somebody reads further up', async () => {
  const desk = await Desk.online(stage, browser);
  const visitor = await desk.isGiven('小郑', []);
  await visitor.saysAll(Array.from({ length: 60 }, (_, n) => `old ${n}`));
  await desk.opens('小郑');
  await desk.message('old 59').waitFor();
  const log = desk.page.locator('.log');
  await until('the reader is at the top, and the way to the end is over', () => log.evaluate(restsAtTop));
  for (let from = 0; from < 2_000; from += 200) await visitor.saysAll(Array.from({ length: 200 }, (_, n) => `new ${from + n}`));
  await desk.page.locator('.jump', { hasText: '2000 new messages' }).waitFor();
  assert.ok((await log.evaluate((element) => element.scrollTop)) < 2, 'the reader stays');
  const drawn = await desk.page.locator('.log .msg').count();
  assert.ok(drawn < 200, `only what is seen is drawn, not ${drawn} messages`);
  await desk.page.locator('.jump').click();
  await desk.message('new 1999').waitFor();
  await desk.isCalm();
});

/** In the page: scrolls to the top, and tells whether it stays there for twenty frames. */
async function restsAtTop(element) {
  element.scrollTop = 0;
  for (let frame = 0; frame < 20; frame += 1) {
    await new Promise((done) => requestAnimationFrame(done));
    if (element.scrollTop > 1) return false;
  }
  return true;
}

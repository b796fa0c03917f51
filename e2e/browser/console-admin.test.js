// Administration in the console: what an owner sets up there holds, and who may not see it does not.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Desk } from '../harness/desk.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';

const stage = await openStage({ args: [] });
const browser = await openBrowser();
after(() => browser.close());

stage.story('an owner makes an agent and a group, and the agent signs in', async () => {
  const owner = await Desk.inside(stage, browser, { role: 'owner' });
  await owner.settings('Agents');
  await owner.makes('New agent', { nick: 'Fresh One', login: 'fresh', password: 'a good password' });
  await owner.tableRow('Fresh One').waitFor();
  const { body } = await new Rest(stage.server.url).post('/sessions', { companyid: 'c1', login: 'fresh', password: 'a good password' });
  assert.equal(body.data.role, 'agent');

  await owner.settings('Groups');
  await owner.begins('New group', { name: 'Returns' });
  await owner.page.locator('.editor .many label', { hasText: 'Fresh One' }).click();
  await owner.saves();
  await owner.tableRow('Returns').waitFor();
  const { body: groups } = await new Rest(stage.server.url, await stage.key('c1')).get('/groups');
  assert.deepEqual(groups.data.find(({ name }) => name === 'Returns').members, [body.data.aid]);

  await owner.tableRow('Returns').click();
  await owner.page.locator('.editor .danger').click();
  await owner.page.locator('[role=dialog] button', { hasText: 'Delete Returns' }).click();
  await owner.tableRow('Returns').waitFor({ state: 'detached' });
  await owner.isCalm();
});

stage.story('whoever leaves an editor that is not saved is asked, by row, key, cross and Esc alike', async () => {
  const owner = await Desk.inside(stage, browser, { role: 'owner' });
  await owner.settings('Canned replies');
  for (const shortcut of ['one', 'two']) await owner.makes('New canned reply', { shortcut, text: `Text ${shortcut}` });
  const { page } = owner;
  const text = page.locator('.editor [data-field=text] textarea');
  const asks = page.locator('[role=dialog]', { hasText: 'Your changes are not saved' });
  await owner.tableRow('/one').click();
  await owner.tableRow('/two').click();
  await page.locator('.editor h2', { hasText: '/two' }).waitFor();
  await text.fill('Half a sen');
  for (const leave of [() => owner.tableRow('/one').click(), () => page.keyboard.press('Alt+n'), () => page.locator('.editor .admin-head').getByLabel('Close').click(), () => text.press('Escape')]) {
    await leave();
    await asks.getByRole('button', { name: 'Go on editing' }).click();
    await asks.waitFor({ state: 'detached' });
    assert.equal(await text.inputValue(), 'Half a sen');
  }
  await owner.tableRow('/one').click();
  await asks.getByRole('button', { name: 'Discard changes' }).click();
  await page.locator('.editor h2', { hasText: '/one' }).waitFor();
  assert.equal(await text.inputValue(), 'Text one');
  await owner.isCalm();
});

stage.story('a page that loads anew stays as it is until it has, and the focus where it was', async () => {
  const supervisor = await Desk.inside(stage, browser, { role: 'supervisor' });
  const { page } = supervisor;
  await page.locator('.rail a', { hasText: 'Numbers' }).click();
  await page.locator('.chart canvas').waitFor();
  let open = () => {};
  const opened = new Promise((done) => (open = done));
  await page.route('**/api/v1/stats*', (route) => opened.then(() => route.continue()));
  const from = page.getByLabel('From');
  const asked = page.waitForRequest('**/api/v1/stats*');
  await from.focus();
  await from.fill(new Date(Date.now() - 20 * 86_400_000).toISOString().slice(0, 10));
  await asked;
  await page.locator('.numbers[aria-busy=true]').waitFor();
  assert.ok(await page.locator('.chart canvas').isVisible());
  open();
  await page.locator('.numbers[aria-busy=false]').waitFor();
  assert.ok(await from.evaluate((field) => field === document.activeElement), 'the focus is where it was');
  await supervisor.isCalm();
});

stage.story('questions are written, tried and found by the bot', async () => {
  const owner = await Desk.inside(stage, browser, { role: 'owner' });
  await owner.page.locator('.rail a', { hasText: 'Questions' }).click();
  await owner.begins('New topic', { title: 'Tents' });
  await owner.page.getByLabel('Question', { exact: true }).fill('My pole is broken');
  await owner.page.getByLabel('Answer', { exact: true }).fill('We send another one.');
  await owner.saves();
  await owner.tableRow('Tents').waitFor();
  await owner.page.locator('.try input').fill('the pole is broken');
  await owner.page.locator('.try li', { hasText: 'My pole is broken' }).waitFor();
  const visitor = await stage.visitor('小明');
  await visitor.connects();
  const room = await visitor.joins();
  assert.equal(room.chat_msgs.at(-1).msg.items[0].title, 'Tents');
  await owner.isCalm();
});

stage.story('settings are saved form by form, a refusal says what is wrong, and hours read as they were written', async () => {
  const owner = await Desk.inside(stage, browser, { role: 'owner' });
  const rest = new Rest(stage.server.url, await stage.key('c1'));
  await owner.settings('Business hours');
  await owner.page.getByLabel('Always open').click();
  await owner.page.getByLabel('Monday').fill('9:00-12:00, 13:00-18:00');
  await owner.page.locator('.unsaved, .warn', { hasText: 'Not saved yet' }).waitFor();
  await owner.page.locator('.form-deeds .pri').click();
  await until('the hours are set', async () => (await rest.get('/company')).body.data.settings.hours === 'mon 09:00-12:00 13:00-18:00');
  await owner.page.getByLabel('Monday').fill('whenever');
  await owner.page.locator('.form-deeds .pri').click();
  await owner.page.locator('.say.bad').waitFor();
  await owner.page.getByLabel('Always open').click();
  await owner.page.locator('.form-deeds .pri').click();
  await until('always open again', async () => (await rest.get('/company')).body.data.settings.hours === '');

  await owner.settings('Service');
  await owner.page.getByLabel('Chats at once for each agent').fill('7');
  await owner.page.locator('.form-deeds .pri').click();
  await until('the cap is set', async () => (await rest.get('/company')).body.data.settings.agent_cap === 7);
  await owner.isCalm({ network: false });
});

stage.story('what is typed and not saved is asked for before it is lost, wherever one goes', async () => {
  const owner = await Desk.inside(stage, browser, { role: 'owner' });
  const rest = new Rest(stage.server.url, await stage.key('c1'));
  const { page } = owner;
  const asks = page.getByRole('dialog', { name: 'Your changes are not saved' });
  const stays = async () => {
    await asks.getByRole('button', { name: 'Go on editing' }).click();
    await asks.waitFor({ state: 'detached' });
  };
  const discards = () => asks.getByRole('button', { name: 'Discard changes' }).click();
  await owner.settings('Service');
  const cap = page.getByLabel('Chats at once for each agent');
  await cap.fill('9');
  // Where one is already nothing is lost, and nothing asked.
  await page.locator('.settings .pages a', { hasText: 'Service' }).click();
  assert.equal(await cap.inputValue(), '9');
  for (const goes of [
    () => page.locator('.settings .pages a', { hasText: 'Files' }).click(),
    () => page.locator('.rail a', { hasText: 'Board' }).click(),
    () => page.goBack(),
    () => page.locator('.rail a', { hasText: 'Chats' }).click(),
  ]) {
    await goes();
    await stays();
    assert.equal(await cap.inputValue(), '9');
    assert.match(page.url(), /settings\/service$/);
  }
  await page.goBack();
  await discards();
  await page.waitForURL('**/console/settings');

  const visitor = await stage.visitor('小明');
  for (const title of ['Tent', 'Stove']) assert.equal((await rest.post('/orders', { submitter: visitor.aid, title, describe: 'x', kind: 'repair' })).body.errcode, 0);
  await page.locator('.rail a', { hasText: 'Orders' }).click();
  await owner.tableRow('Tent').click();
  await page.locator('.order-say textarea').fill('On its way.');
  await owner.tableRow('Stove').click();
  await stays();
  for (const looks of ['closed', 'All']) await page.getByRole('tab', { name: looks }).click();
  await page.getByRole('button', { name: 'Columns', exact: true }).click();
  await page.locator('.editor select').first().selectOption('accepted');
  await page.locator('.editor .order-lines', { hasText: 'set it to accepted' }).waitFor();
  assert.equal(await page.locator('.order-say textarea').inputValue(), 'On its way.');
  await page.locator('.rail a', { hasText: 'Numbers' }).click();
  await discards();
  await page.waitForURL('**/console/numbers');
  // Nothing is left to ask for.
  await page.locator('.rail a', { hasText: 'Orders' }).click();
  await page.waitForURL('**/console/orders');
  await owner.isCalm();
});

stage.story('keys show their secret once; words, bans, webhooks and replies come and go; the log knows of it', async () => {
  const owner = await Desk.inside(stage, browser, { role: 'owner' });
  await owner.settings('API keys');
  await owner.begins('New key', { name: 'reports' });
  await owner.page.getByLabel('Everything').click();
  await owner.saves();
  const secret = await owner.page.locator('.once code').textContent();
  assert.equal((await new Rest(stage.server.url, secret).get('/me')).body.errcode, 0);

  await owner.settings('Words');
  await owner.makes('Add words', { words: 'darn\nheck' });
  await owner.tableRow('darn').waitFor();
  await owner.settings('Blacklist');
  await owner.makes('Block somebody', { who: 'v-bad', reason: 'shouts' });
  await owner.tableRow('v-bad').waitFor();
  await owner.settings('Webhooks');
  await owner.makes('New webhook', { url: 'https://hooks.example/nodechat' });
  await owner.tableRow('hooks.example').waitFor();
  await owner.settings('Canned replies');
  await owner.makes('New canned reply', { shortcut: 'bye', text: 'Goodbye {{visitor}}' });
  await owner.tableRow('/bye').waitFor();
  await owner.settings('Audit log');
  await owner.tableRow('key.create').waitFor();
  await owner.isCalm();
});

stage.story('an agent sees its own pages and no others, whatever it types into the address', async () => {
  const agent = await Desk.inside(stage, browser);
  assert.deepEqual(await agent.page.locator('.rail a .word').allTextContents(), ['Chats', 'History', 'Orders', 'Settings']);
  await agent.page.locator('.rail a', { hasText: 'Settings' }).click();
  await agent.page.locator('.pages a').first().waitFor();
  assert.deepEqual(await agent.page.locator('.pages a').allTextContents(), ['Canned replies', 'My account']);
  await agent.page.goto(`${stage.server.url}/console/questions`);
  await agent.page.locator('.empty', { hasText: 'This page is not open to you' }).waitFor();
  await agent.isCalm();
});

stage.story('a work order is taken in hand, answered and solved; the visitor reads the answer and not the note', async () => {
  const agent = await Desk.inside(stage, browser);
  const visitor = await stage.visitor('小明');
  await new Rest(stage.server.url, await stage.key('c1')).put('/work-order-kinds/repair', { text: 'Repair' });
  const { body: made } = await agent.rest.post('/orders', { submitter: visitor.aid, title: 'The zip is broken', describe: 'At the left door', kind: 'repair' });
  assert.equal(made.errcode, 0, JSON.stringify(made));
  await agent.page.locator('.rail a', { hasText: 'Orders' }).click();
  await agent.tableRow('The zip is broken').click();
  const editor = agent.page.locator('.editor');
  await editor.getByLabel('Owner').selectOption({ label: agent.nick });
  await editor.locator('.order-lines', { hasText: `gave it to ${agent.nick}` }).waitFor();
  await editor.getByLabel('Answer').fill('A new one is on its way');
  await editor.locator('.order-say .pri').dblclick();
  await editor.locator('.order-lines', { hasText: 'A new one is on its way' }).waitFor();
  await editor.getByLabel('Visible to the visitor').click();
  await editor.getByLabel('Internal note').fill('stock is low');
  await editor.locator('.order-say .pri').click();
  await editor.locator('.order-lines .is-note', { hasText: 'stock is low' }).waitFor();
  await editor.getByLabel('State').selectOption({ label: 'in progress' });
  await agent.page.locator('.table .tag', { hasText: 'in progress' }).waitFor();
  await editor.getByLabel('State').selectOption({ label: 'solved' });
  await agent.page.locator('.table .tag', { hasText: 'solved' }).waitFor();
  const { body } = await agent.rest.get(`/orders/${made.data.id}`);
  assert.equal(body.data.state, 'solved');
  assert.equal(body.data.feedback.match(/A new one is on its way/g)?.length, 1, 'said once, however often it was pressed');
  assert.doesNotMatch(body.data.feedback, /stock is low/);
  await agent.isCalm();
});

stage.story('the wallboard says who waits and how long, where seats are free, and how the last two hours went', async () => {
  const companyid = 'board';
  const owner = new Rest(stage.server.url, await stage.company(companyid, 'Shop'));
  const supervisor = await Desk.inside(stage, browser, { role: 'supervisor', companyid });
  await supervisor.busy();
  const colleague = await stage.agent('Colleague', { companyid });
  await colleague.connects();
  await owner.patch(`/agents/${colleague.aid}`, { cap: 1 });
  await supervisor.page.locator('.rail a', { hasText: 'Board' }).click();
  const tile = (name, value) => supervisor.page.locator('.tile', { hasText: name }).filter({ has: supervisor.page.locator('.figure', { hasText: value }) });
  await tile('Free seats', /^1$/).waitFor();
  const ask = async (nick) => {
    const visitor = await stage.visitor(nick, { companyid });
    await visitor.connects();
    await visitor.joins();
    return { visitor, ...(await visitor.applies()) };
  };
  const first = await ask('小一');
  await ask('小二');
  await tile('Being served', /^1$/).waitFor();
  await tile('Waiting', /^1$/).filter({ hasText: '0 ten minutes ago' }).waitFor();
  await tile('Free seats', /^0$/).waitFor();
  await tile('Longest wait', /^0:\d\d$/).filter({ hasText: '小二' }).waitFor();
  await supervisor.page.locator('.board-row', { hasText: '小二' }).waitFor();
  // The page asks for the last hours once a minute; who waits now is told at once.
  await supervisor.page.locator('.pace-now span', { hasText: /^1$/ }).waitFor();
  await supervisor.page.reload();
  await supervisor.page.getByRole('img', { name: '2 new chats in the last two hours, 1 visitor waits now' }).waitFor();
  await first.visitor.gets('user', { type: 'endcs', roomid: first.visitor.roomid, chatid: first.chatid });
  await tile('Waiting', /^0$/).waitFor();
  await tile('Longest wait', /^–$/).waitFor();
  await supervisor.page.locator('.pace-now span', { hasText: /^0$/ }).waitFor();
  await supervisor.isCalm();
});

stage.story('a supervisor sees the desk live, looks into a colleague’s chat unseen, and takes it over', async () => {
  const supervisor = await Desk.inside(stage, browser, { role: 'supervisor' });
  await supervisor.busy();
  const colleague = await stage.agent('Colleague');
  await colleague.connects();
  await colleague.manages('setStatus', { status: 'O' });
  await supervisor.page.locator('.rail a', { hasText: 'Board' }).click();
  const serving = supervisor.page.locator('.tile', { hasText: 'Being served' }).locator('.figure');
  await serving.waitFor();
  const before = Number(await serving.textContent());
  const visitor = await stage.visitor('小红');
  await visitor.connects();
  await visitor.joins();
  await visitor.says('is anybody there?');
  await visitor.applies({ csid: colleague.aid });
  await until('the board shows one more', async () => Number(await serving.textContent()) === before + 1);

  await supervisor.page.locator('.rail a', { hasText: 'Chats' }).click();
  await supervisor.page.keyboard.press('Alt+3');
  await supervisor.row('小红').click();
  await supervisor.message('is anybody there?').waitFor();
  await visitor.says('hello?');
  await supervisor.message('hello?').waitFor();
  assert.deepEqual(visitor.noticed('presence').filter(({ aid }) => aid === supervisor.account.aid), []);
  await supervisor.page.locator('.instead', { hasText: 'Colleague' }).getByText('Take over').click();
  await visitor.isTold('transferred', ({ cs }) => cs.nick === supervisor.nick);
  await supervisor.says('I am here now');
  await visitor.hears('I am here now');

  const { chatid } = await visitor.isTold('transferred');
  await visitor.gets('user', { type: 'endcs', roomid: visitor.roomid, chatid });
  await visitor.gets('user', { type: 'rate', roomid: visitor.roomid, chatid, rateresult: 'GOOD', ratetype: 'HAND' });
  await supervisor.page.locator('.rail a', { hasText: 'Numbers' }).click();
  await supervisor.page.locator('.chart canvas').waitFor();
  await supervisor.page.getByRole('tab', { name: 'Rating' }).click();
  await supervisor.tableRow(/^Good/).filter({ hasText: /[1-9]\d*\s*%/ }).waitFor();
  await supervisor.page.locator('.tile', { hasText: 'Asked' }).locator('dd', { hasText: /^[1-9]/ }).waitFor();
  const drawn = () => supervisor.page.locator('.chart canvas').evaluate((canvas) => canvas.toDataURL());
  const light = await drawn();
  await supervisor.page.emulateMedia({ colorScheme: 'dark' });
  await until('the chart follows the system into the dark', async () => (await drawn()) !== light);
  await supervisor.isCalm();
});

function isInView(desk, text) {
  return until(`${text} is in view`, async () => {
    const [log, message] = [await desk.page.locator('.log').boundingBox(), await desk.message(text).boundingBox().catch(() => null)];
    return log && message && message.y >= log.y && message.y + message.height <= log.y + log.height;
  });
}

stage.story('the history is searched, a hit is shown where it was said, and a supervisor takes a period with it', async () => {
  const supervisor = await Desk.inside(stage, browser, { role: 'supervisor' });
  const visitor = await stage.visitor('小周');
  await visitor.connects();
  await visitor.joins();
  const { id } = await visitor.says('我要退款 <b>today</b>');
  await visitor.saysAll(Array.from({ length: 300 }, (_, n) => `since ${n}`));
  await supervisor.page.locator('.rail a', { hasText: 'History' }).click();
  const hit = supervisor.page.locator('.hit', { hasText: '我要退款 <b>today</b>' });
  await until('the message is found', async () => {
    await supervisor.page.getByLabel('Search messages').fill('退款');
    await supervisor.page.getByLabel('Search messages').press('Enter');
    return hit.locator('mark', { hasText: '退款' }).count();
  });
  const [download] = await Promise.all([supervisor.page.waitForEvent('download'), supervisor.page.locator('.export button', { hasText: 'CSV' }).click()]);
  assert.match(download.suggestedFilename(), /\.csv$/);
  assert.match(await readFile(await download.path(), 'utf8'), /小周.*我要退款 <b>today<\/b>/);
  await hit.click();
  await supervisor.page.locator('.con h1', { hasText: '小周' }).waitFor();
  await isInView(supervisor, '我要退款');
  // Back at the others that were found.
  await supervisor.page.goBack();
  await hit.waitFor();
  assert.equal(await supervisor.page.getByLabel('Search messages').inputValue(), '退款');
  // A quote leads as far.
  await visitor.says('about this', { quote: id });
  await supervisor.page.goForward();
  await supervisor.message('about this').waitFor();
  await supervisor.message('about this').locator('.qt').click();
  await isInView(supervisor, '我要退款');
  await supervisor.isCalm();
});

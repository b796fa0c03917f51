// The first set-up in a browser: from the link that the server prints to a console that says what to do next.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Desk } from '../harness/desk.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';

const stage = await openStage({ args: [] });
const browser = await openBrowser();
after(() => browser.close());

/** Where the set-up is, on the server of this run, with what stands behind the `#`. */
function link() {
  const printed = stage.server.log.map((line) => /set up: (\S+)$/.exec(line)?.[1]).findLast(Boolean);
  return `${stage.server.url}/console/setup${new URL(printed).hash}`;
}

async function at(address) {
  const page = await Desk.page(browser);
  stage.closesWith(() => page.context().close());
  await page.goto(address);
  return page;
}

const field = (page, name) => page.locator(`[name=${name}]`);
const said = (page, text) => page.locator('.door [role=alert]', { hasText: text }).waitFor();

async function fills(page, { name = '岭上户外', nick = '林乔', login = 'lin', password = 'rain on the tent roof' } = {}) {
  await field(page, 'organization').fill(name);
  await field(page, 'name').fill(nick);
  await field(page, 'username').fill(login);
  await field(page, 'new-password').fill(password);
}

stage.story('a link that is not whole, or too old, says what to do', async () => {
  const half = await at(`${stage.server.url}/console/setup`);
  await said(half, 'The link is not complete');
  const old = await at(`${stage.server.url}/console/setup#ncs_${'0'.repeat(64)}`);
  await fills(old);
  await old.getByRole('button', { name: 'Begin' }).click();
  await said(old, 'This link is too old');
});

stage.story('what is missing or too weak is said below its field, and nothing typed is lost', async () => {
  const page = await at(link());
  await page.getByRole('button', { name: 'Begin' }).click();
  assert.equal(await page.locator('.hint.bad').count(), 4);
  await fills(page, { login: 'l in', password: '12345678' });
  await page.locator('.hint', { hasText: 'too regular' }).waitFor();
  await page.locator('.hint.bad', { hasText: 'A login has no spaces' }).waitFor();
  await field(page, 'new-password').fill('1234567');
  await page.locator('.hint', { hasText: '1 more character' }).waitFor();
  await page.getByRole('button', { name: '中文' }).click();
  await page.locator('h1', { hasText: '设置 Nodechat' }).waitFor();
  assert.equal(await field(page, 'organization').inputValue(), '岭上户外');
  assert.deepEqual(page.wrongs, []);
});

stage.story('the owner is in the console at once, which says what to do next; the token is in no address', async () => {
  const other = await at(link());
  await field(other, 'organization').waitFor();
  const page = await at(link());
  await field(page, 'organization').waitFor();
  assert.equal(page.url(), `${stage.server.url}/console/setup`);
  await page.reload();
  await fills(page);
  await page.locator('.hint.ok', { hasText: 'hard to guess' }).waitFor();
  await page.getByRole('button', { name: 'Begin' }).click();

  const steps = page.locator('.con .begin li');
  await steps.first().waitFor();
  assert.equal(new URL(page.url()).pathname, '/console');
  assert.deepEqual(await steps.locator('.b').allTextContents(), ['Put it on your page', 'Invite an agent', 'Add questions']);
  await page.locator('.begin', { hasText: 'the company is main' }).waitFor();
  await page.locator('.me[aria-label*="林乔"]').waitFor();
  const { body } = await new Rest(stage.server.url).post('/sessions', { companyid: 'main', login: 'lin', password: 'rain on the tent roof' });
  assert.deepEqual([body.data.role, body.data.nick], ['owner', '林乔']);
  const owner = new Rest(stage.server.url, body.data.ticket);
  assert.deepEqual([(await owner.get('/company')).body.data.name, (await owner.get('/company')).body.data.settings.locale], ['岭上户外', 'en']);

  await steps.nth(1).click();
  await page.locator('.admin h1', { hasText: 'Agents' }).waitFor();
  assert.equal((await owner.post('/agents', { login: 'su', password: 'a good password', nick: '苏晚' })).body.errcode, 0);
  await page.goto(`${stage.server.url}/console`);
  await steps.nth(1).getByText('done').waitFor();
  await page.getByRole('button', { name: 'Do not show this again' }).click();
  await page.locator('.con .empty', { hasText: 'Choose a chat' }).waitFor();
  assert.deepEqual(page.wrongs, []);

  await fills(other);
  await other.getByRole('button', { name: 'Begin' }).click();
  await said(other, 'This link was used');
  await page.goto(`${stage.server.url}/console/setup`);
  await said(page, 'It is set up already');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('.me').waitFor();
});

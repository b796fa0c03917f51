// An agent's own account: its name, and another password, after which this page goes on and others do not.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Desk } from '../harness/desk.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';

const stage = await openStage({ args: [] });
const browser = await openBrowser();
after(() => browser.close());

stage.story('another name is there at once for colleagues, and whoever signs in has it', async () => {
  const agent = await Desk.inside(stage, browser);
  await agent.settings('My account');
  await agent.page.locator('[name=nickname]').fill('林乔');
  await agent.page.locator('.form-deeds', { hasText: 'Not saved yet' }).getByRole('button', { name: 'Save' }).click();
  await agent.page.locator('.me[aria-label*="林乔"]').waitFor();
  const { body } = await new Rest(stage.server.url, await stage.key('c1')).get(`/agents/${agent.account.aid}`);
  assert.equal(body.data.nick, '林乔');
  const { login, password } = agent.account;
  assert.equal((await new Rest(stage.server.url).post('/sessions', { companyid: 'c1', login, password })).body.data.nick, '林乔');
  await agent.isCalm();
});

stage.story('canned replies and notes go by another name as soon as there is one', async () => {
  const agent = await Desk.online(stage, browser, { replies: [{ shortcut: 'hi', title: 'Greeting', text: '{{agent}} here' }] });
  const visitor = await agent.isGiven('小红', ['hi']);
  await agent.settings('My account');
  await agent.page.locator('[name=nickname]').fill('林乔');
  await agent.page.getByRole('button', { name: 'Save' }).click();
  await agent.page.locator('.me[aria-label*="林乔"]').waitFor();
  await agent.page.locator('.rail a', { hasText: 'Chats' }).click();
  await agent.opens('小红');
  await agent.box.fill('/hi');
  await agent.page.locator('[role=option]', { hasText: 'Greeting' }).waitFor();
  await agent.box.press('Control+Enter');
  await visitor.hears('林乔 here');
  await agent.page.keyboard.press('Alt+i');
  await agent.says('has called twice');
  const note = agent.page.locator('.note', { hasText: 'has called twice' });
  await note.waitFor();
  assert.equal(await note.locator('.nh bdi').textContent(), '林乔');
  await agent.isCalm();
});

stage.story('a password is changed: the former one is asked for, this page goes on, another browser is signed out', async () => {
  const agent = await Desk.inside(stage, browser);
  const { login } = agent.account;
  const elsewhere = (await new Rest(stage.server.url).post('/sessions', { companyid: 'c1', login, password: agent.account.password })).body.data;
  await agent.settings('My account');
  const [old, fresh] = ['current-password', 'new-password'].map((name) => agent.page.locator(`[name=${name}]`));
  const go = agent.page.getByRole('button', { name: 'Change the password' });
  await go.click();
  assert.equal(await agent.page.locator('.hint.bad').count(), 2);
  await old.fill('not it at all');
  await fresh.fill('wind over the ridge');
  await go.click();
  await agent.page.locator('.hint.bad', { hasText: 'This is not your password' }).waitFor();
  await agent.page.locator('.me').waitFor();

  await old.fill(agent.account.password);
  await go.click();
  await agent.page.locator('.toast', { hasText: 'The password is changed' }).waitFor();
  assert.equal((await new Rest(stage.server.url, elsewhere.ticket).get('/me')).status, 401);
  assert.equal((await new Rest(stage.server.url).post('/sessions', { companyid: 'c1', login, password: 'wind over the ridge' })).status, 201);
  await agent.page.locator('.rail a', { hasText: 'Chats' }).click();
  await agent.busy();
  await agent.isCalm({ network: false });
});

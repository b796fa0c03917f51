// Work orders in the console: kinds are named, one is made from a chat with one press, and each leads to the other.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Desk } from '../harness/desk.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';

const stage = await openStage({ args: [] });
const browser = await openBrowser();
after(() => browser.close());

stage.story('kinds are made, renamed, chosen by and removed; work orders keep theirs', async () => {
  const admin = await Desk.inside(stage, browser, { role: 'admin' });
  await admin.settings('Work order kinds');
  await admin.makes('New kind', { text: 'Repair', key: 'repair' });
  await admin.makes('New kind', { text: '换货', place: '2' });
  await admin.tableRow('换货').waitFor();
  await admin.tableRow('Repair').click();
  await admin.page.locator('.editor [data-field=text] input').fill('Repairs');
  await admin.saves();
  await admin.tableRow('Repairs').waitFor();
  const rest = new Rest(stage.server.url, await stage.key('c1'));
  assert.deepEqual((await rest.get('/work-order-kinds')).body.data, [{ key: 'repair', text: 'Repairs', place: 0 }, { key: '换货', text: '换货', place: 2 }]);

  const visitor = await stage.visitor('小明');
  for (const kind of ['repair', '换货']) assert.equal((await rest.post('/orders', { submitter: visitor.aid, title: `About ${kind}`, describe: 'x', kind })).body.errcode, 0);
  await admin.page.locator('.rail a', { hasText: 'Orders' }).click();
  await admin.page.getByLabel('Kind').selectOption({ label: 'Repairs' });
  await admin.tableRow('About 换货').waitFor({ state: 'detached' });
  await admin.tableRow('About repair').click();
  await admin.page.locator('.editor .kv', { hasText: 'Repairs' }).waitFor();

  await admin.settings('Work order kinds');
  await admin.tableRow('Repairs').click();
  await admin.page.locator('.editor .danger').click();
  await admin.page.locator('[role=dialog] button', { hasText: 'Delete Repairs' }).click();
  await admin.tableRow('Repairs').waitFor({ state: 'detached' });
  await admin.isCalm();
});

stage.story('a work order is made of what the visitor said with one press, once for each consultation', async () => {
  const agent = await Desk.online(stage, browser);
  const visitor = await agent.isGiven('小红', ['帐篷的杆断了', '左边那根']);
  await agent.opens('小红');
  await agent.page.keyboard.press('Alt+O');
  await agent.page.locator('.toast', { hasText: 'Work order made: 帐篷的杆断了' }).waitFor();
  const { body } = await agent.rest.get('/orders', { submitter: visitor.aid });
  assert.equal(body.data.length, 1);
  const [order] = body.data;
  assert.match(order.describe, /左边那根/);
  assert.ok(order.roomid && order.chatid);

  await agent.page.locator('.who .pair', { hasText: 'this chat' }).getByRole('link', { name: '帐篷的杆断了' }).click();
  await agent.page.waitForURL(`**/console/orders/${order.id}`);
  await agent.page.locator('.editor .order-text', { hasText: '左边那根' }).waitFor();
  await agent.page.locator('.editor a', { hasText: 'Open the chat' }).click();
  await agent.page.locator('.con h1', { hasText: '小红' }).waitFor();

  await agent.page.locator('.make-order').click();
  await agent.page.waitForURL(`**/console/orders/${order.id}`);
  assert.equal((await agent.rest.get('/orders', { submitter: visitor.aid })).body.data.length, 1);
  await agent.isCalm();
});

stage.story('where nothing was said there is nothing to make one of, and the page says so', async () => {
  const agent = await Desk.online(stage, browser);
  await agent.isGiven('小周', []);
  await agent.opens('小周');
  await agent.page.locator('.make-order').click();
  await agent.page.locator('.toast', { hasText: 'The visitor has not written anything' }).waitFor();
  await agent.isCalm({ network: false });
});

stage.story('a work order has an address of its own, and one that is gone says so', async () => {
  const agent = await Desk.inside(stage, browser);
  const visitor = await stage.visitor('小李');
  const rest = new Rest(stage.server.url, await stage.key('c1'));
  const { body } = await rest.post('/orders', { submitter: visitor.aid, title: 'By address', describe: 'x', kind: '换货' });
  await agent.page.goto(`${stage.server.url}/console/orders/${body.data.id}`);
  await agent.page.locator('.editor h2', { hasText: 'By address' }).waitFor();
  await agent.page.goto(`${stage.server.url}/console/orders/00000000-0000-7000-8000-000000000000`);
  await agent.page.locator('.editor [role=alert]', { hasText: 'It is not there any more' }).waitFor();
  await agent.isCalm({ network: false });
});

stage.story('on the board a card is carried to where it may go next; elsewhere it stays, and what the server refuses goes to where it is', async () => {
  const agent = await Desk.inside(stage, browser);
  const visitor = await stage.visitor('小吴');
  const rest = new Rest(stage.server.url, await stage.key('c1'));
  const { body } = await rest.post('/orders', { submitter: visitor.aid, title: 'Carried', describe: 'x', kind: '换货' });
  const { id } = body.data;
  await agent.page.goto(`${stage.server.url}/console/orders`);
  await agent.page.getByRole('button', { name: 'Columns', exact: true }).click();
  const lane = (name) => agent.page.getByRole('region', { name, exact: true });
  const card = (name) => lane(name).locator('.order-card', { hasText: 'Carried' });
  const state = async () => (await rest.get(`/orders/${id}`)).body.data.state;

  await card('new').dragTo(lane('solved'));
  await card('new').waitFor();
  assert.equal(await state(), 'new');
  await card('new').dragTo(lane('in progress'));
  await card('in progress').waitFor();
  await agent.page.locator('.lane h2', { hasText: /^in progress\s*1$/ }).waitFor();
  assert.equal(await state(), 'in_progress');

  await card('in progress').click();
  await agent.page.locator('.editor h2', { hasText: 'Carried' }).waitFor();
  await agent.page.locator('.editor').getByLabel('State').selectOption({ label: 'solved' });
  await card('solved').waitFor();
  await agent.page.getByRole('button', { name: 'Close' }).click();

  // A colleague was quicker, and the page does not know it yet.
  assert.equal((await rest.patch(`/orders/${id}`, { state: 'closed' })).body.errcode, 0);
  await card('solved').dragTo(lane('in progress'));
  await agent.page.locator('.toast').last().waitFor();
  await card('closed').waitFor();
  await agent.isCalm({ network: false });
});

// The visitor's page: work orders of one's own.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { png } from '../harness/pictures.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { openVisitorPage } from '../harness/visitor-page.js';

const stage = await openStage();
const browser = await openBrowser();
after(() => browser.close());

stage.story('a visitor writes a work order, and sees what becomes of it while looking', async () => {
  const rest = new Rest(stage.server.url, await stage.company('orders1', '岭上户外'));
  await rest.patch('/company', { anonymous: true });
  await rest.put('/work-order-kinds/repair', { text: '维修' });
  const { page, ...visitor } = await open('orders1');
  await page.getByRole('button', { name: '我的工单' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByText('还没有工单').waitFor();
  await sheet.getByRole('button', { name: '写一张工单' }).click();
  await sheet.getByRole('button', { name: '提交工单' }).click();
  assert.equal(await sheet.getByText('这里还没有填').count(), 3);
  await sheet.getByLabel('标题').fill('主杆断了');
  await sheet.getByLabel('具体情况').fill('第一次搭就断了 <b>x</b>');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '我的工单' }).click();
  await sheet.getByRole('button', { name: '写一张工单' }).click();
  assert.equal(await sheet.getByLabel('具体情况').inputValue(), '第一次搭就断了 <b>x</b>', 'what was begun is kept');
  await sheet.getByLabel('联系电话').fill('13800000000');
  await sheet.locator('input[type=file]').setInputFiles([{ name: '杆.png', mimeType: 'image/png', buffer: png(40, 30) }]);
  await sheet.locator('.thumb img').waitFor();
  await sheet.getByRole('button', { name: '提交工单' }).click();
  await sheet.locator('.orders li', { hasText: '已提交' }).getByText('第一次搭就断了 <b>x</b>').waitFor();

  const { body } = await rest.get('/orders');
  const [order] = body.data;
  assert.equal(order.pictures.length, 1);
  assert.equal(order.kind, 'repair');
  await rest.patch(`/orders/${order.id}`, { state: 'accepted', comment: { text: '明天寄出', public: true } });
  await sheet.locator('.orders li', { hasText: '已受理' }).getByText('明天寄出').waitFor();
  await page.keyboard.press('Escape');
  await visitor.closes();
});

stage.story('where a company has no work orders there is no button for them', async () => {
  await new Rest(stage.server.url, await stage.company('orders2', '岭上户外')).patch('/company', { anonymous: true });
  const { page, ...visitor } = await open('orders2', { waitFor: 'pubType' });
  assert.equal(await page.getByRole('button', { name: '我的工单' }).count(), 0);
  await visitor.closes();
});

stage.story('work orders are reached while one waits for a person, and while one is served', async () => {
  const rest = new Rest(stage.server.url, await stage.company('orders3', '岭上户外'));
  await rest.patch('/company', { anonymous: true });
  await rest.put('/work-order-kinds/repair', { text: '维修' });
  const agent = await stage.agent('陈默', { companyid: 'orders3' });
  await agent.connects();
  await agent.gets('mgr', { type: 'setStatus', status: 'B' });
  const { page, ...visitor } = await open('orders3');
  await page.getByRole('button', { name: '转人工' }).click();
  for (const where of ['.queue', '.top .dot']) {
    await page.locator(where).waitFor();
    await page.getByRole('button', { name: '更多' }).click();
    await page.getByRole('menuitem', { name: '我的工单' }).click();
    await page.getByRole('dialog', { name: '我的工单' }).waitFor();
    await page.keyboard.press('Escape');
    if (where === '.queue') {
      assert.equal(await page.getByRole('menuitem', { name: '结束会话' }).count(), 0);
      await agent.gets('mgr', { type: 'setStatus', status: 'O' });
    }
  }
  await page.getByRole('button', { name: '更多' }).click();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '转人工' }).waitFor();
  await visitor.closes();
});

stage.story('where it was not answered whether there are work orders, it is asked again', async () => {
  const rest = new Rest(stage.server.url, await stage.company('orders4', '岭上户外'));
  await rest.patch('/company', { anonymous: true });
  await rest.put('/work-order-kinds/repair', { text: '维修' });
  let asked = 0;
  const visitor = await openVisitorPage(browser, `${stage.server.url}/chat/orders4`, {
    before: (page) => page.route('**/fault/list', (route) => ((asked += 1) === 1 ? route.fulfill({ json: { errcode: 5003 } }) : route.continue())),
  });
  await visitor.page.getByRole('button', { name: '我的工单' }).waitFor();
  assert.equal(asked, 2);
  await visitor.closes();
});

async function open(company, { waitFor } = {}) {
  const visitor = await openVisitorPage(browser, `${stage.server.url}/chat/${company}`);
  const { page } = visitor;
  if (waitFor) await Promise.all([page.waitForResponse((response) => response.url().includes('fault/list')), page.reload()]);
  else await page.locator('.quick .btn').nth(1).waitFor();
  return { page, closes: () => visitor.closes() };
}

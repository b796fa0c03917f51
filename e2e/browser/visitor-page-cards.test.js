// The visitor's page: products and orders as cards, whatever is written in them.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { png } from '../harness/pictures.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';
import { openVisitorPage } from '../harness/visitor-page.js';

const stage = await openStage();
const browser = await openBrowser();
after(() => browser.close());
let companies = 0;

async function served() {
  const companyid = `cards${(companies += 1)}`;
  await new Rest(stage.server.url, await stage.company(companyid, '岭上户外')).patch('/company', { anonymous: true });
  const agent = await stage.agent('陈默', { companyid });
  await agent.connects();
  const visitor = await openVisitorPage(browser, `${stage.server.url}/chat/${companyid}`);
  await visitor.page.getByRole('button', { name: '转人工' }).click();
  await agent.joins((await agent.notices('assign')).roomid);
  await visitor.sees('陈默 为您服务');
  return { agent, visitor, page: visitor.page, shows: (msg) => agent.gets('chat', { roomid: agent.roomid, type: 'custom', msg }) };
}

stage.story('a product and an order show what they are, and lead to the shop', async () => {
  const { agent, visitor, page, shows } = await served();
  const { body } = await stage.api.uploadImage(agent.ticket, png(96, 96), '帐.png');
  await shows({ kind: 'product', title: '岭 2 双人三季帐', price: '¥1,299', note: '有货', picture: body.data, url: 'https://shop.example/tent' });
  await shows({ kind: 'order', number: '20261112-0387', state: '已签收', title: '岭 2 双人三季帐', note: '1 件', price: '¥1,299', url: 'https://shop.example/orders/1' });
  const product = page.getByRole('region', { name: '商品' });
  await product.getByText('¥1,299，有货').waitFor();
  assert.equal(await product.getByRole('link', { name: '查看商品' }).getAttribute('href'), 'https://shop.example/tent');
  await until('its picture is there', () => product.locator('img').evaluate((image) => image.naturalWidth === 96));
  const order = page.getByRole('region', { name: '订单' });
  for (const words of ['20261112-0387', '已签收', '1 件，¥1,299', '查看订单']) await order.getByText(words).waitFor();
  assert.equal(await order.getByRole('link').getAttribute('rel'), 'noopener noreferrer nofollow');
  await visitor.closes();
});

stage.story('a card from a stranger is text, leads to no script, and loads nothing from elsewhere', async () => {
  const { visitor, page, shows } = await served();
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await shows({ kind: 'product', title: '<img src=x onerror=alert(1)>', price: { a: 1 }, picture: 'https://evil.example/x.png', url: 'javascript:alert(1)' });
  await shows({ kind: 'product', title: `x${'长'.repeat(400)}`, url: 'https://bank.example@evil.example/' });
  await shows({ kind: 'product', title: '' });
  await shows({ kind: 'poll', title: 'a card of tomorrow' });
  await page.getByText('收到一张这里还不能显示的卡片').nth(1).waitFor();
  assert.equal(await page.getByRole('region', { name: '商品' }).count(), 2);
  assert.equal(await page.locator('.thing a').count(), 0);
  assert.equal(await page.locator('.thing img').count(), 0);
  await page.getByText('<img src=x onerror=alert(1)>').waitFor();
  assert.deepEqual(asked.filter((url) => url.includes('evil')), []);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await visitor.closes();
});

// The visitor's page: leaving a message in a form that says what is missing, with pictures of it.
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

const picture = (n) => ({ name: `杆${n}.png`, mimeType: 'image/png', buffer: png(40 + n, 30) });

stage.story('a message is left with a name, a number and pictures, and each field says what is wrong when it is left', async () => {
  const companyid = 'left1';
  await new Rest(stage.server.url, await stage.company(companyid, '岭上户外')).patch('/company', { anonymous: true });
  const visitor = await openVisitorPage(browser, `${stage.server.url}/chat/${companyid}`);
  const { page } = visitor;
  await page.getByRole('button', { name: '转人工' }).click();
  const sheet = page.getByRole('dialog', { name: '留言给我们' });
  const contact = sheet.getByLabel('手机号或邮箱');
  for (const [typed, said] of [['', '写下手机号或邮箱'], ['138 5712 200', '还差 1 位数字'], ['a@b', '邮箱没有写全'], ['微信', '手机号或者邮箱']]) {
    await contact.fill(typed);
    await contact.blur();
    await sheet.getByText(said).waitFor();
    assert.equal(await contact.getAttribute('aria-invalid'), 'true');
  }
  await contact.fill('138 5712 2000');
  await contact.blur();
  assert.equal(await contact.getAttribute('aria-invalid'), 'false');
  await sheet.getByRole('button', { name: '发送留言' }).click();
  await sheet.getByText('写一句话，说说是什么事').waitFor();
  assert.equal(await sheet.getByLabel('遇到了什么问题').evaluate((box) => box === document.activeElement), true);
  await sheet.getByLabel('怎么称呼您').fill('周雨桐');
  await sheet.getByLabel('遇到了什么问题').fill('主杆断了一节');
  await sheet.locator('input[type=file]').setInputFiles([1, 2, 3, 4, 5].map(picture));
  await sheet.locator('.thumb img').nth(3).waitFor();
  assert.equal(await sheet.getByRole('button', { name: '加图片' }).count(), 0, 'four are enough');
  await sheet.getByRole('button', { name: '删除' }).first().click();
  await page.reload();
  await page.getByRole('button', { name: '转人工' }).click();
  await sheet.locator('.thumb img').nth(2).waitFor();
  await until('the pictures are shown again', () => sheet.locator('.thumb img').evaluateAll((images) => images.length === 3 && images.every(({ naturalWidth }, n) => naturalWidth === 42 + n)));
  await sheet.getByRole('button', { name: '发送留言' }).click();
  await visitor.sees('留言已收到');
  await page.locator('.msg.out .pic').nth(2).waitFor();

  const agent = await stage.agent('客服', { companyid });
  await agent.connects();
  await agent.joins((await agent.notices('assign')).roomid);
  const [row] = (await agent.gets('list', { type: 'selfUser' })).rooms;
  assert.deepEqual(row.left, { msg: '主杆断了一节', contact: '周雨桐，138 5712 2000' });
  assert.deepEqual((await agent.history()).map(({ mtype }) => mtype), ['text', 'image', 'image', 'image']);
  await visitor.closes();
});

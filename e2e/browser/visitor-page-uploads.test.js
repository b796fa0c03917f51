// The visitor's page: an upload outlives the page that began it.
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

const picture = { name: '杆.png', mimeType: 'image/png', buffer: png(400, 300) };
const isImage = ({ mtype }) => mtype === 'image';

/** A visitor on the page, served by an agent who is in the room. */
async function served({ settings = {} } = {}) {
  const companyid = `uploads${(companies += 1)}`;
  await new Rest(stage.server.url, await stage.company(companyid, '岭上户外')).patch('/company', { anonymous: true, ...settings });
  const agent = await stage.agent('陈默', { companyid });
  await agent.connects();
  const visitor = await openVisitorPage(browser, `${stage.server.url}/chat/${companyid}`);
  await visitor.page.getByRole('button', { name: '转人工' }).click();
  await agent.joins((await agent.notices('assign')).roomid);
  await visitor.sees('陈默 为您服务');
  return { agent, visitor, page: visitor.page };
}

/** From now on uploads of this browser begin and do not end; answers how to let them go on. */
async function holdUploads(context) {
  const held = [];
  let open = false;
  await context.route('**/file/upload*', (route) => (open ? route.continue() : held.push(route)));
  return {
    held,
    /** Requests of pages that are gone have nobody to be answered to. */
    letGo: () => ((open = true), Promise.all(held.map((route) => route.continue().catch(() => {})))),
  };
}

const pick = (page, file) => page.locator('.panel input[type=file]').setInputFiles([file]);

stage.story('an upload goes on by itself after a reload in its middle, stands at its place, and arrives once', async () => {
  const { agent, visitor, page } = await served();
  const uploads = await holdUploads(page.context());
  await pick(page, picture);
  await until('the upload has begun', () => uploads.held.length === 1);
  await visitor.says('这是断口');
  await agent.hears('这是断口');
  await page.reload();
  await page.locator('.msg.is-uploading .pic .bar').waitFor();
  assert.equal(await page.locator('.msg.is-uploading .pic img').evaluate((image) => image.naturalWidth), 400);
  await until('it has begun again', () => uploads.held.length === 2);
  await uploads.letGo();
  await agent.hears(isImage);
  await page.locator('.msg.out:last-of-type .meta', { hasText: '已发送' }).waitFor();
  assert.equal((await agent.history()).filter(isImage).length, 1);
  assert.equal(await page.locator('.pic').count(), 1);
  await page.reload();
  await page.locator('.pic').waitFor();
  await until('nothing of it is left in the browser', async () => (await keptFiles(page)).length === 0);
  assert.equal((await agent.history()).filter(isImage).length, 1);
  await visitor.closes();
});

stage.story('what the visitor does not want any more is not there after a reload', async () => {
  const { agent, visitor, page } = await served();
  const uploads = await holdUploads(page.context());
  await pick(page, picture);
  await until('it is kept', async () => (await keptFiles(page)).length === 1);
  await page.getByRole('button', { name: '取消' }).click();
  await until('it is kept no more', async () => (await keptFiles(page)).length === 0);
  await page.reload();
  await page.locator('.top .dot').waitFor();
  await uploads.letGo();
  await visitor.says('没有图');
  await agent.hears('没有图');
  assert.deepEqual((await agent.history()).filter(isImage), []);
  await visitor.closes();
});

stage.story('what the service refuses is not tried again after a reload', async () => {
  const { visitor, page } = await served({ settings: { settings: { upload_kinds: 'pdf' } } });
  await pick(page, { name: '说明.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') });
  await page.locator('.meta.bad', { hasText: '这种文件不能发' }).waitFor();
  await until('it is not kept', async () => (await keptFiles(page)).length === 0);
  await page.reload();
  await page.locator('.top .dot').waitFor();
  assert.equal(await page.locator('.bub.file').count(), 0);
  await visitor.closes({ errors: /status of 4/ });
});

stage.story('what the service is too busy for goes on after a reload, unless it is deleted', async () => {
  const { agent, visitor, page } = await served();
  const busy = (route) => route.fulfill({ status: 503, json: { errcode: 5003, errmsg: 'busy' } });
  await page.context().route('**/file/upload*', busy);
  const failed = page.locator('.msg.is-failed');
  await pick(page, { name: '说明.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') });
  await failed.getByRole('button', { name: '重发' }).waitFor();
  await failed.getByRole('button', { name: '删除' }).click();
  await until('it is kept no more', async () => (await keptFiles(page)).length === 0);
  await pick(page, picture);
  await failed.getByRole('button', { name: '重发' }).waitFor();
  await page.context().unroute('**/file/upload*', busy);
  await page.reload();
  await agent.hears(isImage);
  assert.equal((await agent.history()).length, 1);
  await until('nothing of it is left in the browser', async () => (await keptFiles(page)).length === 0);
  await visitor.closes({ errors: /status of 5/ });
});

stage.story('of two pages of one visitor one sends a file, and the other takes over when that is closed', async () => {
  const { agent, visitor, page } = await served();
  const uploads = await holdUploads(page.context());
  await pick(page, picture);
  await until('the upload has begun', () => uploads.held.length === 1);
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.locator('.top .dot').waitFor();
  await until('the other page waits for its turn', () => other.evaluate(async () => (await navigator.locks.query()).pending.length === 1));
  assert.equal(uploads.held.length, 1);
  await page.close();
  await other.locator('.msg.is-uploading .pic').waitFor();
  await uploads.letGo();
  await agent.hears(isImage);
  await other.locator('.msg.out .meta', { hasText: '已发送' }).last().waitFor();
  assert.equal((await agent.history()).filter(isImage).length, 1);
  await visitor.closes();
});

/** Ids of the files that this browser keeps. */
function keptFiles(page) {
  return page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opened = indexedDB.open('nodechat.chat', 1);
        opened.onerror = () => reject(opened.error);
        opened.onsuccess = () => {
          const keys = opened.result.transaction('files').objectStore('files').getAllKeys();
          keys.onsuccess = () => (opened.result.close(), resolve(keys.result));
        };
      }),
  );
}

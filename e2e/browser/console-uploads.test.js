// The agent's console: an upload outlives a lost network, a refusal and the page that began it.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Desk } from '../harness/desk.js';
import { png } from '../harness/pictures.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';

const stage = await openStage({ args: [] });
const browser = await openBrowser();
after(() => browser.close());

const picture = { name: 'pole.png', mimeType: 'image/png', buffer: png(400, 300) };
const isImage = ({ mtype }) => mtype === 'image';

/** An agent who has a visitor's room open. */
async function serving(nick, options) {
  const desk = await Desk.online(stage, browser, options);
  const visitor = await desk.isGiven(nick, ['Is it broken?']);
  await desk.opens(nick);
  return { desk, visitor, page: desk.page };
}

/** From now on uploads of this browser begin and do not end; answers how to let them go on. */
async function holdUploads(page) {
  const held = [];
  let open = false;
  await page.context().route('**/file/upload*', (route) => (open ? route.continue() : held.push(route)));
  return {
    held,
    /** Requests of pages that are gone have nobody to be answered to. */
    letGo: () => ((open = true), Promise.all(held.map((route) => route.continue().catch(() => {})))),
  };
}

stage.story('an agent’s upload goes on by itself after a reload in its middle, and arrives once', async () => {
  const { desk, visitor, page } = await serving('小杜');
  const uploads = await holdUploads(page);
  await desk.picture(picture);
  await until('the upload has begun', () => uploads.held.length === 1);
  await desk.says('as it should look');
  await visitor.hears('as it should look');
  await page.reload();
  await page.locator('.msg.is-uploading .pic .bar').waitFor();
  await until('the picture is shown', () => page.locator('.msg.is-uploading .pic img').evaluate((image) => image.naturalWidth === 400));
  await until('it has begun again', () => uploads.held.length === 2);
  await uploads.letGo();
  await visitor.hears(isImage);
  await page.locator('.msg.is-uploading').waitFor({ state: 'detached' });
  await until('nothing of it is left in the browser', async () => (await keptFiles(page)).length === 0);
  await page.reload();
  await page.locator('.log .pic').waitFor();
  assert.equal(await page.locator('.log .pic').count(), 1);
  assert.equal((await visitor.history()).filter(isImage).length, 1);
  await desk.isCalm({ network: false });
});

stage.story('what the agent does not want any more is not there after a reload', async () => {
  const { desk, visitor, page } = await serving('小温');
  const uploads = await holdUploads(page);
  await desk.picture(picture);
  await until('it is kept', async () => (await keptFiles(page)).length === 1);
  await page.locator('.msg.is-uploading').getByLabel('Cancel').click();
  await until('it is kept no more', async () => (await keptFiles(page)).length === 0);
  assert.equal(await page.locator('.log .pic').count(), 0);
  await page.reload();
  await desk.box.waitFor();
  await uploads.letGo();
  await desk.says('no picture');
  await visitor.hears('no picture');
  assert.deepEqual((await visitor.history()).filter(isImage), []);
  await desk.isCalm({ network: false });
});

stage.story('an agent’s upload that the network broke goes on by itself when it is back', async () => {
  const proxy = await stage.proxy();
  const { desk, visitor, page } = await serving('小庄', { via: proxy.url });
  proxy.cut();
  await desk.picture(picture);
  await page.locator('.msg.is-uploading .meta', { hasText: 'Will send when back online' }).waitFor();
  proxy.restore();
  await visitor.hears(isImage);
  await page.locator('.msg.is-uploading').waitFor({ state: 'detached' });
  assert.equal((await visitor.history()).filter(isImage).length, 1);
  await desk.isCalm({ network: false });
});

stage.story('a file that is refused for now can be sent again, one that is of no use cannot', async () => {
  const { desk, visitor, page } = await serving('小路');
  let refused = { errcode: 5003, errmsg: 'busy' };
  await page.context().route('**/file/upload*', (route) => (refused ? route.fulfill({ status: 503, json: refused }) : route.continue()));
  await desk.picture(picture);
  const failed = page.locator('.msg.is-failed');
  await failed.locator('.meta.bad').waitFor();

  refused = { errcode: 5401, errmsg: 'kind' };
  await failed.locator('button', { hasText: 'Retry' }).click();
  await until('it cannot be sent again', async () => (await failed.count()) === 1 && (await failed.locator('button', { hasText: 'Retry' }).count()) === 0);
  assert.deepEqual(await keptFiles(page), [], 'it is not sent by itself');
  await failed.locator('button', { hasText: 'Delete' }).click();
  await failed.waitFor({ state: 'detached' });

  refused = { errcode: 5003, errmsg: 'busy' };
  await desk.picture(picture);
  await failed.locator('.meta.bad').waitFor();
  refused = undefined;
  await failed.locator('button', { hasText: 'Retry' }).click();
  await visitor.hears(isImage);
  assert.equal((await visitor.history()).filter(isImage).length, 1);
  await desk.isCalm({ network: false });
});

stage.story('what the service is too busy for goes on after a reload, unless it is deleted', async () => {
  const { desk, visitor, page } = await serving('小贺');
  const busy = (route) => route.fulfill({ status: 503, json: { errcode: 5003, errmsg: 'busy' } });
  await page.context().route('**/file/upload*', busy);
  const failed = page.locator('.msg.is-failed');
  await desk.file({ name: 'manual.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') });
  await failed.locator('button', { hasText: 'Delete' }).click();
  await until('it is kept no more', async () => (await keptFiles(page)).length === 0);
  await desk.picture(picture);
  await failed.locator('button', { hasText: 'Retry' }).waitFor();
  await page.context().unroute('**/file/upload*', busy);
  await page.reload();
  await visitor.hears(isImage);
  await until('nothing of it is left in the browser', async () => (await keptFiles(page)).length === 0);
  assert.deepEqual((await visitor.history()).map(({ mtype }) => mtype), ['text', 'image']);
  await desk.isCalm({ network: false });
});

/** Ids of the files that this browser keeps. */
function keptFiles(page) {
  return page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opened = indexedDB.open('nodechat.console', 1);
        opened.onerror = () => reject(opened.error);
        opened.onsuccess = () => {
          const keys = opened.result.transaction('files').objectStore('files').getAllKeys();
          keys.onsuccess = () => (opened.result.close(), resolve(keys.result));
        };
      }),
  );
}

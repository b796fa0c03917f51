// The visitor's page in Firefox: pictures pasted and seen large, files that are refused in words, voices.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { openFirefox, openInFirefox } from '../harness/firefox.js';
import { png } from '../harness/pictures.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { temporaryFolder } from '../harness/tidy.js';
import { until } from '../harness/until.js';

const stage = await openStage();
const browser = await openFirefox();
after(() => browser.close());
let companies = 0;

async function served() {
  const companyid = `fox${(companies += 1)}`;
  await new Rest(stage.server.url, await stage.company(companyid, '岭上户外')).patch('/company', { anonymous: true });
  const agent = await stage.agent('陈默', { companyid });
  await agent.connects();
  const visitor = await openInFirefox(browser, `${stage.server.url}/chat/${companyid}`);
  await visitor.isServedBy(agent);
  return { agent, visitor, page: visitor.page };
}

/** A file on disk with this in it. */
function file(name, bytes) {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  return path;
}

stage.story('a picture is pasted, arrives, and can be seen large', async () => {
  const { agent, visitor, page } = await served();
  await page.evaluate((data) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([new Uint8Array(data)], 'x.png', { type: 'image/png' }));
    // Firefox gives an event that a script makes an empty clipboard.
    document.querySelector('textarea').dispatchEvent(Object.defineProperty(new ClipboardEvent('paste', { bubbles: true, cancelable: true }), 'clipboardData', { value: clipboardData }));
  }, [...png(400, 300)]);
  await agent.hears(({ mtype }) => mtype === 'image');
  await until('the picture is loaded', () => page.$$eval('.pic img', (images) => images.length === 1 && images[0].naturalWidth === 400));
  await visitor.presses('.pic');
  await visitor.sees('[role=dialog], dialog', '看大图');
  await page.keyboard.press('Escape');
  await visitor.misses('.viewer');
  await until('the focus is back', () => page.$eval('.pic', (button) => button === document.activeElement));
  await visitor.closes();
});

stage.story('a file goes out, and one that is too large is refused in words before it is sent', async () => {
  const { agent, visitor, page } = await served();
  await visitor.picks(file('合同.txt', 'hello'), file('大.png', Buffer.alloc(10 * 1024 * 1024 + 1)));
  const { msg } = await agent.hears(({ mtype }) => mtype === 'file');
  assert.equal(msg.filesize, 5);
  await visitor.sees('a.file', '合同.txt');
  await visitor.sees('.meta.bad', '最大 10 MB');
  assert.equal(await page.$('.meta.bad ::-p-text(重发)'), null, 'the same file would fail again');
  await visitor.presses('.meta.bad button', '删除');
  await visitor.misses('.meta.bad');
  assert.deepEqual((await agent.history()).map(({ mtype }) => mtype), ['file']);
  await visitor.closes();
});

stage.story('a voice is recorded, arrives, and can be played', async () => {
  const { agent, visitor, page } = await served();
  await visitor.presses('.tool', '录一段语音');
  await visitor.sees('.recording [role=timer]', '0:01');
  await visitor.presses('.recording button', '发送');
  const { msg } = await agent.hears(({ mtype }) => mtype === 'voice');
  assert.ok((await fetch(stage.api.fileUrl(msg.url))).ok);
  await until('it can be played', () => page.$eval('audio', ({ readyState }) => readyState >= 1));
  await visitor.closes();
});

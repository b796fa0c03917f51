// The visitor's page: pictures, files, quotes, what is taken back, and who is typing.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { png } from '../harness/pictures.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';
import { openVisitorPage } from '../harness/visitor-page.js';

const stage = await openStage();
// A microphone that is not there hums by itself.
const browser = await openBrowser({ flags: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] });
after(() => browser.close());
let companies = 0;

/** A visitor on the page, served by an agent who is in the room. */
async function served({ url = stage.server.url, settings = {}, locale = 'zh-CN' } = {}) {
  const companyid = `media${(companies += 1)}`;
  const rest = new Rest(stage.server.url, await stage.company(companyid, '岭上户外'));
  await rest.patch('/company', { anonymous: true, ...settings });
  const agent = await stage.agent('陈默', { companyid });
  await agent.connects();
  const visitor = await openVisitorPage(browser, `${url}/chat/${companyid}`, { locale });
  await visitor.page.getByRole('button', { name: /^(转人工|Talk to a person)$/ }).click();
  await agent.joins((await agent.notices('assign')).roomid);
  await visitor.sees(/陈默 (为您服务|joined)/);
  return { agent, visitor, page: visitor.page };
}

const picture = (name) => ({ name, mimeType: 'image/png', buffer: png(400, 300) });
const isImage = ({ mtype }) => mtype === 'image';

stage.story('a picture is shown at once, arrives, survives a reload, and can be seen large', async () => {
  const { agent, visitor, page } = await served();
  await page.locator('input[type=file]').setInputFiles([picture('杆.png')]);
  await page.locator('.msg.out .pic img').waitFor();
  await agent.hears(isImage);
  await page.reload();
  await until('the picture is loaded', () => page.locator('.pic img').evaluateAll((images) => images.length === 1 && images[0].naturalWidth === 400));
  await page.locator('.pic').click();
  await page.getByRole('dialog', { name: '看大图' }).waitFor();
  await page.keyboard.press('Escape');
  await until('the focus is back', () => page.locator('.pic').evaluate((button) => button === document.activeElement));
  await visitor.closes();
});

stage.story('pictures are pasted and dropped as well as picked', async () => {
  const { agent, visitor, page } = await served();
  const bytes = [...png(20, 20)];
  await visitor.box.focus();
  await page.evaluate((data) => {
    const transfer = () => {
      const all = new DataTransfer();
      all.items.add(new File([new Uint8Array(data)], 'x.png', { type: 'image/png' }));
      return all;
    };
    document.querySelector('textarea').dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer(), bubbles: true, cancelable: true }));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer(), bubbles: true, cancelable: true }));
  }, bytes);
  await until('both have come', () => agent.heard().filter(isImage).length === 2);
  await visitor.closes();
});

stage.story('a file goes out and comes in, with its name as text, and what is refused says why before it is sent', async () => {
  const { agent, visitor, page } = await served();
  const name = '<b>合同</b>-最终版本-请看这里.txt';
  await page.locator('input[type=file]').setInputFiles([{ name, mimeType: 'text/plain', buffer: Buffer.from('hello') }, { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) }]);
  const { msg } = await agent.hears(({ mtype }) => mtype === 'file');
  assert.equal(msg.filesize, 5);
  const link = page.locator('a.file');
  assert.equal(await link.locator('.name').getAttribute('title'), name);
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  assert.equal((await (await import('node:fs/promises')).readFile(await download.path())).toString(), 'hello');
  await page.locator('.meta.bad', { hasText: '这个文件是空的' }).waitFor();
  assert.equal(await page.locator('.meta.bad', { hasText: '重发' }).count(), 0, 'the same file would fail again');
  await page.locator('.meta.bad').getByRole('button', { name: '删除' }).click();
  await until('it is gone', async () => (await page.locator('.meta.bad').count()) === 0);
  await visitor.closes();
});

stage.story('an upload that the network broke goes on by itself when it is back', async () => {
  const proxy = await stage.proxy();
  const { agent, visitor, page } = await served({ url: proxy.url });
  proxy.cut();
  await page.locator('input[type=file]').setInputFiles([picture('杆.png')]);
  await page.locator('.msg.out .pic .bar').waitFor();
  await page.locator('.banner', { hasText: '网络断开了' }).waitFor();
  proxy.restore();
  await agent.hears(isImage);
  await page.locator('.msg.out .meta', { hasText: '已发送' }).last().waitFor();
  assert.equal((await agent.history()).filter(isImage).length, 1);
  await visitor.closes({ errors: /net::|WebSocket|ERR_/ });
});

stage.story('a company that asks for a ticket shows its pictures and files all the same', async () => {
  const { agent, visitor, page } = await served({ settings: { private_files: true } });
  await page.locator('input[type=file]').setInputFiles([picture('杆.png'), { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') }]);
  await agent.hears(isImage);
  await agent.hears(({ mtype }) => mtype === 'file');
  await page.reload();
  await until('the picture is loaded', () => page.locator('.pic img').evaluateAll((images) => images.length === 1 && images[0].naturalWidth === 400));
  const link = page.locator('a.file');
  assert.ok(!(await link.getAttribute('href')).includes('ticket'), 'a link that is copied carries no ticket');
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  assert.equal(await download.failure(), null);
  await visitor.closes({ errors: /status of 4/ });
});

stage.story('a quote shows what it answers to, and leads there', async () => {
  const { agent, visitor, page } = await served();
  const asked = await agent.says('请问订单号是多少？');
  const row = page.locator(`[data-id="${asked.id}"]`);
  await row.hover();
  await row.getByRole('button', { name: '引用' }).click();
  await page.locator('.quoting', { hasText: '请问订单号' }).waitFor();
  await visitor.says('20261112-0387');
  assert.equal((await agent.hears('20261112-0387')).quote, asked.id);
  assert.equal(await page.locator('.quoting').count(), 0);
  await page.locator('.quoted', { hasText: '陈默：请问订单号是多少？' }).click();
  await page.locator(`[data-id="${asked.id}"].is-found`).waitFor();
  await agent.gets('recall', { roomid: agent.roomid, id: asked.id });
  await page.locator('.quoted', { hasText: '引用的消息已撤回' }).waitFor();
  await page.locator('.bub.gone', { hasText: '对方撤回了一条消息' }).waitFor();
  await visitor.closes();
});

stage.story('a quote of what was said long before leads there, and back', async () => {
  const { agent, visitor, page } = await served();
  const asked = await agent.says('请问订单号是多少？');
  for (let n = 1; n <= 150; n += 1) await agent.says(`第 ${n} 句`);
  await page.reload();
  await visitor.hears('第 150 句');
  assert.equal(await page.locator(`[data-id="${asked.id}"]`).count(), 0, 'it is not loaded');
  await agent.gets('chat', { roomid: agent.roomid, type: 'text', msg: '就是这个', quote: asked.id });
  await page.locator('.quoted', { hasText: '引用了更早的消息' }).click();
  await page.locator(`[data-id="${asked.id}"].is-found`).waitFor();
  const { top, bottom } = await page.locator(`[data-id="${asked.id}"]`).evaluate((row) => row.getBoundingClientRect());
  assert.ok(top >= 0 && bottom <= 844, `it is in view, at ${top} to ${bottom}`);
  await agent.says('您看到了吗？');
  await page.locator('.jump').click();
  await visitor.hears('您看到了吗？');
  await visitor.hears('第 150 句');
  await visitor.closes();
});

stage.story('who said what is quoted is named as each language does', async () => {
  const { agent, visitor, page } = await served({ locale: 'en' });
  const asked = await agent.says('Which order is it?');
  await agent.gets('chat', { roomid: agent.roomid, type: 'text', msg: 'This one?', quote: asked.id });
  await page.locator('.quoted', { hasText: '陈默: Which order is it?' }).waitFor();
  await visitor.closes();
});

stage.story('what one takes back is gone for all, and can be written again', async () => {
  const { agent, visitor, page } = await served();
  await visitor.says('卡号 4111');
  const { id } = await agent.hears('卡号 4111');
  const row = page.locator(`[data-id="${id}"]`);
  await row.hover();
  await row.getByRole('button', { name: '撤回' }).click();
  await agent.notices('recall', (told) => told.id === id);
  await page.getByRole('button', { name: '重新编辑' }).click();
  assert.equal(await visitor.box.inputValue(), '卡号 4111');
  await page.reload();
  await page.locator('.bub.gone', { hasText: '您撤回了一条消息' }).waitFor();
  assert.equal(await visitor.box.inputValue(), '卡号 4111', 'the draft is kept');
  assert.ok(!(await visitor.texts()).includes('卡号 4111'));
  await visitor.closes();
});

stage.story('typing is told both ways, and ends with the message', async () => {
  const { agent, visitor, page } = await served();
  await visitor.box.pressSequentially('你');
  await agent.notices('typing', ({ type }) => type === 'user');
  await agent.gets('typing', { roomid: agent.roomid });
  await page.getByRole('img', { name: '对方正在输入' }).waitFor();
  await agent.says('好的');
  await visitor.hears('好的');
  await until('the dots are gone', async () => (await page.locator('.dots').count()) === 0);
  await visitor.closes();
});

stage.story('a hidden page counts what has come in its title, and forgets it when it is seen', async () => {
  const { agent, visitor, page } = await served();
  const hide = (hidden) =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await hide(true);
  for (const text of ['一', '二']) await agent.says(text);
  await until('the title counts', async () => (await page.title()) === '(2) 岭上户外');
  assert.equal(agent.noticed('mkread').filter(({ pos }) => pos >= 1).length, 0, 'nothing counts as read that nobody saw');
  await hide(false);
  await until('the title is itself again', async () => (await page.title()) === '岭上户外');
  await agent.notices('mkread', ({ type, pos }) => type === 'user' && pos >= 1);
  await visitor.closes();
});

stage.story('a voice is recorded, can be thrown away, and plays on both sides; what is no sound says so', async () => {
  const { agent, visitor, page } = await served();
  await page.getByRole('button', { name: '录一段语音' }).click();
  await page.getByRole('button', { name: '取消' }).click();
  await until('it is thrown away', async () => (await page.locator('.recording').count()) === 0);
  await page.getByRole('button', { name: '录一段语音' }).click();
  await page.locator('.recording [role=timer]', { hasText: '0:01' }).waitFor();
  await page.locator('.recording').getByRole('button', { name: '发送' }).click();
  const { msg } = await agent.hears(({ mtype }) => mtype === 'voice');
  assert.ok(Number(msg.duration) >= 1);
  assert.ok((await fetch(stage.api.fileUrl(msg.url))).ok);
  await until('it can be played', () => page.locator('audio').evaluate((player) => player.readyState >= 1));
  await page.getByRole('button', { name: '播放' }).click();
  await page.getByRole('button', { name: '暂停' }).waitFor();
  const { body } = await stage.api.uploadFile(agent.ticket, Buffer.from('not a sound'), 'letter.txt');
  await agent.gets('chat', { roomid: agent.roomid, type: 'voice', msg: { url: body.fileid, duration: '1', val: '' } });
  await page.locator('.cardm', { hasText: '打不开' }).waitFor();
  assert.equal((await agent.history()).filter(({ mtype, type }) => mtype === 'voice' && type === 'usermsg').length, 1);
  await visitor.closes();
});

stage.story('a microphone that is asked for twice records once, and is given back', async () => {
  const { agent, visitor, page } = await served();
  await page.evaluate(() => {
    window.lent = [];
    const lend = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    const allowed = new Promise((allow) => (window.allow = allow));
    navigator.mediaDevices.getUserMedia = (what) => allowed.then(() => lend(what)).then((stream) => (window.lent.push(stream), stream));
  });
  const button = page.getByRole('button', { name: '录一段语音' });
  await button.dblclick();
  await page.evaluate(() => window.allow());
  await page.locator('.recording').getByRole('button', { name: '发送' }).click();
  await agent.hears(({ mtype }) => mtype === 'voice');
  await button.waitFor();
  const tracks = await page.evaluate(() => window.lent.flatMap((stream) => stream.getTracks()).map(({ readyState }) => readyState));
  assert.deepEqual(tracks, ['ended']);
  await visitor.closes();
});

stage.story('a short video is sent as one, and plays', async () => {
  const { agent, visitor, page } = await served();
  await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 48 });
    const draw = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm' });
    const pieces = [];
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    const stopped = new Promise((done) => (recorder.onstop = done));
    recorder.start();
    for (let n = 0; n < 10; n += 1) {
      draw.fillStyle = `rgb(${n * 25} 90 100)`;
      draw.fillRect(0, 0, 64, 48);
      await new Promise(requestAnimationFrame);
    }
    recorder.stop();
    await stopped;
    const transfer = new DataTransfer();
    transfer.items.add(new File(pieces, '搭帐.webm', { type: 'video/webm' }));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  });
  await agent.hears(({ mtype }) => mtype === 'video');
  await page.reload();
  await until('it can be played', () => page.locator('video').evaluate((player) => player.readyState >= 1));
  await visitor.closes();
});

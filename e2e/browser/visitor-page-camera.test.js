// The visitor's page: on a phone the camera is one tap away.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { png } from '../harness/pictures.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { openVisitorPage } from '../harness/visitor-page.js';

const PHONE = { width: 320, height: 568, isMobile: true, hasTouch: true };

const stage = await openStage();
const browser = await openBrowser();
after(() => browser.close());
const rest = new Rest(stage.server.url, await stage.company('camera', 'Harrow Stoneware'));
await rest.patch('/company', { anonymous: true });
const address = `${stage.server.url}/chat/camera`;

stage.story('a photo that is taken on a phone is sent at once, and there is room left to write', async () => {
  const agent = await stage.agent('Priya', { companyid: 'camera' });
  await agent.connects();
  const visitor = await openVisitorPage(browser, address, { locale: 'en', ...PHONE });
  const { page } = visitor;
  await page.getByRole('button', { name: 'Talk to a person' }).click();
  await agent.joins((await agent.notices('assign')).roomid);
  const camera = page.getByRole('button', { name: 'Take a photo' });
  // Waited for from here on: that the browser is to ask us has to reach it before the key does.
  const choosing = page.waitForEvent('filechooser');
  await camera.focus();
  await page.keyboard.press('Enter');
  const chooser = await choosing;
  assert.deepEqual(await chooser.element().evaluate((input) => ['accept', 'capture'].map((name) => input.getAttribute(name))), ['image/*', 'environment']);
  await chooser.setFiles({ name: 'IMG_1.png', mimeType: 'image/png', buffer: png(400, 300) });
  await page.locator('.msg.out .pic img').waitFor();
  await agent.hears(({ mtype }) => mtype === 'image');
  assert.equal(await visitor.box.evaluate(({ scrollHeight, clientHeight }) => scrollHeight <= clientHeight), true, 'the hint in the box is not cut off');
  await visitor.closes();
});

stage.story('where there is a mouse, nothing offers a camera', async () => {
  const visitor = await openVisitorPage(browser, address, { locale: 'en' });
  await visitor.page.getByRole('button', { name: 'Picture or file' }).waitFor();
  assert.equal(await visitor.page.getByRole('button', { name: 'Take a photo' }).count(), 0);
  assert.equal(await visitor.page.locator('.panel input[type=file]').count(), 1);
  await visitor.closes();
});

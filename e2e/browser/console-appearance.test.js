// How a company looks to its visitors: seen while it is typed, readable whatever colour is chosen, and kept.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Desk } from '../harness/desk.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';
import { openVisitorPage } from '../harness/visitor-page.js';

const stage = await openStage({ args: [] });
const browser = await openBrowser();
after(() => browser.close());

/** 2 by 2 pixels. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==', 'base64');

const settings = async () => (await new Rest(stage.server.url, await stage.key('c1')).get('/company')).body.data.settings;

stage.story('the preview follows what is typed in both themes, and what is saved is what was seen', async () => {
  const admin = await Desk.inside(stage, browser, { role: 'admin' });
  const { page } = admin;
  await admin.settings('Appearance');
  const field = (name) => page.locator(`[data-field=${name}] :is(input:not([type=color], [type=file]), textarea, select)`);
  const pages = page.locator('.look-page');
  await until('it is shown in both themes', async () => (await pages.count()) === 2);

  await field('accent').fill('ffb000');
  await page.locator('[data-field=accent] .hint.warn').waitFor();
  const launcher = pages.first().locator('.look-launcher');
  const contrast = await launcher.evaluate((element) => {
    const light = ([r, g, b]) => [r, g, b].map((part) => part / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
    const parts = (colour) => colour.match(/\d+/g).slice(0, 3).map(Number);
    const style = getComputedStyle(element);
    return (light(parts(style.color)) + 0.05) / (light(parts(style.backgroundColor)) + 0.05);
  });
  assert.ok(contrast >= 4.5, `white on the launcher has ${contrast}`);
  await field('welcome').fill('你好 <b>朋友</b>');
  await pages.first().locator('.look-said', { hasText: '你好 <b>朋友</b>' }).waitFor();
  await page.getByRole('button', { name: 'Nobody is there', exact: true }).click();
  await field('offline').fill('明天见');
  for (const at of [0, 1]) await pages.nth(at).locator('.look-said', { hasText: '明天见' }).waitFor();
  await field('launcher_text').fill('聊一聊');
  await launcher.getByText('聊一聊').waitFor();
  await field('launcher_side').selectOption('left');
  await field('launcher_gap').fill('40');
  const [box, frame] = [await launcher.boundingBox(), await pages.first().boundingBox()];
  assert.ok(box.x - frame.x < frame.width / 2, 'at the left');
  await page.locator('[data-field=logo] input[type=file]').setInputFiles({ name: 'mark.png', mimeType: 'image/png', buffer: PNG });
  await pages.first().locator('img.look-mark').waitFor();

  await page.locator('.form-deeds .pri').click();
  await until('it is kept', async () => (await settings()).accent === '#ffb000');
  const kept = await settings();
  assert.deepEqual([kept.welcome, kept.offline, kept.launcher_text, kept.launcher_side, kept.launcher_gap], ['你好 <b>朋友</b>', '明天见', '聊一聊', 'left', 40]);
  assert.match(kept.logo, /\.png$/);
  await admin.isCalm();
});

stage.story('a mark on another site is shown to nobody, and the form says so; one of our own address is shown to everybody', async () => {
  const company = new Rest(stage.server.url, await stage.key('c1'));
  const agent = await stage.agent('陈默');
  const { body } = await stage.api.uploadImage(agent.ticket, PNG, 'mark.png');
  const ours = await stage.api.pictureUrl(body.data);
  const admin = await Desk.inside(stage, browser, { role: 'admin' });
  const field = admin.page.locator('[data-field=logo]');
  const previews = admin.page.locator('.look-page');
  for (const [logo, there] of [['https://shop.example/mark.png', false], [ours, true]]) {
    await company.patch('/company', { anonymous: true, settings: { logo } });
    await admin.page.reload();
    await admin.settings('Appearance');
    const visitor = await openVisitorPage(browser, `${stage.server.url}/chat/c1`);
    await (there ? visitor.page.locator('.top .av img') : visitor.page.locator('.top .av', { hasText: 'S' })).waitFor();
    await (there ? previews.first().locator('img.look-mark') : previews.first().locator('.av.co')).waitFor();
    assert.equal(await field.locator('.hint.warn', { hasText: 'visitors do not see it' }).count(), there ? 0 : 1);
    await visitor.closes();
  }
  await admin.isCalm();
});

stage.story('what is no colour is refused in words; ours comes back with one press', async () => {
  const admin = await Desk.inside(stage, browser, { role: 'admin' });
  const { page } = admin;
  await admin.settings('Appearance');
  const colour = page.locator('[data-field=accent] input:not([type=color])');
  await colour.fill('red');
  await page.locator('[data-field=accent] .hint.bad', { hasText: 'six digits' }).waitFor();
  await page.locator('.form-deeds .pri').click();
  await page.locator('.say.bad').waitFor();
  await page.getByRole('button', { name: 'Use ours' }).click();
  await page.locator('.form-deeds .pri').click();
  await until('ours again', async () => (await settings()).accent === '');
  await admin.isCalm({ network: false });
});

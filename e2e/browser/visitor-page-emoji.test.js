// The visitor's page: emoji for keyboards that have none at hand.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { openVisitorPage } from '../harness/visitor-page.js';

const stage = await openStage();
const browser = await openBrowser();
after(() => browser.close());

stage.story('emoji are picked with the keyboard, stand at the caret, and the last ones come first the next time', async () => {
  await new Rest(stage.server.url, await stage.company('emoji', '岭上户外')).patch('/company', { anonymous: true });
  const visitor = await openVisitorPage(browser, `${stage.server.url}/chat/emoji`);
  const { page, box } = visitor;
  await box.fill('好的谢谢');
  await box.evaluate((area) => area.setSelectionRange(2, 2));
  const tool = page.getByRole('button', { name: '表情' });
  await tool.press('Enter');
  const panel = page.getByRole('group', { name: '表情' });
  await panel.getByText('😀').waitFor();
  for (const key of ['ArrowRight', 'ArrowDown', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
  const picked = await page.evaluate(() => document.activeElement.textContent);
  assert.equal(await box.inputValue(), `好的${picked}谢谢`);
  await page.keyboard.press('Escape');
  assert.equal(await panel.count(), 0);
  assert.equal(await box.evaluate((area) => area === document.activeElement), true);
  await page.keyboard.press('Enter');
  await visitor.hears(`好的${picked}谢谢`);

  await page.reload();
  await tool.click();
  assert.equal(await panel.getByRole('button').first().textContent(), picked);
  await panel.getByRole('button', { name: '🎉' }).click();
  assert.equal(await box.inputValue(), '🎉');
  await page.locator('.scr').click();
  await panel.waitFor({ state: 'detached' });
  await visitor.closes();
});

stage.story('a phone, whose keyboard has them, is not given a button', async () => {
  await new Rest(stage.server.url, await stage.company('emoji2', '岭上户外')).patch('/company', { anonymous: true });
  const visitor = await openVisitorPage(browser, `${stage.server.url}/chat/emoji2`, { isMobile: true, hasTouch: true });
  await visitor.page.getByRole('button', { name: '图片或文件' }).waitFor();
  assert.equal(await visitor.page.getByRole('button', { name: '表情' }).count(), 0);
  await visitor.closes();
});

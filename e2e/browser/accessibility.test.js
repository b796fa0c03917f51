// Every screen, in both languages, both themes, on a desktop and a phone: no rule of accessibility is broken, no text is cut off.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { broken, cutOff } from '../harness/looks.js';
import { Device } from '../scenes/device.js';
import { play, scenes } from '../scenes/index.js';
import { openShop } from '../scenes/shop.js';
import { en } from '../scenes/shop.en.js';
import { zh } from '../scenes/shop.zh.js';

/** `script/soak` looks at each scene on both devices, `script/test` on one of them in turn. */
const EVERYWHERE = Boolean(process.env.NODECHAT_SCENES_EVERYWHERE);
const SMALLEST = { width: 320, height: 568 };
const WIDEST = { width: 2_560, height: 1_440 };

const browser = await openBrowser();
const shops = [await openShop(browser, zh), await openShop(browser, en)];
after(async () => {
  await browser.close();
  for (const shop of shops) await shop.close();
});

for (const shop of shops) {
  const { texts } = shop;
  for (const [n, scene] of scenes.entries()) {
    // What differs between the languages is how long the words are, and that shows where there is little room.
    for (const name of texts === en ? ['phone'] : EVERYWHERE ? ['pc', 'phone'] : [['pc', 'phone'][n % 2]]) {
      test(`${scene.name}, ${name}, ${texts.locale}`, () => play(scene, shop, new Device(browser, texts, name), (page) => isInOrder(page, { name, texts })));
    }
  }
}

async function isInOrder(page, { name, texts }) {
  // Names, roles and order are those of the markup; the other language has other words, and the other theme other colours.
  const rules = texts === zh ? undefined : ['color-contrast'];
  assert.deepEqual(await broken(page, { rules }), [], 'in light');
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  assert.deepEqual(await broken(page, { rules: ['color-contrast'] }), [], 'in dark');
  assert.deepEqual(await cutOff(page), [], 'as wide as it is');
  const [size, width] = name === 'phone' ? [SMALLEST, 'at 320 px'] : [WIDEST, 'at 2,560 px'];
  await page.setViewportSize(size);
  // What is as wide as its place by a script is so a frame later.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  assert.deepEqual(await cutOff(page), [], width);
}

// Draws the scenes into docs/screens: `shoot.js [part of a name…]`, all of them without one; `--all` also at 320 and 2,560 px.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser } from '../harness/browser.js';
import { Device } from './device.js';
import { play, scenes } from './index.js';
import { openShop } from './shop.js';
import { en } from './shop.en.js';
import { zh } from './shop.zh.js';

const OUT = resolve(dirname(fileURLToPath(import.meta.url)), '../../docs/screens');
const QUALITY = 80;
const DAYS_BEFORE = 6;
const EXTREMES = { pc: { width: 2560, height: 1440 }, phone: { width: 320, height: 568 } };

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const withExtremes = process.argv.includes('--all');
const fits = ({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word));

/** Scenes that could not be drawn; the others are drawn all the same. */
const failures = [];
const browser = await openBrowser();
try {
  for (const texts of [zh, en]) {
    const chosen = scenes.filter((scene) => fits(scene) && (texts === zh || scene.main));
    if (chosen.length === 0) continue;
    const shop = await openShop(browser, texts, { past: DAYS_BEFORE });
    for (const name of ['pc', 'phone']) for (const scene of chosen) await shoot(scene, shop, new Device(browser, texts, name)).catch((cause) => failures.push(`${scene.name}, ${name}, ${texts.locale}: ${cause.message}`));
    await shop.close();
  }
} finally {
  await browser.close();
}
writeFileSync(join(OUT, 'README.md'), listing());
for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;

async function shoot(scene, shop, device) {
  const folder = join(OUT, shop.texts.locale.slice(0, 2));
  mkdirSync(folder, { recursive: true });
  await play(scene, shop, device, async (page) => {
    const cdp = await page.context().newCDPSession(page);
    const draw = async (name) => {
      await page.evaluate(() => document.fonts.ready);
      const { width, height } = page.viewportSize();
      const { data } = await cdp.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY, clip: { x: 0, y: 0, width, height, scale: 1 } });
      writeFileSync(join(folder, `${name}.webp`), Buffer.from(data, 'base64'));
      console.log(`${shop.texts.locale} ${name}`);
    };
    for (const scheme of shop.texts === zh ? ['light', 'dark'] : ['light']) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await draw(`${scene.name}.${device.name}${scheme === 'dark' ? '.dark' : ''}`);
    }
    if (!withExtremes || !scene.main) return;
    const size = EXTREMES[device.name];
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await draw(`${scene.name}.${size.width}`);
  });
}

/** What is in the folder, as a page. */
function listing() {
  const picture = (folder, name, words) => (existsSync(join(OUT, folder, `${name}.webp`)) ? `[${words}](${folder}/${name}.webp)` : '');
  const row = ({ name, title, main }) => {
    const chinese = ['pc', 'pc.dark', 'phone', 'phone.dark'].map((look) => picture('zh', `${name}.${look}`, look.replace('.', ', ')));
    const english = main ? ['pc', 'phone'].map((look) => picture('en', `${name}.${look}`, look)) : [];
    return `| ${title} | ${chinese.filter(Boolean).join(' · ')} | ${english.filter(Boolean).join(' · ')} |`;
  };
  return [
    '# Screens',
    '',
    'What people see, of a shop that was filled for it. Made by `script/screenshots` out of [these scenes](../../e2e/scenes/index.js); the same scenes are looked at by [a test](../../e2e/browser/accessibility.test.js).',
    '',
    '| screen | Chinese | English |',
    '| --- | --- | --- |',
    ...scenes.map(row),
    '',
  ].join('\n');
}

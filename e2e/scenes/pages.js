// Scenes of what is neither visitor's page nor console: the start page with its demo, the manual, the reference.
import { openHostSite } from '../harness/host-site.js';

/** The page of a shop that embeds the chat, which is open. */
export async function embed(shop, device) {
  const site = await openHostSite(shop.stage.server.url);
  const { name, questions } = shop.texts;
  const lines = questions.map(({ title, items }) => `<section><h2>${title}</h2><p>${items[0].title}</p></section>`).join('');
  const address = site.embeds('/', { company: shop.texts.id }, { lang: shop.texts.locale, content: `<main><h1>${name}</h1>${lines}</main>` });
  const page = await device.open(address, { bypassCSP: true });
  await page.addStyleTag({ content: SHOP_STYLE });
  await page.locator('aside > button').click();
  await page.frameLocator('iframe').locator('.qs .q').first().waitFor();
  return Object.assign(page, { leaves: () => site.close() });
}

/** Somebody else's taste. */
const SHOP_STYLE = `body { margin: 0; font: 16px/1.6 Georgia, 'Noto Serif SC', serif; background: #f3ead9; color: #3a2c1a }
  h1, section { max-width: 720px; margin: 32px auto; padding: 0 24px } h1 { font-size: 40px } section { border-top: 1px solid #cbb894 }`;

export async function start(shop, device) {
  const page = await device.open(`${shop.stage.server.url}/`);
  for (const side of ['visitor', 'agent']) await page.frameLocator(`iframe[src*="${side}"]`).locator('.composer textarea').waitFor({ state: 'attached' });
  return page;
}

const language = (shop) => shop.texts.locale.slice(0, 2);

export async function manual(shop, device) {
  const page = await device.open(`${shop.stage.server.url}/docs/${language(shop)}/service.html`);
  await page.locator('h1').waitFor();
  return page;
}

export async function reference(shop, device) {
  const page = await device.open(`${shop.stage.server.url}/docs/rest/`);
  await page.locator('.opblock-tag').first().waitFor();
  return page;
}

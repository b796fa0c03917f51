// Scenes of what is neither visitor's page nor console: the start page with its demo, the manual, the reference.

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

// Scenes of the platform's side of the console: its door, its companies, one of them.
import { Rest } from '../harness/rest.js';

/** A market place has a server of its own companies beside the shop; they are made once. */
const keys = new Map();

async function keyOf(shop) {
  if (!keys.has(shop)) keys.set(shop, furnish(shop));
  return keys.get(shop);
}

async function furnish(shop) {
  const secret = (await shop.stage.server.command('apikey', 'create', '--platform')).trim();
  const rest = new Rest(shop.stage.server.url, secret);
  for (const { id, name, origins, private_files, agents } of shop.texts.market) {
    await rest.post('/companies', { id, name, origins, private_files, owner: { login: 'owner', password: 'kept in the drawer', nick: agents[0] } });
    for (const [at, nick] of agents.slice(1).entries()) await rest.post(`/agents?companyid=${id}`, { login: `agent-${at}`, password: 'kept in the drawer', nick, role: at ? 'agent' : 'supervisor' });
  }
  return secret;
}

export async function door(shop, device) {
  const page = await device.open(`${shop.stage.server.url}/console/platform`);
  await page.locator('.door-form').waitFor();
  return page;
}

export async function companies(shop, device) {
  const secret = await keyOf(shop);
  const page = await door(shop, device);
  await page.locator('.door-form input').fill(secret);
  await page.locator('.door-form .pri').click();
  await page.locator('.table tbody tr').first().waitFor();
  return page;
}

export async function company(shop, device) {
  const page = await companies(shop, device);
  await page.locator('.cell-open').first().click();
  await page.locator('.editor .to-company').waitFor();
  return page;
}

export async function setUp(shop, device) {
  const page = await company(shop, device);
  await page.locator('.to-company').click();
  await page.locator('.settings').waitFor();
  await page.goto(`${page.url()}/agents`);
  await page.locator('.table tbody tr').first().waitFor();
  return page;
}

// The console: cards in a conversation, whoever put them there.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Desk } from '../harness/desk.js';
import { openStage } from '../harness/stage.js';

const stage = await openStage();
const browser = await openBrowser();
after(() => browser.close());

stage.story('an agent reads what a visitor says with a rating, and sees products as cards', async () => {
  const desk = await Desk.online(stage, browser);
  const visitor = await desk.isGiven('Carla', ['hello']);
  await desk.opens('Carla');
  const shows = (msg) => visitor.gets('chat', { roomid: visitor.roomid, type: 'custom', msg });
  await shows({ kind: 'product', title: 'Ridge vase, tall', price: '£68', note: 'in stock', url: 'https://shop.example/vase' });
  await shows({ kind: 'rating', rateresult: 'GOOD', tags: ['Quick', 'Friendly'], text: '<b>thanks</b>' });
  await shows({ kind: 'poll' });
  const product = desk.page.locator('.thing', { hasText: 'Ridge vase, tall' });
  await product.getByText('£68, in stock').waitFor();
  assert.equal(await product.getByRole('link', { name: 'See product' }).getAttribute('href'), 'https://shop.example/vase');
  const receipt = desk.page.locator('.receipt');
  for (const words of ['Good', 'Quick, Friendly', '<b>thanks</b>']) await receipt.getByText(words, { exact: true }).waitFor();
  await desk.page.getByText('A card that cannot be shown here').waitFor();
  await desk.isCalm();
});

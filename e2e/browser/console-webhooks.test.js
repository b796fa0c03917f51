// The log of a webhook in the settings: a test, a failure, and the same notice once more.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Desk } from '../harness/desk.js';
import { Receiver } from '../harness/receiver.js';
import { openStage } from '../harness/stage.js';

const stage = await openStage({ args: [], env: { NODECHAT_WEBHOOK_PRIVATE_ADDRESSES: 'true' } });
const browser = await openBrowser();
after(() => browser.close());

stage.story('a test is seen on its way and at its end; what failed is red, and is sent once more', async () => {
  const receiver = await new Receiver().open();
  stage.closesWith(() => receiver.close());
  const owner = await Desk.inside(stage, browser, { role: 'owner' });
  await owner.settings('Webhooks');
  await owner.makes('New webhook', { url: receiver.url });
  await owner.tableRow(receiver.url).locator('.cell-open').click();
  await owner.page.locator('.deliveries', { hasText: 'Nothing was delivered yet' }).waitFor();

  const test = owner.page.getByRole('button', { name: 'Send a test' });
  const newest = owner.page.locator('.delivery').first();
  const says = (words) => newest.locator('.cut', { hasText: words }).waitFor();
  let answer;
  receiver.held = new Promise((resolve) => (answer = resolve));
  await test.click();
  await receiver.hears('webhook.test');
  await newest.locator('.mono', { hasText: 'webhook.test' }).waitFor();
  await says('on its way');
  answer();
  await says('200');

  receiver.status = 500;
  await test.click();
  await says('500');
  assert.ok(await newest.locator('.cut.bad').count());
  assert.equal(await owner.page.locator('.delivery').count(), 2);

  receiver.status = 204;
  await newest.getByLabel('Send again').click();
  await says('204');
  assert.equal(await newest.locator('.cut.bad').count(), 0);
  assert.equal(await owner.page.locator('.delivery').count(), 2);
  const ids = receiver.got.map(({ headers }) => headers['webhook-id']);
  assert.equal(ids.at(-1), ids[1], 'the same notice');

  // The receiver is gone.
  await receiver.close();
  await test.click();
  await says('connection refused');
  assert.match(await newest.locator('.cut.bad').getAttribute('title'), /refused/i);
  assert.equal(await owner.page.locator('.delivery').count(), 3);
  await owner.isCalm();
});

// How the chat comes onto a site, in the console: what is pasted works, and a light says when it has arrived.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Desk } from '../harness/desk.js';
import { openHostSite } from '../harness/host-site.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';

const stage = await openStage({ args: [] });
const browser = await openBrowser();
const site = await openHostSite(stage.server.url);
after(async () => {
  await browser.close();
  await site.close();
});

const WITH_CLIPBOARD = { options: { permissions: ['clipboard-read', 'clipboard-write'] } };

stage.story('an admin copies the tag, pastes it into a page, and the light turns green', async () => {
  await new Rest(stage.server.url, await stage.key('c1')).patch('/company', { anonymous: true });
  const admin = await Desk.inside(stage, browser, { role: 'admin', ...WITH_CLIPBOARD });
  // One answer that does not come does not put the light out for good.
  await admin.page.route('**/api/v1/sites', (route) => route.abort(), { times: 1 });
  await admin.settings('Install');
  await admin.page.locator('.arrived', { hasText: 'It did not load' }).waitFor();
  await admin.page.locator('.arrived', { hasText: 'No page has loaded it yet' }).waitFor();
  await admin.page.locator('.arrived .dot.off').waitFor();
  await admin.page.getByRole('button', { name: 'Copy the code' }).click();
  const tag = await admin.page.evaluate(() => navigator.clipboard.readText());
  assert.equal(tag, `<script async src="${stage.server.url}/sdk/v1/loader.js" data-company="c1"></script>`);

  const host = await site.visits(browser, site.embeds('/pasted', { company: 'c1' }));
  await host.launcher.waitFor();
  await admin.page.locator('.arrived', { hasText: `It works. ${site.origin} last loaded it` }).waitFor();
  assert.equal(await admin.page.locator('.arrived .dot.off').count(), 0);
  await host.page.context().close();
  await admin.isCalm({ network: false });
});

stage.story('each way of installing has its code, and the link its QR code', async () => {
  const owner = await Desk.inside(stage, browser, { role: 'owner', ...WITH_CLIPBOARD });
  await owner.settings('Install');
  for (const [way, words] of [['React', "NodechatWidget('boot', { company: 'c1', token });"], ['Vue', 'defineProps({ token: String })'], ['Your own page', 'new Nodechat({']]) {
    await owner.page.getByRole('tab', { name: way }).click();
    await owner.page.locator('.code pre', { hasText: words }).waitFor();
  }
  await owner.page.getByRole('tab', { name: 'Link and QR code' }).click();
  await owner.page.locator('.qr path[d^=M]').waitFor();
  await owner.page.getByRole('button', { name: 'Copy the link' }).click();
  assert.equal(await owner.page.evaluate(() => navigator.clipboard.readText()), `${stage.server.url}/chat/c1`);
  // The tabs are one stop, with arrows between them.
  await owner.page.getByRole('tab', { name: 'Link and QR code' }).press('ArrowRight');
  await owner.page.locator('[role=tab]:focus', { hasText: 'Your own page' }).waitFor();
  await owner.isCalm();
});

stage.story('whoever may not change the company does not see the page', async () => {
  const agent = await Desk.inside(stage, browser, { role: 'agent' });
  await agent.page.locator('.rail a', { hasText: 'Settings' }).click();
  await agent.page.locator('.pages a').first().waitFor();
  assert.equal(await agent.page.locator('.pages a', { hasText: 'Install' }).count(), 0);
  await agent.isCalm();
});

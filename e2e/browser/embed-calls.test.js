// The chat on somebody's own site: what the host's scripts may call does what the manual says.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { openHostSite } from '../harness/host-site.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';

const stage = await openStage();
const browser = await openBrowser();
const site = await openHostSite(stage.server.url);
after(async () => {
  await browser.close();
  await site.close();
});
const rest = new Rest(stage.server.url, await stage.company('called', 'Harrow Stoneware'));
await rest.patch('/company', { anonymous: true });

/** A page of the host whose launcher is there. */
async function embedded(path) {
  const host = await site.visits(browser, site.embeds(path, { company: 'called' }));
  await host.launcher.waitFor();
  return host;
}

stage.story('hide takes the launcher away, the panel opens without it, and show brings it back', async () => {
  const host = await embedded('/hidden');
  await host.calls('hide');
  await host.launcher.waitFor({ state: 'hidden' });
  await host.calls('open');
  await host.panel.waitFor();
  await host.calls('close');
  await host.panel.waitFor({ state: 'hidden' });
  assert.equal(await host.launcher.isVisible(), false, 'closing does not bring it back');
  await host.calls('show');
  await host.opens();
  await host.isUnharmed();
});

stage.story('toggle opens what is closed and closes what is open', async () => {
  const host = await embedded('/toggled');
  await host.listens('open', 'close');
  for (const [state, open, expanded] of [['visible', true, 'true'], ['hidden', false, 'false'], ['visible', true, 'true']]) {
    await host.calls('toggle');
    await host.panel.waitFor({ state });
    assert.deepEqual([await host.get('open'), await host.launcher.getAttribute('aria-expanded')], [open, expanded]);
  }
  assert.deepEqual([await host.told('open'), await host.told('close')], [[null, null], [null]]);
  await host.isUnharmed();
});

stage.story('off ends what on began, for that listener alone', async () => {
  const host = await embedded('/listened');
  await host.page.evaluate(() => {
    window.heard = [];
    window.first = () => window.heard.push('first');
    NodechatWidget('on', 'open', window.first);
    NodechatWidget('on', 'open', () => window.heard.push('second'));
  });
  const heard = () => host.page.evaluate(() => window.heard);
  await host.calls('open');
  await until('both have heard', async () => (await heard()).join() === 'first,second');
  await host.calls('close');
  await host.page.evaluate(() => NodechatWidget('off', 'open', window.first));
  await host.calls('open');
  await until('one has heard', async () => (await heard()).length > 2);
  assert.deepEqual(await heard(), ['first', 'second', 'second']);
  await host.isUnharmed();
});

stage.story('page names another page to the agents, track adds to it, and the next real page takes over', async () => {
  const host = await embedded('/shelf');
  await host.opens();
  const agent = await stage.agent('Priya', { companyid: 'called' });
  await agent.connects();
  await host.inside.getByRole('button', { name: 'Talk to a person' }).first().click();
  const { userid } = await agent.notices('assign');
  const isAt = (where) => until(`the agents see ${where}`, async () => (await rest.get(`/visitors/${userid}`)).body.data.arrival.page === site.origin + where);
  await isAt('/shelf');
  await host.calls('page', '/basket?n=2#top', 'Basket');
  await isAt('/basket?n=2&title=Basket');
  await host.calls('track', 'coupon', { code: 'SPRING' });
  await isAt('/basket?n=2&code=SPRING&track=coupon');
  await host.page.evaluate(() => history.pushState({}, '', '/checkout'));
  await isAt('/checkout');
  await host.isUnharmed();
});

stage.story('get says what is: ready, open, unread and which company, before a boot and after', async () => {
  const host = await site.visits(browser, site.embeds('/asked', {}));
  await host.page.waitForFunction(() => window.NodechatWidget?.boot);
  const all = () => host.page.evaluate(() => ['ready', 'open', 'unread', 'company', 'nothing of ours'].map((name) => NodechatWidget('get', name) ?? null));
  assert.deepEqual(await all(), [false, false, 0, '', null]);
  await host.calls('boot', { company: 'called' });
  await host.opens();
  assert.deepEqual(await all(), [true, true, 0, 'called', null]);
  const agent = await stage.agent('Priya', { companyid: 'called' });
  await agent.connects();
  await host.inside.getByRole('button', { name: 'Talk to a person' }).first().click();
  await agent.joins((await agent.notices('assign')).roomid);
  await host.inside.locator('.top', { hasText: 'Priya' }).waitFor();
  await host.calls('close');
  await agent.says('Are you there?');
  await until('it is counted', async () => (await host.get('unread')) === 1);
  assert.deepEqual(await all(), [true, false, 1, 'called', null]);
  await host.isUnharmed();
});

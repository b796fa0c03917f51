// The visitor's page: when the service cannot be reached, it says when it tries again, and tries at once when asked.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { openVisitorPage } from '../harness/visitor-page.js';

const stage = await openStage();
const browser = await openBrowser();
after(() => browser.close());

stage.story('the seconds to the next try are counted, and nobody has to wait for them', async () => {
  await new Rest(stage.server.url, await stage.company('cable', '岭上户外')).patch('/company', { anonymous: true });
  const proxy = await stage.proxy();
  const visitor = await openVisitorPage(browser, `${proxy.url}/chat/cable`);
  const { page } = visitor;
  proxy.cut();
  const banner = page.locator('.banner.bad', { hasText: /连不上服务，[5-9] 秒后再试/ });
  await banner.waitFor();
  proxy.restore();
  const pressed = Date.now();
  await banner.getByRole('button', { name: '现在试' }).click();
  await page.locator('.banner.ok', { hasText: '已恢复' }).waitFor();
  assert.ok(Date.now() - pressed < 4_000, `it took ${Date.now() - pressed} ms, as if nobody had pressed`);
  await visitor.closes({ errors: /net::|WebSocket|ERR_/ });
});

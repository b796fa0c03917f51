// The visitor's page in Firefox: a connection that is lost takes nothing away, and neither does a reload.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { CUT, openFirefox, openInFirefox } from '../harness/firefox.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';

const stage = await openStage();
const browser = await openFirefox();
after(() => browser.close());

stage.story('what is written without network waits, is sent once, and what was missed comes in', async () => {
  const companyid = 'fox';
  await new Rest(stage.server.url, await stage.company(companyid, '岭上户外')).patch('/company', { anonymous: true });
  const agent = await stage.agent('陈默', { companyid });
  await agent.connects();
  const proxy = await stage.proxy();
  const visitor = await openInFirefox(browser, `${proxy.url}/chat/${companyid}`);
  await visitor.isServedBy(agent);

  proxy.cut();
  await visitor.says('from the tunnel');
  await visitor.sees('.meta', '等网络恢复后发送');
  await visitor.sees('.banner', '网络断开了');
  await visitor.writes('half a sent');
  for (const n of [1, 2, 3]) await agent.says(`into the tunnel ${n}`);
  proxy.restore();
  await visitor.sees('.msg', 'into the tunnel 3');
  await agent.hears('from the tunnel');
  await visitor.sees('.banner', '已恢复，补上了 3 条消息');
  assert.equal(await visitor.draft(), 'half a sent');

  // Loaded anew in the middle of a message that is not sent yet.
  const texts = ['from the tunnel', 'into the reload', 'into the tunnel 1', 'into the tunnel 2', 'into the tunnel 3'];
  await visitor.page.evaluate(() => {
    WebSocket.prototype.send = () => {};
  });
  await visitor.page.keyboard.down('Control');
  await visitor.page.keyboard.press('a');
  await visitor.page.keyboard.up('Control');
  await visitor.says('into the reload');
  await visitor.writes('half a sent');
  await visitor.page.reload();
  await visitor.sees('.msg', 'into the reload');
  assert.equal(await visitor.draft(), 'half a sent');
  await agent.hears('into the reload');
  await until('all is said once', async () => (await visitor.texts()).sort().join() === texts.join());
  assert.deepEqual((await agent.history()).map(({ msg }) => msg).sort(), texts);
  await visitor.closes({ errors: CUT });
});

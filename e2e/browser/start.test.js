// The start page: visitor and agent side by side talk, reload keeps what was said, and a cut loses nothing.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { png } from '../harness/pictures.js';
import { Server } from '../harness/server.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';

const stage = await openStage();
const browser = await openBrowser();
after(() => browser.close());

for (const [locale, words] of [['en', { cut: 'Try without network', now: 'Try now', read: 'Read', waiting: 'Will send when back online', leave: 'Leave the chat', back: 'Come back' }],
  ['zh-CN', { cut: '断开网络试试', now: '现在试', read: '已读', waiting: '等网络恢复后发送', leave: '离开会话', back: '回到会话' }]]) {
  stage.story(`visitor and agent talk, reload and lose their network (${locale})`, async () => {
    const page = await open(stage.server.url, locale);
    const visitor = side(page, 'visitor');
    const agent = side(page, 'agent');

    await visitor.says('你好 👋');
    await agent.hears('你好 👋');
    await agent.says('How can I help?');
    await visitor.hears('How can I help?');
    await visitor.frame.locator('.meta', { hasText: words.read }).first().waitFor();

    await visitor.frame.locator('input[data-kind=image]').setInputFiles({ name: 'cat.png', mimeType: 'image/png', buffer: png(40, 30) });
    await agent.frame.locator('.scr .pic img').first().waitFor();
    await visitor.frame.locator('input[data-kind=file]').setInputFiles({ name: '报告.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') });
    await agent.frame.locator('.scr', { hasText: '报告' }).waitFor();

    await page.reload();
    for (const text of ['你好 👋', 'How can I help?', '报告']) {
      await visitor.hears(text);
      await agent.hears(text);
    }

    await visitor.picks(words.cut);
    await visitor.says('from the tunnel');
    await visitor.frame.locator('.meta', { hasText: words.waiting }).waitFor();
    for (const n of [1, 2, 3]) await agent.says(`into the tunnel ${n}`);
    assert.equal(await visitor.frame.locator('.scr', { hasText: 'into the tunnel' }).count(), 0, 'the network is away');
    await visitor.frame.locator('.banner button', { hasText: words.now }).click();
    await visitor.hears('into the tunnel 3');
    await agent.hears('from the tunnel');
    await until('both show the same', async () => {
      const [left, right] = await Promise.all([visitor.texts(), agent.texts()]);
      return left.length === right.length && left.every((text, n) => text === right[n]);
    });
    assert.equal((await visitor.texts()).filter((text) => text === 'from the tunnel').length, 1);

    await visitor.picks(words.leave);
    await visitor.frame.locator('button', { hasText: words.back }).first().click();
    await agent.says('welcome back');
    await visitor.hears('welcome back');
    assert.deepEqual(page.errors, []);
    await page.context().close();
  });
}

stage.story('a killed server is noticed, and after its return the page goes on without reload', async () => {
  const proxy = await stage.proxy();
  const page = await open(proxy.url, 'en');
  const visitor = side(page, 'visitor');
  const agent = side(page, 'agent');
  await visitor.says('before the kill');
  await agent.hears('before the kill');
  await stage.server.kill();
  await visitor.says('while it is down');
  await stage.server.start();
  await agent.hears('while it is down');
  await agent.says('after the kill');
  await visitor.hears('after the kill');
  await page.context().close();
});

stage.story('two visitors of the demo do not hear each other', async () => {
  const [first, second] = [await open(stage.server.url, 'en'), await open(stage.server.url, 'en')];
  await side(first, 'visitor').says('for the agent only');
  await side(second, 'visitor').says('I am somebody else');
  await side(second, 'visitor').hears('I am somebody else');
  assert.ok(!(await side(second, 'visitor').texts()).includes('for the agent only'));
  await first.context().close();
  await second.context().close();
});

stage.story('without --demo there is no demo, and the page says how to get one', async () => {
  const plain = await new Server({ args: [] }).start();
  try {
    const page = await open(plain.url, 'en');
    await page.locator('.off', { hasText: 'nodechat serve --demo' }).waitFor();
    assert.ok((await fetch(`${plain.url}/demo/agent`, { method: 'POST' })).status >= 400);
    await page.context().close();
  } finally {
    await plain.stop();
  }
});

async function open(url, locale) {
  const page = await (await browser.newContext({ locale, viewport: { width: 1280, height: 900 } })).newPage();
  page.setDefaultTimeout(20_000);
  page.errors = [];
  page.on('pageerror', (error) => page.errors.push(String(error)));
  await page.goto(`${url}/`);
  return page;
}

/** One half of the demo: what it writes, and what stands in its log. */
function side(page, name) {
  const frame = page.frameLocator(`iframe[src*="${name}"]`);
  const box = frame.locator('.composer textarea');
  return {
    frame,
    async says(text) {
      await box.fill(text);
      await box.press('Enter');
    },
    hears: (text) => frame.locator('.scr .msg', { hasText: text }).first().waitFor(),
    texts: () => frame.locator('.scr .msg:not(.greeting) .bub .words').allTextContents(),
    async picks(words) {
      await frame.locator('.top .more').click();
      await frame.locator('[role=menuitem]', { hasText: words }).click();
    },
  };
}

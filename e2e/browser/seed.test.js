// The documented snippets, pasted unchanged into pages of another origin, work in a browser.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser, openSite } from '../harness/browser.js';
import { png } from '../harness/pictures.js';
import { Proxy } from '../harness/proxy.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';

const stage = await openStage();
// The snippets say localhost:3100; the browser is told that this is the other end of a cable to the server.
const cable = await new Proxy(stage.server.url).open();
const browser = await openBrowser({ mapped: { 'localhost:3100': Number(new URL(cable.url).port) } });
const site = await openSite();
after(async () => {
  await browser.close();
  await site.close();
  await cable.close();
});

stage.story('every snippet of the manual does what it says', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  await agent.saysAll(Array.from({ length: 25 }, (_, n) => `number ${n}`));
  await visitor.hangsUp();
  const { body: image } = await stage.api.uploadImage(visitor.ticket, png(), 'image.png');
  const { body: file } = await stage.api.uploadFile(visitor.ticket, Buffer.from('hello'), 'origin.txt', 'text/plain');
  const page = await opens('visitor.html', {
    $ROOMID: roomid, $COMPANYID: 'c1', $COMPANYNAME: 'Shop One', $MSG_POS: '15', "ticket : ''": `ticket : '${visitor.ticket}'`,
    '/path/to/image.png': image.data, "'uuid'": `'${file.fileid}'`,
  });

  const [[refused, session]] = await page.hears('connect', 1);
  assert.deepEqual([refused, session.aid, session.type, session.atype], [null, visitor.aid, 'user', 'uweb']);
  for (const [err, datas] of await page.hears('answer to join', 2)) {
    assert.deepEqual([err, datas.roomid, datas.data.roomid, datas.data.topic, datas.data.msg_pos], [null, roomid, roomid, 'Shop One', 15]);
    assert.deepEqual(datas.data.chat_msgs.map(({ msg }) => msg), Array.from({ length: 10 }, (_, n) => `number ${15 + n}`));
  }
  for (const kind of ['text', 'image', 'file']) {
    const [[err, datas]] = await page.hears(`answer to ${kind}`, 1);
    assert.deepEqual([err, datas.success], [null, true], kind);
  }
  assert.equal((await agent.hears('This is a text chat message.')).aid, visitor.aid);
  assert.equal((await agent.hears(image.data)).mtype, 'image');
  const sentFile = await agent.hears(({ mtype }) => mtype === 'file');
  assert.deepEqual(sentFile.msg, { fileid: file.fileid, filename: 'The upload origin file name.', filesize: 5 });

  await agent.says('你好，收到');
  const heard = (await page.hears('on chat', 4)).map(([datas]) => datas);
  assert.deepEqual(heard.map(({ roomid: where, data }) => [where, data.pos, data.type]), [[roomid, 25, 'usermsg'], [roomid, 26, 'usermsg'], [roomid, 27, 'usermsg'], [roomid, 28, 'csmsg']]);
  assert.equal(heard[3].data.msg, '你好，收到');

  for (const [turn, numbers] of [[1, [5, 15]], [2, [0, 5]], [3, [0, 0]]]) {
    await page.evaluate(() => more());
    const [err, datas] = (await page.hears('answer to viewchat', turn)).at(-1);
    assert.deepEqual([err, datas.roomid], [null, roomid]);
    assert.deepEqual(datas.chat_msgs.map(({ msg }) => msg), Array.from({ length: numbers[1] - numbers[0] }, (_, n) => `number ${numbers[0] + n}`));
  }

  await page.evaluate(() => read());
  assert.deepEqual(await page.hears('answer to mkread', 1), [[null, { success: true }]]);
  assert.equal((await agent.notices('mkread')).type, 'user');
  const { time } = await agent.says('read me');
  await page.hears('on chat', 5);
  await agent.reads();
  const [[mark]] = await page.hears('on mkread', 1);
  assert.deepEqual([mark.roomid, mark.type, mark.time], [roomid, 'cs', time]);

  await page.evaluate(() => leave());
  assert.deepEqual(await page.hears('answer to leave', 1), [[null, { success: true }]]);
  await agent.says('nobody is there');
  await agent.hears('nobody is there');
  assert.equal((await page.hears('on chat', 5)).length, 5);
  assert.equal(await page.evaluate(() => typeof onlinechat.getParameter), 'function');
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

stage.story('a visitor’s and an agent’s page of snippets talk to each other, and come back after a cut', async () => {
  const visitorPerson = await stage.visitor();
  const agentPerson = await stage.agent();
  await visitorPerson.connects();
  const { roomid } = await visitorPerson.joins();
  await visitorPerson.hangsUp();
  const agent = await opens('agent.html', { $ROOMID: roomid, "ticket : ''": `ticket : '${agentPerson.ticket}'` });
  await agent.evaluate(() => join());
  await agent.hears('answer to join', 1);
  const { body: image } = await stage.api.uploadImage(visitorPerson.ticket, png(), 'image.png');
  const { body: file } = await stage.api.uploadFile(visitorPerson.ticket, Buffer.from('x'), 'a.txt', 'text/plain');
  const visitor = await opens('visitor.html', { $ROOMID: roomid, $COMPANYID: 'c1', $MSG_POS: '0', "ticket : ''": `ticket : '${visitorPerson.ticket}'`, '/path/to/image.png': image.data, "'uuid'": `'${file.fileid}'` });
  assert.deepEqual((await agent.hears('on chat', 3)).map(([{ data }]) => data.pos), [0, 1, 2]);
  await agent.evaluate(() => say());
  await visitor.hears('on chat', 4);

  cable.cut();
  await agent.evaluate(() => say());
  await stage.server.kill();
  await stage.server.start();
  cable.restore();
  for (const page of [visitor, agent]) {
    const [[attempts]] = await page.hears('reconnect', 1);
    assert.ok(attempts >= 1, 'the number of attempts');
    const [err, session] = (await page.hears('connect', 2)).at(-1);
    assert.deepEqual([err, session.type], [null, page === agent ? 'cs' : 'user']);
    assert.equal((await page.hears('on chat', 5)).at(-1)[0].data.pos, 4, 'what was said meanwhile');
    assert.deepEqual(page.errors, []);
    await page.context().close();
  }
});

stage.story('a page with a false ticket is told so once, and does not try for ever', async () => {
  const page = await opens('agent.html', { $ROOMID: 'x', "ticket : ''": "ticket : 'false'" });
  const [[err]] = await page.hears('connect', 1);
  assert.equal(err.errcode, 4003);
  await page.context().close();
});

/** Opens a page of snippets; `hears(name, count)` waits for that many calls of this name and answers the arguments of all. */
async function opens(name, values) {
  const page = await (await browser.newContext()).newPage();
  page.errors = [];
  page.on('pageerror', (error) => page.errors.push(String(error)));
  await page.goto(site.put(name, values));
  page.hears = (what, count) =>
    until(`${name} hears ${what} ${count} times`, async () => {
      const recorded = await page.evaluate(() => window.recorded);
      if (page.errors.length > 0) throw new Error(page.errors.join('\n'));
      const calls = recorded.filter((call) => call.name === what).map(({ args }) => args);
      return calls.length >= count && calls;
    });
  return page;
}

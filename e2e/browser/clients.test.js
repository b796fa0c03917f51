// The official clients as script tags in a page of another origin, as their users have them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openBrowser, openSite } from '../harness/browser.js';
import { openStage } from '../harness/stage.js';

const stage = await openStage();
const browser = await openBrowser();
const site = await openSite();
after(async () => {
  await browser.close();
  await site.close();
});

const CLIENTS = { '1.7.4': ['1', 'socket.io.js'], '2.5.0': ['2', 'socket.io.js'], '3.1.3': ['3', 'socket.io.js'], '4.8.4': ['4', 'socket.io.js'] };

for (const [version, [major, file]] of Object.entries(CLIENTS)) {
  const script = readFileSync(fileURLToPath(new URL(`../node_modules/socket.io-client-${major}/dist/${file}`, import.meta.url)), 'utf8');
  for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
    stage.story(`client ${version} over ${transports.join(' and ')} talks from a page of another origin`, async () => {
      const { visitor, agent, roomid } = await stage.conversation();
      await visitor.hangsUp();
      const page = await browser.newPage();
      const complaints = [];
      page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
      await page.goto(site.put('blank.html', {}));
      await page.addScriptTag({ content: script });
      const heard = page.evaluate(talk, { url: stage.server.url, transports, ticket: visitor.ticket, roomid });
      await agent.hears('来自网页 👋');
      assert.deepEqual(await heard, { aid: visitor.aid, answer: true, chat: '来自网页 👋' });
      assert.deepEqual(complaints, [], 'the browser has nothing to complain about');
      await page.close();
    });
  }
}

/** Runs in the page. */
function talk({ url, transports, ticket, roomid }) {
  return new Promise((done, failed) => {
    const credentials = { ticket, atype: 'uweb' };
    const socket = window.io(url, { transports, forceNew: true, auth: credentials, query: credentials });
    const heard = {};
    const note = (what) => {
      Object.assign(heard, what);
      if (Object.keys(heard).length === 3) done(heard);
    };
    socket.on('connect_error', (error) => failed(new Error(String(error))));
    socket.on('session', ({ aid }) => note({ aid }));
    socket.on('chat', ({ data }) => note({ chat: data.msg }));
    socket.on('connect', () => {
      socket.emit('join', { roomid }, (refused) => {
        if (refused) return failed(new Error(refused.errmsg));
        socket.emit('chat', { roomid, type: 'text', msg: '来自网页 👋' }, (err, datas) => note({ answer: err === null && datas.success }));
      });
    });
  });
}

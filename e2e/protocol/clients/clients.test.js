// Every official client, over every way it can travel, gets the whole service.
import assert from 'node:assert/strict';
import { jsVersions, pythonVersions } from '../../harness/person.js';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const GREETING = '你好，请问有什么可以帮您？ 👋🏽 𠮷 – “ok”';
// A lost connection, or the first failure to come back.
const CUT_SIGNS = ['disconnect', 'connect_error', 'refused'];
const clients = [...jsVersions, ...pythonVersions.map((version) => `python ${version}`)];

const stage = await openStage();

for (const client of clients) {
  for (const way of ['websocket', 'polling', 'upgrade']) {
    stage.story(`${client} over ${way} holds a whole conversation`, async () => {
      const agent = await stage.agent('客服小红');
      const visitor = await stage.visitor('小明');
      const session = await visitor.connects({ client, way });
      assert.deepEqual(pick(session, 'aid', 'nick', 'type', 'atype'), { aid: visitor.aid, nick: '小明', type: 'user', atype: 'uweb' });
      assert.equal(typeof session.time, 'number');

      const room = await visitor.joins();
      assert.equal(room.roomid, `/U2S_${visitor.aid}#c1`);
      assert.deepEqual([room.chat_msgs, room.msg_pos, room.topic], [[], 0, 'Shop One']);
      await agent.connects();
      await agent.joins(visitor.roomid);

      const receipt = await visitor.says(GREETING);
      assert.deepEqual(pick(receipt, 'success', 'pos'), { success: true, pos: 0 });
      assert.equal((await agent.hears(GREETING)).id, receipt.id);
      assert.equal((await visitor.hears(GREETING)).id, receipt.id, 'the sender hears itself too');

      const reply = await agent.says('收到 ✅');
      assert.deepEqual(pick(await visitor.hears('收到 ✅'), 'id', 'pos', 'type', 'mtype', 'aid', 'nick'), {
        id: reply.id, pos: 1, type: 'csmsg', mtype: 'text', aid: agent.aid, nick: '客服小红',
      });

      assert.deepEqual((await visitor.pagesBack(0)).map(({ msg }) => msg), [GREETING, '收到 ✅']);
      assert.deepEqual(await agent.reads(), { success: true });
      assert.deepEqual(pick(await visitor.notices('mkread'), 'roomid', 'type', 'time'), { roomid: visitor.roomid, type: 'cs', time: reply.time });
      assert.deepEqual(await visitor.reads(), { success: true });

      const [err] = await visitor.asks('no-such-call', { picture: Buffer.from([0, 255, 1, 254]) });
      assert.equal(err.errcode, 3100, 'a binary event is read and answered like any other');
      assert.equal((await visitor.says('still here')).pos, 2);

      if (way === 'upgrade') await until('the connection is upgraded', () => visitor.link.transport() === 'websocket');
      else await until(`the connection is ${way}`, () => visitor.link.transport() === way);
      assert.equal((await visitor.says('after the upgrade')).pos, 3);

      assert.deepEqual(await visitor.leaves(), { success: true });
      await agent.says('not for you');
      await agent.hears('not for you');
      await visitor.joins(visitor.roomid);
      await agent.says('for you again');
      await visitor.hears('for you again');
      assert.deepEqual(visitor.heard().map(({ pos }) => pos).sort(byNumber), [0, 1, 2, 3, 5]);
    });

    stage.story(`${client} over ${way} comes back after a cut and joins again`, async () => {
      const proxy = await stage.proxy();
      const { agent, roomid } = await stage.conversation();
      const visitor = await stage.visitor('回头客', { aid: roomOwner(roomid) });
      await visitor.connects({ client, way, via: proxy.url });
      await visitor.joins(roomid);
      await agent.says('before');
      await visitor.hears('before');

      proxy.cut();
      await visitor.link.journal.find('the cut is noticed', ({ name }) => CUT_SIGNS.includes(name), 15_000);
      const { pos } = await agent.says('meanwhile');
      proxy.restore();

      await visitor.link.journal.find('a second session', (entry) => entry.name === 'session' && entry !== firstSession(visitor), 15_000);
      const room = await visitor.joins(roomid, { since: pos });
      assert.deepEqual(room.missed.map(({ msg }) => msg), ['meanwhile']);
      await agent.says('after');
      await visitor.hears('after');
      await visitor.says('and back');
      await agent.hears('and back');
    });
  }

  stage.story(`${client} over upgrade neither loses nor doubles what is said while it upgrades`, async () => {
    const { agent, roomid } = await stage.conversation();
    const visitor = await stage.visitor('急性子', { aid: roomOwner(roomid) });
    await visitor.connects({ client, way: 'upgrade' });
    await visitor.joins(roomid);
    const texts = Array.from({ length: 60 }, (_, n) => `visitor ${n}`);
    const [receipts] = await Promise.all([
      visitor.saysAll(texts),
      agent.saysAll(Array.from({ length: 60 }, (_, n) => `agent ${n}`)),
    ]);
    assert.equal(receipts.length, 60);
    await until('all is heard', () => visitor.heard().length >= 120 && agent.heard().length >= 120);
    const everything = Array.from({ length: 120 }, (_, n) => n);
    assert.deepEqual(agent.heard().map(({ pos }) => pos), everything);
    assert.deepEqual(visitor.heard().map(({ pos }) => pos).sort(keepsOrder(client) ? () => 0 : byNumber), everything);
    assert.deepEqual(agent.heard().filter(({ aid }) => aid === visitor.aid).map(({ msg }) => msg), texts, 'in the order in which they were said');
  });

  for (const way of ['websocket', 'polling']) {
    stage.story(`${client} over ${way} with a false ticket is told 4003`, async () => {
      const visitor = await stage.visitor();
      const err = await visitor.isTurnedAway({ client, way, ticket: 'false' });
      assert.equal(err.errcode, 4003);
      assert.equal(typeof err.errmsg, 'string');
    });
  }
}

stage.story('who upgrades while being let in is told so, four hundred times', async () => {
  const visitors = await Promise.all(Array.from({ length: 4 }, () => stage.visitor()));
  for (let turn = 0; turn < 100; turn += 1) {
    const tabs = visitors.map((visitor) => stage.tabOf(visitor));
    await Promise.all(tabs.map((tab) => tab.connects({ way: 'upgrade' })));
    await Promise.all(tabs.map((tab) => tab.hangsUp()));
  }
});

for (const client of jsVersions.filter((version) => version > '3')) {
  stage.story(`${client} may also give its ticket in the query`, async () => {
    const visitor = await stage.visitor();
    assert.equal((await visitor.connects({ client, credentials: 'query' })).aid, visitor.aid);
  });
}

// python-socketio runs each handler in a thread of its own, so the order in which they report says nothing about the wire.
function keepsOrder(client) {
  return !client.startsWith('python');
}

function byNumber(a, b) {
  return a - b;
}

function pick(object, ...names) {
  return Object.fromEntries(names.map((name) => [name, object[name]]));
}

function roomOwner(roomid) {
  return /^\/U2S_(.*)#/.exec(roomid)[1];
}

function firstSession(person) {
  return person.link.journal.entries.find(({ name }) => name === 'session');
}

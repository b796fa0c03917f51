// SIGTERM: the node says that it stops, lets nobody new in, finishes what it has begun, and sends everybody away so that they come back by themselves.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { newHouse } from '../../harness/house.js';
import { jsVersions, pythonVersions } from '../../harness/person.js';
import { RawPolling } from '../../harness/raw-polling.js';
import { END, part } from '../../harness/raw-upload.js';
import { openStage, Stage } from '../../harness/stage.js';
import { until, within } from '../../harness/until.js';

const MINUTES = '600000';
const clients = [...jsVersions, ...pythonVersions.map((version) => `python ${version}`)];

const stage = await openStage();

stage.story('every official client comes back by itself after a restart, whichever way it travels', { timeout: 120_000 }, async () => {
  const agent = await stage.agent();
  const travellers = [];
  for (const client of clients) {
    for (const way of ['websocket', 'polling', 'upgrade']) {
      const visitor = await stage.visitor(`${client} ${way}`);
      await visitor.connects({ client, way });
      await visitor.joins();
      travellers.push(visitor);
    }
  }
  const ending = await stage.server.stop();
  assert.deepEqual(ending, { code: 0, signal: null });
  await stage.server.start();
  await agent.connects();
  for (const visitor of travellers) {
    await until(`${visitor.nick} is let in again`, () => visitor.noticed('session').length >= 2, 15_000);
    const reasons = visitor.link.journal.entries.filter(({ name }) => name === 'disconnect').map(({ args }) => args[0]);
    assert.ok(reasons.every((reason) => reason !== 'io server disconnect'), `${visitor.nick}: ${reasons}`);
    await visitor.joins(visitor.roomid);
    await agent.joins(visitor.roomid);
    await agent.says('欢迎回来');
    await visitor.hears('欢迎回来');
  }
});

stage.story('what was accepted is acknowledged before the goodbye', async () => {
  for (const way of ['websocket', 'polling']) {
    const talker = await stage.visitor();
    await talker.connects({ way });
    await talker.joins();
    const answered = new Set();
    const asked = Array.from({ length: 300 }, () => randomUUID());
    for (const id of asked) talker.link.send('chat', { roomid: talker.roomid, type: 'text', msg: id, id }, (err) => err ?? answered.add(id));
    await until('the first is acknowledged', () => answered.size > 0);
    const gone = talker.link.journal.find('the goodbye', ({ name }) => name === 'disconnect', 15_000);
    await stage.server.stop();
    await gone;
    const heard = new Set(answered);
    await stage.server.start();
    const reader = stage.tabOf(talker);
    await reader.connects();
    await reader.joins(talker.roomid);
    const kept = (await reader.history()).map(({ id }) => id);
    assert.deepEqual(kept, asked.slice(0, kept.length), 'in order, and none left out');
    assert.deepEqual(kept.filter((id) => !heard.has(id)), [], `over ${way} what is kept was acknowledged in time`);
  }
});

watched('a balancer hears it at once, and everything under way goes on until it had time to notice', { stop_notice_ms: 3_000 }, async ({ node, people }) => {
  const { visitor, agent } = people;
  const upload = await halfAnUpload(node, visitor.ticket);
  const { metrics } = pages(node);
  assert.match(await metrics(), /^nodechat_stopping 0$/m);
  process.kill(node.pid, 'SIGTERM');
  const told = await until('it says so', async () => {
    const response = await fetch(`${node.url}/readyz`);
    return response.status === 503 && response;
  });
  assert.match(await told.text(), /^not ready\nnode: stopping\n/);
  assert.equal((await fetch(`${node.url}/healthz`)).status, 200, 'it lives');
  assert.match(await metrics(), /^nodechat_stopping 1$/m);
  for (const headers of [{}, webSocketHandshake()]) {
    const { status, retryAfter } = await handshake(node, headers);
    assert.deepEqual([status, retryAfter], [503, '1'], 'nobody new is let in');
  }
  assert.equal((await visitor.says('还在吗')).success, true);
  await agent.hears('还在吗');
  upload.end(END);
  assert.equal((await within('the upload is answered', upload.answer)).errcode, 0);
  assert.deepEqual(await within('the node ends', node.exited, 20_000), { code: 0, signal: null });
});

watched('a second signal ends it at once', { stop_notice_ms: MINUTES, stop_timeout_ms: MINUTES }, async ({ node }) => {
  process.kill(node.pid, 'SIGTERM');
  await until('it stops', async () => (await fetch(`${node.url}/readyz`)).status === 503);
  process.kill(node.pid, 'SIGINT');
  assert.deepEqual(await within('the node ends', node.exited), { code: 0, signal: null });
});

stage.story('where nobody watches nobody is waited for', async () => {
  const house = await newHouse({ env: variables({ stop_notice_ms: MINUTES, stop_timeout_ms: MINUTES, stop_spread_ms: MINUTES }) });
  stage.closesWith(() => house.close());
  await house.start();
  assert.equal((await house.stop()).code, 0);
});

stage.story('a client that reads nothing holds up no stop', async () => {
  const house = await newHouse({ env: variables({ stop_timeout_ms: 2_000 }) });
  stage.closesWith(() => house.close());
  await house.start();
  const [node] = house.nodes;
  // Sessions whose clients have gone without a word: their last poll never comes.
  await Promise.all(Array.from({ length: 20 }, () => RawPolling.open(node.url)));
  await halfAnUpload(node, 'nobody’s ticket');
  assert.equal((await house.stop()).code, 0);
});

/** A story with a node of its own that somebody asks regularly whether it is ready. */
function watched(name, settings, run) {
  stage.story(name, async () => {
    const house = await newHouse({ env: variables(settings) });
    stage.closesWith(() => house.close());
    await house.start();
    const [node] = house.nodes;
    const ready = await fetch(`${node.url}/readyz`);
    assert.deepEqual([ready.status, (await ready.text()).split('\n')[0]], [200, 'ready']);
    await run({ node, people: await twoPeople(house) });
  });
}

/** A visitor and an agent at the first node, in the visitor's room. */
async function twoPeople(house) {
  const inside = new Stage(house);
  await inside.company('c1', 'Shop One');
  const [visitor, agent] = [await inside.visitor(), await inside.agent()];
  stage.closesWith(() => Promise.all([visitor.hangsUp(), agent.hangsUp()]));
  const via = house.nodes[0].url;
  await Promise.all([visitor.connects({ via }), agent.connects({ via })]);
  await agent.joins((await visitor.joins()).roomid);
  return { visitor, agent };
}

function variables(settings) {
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`NODECHAT_${key.toUpperCase()}`, String(value)]));
}

function pages(node) {
  return { metrics: async () => (await fetch(`${node.url}/metrics`)).text() };
}

/** An upload whose end is still to come. */
async function halfAnUpload(node, ticket) {
  const url = `${node.url}/onlinechat/api/file/uploadFile?${new URLSearchParams({ ticket })}`;
  const upload = request(url, { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=e2e-boundary' } });
  const answer = new Promise((resolve, reject) => {
    upload.on('error', reject);
    upload.on('response', async (response) => {
      let text = '';
      for await (const bytes of response) text += bytes;
      resolve(JSON.parse(text));
    });
  });
  // Whoever does not wait for the answer does not want to hear that there is none.
  answer.catch(() => {});
  await new Promise((sent) => upload.write(`${part('说明.txt', { type: 'text/plain' })}半`, sent));
  return { end: (rest) => upload.end(rest), answer };
}

function handshake(node, headers) {
  const transport = headers.upgrade ? 'websocket' : 'polling';
  return new Promise((resolve, reject) => {
    const asking = request(`${node.url}/socket.io/?EIO=4&transport=${transport}`, { headers }, (response) => {
      response.resume();
      resolve({ status: response.statusCode, retryAfter: response.headers['retry-after'] });
    });
    asking.on('upgrade', () => resolve({ status: 101 }));
    asking.on('error', reject);
    asking.end();
  });
}

function webSocketHandshake() {
  return { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': Buffer.alloc(16).toString('base64') };
}

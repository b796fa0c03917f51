// Polling as no client polls: over the limit, twice at once, for sessions that are not there.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { RawPolling } from '../../harness/raw-polling.js';
import { RawWebSocket, TEXT } from '../../harness/raw-websocket.js';
import { openStage } from '../../harness/stage.js';
import { attack } from './attack.js';

const stage = await openStage();

attack(stage, 'a body over the limit is refused, announced or not', async ({ visitor, roomid }) => {
  const big = `421["chat",{"roomid":${JSON.stringify(roomid)},"type":"text","msg":"${'x'.repeat(2_000_000)}"}]`;
  const announced = await RawPolling.letIn(stage.server.url, visitor);
  const status = await statusOf(announced.post(big));
  assert.ok([400, 413, 'cut'].includes(status), String(status));

  const endless = await RawPolling.letIn(stage.server.url, visitor);
  const outcome = await pour(endless.url, 200);
  assert.ok([400, 413, 'cut'].includes(outcome), String(outcome));
});

attack(stage, 'a second poll for one session ends it', async ({ visitor }) => {
  const session = await RawPolling.letIn(stage.server.url, visitor);
  const [first, second] = await Promise.all([session.poll(), session.poll()]);
  assert.ok([first.status, second.status].includes(400), `${first.status} ${second.status}`);
  assert.equal((await session.poll()).status, 400, 'the session is gone');
});

attack(stage, 'an unknown sid is refused on every way', async () => {
  for (const sid of ['nothing', '', '../x', 'x'.repeat(5_000), '%00', '__proto__']) {
    const session = new RawPolling(stage.server.url, sid);
    if (sid !== '') assert.equal((await session.poll()).status, 400, `GET ${sid.slice(0, 10)}`);
    assert.equal((await session.post('2')).status, 400, `POST ${sid.slice(0, 10)}`);
  }
  const raw = new RawWebSocket(stage.server.url, { path: '/socket.io/?EIO=4&transport=websocket&sid=nothing' });
  assert.equal((await raw.journal.find('an answer', ({ status }) => status)).status, 400);
  raw.destroy();
});

attack(stage, 'requests that are no polling are refused', async () => {
  const wrong = ['?EIO=5&transport=polling', '?EIO=x&transport=polling', '?EIO=4&transport=nothing', '?EIO=4'];
  for (const query of wrong) {
    const { status } = await fetch(`${stage.server.url}/socket.io/${query}`);
    assert.equal(status, 400, query);
  }
  for (const method of ['PUT', 'DELETE', 'PATCH']) {
    const { status } = await fetch(`${stage.server.url}/socket.io/?EIO=4&transport=polling`, { method });
    assert.ok([400, 405].includes(status), `${method} ${status}`);
  }
});

attack(stage, 'bodies that are no packets end their session', async ({ visitor }) => {
  for (const body of ['abc', '4abc', '\x1e\x1e', '9', 'b', 'b!!!', Buffer.from([0xff, 0xfe, 0x34]), Buffer.from([0x34, 0x32, 0xed, 0xa0, 0x80])]) {
    const session = await RawPolling.letIn(stage.server.url, visitor);
    await session.post(body);
    const { status } = await session.poll();
    assert.ok(status === 400 || status === 200, `${body} ${status}`);
    assert.equal((await session.poll()).status, 400, `${JSON.stringify(body.toString())} leaves the session open`);
  }
});

attack(stage, 'ten thousand packets in one body are read in order or refused', async ({ visitor }) => {
  const session = await RawPolling.letIn(stage.server.url, visitor);
  const body = Array.from({ length: 10_000 }, (_, n) => `42${n}["nothing"]`).join('\x1e');
  const { status } = await session.post(body);
  assert.ok([200, 400].includes(status), String(status));
  if (status === 400) return;
  let answers = [];
  while (answers.length < 10_000) {
    const poll = await session.poll();
    assert.equal(poll.status, 200);
    answers = answers.concat(poll.text.split('\x1e').filter((packet) => packet.startsWith('43')));
  }
  assert.deepEqual(answers.map((packet) => Number.parseInt(packet.slice(2))), Array.from({ length: 10_000 }, (_, n) => n));
});

attack(stage, 'a post cut off half way is no message', async ({ visitor, roomid }) => {
  const session = await RawPolling.letIn(stage.server.url, visitor);
  await session.post(`421["join",{"roomid":${JSON.stringify(roomid)}}]`);
  await session.poll();
  const body = `422["chat",{"roomid":${JSON.stringify(roomid)},"type":"text","msg":"half"}]`;
  const post = request(session.url, { method: 'POST', headers: { 'content-length': body.length + 10 } });
  // The reset is the point.
  post.on('error', () => {});
  await new Promise((done) => post.write(body, done));
  post.destroy();
});

attack(stage, 'a session is upgraded once', async ({ visitor }) => {
  const { url } = stage.server;
  const session = await RawPolling.letIn(url, visitor);
  const path = `/socket.io/?EIO=4&transport=websocket&sid=${session.sid}`;
  const first = await new RawWebSocket(url, { path }).opened();
  first.send(TEXT, '2probe');
  await first.text('3probe');
  await session.poll();
  first.send(TEXT, '5');
  first.send(TEXT, '427["nothing",{}]');
  await first.text('437[');
  const second = new RawWebSocket(url, { path });
  const { status } = await second.journal.find('a refusal', (entry) => entry.status >= 400 || entry.ended);
  assert.ok(status === undefined || status === 400, `${status}`);
  first.send(TEXT, '428["nothing",{}]');
  await first.text('438[');
  first.destroy();
  second.destroy();
});

async function statusOf(answer) {
  try {
    return (await answer).status;
  } catch {
    return 'cut';
  }
}

/** Posts megabyte after megabyte, never announcing how many, until the server has had enough. */
function pour(url, megabytes) {
  return new Promise((done) => {
    const post = request(url, { method: 'POST' }, (response) => (response.resume(), done(response.statusCode), post.destroy()));
    post.on('error', () => done('cut'));
    const piece = Buffer.alloc(1_000_000, 'x');
    let left = megabytes;
    const more = () => {
      while (left > 0 && !post.destroyed) {
        left -= 1;
        if (!post.write(piece)) return void post.once('drain', more);
      }
      if (!post.destroyed) post.end();
    };
    more();
  });
}

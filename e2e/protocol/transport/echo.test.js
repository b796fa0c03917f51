// The official clients and the transport's echo example understand each other: text, binary, acks, namespaces, reconnection.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startEcho } from '../../harness/echo.js';
import { jsVersions, openLink, pythonVersions } from '../../harness/person.js';
import { Proxy } from '../../harness/proxy.js';
import { until } from '../../harness/until.js';

// A lost connection, or the first failure to come back.
const CUT_SIGNS = ['disconnect', 'connect_error', 'refused'];
const clients = [...jsVersions, ...pythonVersions.map((version) => `python ${version}`)];
const echo = await startEcho();
after(() => echo.stop());

const THINGS = [
  'plain',
  '你好 👋🏽 𠮷 é',
  'Ã© looks like é encoded twice',
  { deep: [1, 2.5, null, true, { 键: '值' }] },
  Buffer.from([0, 1, 127, 128, 254, 255]),
  { before: Buffer.from('first'), text: '中', list: [Buffer.from('second'), 3] },
];

for (const client of clients) {
  for (const way of ['websocket', 'polling', 'upgrade']) {
    clientStory(`${client} over ${way} gets back what it sends`, { client, way }, async (link) => {
      link.tell('message', ...THINGS);
      const { args } = await link.journal.find('the echo', ({ name }) => name === 'message-back');
      assert.deepEqual(args.map(plain), THINGS);
      assert.deepEqual((await link.emit('message-with-ack', ...THINGS)).map(plain), THINGS);
      await until(`the transport is ${way}`, () => link.transport() === (way === 'polling' ? 'polling' : 'websocket'));
      assert.deepEqual((await link.emit('message-with-ack', ...THINGS)).map(plain), THINGS);
    });

    clientStory(`${client} over ${way} gets 100 pipelined answers, each once, during an upgrade or not`, { client, way }, async (link) => {
      const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => link.emit('message-with-ack', n, Buffer.from([n % 256]))));
      assert.deepEqual(answers.map(([n]) => n), Array.from({ length: 100 }, (_, n) => n));
      assert.ok(answers.every(([n, bytes]) => bytes.length === 1 && bytes[0] === n % 256));
    });

    clientStory(`${client} over ${way} comes back after a cut`, { client, way, through: 'proxy' }, async (link, proxy) => {
      // A client that is cut off while it still sets itself up may not notice at all; python-socketio does not always.
      assert.deepEqual(await link.emit('message-with-ack', 'here'), ['here']);
      proxy.cut();
      await link.journal.find('the cut is noticed', ({ name }) => CUT_SIGNS.includes(name), 15_000);
      proxy.restore();
      await until('it is back', () => link.opened === 2, 15_000);
      assert.deepEqual(await link.emit('message-with-ack', 'back'), ['back']);
    });
  }

  clientStory(`${client} speaks in a namespace of its own`, { client, namespace: '/custom' }, async (link) => {
    await link.journal.find('the greeting', ({ name }) => name === 'auth');
  });
}

// Longer than interval and timeout together, after which either side would give up a silent other.
test('every client, over each way, outlives twenty pings on its first connection', async () => {
  const links = clients.flatMap((client) => ['websocket', 'polling', 'upgrade'].map((way) => openLink(client, { url: echo.url, way })));
  try {
    await Promise.all(links.map((link) => link.journal.find('the connection', ({ name }) => name === 'connect', 20_000)));
    const started = Date.now();
    await until('twenty intervals have passed', () => Date.now() - started > 20 * 300 + 500, 15_000);
    assert.deepEqual(await Promise.all(links.map((link) => link.emit('message-with-ack', 'still here'))), links.map(() => ['still here']));
    assert.deepEqual(links.map((link) => link.opened), links.map(() => 1));
  } finally {
    await Promise.all(links.map((link) => link.close()));
  }
});

for (const client of ['3.1.3', '4.8', 'python 5.18.1']) {
  clientStory(`${client} is greeted with its auth payload`, { client, ticket: 'abc', atype: 'uweb' }, async (link) => {
    const { args } = await link.journal.find('the greeting', ({ name }) => name === 'auth');
    assert.deepEqual(args, [{ ticket: 'abc', atype: 'uweb' }]);
  });
}

for (const client of clients) {
  test(`${client} is refused in a namespace that does not exist`, async () => {
    const link = openLink(client, { url: echo.url, namespace: '/nowhere' });
    try {
      await link.journal.find('the refusal', ({ name }) => name === 'refused' || name === 'connect_error');
      assert.equal(link.opened, 0);
    } finally {
      await link.close();
    }
  });
}

function clientStory(name, { client, through, ...options }, run) {
  test(name, async () => {
    const proxy = through ? await new Proxy(echo.url).open() : undefined;
    const link = openLink(client, { url: proxy?.url ?? echo.url, ...options });
    try {
      await link.journal.find('the connection', (entry) => entry.name === 'connect');
      await run(link, proxy);
    } finally {
      await link.close();
      await proxy?.close();
    }
  });
}

// What a client shows as ArrayBuffer, Buffer or Uint8Array becomes a Buffer, all the way down.
function plain(value) {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return Buffer.from(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  return value;
}

// Frames and packets that no client library sends: they end their own connection, with the right code, and nothing else.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { BINARY, CLOSE, PING, RawWebSocket, rawSocketIo, TEXT, frame } from '../../harness/raw-websocket.js';
import { openStage } from '../../harness/stage.js';
import { attack } from './attack.js';

const stage = await openStage();

/** What breaks RFC 6455, and the close code that says so. */
const broken = {
  'an unmasked frame': [1002, (raw) => raw.send(TEXT, '2', { masked: false })],
  'an oversized frame announced': [1009, (raw) => raw.send(TEXT, 'x', { length: 2 ** 40 })],
  'a frame just over the limit announced': [1009, (raw) => raw.send(TEXT, 'x', { length: 1_000_001 })],
  'an impossible length announced': [[1002, 1009], (raw) => raw.write(Buffer.from([0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]))],
  'a reserved bit': [1002, (raw) => raw.send(TEXT, 'x', { first: 0xc1 })],
  'an unknown opcode': [1002, (raw) => raw.send(3, 'x')],
  'an unknown control opcode': [1002, (raw) => raw.send(11, 'x')],
  'a ping in fragments': [1002, (raw) => raw.send(PING, 'x', { fin: false })],
  'a ping of 126 bytes': [1002, (raw) => raw.send(PING, 'x'.repeat(126))],
  'a continuation of nothing': [1002, (raw) => raw.send(0, 'x')],
  'a new text inside an unfinished one': [1002, (raw) => raw.send(TEXT, '4', { fin: false }).send(TEXT, '2')],
  'a close with one byte': [1002, (raw) => raw.send(CLOSE, 'x')],
  'a close with a forbidden code': [1002, (raw) => raw.send(CLOSE, Buffer.from([0x03, 0xed]))],
  'a close whose reason is no UTF-8': [1007, (raw) => raw.send(CLOSE, Buffer.from([0x03, 0xe8, 0xff, 0xfe]))],
  'invalid UTF-8': [1007, (raw) => raw.send(TEXT, Buffer.from([0x34, 0x32, 0xc3, 0x28]))],
  'a surrogate as UTF-8': [1007, (raw) => raw.send(TEXT, Buffer.from([0x34, 0x32, 0xed, 0xa0, 0x80]))],
  'invalid UTF-8 across fragments': [1007, (raw) => raw.send(TEXT, Buffer.from([0x34, 0xc3]), { fin: false }).send(0, Buffer.from([0x28]))],
};

for (const [name, [code, does]] of Object.entries(broken)) {
  attack(stage, `${name} is closed with ${[code].flat().join(' or ')}`, async ({ visitor }) => {
    const raw = await rawSocketIo(stage.server.url, visitor);
    does(raw);
    assert.ok([code].flat().includes(await raw.ended()), JSON.stringify(raw.journal.entries.slice(-2)));
  });
}

/** What breaks Engine.IO or Socket.IO: the connection ends. */
const nonsense = {
  'an empty message': '',
  'an unknown Engine.IO packet': '9x',
  'an unknown Socket.IO packet': '49',
  'a packet cut in the middle': '42["chat",{"roomid":',
  'an event that is no array': '42{"a":1}',
  'an event without a name': '42[]',
  'an event whose name is an object': '42[{},1]',
  'a payload that is no JSON': '42[chat]',
  'two payloads behind each other': '42["a"]["b"]',
  'an ack number beyond all numbers': '429999999999999999999999["chat",{}]',
  'a binary event with 1,000 attachments': '451000-["chat",{"_placeholder":true,"num":0}]',
  'a binary event with endless attachments': '4599999999999999999-["chat",{}]',
  'a binary event without a number': '45-["chat",{}]',
  'a binary event with a negative number': '45-1-["chat",{}]',
  'an attachment followed by a text': ['451-["chat",{"_placeholder":true,"num":0}]', '420["nothing",{}]'],
  'a placeholder that names none': ['451-["chat",{"_placeholder":true,"num":7}]', Buffer.from('x')],
  'a placeholder with a negative number': ['451-["chat",{"_placeholder":true,"num":-1}]', Buffer.from('x')],
  'a placeholder with a name': ['451-["chat",{"_placeholder":true,"num":"length"}]', Buffer.from('x')],
  'bytes that nobody announced': [Buffer.from('x')],
};

for (const [name, packets] of Object.entries(nonsense)) {
  attack(stage, `${name} ends the connection or is refused, and no call is made of it`, async ({ visitor, roomid }) => {
    const raw = await rawSocketIo(stage.server.url, visitor);
    raw.send(TEXT, `421["join",{"roomid":${JSON.stringify(roomid)}}]`);
    await raw.text('431[null');
    for (const packet of [packets].flat()) raw.send(Buffer.isBuffer(packet) ? BINARY : TEXT, packet);
    raw.send(TEXT, '427["nothing",{}]');
    // Closed, or still there and answering: never silent.
    await raw.journal.find('the end or an answer', ({ ended, text }) => ended || text?.startsWith('437'));
    raw.destroy();
  });
}

attack(stage, 'events before being let in end the connection', async ({ roomid }) => {
  const raw = await new RawWebSocket(stage.server.url).opened();
  await raw.text('0{');
  raw.send(TEXT, `421["join",{"roomid":${JSON.stringify(roomid)}}]`);
  await raw.ended();
  assert.ok(!raw.journal.entries.some(({ text }) => text?.startsWith('43')), 'no answer');
});

attack(stage, 'endless fragments end at the size of a packet', async ({ visitor }) => {
  const raw = await rawSocketIo(stage.server.url, visitor);
  raw.send(TEXT, '42["chat","', { fin: false });
  const piece = frame(0, 'x'.repeat(60_000), { fin: false });
  for (let sent = 0; sent < 400 && raw.isOpen; sent += 1) await written(raw, piece);
  const code = await raw.ended();
  assert.ok([1009, undefined].includes(code), `closed with ${code}`);
});

attack(stage, 'endless empty fragments cost nothing', async ({ visitor }) => {
  const raw = await rawSocketIo(stage.server.url, visitor);
  raw.send(TEXT, '42["cha', { fin: false });
  const thousand = Buffer.concat(Array.from({ length: 1_000 }, () => frame(0, '', { fin: false })));
  for (let sent = 0; sent < 300 && raw.isOpen; sent += 1) await written(raw, thousand);
  raw.destroy();
});

attack(stage, 'a hundred thousand pings are answered or ended, never piled up', async ({ visitor }) => {
  const raw = await rawSocketIo(stage.server.url, visitor);
  raw.socket.pause();
  const thousand = Buffer.concat(Array.from({ length: 1_000 }, () => frame(PING, 'x'.repeat(125))));
  for (let sent = 0; sent < 100 && !raw.socket.destroyed; sent += 1) raw.write(thousand);
  raw.socket.resume();
  raw.send(TEXT, '427["nothing",{}]');
  await raw.journal.find('the end or an answer', ({ ended, text }) => ended || text?.startsWith('437'), 20_000);
  raw.destroy();
});

attack(stage, 'more namespaces than anyone needs are refused', async ({ visitor }) => {
  const raw = await rawSocketIo(stage.server.url, visitor);
  for (let n = 0; n < 2_000 && raw.isOpen; n += 1) raw.send(TEXT, `40/namespace-${n},{}`);
  raw.send(TEXT, '427["nothing",{}]');
  await raw.journal.find('the end or an answer', ({ ended, text }) => ended || text?.startsWith('437'));
  assert.ok(!raw.journal.entries.some(({ text }) => text?.startsWith('40/')), 'none was opened');
  raw.destroy();
});

attack(stage, 'a frame cut off by the end of the connection leaves no trace', async ({ visitor, roomid }) => {
  const raw = await rawSocketIo(stage.server.url, visitor);
  raw.send(TEXT, `421["join",{"roomid":${JSON.stringify(roomid)}}]`);
  await raw.text('431[null');
  const whole = frame(TEXT, `422["chat",{"roomid":${JSON.stringify(roomid)},"type":"text","msg":"half a message"}]`);
  raw.write(whole.subarray(0, whole.length - 5));
  raw.socket.end();
  await raw.ended();
});

attack(stage, 'handshakes that are none are refused', async () => {
  const host = `Host: ${new URL(stage.server.url).host}`;
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket';
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
  const path = '/socket.io/?EIO=4&transport=websocket';
  const wrong = [
    `GET ${path} HTTP/1.1\r\n${host}\r\n${upgrade}\r\n${key}\r\nSec-WebSocket-Version: 12`,
    `GET ${path} HTTP/1.1\r\n${host}\r\n${upgrade}\r\nSec-WebSocket-Version: 13`,
    `GET ${path} HTTP/1.1\r\n${host}\r\n${upgrade}\r\nSec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13`,
    `GET ${path} HTTP/1.1\r\n${host}`,
    `GET /socket.io/?EIO=9&transport=websocket HTTP/1.1\r\n${host}\r\n${upgrade}\r\n${key}\r\nSec-WebSocket-Version: 13`,
    `GET /socket.io/?EIO=4&transport=carrier-pigeon HTTP/1.1\r\n${host}\r\n${upgrade}\r\n${key}\r\nSec-WebSocket-Version: 13`,
    `GET /socket.io/?EIO=4&transport=websocket&sid=nothing HTTP/1.1\r\n${host}\r\n${upgrade}\r\n${key}\r\nSec-WebSocket-Version: 13`,
    'this is not HTTP at all',
  ];
  for (const head of wrong) {
    const raw = new RawWebSocket(stage.server.url, { handshake: false }).write(`${head}\r\n\r\n`);
    const { status } = await raw.journal.find(head, (entry) => entry.status !== undefined || entry.ended);
    assert.ok(status === undefined || (status >= 400 && status < 500), `${status} to ${head}`);
    raw.destroy();
  }
});

attack(stage, 'a head without end is cut off', async () => {
  const raw = new RawWebSocket(stage.server.url, { handshake: false }).write('GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n');
  const line = Buffer.from(`X-Filler: ${'x'.repeat(8_000)}\r\n`);
  for (let sent = 0; sent < 4_000 && raw.isOpen; sent += 1) await written(raw, line);
  await raw.journal.find('a refusal or the end', ({ status, ended }) => status >= 400 || ended);
  raw.destroy();
});

attack(stage, 'those who are slow to come in are sent away: one byte a second, no ticket, no word at all', async () => {
  const slow = new RawWebSocket(stage.server.url, { handshake: false });
  const head = 'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\n';
  let at = 0;
  const drip = setInterval(() => slow.isOpen && slow.write(head[at++ % head.length]), 1_000);
  const silent = new RawWebSocket(stage.server.url, { handshake: false });
  const ticketless = await new RawWebSocket(stage.server.url).opened();
  try {
    await Promise.all([slow.ended(40_000), silent.ended(40_000), ticketless.ended(20_000)]);
  } finally {
    clearInterval(drip);
    for (const raw of [slow, silent, ticketless]) raw.destroy();
  }
});

// Waits for room in the socket's buffer, or for its end.
async function written(raw, bytes) {
  if (raw.socket.destroyed) return;
  // A reset while waiting is the server's answer, which the caller looks at.
  if (!raw.socket.write(bytes)) await Promise.race([once(raw.socket, 'drain'), once(raw.socket, 'close')]).catch(() => {});
}

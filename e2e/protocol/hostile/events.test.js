// Events that no honest page sends: each gets its stated error, the connection goes on, nothing is stored.
import assert from 'node:assert/strict';
import { openStage } from '../../harness/stage.js';
import { rawSocketIo, TEXT } from '../../harness/raw-websocket.js';
import { RawPolling } from '../../harness/raw-polling.js';
import { attack } from './attack.js';

const stage = await openStage();
const EVENTS = ['join', 'chat', 'user', 'mkread', 'leave'];

attack(stage, 'an unknown event is answered 3100', async ({ visitor }) => {
  for (const name of ['nothing', 'Chat', 'chat ', '', '聊天', '__proto__', 'constructor', 'x'.repeat(10_000)]) {
    assert.equal((await visitor.isRefused(name, { a: 1 })).errcode, 3100, name.slice(0, 20));
    assert.equal((await visitor.isRefused(name)).errcode, 3100, `${name.slice(0, 20)} without payload`);
  }
});

attack(stage, 'an unknown type of user is answered, not ignored', async ({ visitor, roomid }) => {
  const err = await visitor.isRefused('user', { type: 'nothing', roomid });
  assert.ok([3100, 4002].includes(err.errcode), JSON.stringify(err));
  assert.equal((await visitor.isRefused('user', { roomid })).errcode, 4001);
});

attack(stage, 'a missing payload is 4001, one that is no object 4002', async ({ visitor }) => {
  for (const event of EVENTS) {
    assert.equal((await visitor.isRefused(event)).errcode, 4001, `${event} without payload`);
    const nothing = (await visitor.isRefused(event, null)).errcode;
    assert.ok([4001, 4002].includes(nothing), `${event} null: ${nothing}`);
    for (const payload of [[], [[]], [{ roomid: 'x' }], 'text', '', 7, true, false]) {
      assert.equal((await visitor.isRefused(event, payload)).errcode, 4002, `${event} ${JSON.stringify(payload)}`);
    }
    // On the wire, bytes are an object too: the place where they belong.
    const bytes = (await visitor.isRefused(event, Buffer.from('bytes'))).errcode;
    assert.ok([4001, 4002].includes(bytes), `${event} bytes: ${bytes}`);
  }
});

attack(stage, 'requests without an ack function are read, and answer nobody', async ({ visitor, roomid }) => {
  for (const event of [...EVENTS, 'nothing']) {
    for (const payload of [[], [null], [{}], [[]], ['x'], [{ roomid: 7 }], [{ roomid, type: 'text', msg: {} }]]) visitor.link.tell(event, ...payload);
  }
  assert.equal((await visitor.isRefused('nothing', {})).errcode, 3100, 'it is still served');
});

attack(stage, 'a wrong type in any field is an error, never a guess', async ({ visitor, roomid }) => {
  const good = {
    join: { roomid },
    chat: { roomid, type: 'text', msg: 'hi' },
    user: { type: 'viewchat', roomid, start: 0 },
    mkread: { roomid },
    leave: { roomid },
  };
  const wrong = { roomid: [0, 7, 1.5, true, [], {}, ['x'], [roomid]], type: [0, true, [], {}, ['text']], mtype: [7, true, [], {}], msg: [0, 7, true, [], {}, ['hi']], start: ['0', true, [], {}, 0.5], limit: ['5', true, [], {}, 0.5], pos: ['0', true, [], {}, 0.5], since: ['0', true, [], {}, 0.5], id: [0, 7, true, [], {}], epoch: [7, true, [], {}] };
  const optional = { join: ['since', 'epoch'], chat: ['mtype', 'id'], user: ['limit'], mkread: ['pos'], leave: [] };
  for (const event of EVENTS) {
    for (const field of [...Object.keys(good[event]), ...optional[event]]) {
      for (const value of wrong[field]) {
        const err = await visitor.isRefused(event, { ...good[event], ...(field === 'epoch' ? { since: 0 } : {}), [field]: value });
        assert.ok([4001, 4002].includes(err.errcode), `${event} ${field}=${JSON.stringify(value)}: ${JSON.stringify(err)}`);
      }
    }
  }
  for (const value of [7, true, [], {}]) {
    const err = await visitor.isRefused('join', { companyid: value });
    assert.ok([4001, 4002].includes(err.errcode), `companyid ${JSON.stringify(value)}`);
  }
});

attack(stage, 'bytes in a message are 4002: a history is text', async ({ visitor, roomid }) => {
  const bytes = Buffer.from('bytes');
  for (const fields of [{ type: 'text', msg: bytes }, { type: 'custom', msg: bytes }, { type: 'custom', msg: { deep: [bytes] } }, { type: 'image', msg: bytes }]) {
    assert.equal((await visitor.isRefused('chat', { roomid, ...fields })).errcode, 4002, JSON.stringify(fields));
  }
});

attack(stage, 'an empty message is 4001, an unknown kind 4002', async ({ visitor, roomid }) => {
  for (const fields of [{}, { type: 'text' }, { type: 'text', msg: '' }, { type: 'text', msg: null }, { msg: 'hi' }, { type: '', msg: 'hi' }]) {
    assert.equal((await visitor.isRefused('chat', { roomid, ...fields })).errcode, 4001, JSON.stringify(fields));
  }
  for (const type of ['nothing', 'recalled', 'TEXT', 'csrmsg']) assert.equal((await visitor.isRefused('chat', { roomid, type, msg: 'hi' })).errcode, 4002, type);
});

attack(stage, 'NUL is 4002 wherever it stands', async ({ visitor, roomid }) => {
  const nul = (fields) => visitor.isRefused('chat', { roomid, type: 'text', msg: 'hi', ...fields });
  assert.equal((await nul({ msg: 'a\0b' })).errcode, 4002);
  assert.equal((await nul({ type: 'custom', msg: { key: ['a\0b'] } })).errcode, 4002);
  assert.equal((await nul({ type: 'custom', msg: { 'a\0b': 1 } })).errcode, 4002);
  assert.equal((await nul({ roomid: `${roomid}\0` })).errcode, 4002);
  assert.equal((await visitor.isRefused('join', { companyid: 'c1\0' })).errcode, 4002);
});

attack(stage, 'lone surrogate escapes are 4002, never stored as something else', async ({ visitor, roomid }) => {
  const raw = await rawSocketIo(stage.server.url, visitor);
  const room = JSON.stringify(roomid);
  raw.send(TEXT, `420["join",{"roomid":${room}}]`);
  await raw.text('430[null');
  for (const [call, text] of ['\\ud800', 'x\\udc00y', '\\ud83d\\ud83d', '\\udc4b\\ud83d'].entries()) {
    raw.send(TEXT, `42${call + 1}["chat",{"roomid":${room},"type":"text","msg":"${text}"}]`);
    assert.equal(errcode(await raw.text(`43${call + 1}[`)), 4002, text);
  }
  raw.destroy();
});

attack(stage, 'ten thousand levels of nesting are 4002', async ({ visitor, roomid }) => {
  const raw = await rawSocketIo(stage.server.url, visitor);
  const room = JSON.stringify(roomid);
  raw.send(TEXT, `420["join",{"roomid":${room}}]`);
  await raw.text('430[null');
  const nests = ['['.repeat(10_000) + ']'.repeat(10_000), '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000)];
  let call = 0;
  for (const nest of nests) {
    // As the payload itself, nested objects are one unknown field; what is asked for is missing.
    for (const [payload, codes] of [[nest, [4001, 4002]], [`{"roomid":${room},"type":"custom","msg":{"x":${nest}}}`, [4002]], [`{"roomid":${nest}}`, [4002]]]) {
      call += 1;
      raw.send(TEXT, `42${call}["chat",${payload}]`);
      const code = errcode(await raw.text(`43${call}[`));
      assert.ok(codes.includes(code), `${payload.slice(0, 60)}: ${code}`);
    }
    raw.send(TEXT, `4299["nothing",${nest}]`);
    assert.equal(errcode(await raw.text('4399[')), 3100);
  }
  raw.destroy();
});

attack(stage, 'a text of 5 MB ends the connection with "too big", and the client may come again', async ({ visitor, roomid }) => {
  const raw = await rawSocketIo(stage.server.url, visitor);
  raw.send(TEXT, `421["chat",{"roomid":${JSON.stringify(roomid)},"type":"text","msg":"${'x'.repeat(5_000_000)}"}]`);
  const code = await raw.ended();
  assert.ok([1009, undefined].includes(code), `closed with ${code}`);
  const tab = stage.tabOf(visitor);
  await tab.connects();
  await tab.joins(roomid);
});

attack(stage, 'a text just below the size of a packet is read and refused for its length', async ({ visitor, roomid }) => {
  assert.equal((await visitor.isRefused('chat', { roomid, type: 'text', msg: 'x'.repeat(990_000) })).errcode, 4002);
});

attack(stage, 'a custom message as large as a packet does not make the room pay for it', async ({ visitor, roomid }) => {
  const err = await visitor.isRefused('chat', { roomid, type: 'custom', msg: { x: 'x'.repeat(990_000) } });
  assert.equal(err.errcode, 4002);
});

attack(stage, 'bad events over polling get the same answers', async ({ visitor, roomid }) => {
  const session = await RawPolling.letIn(stage.server.url, visitor);
  const nest = '['.repeat(10_000) + ']'.repeat(10_000);
  const bad = ['421["nothing",{}]', `422["chat",{"roomid":${JSON.stringify(roomid)},"type":"text","msg":"\\ud800"}]`, `423["chat",${nest}]`, '424["chat"]', '425["chat",[]]'];
  assert.equal((await session.post(bad.join('\x1e'))).status, 200);
  let heard = '';
  while (!heard.includes('435[')) heard += `${(await session.poll()).text}\x1e`;
  const answers = heard.split('\x1e').filter((packet) => packet.startsWith('43'));
  assert.deepEqual(answers.map((packet) => [packet.slice(0, 3), errcode(packet)]), [['431', 3100], ['432', 4002], ['433', 4002], ['434', 4001], ['435', 4002]]);
});

function errcode(packet) {
  return JSON.parse(packet.slice(packet.indexOf('[')))[0]?.errcode;
}

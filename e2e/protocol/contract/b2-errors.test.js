// Contract B2: each error code that can be met, as a socket's ack and as an HTTP answer: `errcode` and `errmsg`, and `retry_after` where the same may be asked again.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { png } from '../../harness/pictures.js';
import { aText, isWhole } from '../../harness/shape.js';
import { openStage } from '../../harness/stage.js';

const stage = await openStage({ env: { NODECHAT_IMAGE_MAX_BYTES: '20000', NODECHAT_FILE_MAX_BYTES: '1000' } });

const error = (errcode) => ({ errcode, errmsg: aText });
const soon = (value) => Number.isInteger(value) && value > 0 && value <= 60_000;

stage.story('3100: there is no such call', async () => {
  const { visitor, agent } = await stage.conversation();
  for (const [person, event, payload] of [[visitor, 'fly', {}], [visitor, 'user', { type: 'fly' }], [agent, 'mgr', { type: 'fly' }], [agent, 'list', { type: 'fly' }]]) {
    isWhole(await person.isRefused(event, payload), error(3100), event);
  }
  const { status, body } = await stage.api.get('no/such/call');
  assert.equal(status, 404);
  isWhole(body, error(3100));
});

stage.story('4001: a parameter is missing or empty', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const calls = [
    [visitor, 'join', {}], [visitor, 'chat', {}], [visitor, 'chat', { roomid, type: 'text' }], [visitor, 'chat', { roomid, type: 'text', msg: '' }], [visitor, 'chat', { roomid, msg: 'x' }],
    [visitor, 'user', {}], [visitor, 'user', { type: 'viewchat' }], [visitor, 'user', { type: 'viewchat', roomid }], [visitor, 'user', { type: 'applycs' }], [visitor, 'user', { type: 'endcs', roomid }],
    [visitor, 'mkread', {}], [visitor, 'leave', {}], [visitor, 'query', { roomid }], [visitor, 'typing', {}], [visitor, 'recall', { roomid }],
    [agent, 'note', { roomid }], [agent, 'notes', {}], [agent, 'mgr', {}], [agent, 'mgr', { type: 'setStatus' }], [agent, 'mgr', { type: 'serveChat', roomid }], [agent, 'mgr', { type: 'transfer', roomid }], [agent, 'mgr', { type: 'remove' }], [agent, 'list', {}],
  ];
  for (const [person, event, payload] of calls) isWhole(await person.isRefused(event, payload), error(4001), `${event} ${JSON.stringify(payload)}`);
  const { ticket } = visitor;
  const paths = { ticket: {}, visitor: {}, 'msg/list': { ticket }, 'userChat/saveRate': { ticket }, 'fault/add': { ticket }, 'fault/list': { ticket } };
  for (const [path, query] of Object.entries(paths)) {
    const { status, body } = await stage.api.get(path, query);
    assert.equal(status, 200, path);
    isWhole(body, error(4001), path);
  }
});

stage.story('4002: a parameter is invalid, or cannot be read', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const calls = [
    [visitor, 'join', { roomid: 'x' }], [visitor, 'join', { roomid: 7 }], [visitor, 'join', []], [visitor, 'chat', { roomid, type: 'smell', msg: 'x' }], [visitor, 'chat', { roomid, type: 'image', msg: 'x' }],
    [visitor, 'chat', { roomid, type: 'text', msg: 'x', id: '1' }], [visitor, 'chat', { roomid, type: 'text', msg: 'x', quote: randomUUID() }], [visitor, 'user', { type: 'viewchat', roomid, start: '1' }],
    [visitor, 'mkread', { roomid, pos: 99 }], [visitor, 'recall', { roomid, id: 'x' }], [visitor, 'query', { roomid, queryId: 'x' }], [agent, 'mgr', { type: 'setStatus', status: 'X' }], [agent, 'notes', { roomid, limit: 0 }], [agent, 'list', { type: 'rooms', view: 'x' }],
  ];
  for (const [person, event, payload] of calls) isWhole(await person.isRefused(event, payload), error(4002), `${event} ${JSON.stringify(payload)}`);
  isWhole((await stage.api.get('msg/list', { ticket: visitor.ticket, roomid, size: 101 })).body, error(4002));
  isWhole(await visitor.tab().isTurnedAway({ atype: 'cweb' }), error(4002));
});

stage.story('4003: not allowed, whether it exists or not', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const stranger = await stage.visitor('隔壁');
  await stranger.connects();
  await stranger.joins();
  const refused = await stranger.isRefused('join', { roomid });
  isWhole(refused, error(4003));
  assert.deepEqual(await stranger.isRefused('join', { roomid: '/U2S_nobody#c1' }), refused);
  for (const [event, payload] of [['mgr', { type: 'allStatus' }], ['list', { type: 'allUser' }], ['note', { roomid, msg: 'x' }], ['notes', { roomid }]]) isWhole(await visitor.isRefused(event, payload), error(4003), event);
  isWhole(await agent.isRefused('user', { type: 'applycs', roomid }), error(4003));
  for (const ticket of [null, '', 'false']) isWhole(await visitor.tab().isTurnedAway({ ticket }), error(4003));
  for (const query of [{ roomid }, { roomid, ticket: 'false' }, { roomid, ticket: stranger.ticket }]) isWhole((await stage.api.get('msg/list', query)).body, error(4003));
  isWhole((await stage.api.ticket('false')).body, error(4003));
  isWhole((await stage.api.token('false', { type: 'user', aid: 'u' })).body, error(4003));
});

stage.story('4004: not there, for somebody who could see it', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  isWhole(await agent.isRefused('join', { roomid: '/U2S_nobody#c1' }), error(4004));
  isWhole(await visitor.isRefused('recall', { roomid, id: randomUUID() }), error(4004));
  isWhole(await visitor.isRefused('user', { type: 'endcs', roomid, chatid: randomUUID() }), error(4004));
  isWhole(await agent.isRefused('mgr', { type: 'serveChat', roomid, chatid: randomUUID() }), error(4004));
  const response = await fetch(stage.api.fileUrl('0123456789abcdef0123456789abcdef'));
  assert.equal(response.status, 404);
  isWhole(await response.json(), error(4004));
});

stage.story('4009: in conflict with the present state', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const { id } = await visitor.says('one');
  isWhole(await visitor.isRefused('chat', { roomid, type: 'text', msg: 'another', id }), error(4009));
  const { chatid } = await visitor.applies({ csid: agent.aid });
  const colleague = await stage.agent('客服二');
  await colleague.connects();
  const taken = await colleague.isRefused('mgr', { type: 'serveChat', roomid, chatid });
  isWhole(taken, error(4009));
  assert.ok(taken.errmsg.includes(agent.nick), `names the winner: ${taken.errmsg}`);
});

stage.story('4029: too many, with retry_after in milliseconds', async () => {
  const { visitor, roomid } = await stage.conversation();
  await visitor.gets('typing', { roomid });
  isWhole(await visitor.isRefused('typing', { roomid }), { ...error(4029), retry_after: soon });
});

stage.story('5009: the JSON cannot be parsed', async () => {
  for (const body of ['{', '[1]', '7', 'nonsense']) {
    const response = await fetch(`${stage.server.url}/onlinechat/api/ticket`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    assert.equal(response.status, 200, body);
    isWhole(await response.json(), error(5009), body);
  }
});

stage.story('5400, 5401 and 5402: the file is empty, of a kind that is not allowed, too large', async () => {
  const { ticket } = await stage.visitor();
  isWhole((await stage.api.uploadFile(ticket, Buffer.alloc(0), 'empty.txt')).body, error(5400));
  isWhole((await stage.api.uploadImage(ticket, Buffer.alloc(0), 'empty.png')).body, error(5400));
  isWhole((await stage.api.uploadImage(ticket, Buffer.from('no picture'), 'a.png')).body, error(5401));
  isWhole((await stage.api.uploadFile(ticket, Buffer.alloc(1001), 'large.txt')).body, error(5402));
  isWhole((await stage.api.uploadImage(ticket, Buffer.concat([png(), Buffer.alloc(20_000)]), 'large.png')).body, error(5402));
});

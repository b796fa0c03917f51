// Tickets that are none: in a wrong place, invented, used up, expired, revoked.
import assert from 'node:assert/strict';
import { openStage } from '../../harness/stage.js';
import { JsLink } from '../../harness/link-js.js';
import { RawWebSocket, TEXT } from '../../harness/raw-websocket.js';
import { attack } from './attack.js';

const stage = await openStage();

attack(stage, 'a ticket in a wrong place lets nobody in', async ({ visitor }) => {
  const { ticket } = visitor;
  const tries = [`40{"token":"${ticket}"}`, `40{"auth":{"ticket":"${ticket}"},"atype":"uweb"}`, `40${JSON.stringify([{ ticket, atype: 'uweb' }])}`, `40${JSON.stringify(ticket)}`, `40{"ticket":["${ticket}"],"atype":"uweb"}`, `40{"ticket":{"ticket":"${ticket}"},"atype":"uweb"}`, '40', '40{}', '40null', '40{"ticket":null}', '40{"ticket":7}', '40{"ticket":"","atype":"uweb"}', `40{"ticket":"${ticket} ","atype":"uweb"}`, `40{"ticket":"${ticket}\\u0000","atype":"uweb"}`, `40{"ticket":"${ticket.toUpperCase()}x","atype":"uweb"}`];
  for (const packet of tries) {
    const raw = await new RawWebSocket(stage.server.url).opened();
    await raw.text('0{');
    raw.send(TEXT, packet);
    await raw.journal.find(`an answer to ${packet}`, ({ ended, text }) => ended || text?.startsWith('44') || text?.startsWith('40'));
    assert.ok(!raw.journal.entries.some(({ text }) => text?.startsWith('40') || text?.startsWith('42')), `${packet} was let in`);
    const refusal = raw.journal.entries.find(({ text }) => text?.startsWith('44'));
    if (refusal) assert.ok([4001, 4002, 4003].includes(JSON.parse(refusal.text.slice(2)).data.errcode), refusal.text);
    raw.destroy();
  }
});

attack(stage, 'a ticket in a header, a cookie or the path is none', async ({ visitor }) => {
  const { ticket } = visitor;
  const host = `Host: 127.0.0.1:${stage.server.port}`;
  const rest = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13';
  for (const [path, header] of [['', `Authorization: Bearer ${ticket}`], ['', `Cookie: ticket=${ticket}; atype=uweb`], [`&token=${ticket}`, 'X: y'], [`#ticket=${ticket}`, 'X: y']]) {
    const raw = new RawWebSocket(stage.server.url, { handshake: false }).write(`GET /socket.io/?EIO=4&transport=websocket${path} HTTP/1.1\r\n${host}\r\n${header}\r\n${rest}\r\n\r\n`);
    const { status } = await raw.journal.find('the handshake', (entry) => entry.status !== undefined || entry.ended);
    if (status === 101) {
      raw.send(TEXT, '40{"atype":"uweb"}');
      await raw.text('44');
    }
    raw.destroy();
  }
  for (const headers of [{ authorization: `Bearer ${ticket}` }, { cookie: `ticket=${ticket}` }]) {
    assert.equal((await stage.api.get('msg/list', { roomid: visitor.roomid }, headers)).body.errcode, 4003, JSON.stringify(Object.keys(headers)));
  }
});

attack(stage, 'an API key and a token are no tickets, a ticket is no key', async ({ visitor }) => {
  const key = await stage.key('c1');
  const { body: named } = await stage.api.token(key, { type: 'user', aid: 'u1', nick: 'n', companyid: 'c1' });
  for (const ticket of [key, named.token]) {
    const link = new JsLink({ url: stage.server.url, ticket, atype: 'uweb', reconnection: false });
    const { name, args } = await link.journal.find('an answer', (entry) => ['refused', 'session'].includes(entry.name));
    assert.deepEqual([name, args[0].errcode], ['refused', 4003]);
    await link.close();
  }
  assert.equal((await stage.api.token(visitor.ticket, { type: 'user', aid: 'u1', nick: 'n', companyid: 'c1' })).body.errcode, 4003);
  assert.equal((await stage.api.ticket(visitor.ticket)).body.errcode, 4003);
});

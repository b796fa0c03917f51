// Tickets that are none: in a wrong place, invented, used up, expired, revoked.
import assert from 'node:assert/strict';
import { Stage, openStage } from '../../harness/stage.js';
import { newHouse } from '../../harness/house.js';
import { until } from '../../harness/until.js';
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
  const host = `Host: ${new URL(stage.server.url).host}`;
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

attack(stage, 'a revoked ticket opens nothing any more, and only who gave it can revoke it', async ({ visitor, bystanders }) => {
  const key = await stage.key('c1');
  const strangersKey = await stage.company('c2', 'Shop Two');
  const revoke = async (by) => (await stage.api.post('ticket/revoke', { ticket: visitor.ticket }, { authorization: `Bearer ${by}` })).body.errcode;
  const opens = async () => (await stage.api.get('msg/list', { roomid: visitor.roomid, ticket: visitor.ticket })).body.errcode;
  assert.deepEqual([await revoke(strangersKey), await revoke('false'), await opens()], [4003, 4003, 0]);
  assert.deepEqual([await revoke(key), await opens()], [0, 4003]);
  const tab = stage.tabOf(visitor);
  assert.equal((await tab.isTurnedAway()).errcode, 4003);
  assert.equal((await stage.api.uploadFile(visitor.ticket, Buffer.from('x'), 'a.txt', 'text/plain')).body.errcode, 4003);
  assert.equal((await stage.api.get('msg/list', { roomid: bystanders.roomid, ticket: bystanders.visitor.ticket })).body.errcode, 0, 'others keep theirs');
});

stage.story('an expired ticket and an expired token are worth nothing', async () => {
  const brief = new Stage(await newHouse({ args: ['--ticket-hours', '0', '--token-seconds', '1'] }));
  await brief.open();
  try {
    const visitor = await brief.visitor();
    assert.equal((await visitor.isTurnedAway()).errcode, 4003);
    assert.equal((await brief.api.get('msg/list', { roomid: '/U2S_x#c1', ticket: visitor.ticket })).body.errcode, 4003);

    const { body } = await brief.api.token(await brief.key('c1'), { type: 'user', aid: 'late', nick: 'n', companyid: 'c1' });
    assert.equal(body.expires_in, 1);
    const given = Date.now();
    await until('its second is over', () => Date.now() - given > 1_100);
    assert.equal((await brief.api.ticket(body.token)).body.errcode, 4003);
  } finally {
    await brief.close();
  }
});

stage.story('who guesses is slowed down, and told for how long', async () => {
  const strict = new Stage(await newHouse({ args: ['--demo'], env: { NODECHAT_FAILURES_PER_MINUTE: '20', NODECHAT_VISITOR_PER_MINUTE: '20' } }));
  await strict.open();
  try {
    const visitor = await strict.visitor();
    await visitor.connects();
    const guesses = { ticket: () => strict.api.get('msg/list', { roomid: '/U2S_x#c1', ticket: 'guess' }), token: () => strict.api.ticket('guess'), visitor: () => strict.api.visitor({ companyid: 'demo' }) };
    for (const [name, guess] of Object.entries(guesses)) {
      const answers = [];
      for (let n = 0; n < 40; n += 1) answers.push((await guess()).body);
      const slowed = answers.find(({ errcode }) => errcode === 4029);
      assert.ok(slowed, `${name} may be guessed for ever`);
      assert.ok(slowed.retry_after > 0, JSON.stringify(slowed));
    }
    await visitor.joins();
    assert.equal((await visitor.says('who is in stays in')).success, true);
  } finally {
    await strict.close();
  }
});

stage.story('an answer with a ticket is kept by no cache', async () => {
  const { headers, body } = await stage.api.visitor({ companyid: 'demo' });
  assert.equal(body.errcode, 0);
  assert.equal(headers.get('cache-control'), 'no-store');
  const agent = await fetch(`${stage.server.url}/demo/agent`, { method: 'POST' });
  assert.equal(agent.headers.get('cache-control'), 'no-store');
  assert.equal((await agent.json()).errcode, 0);
});

stage.story('without --demo there is no demo agent, whoever asks and however', async () => {
  const plain = new Stage(await newHouse({ args: [] }));
  await plain.open();
  try {
    for (const method of ['GET', 'POST', 'PUT', 'OPTIONS']) {
      assert.equal((await fetch(`${plain.server.url}/demo/agent`, { method })).status, 404, method);
    }
    assert.equal((await plain.api.visitor({ companyid: 'demo' })).body.errcode, 4003);
  } finally {
    await plain.close();
  }
});

stage.story('a key ends the tickets of those whom it may name, and of nobody else', async () => {
  await stage.server.command('company', 'create', '--id', 'shop', '--name', 'Shop', '--users', 'platform');
  const keys = { c1: await stage.key('c1'), shop: await stage.key('shop'), platform: (await stage.server.command('apikey', 'create', '--platform')).trim() };
  const people = {
    'visitor of c1': [keys.c1, { type: 'user', aid: 'v', nick: 'v' }],
    'agent of c1': [keys.c1, { type: 'cs', aid: 'a', nick: 'a', companyid: 'c1' }],
    'visitor of the platform': [keys.platform, { type: 'user', aid: 'v', nick: 'v' }],
    'agent of the shop': [keys.platform, { type: 'cs', aid: 'a', nick: 'a', companyid: 'shop' }],
  };
  const revokedBy = {};
  for (const [who, [key, person]] of Object.entries(people)) {
    revokedBy[who] = [];
    for (const [name, by] of Object.entries(keys)) {
      const { body } = await stage.api.ticket((await stage.api.token(key, person)).body.token);
      const { errcode } = (await stage.api.post('ticket/revoke', { ticket: body.ticket }, { authorization: `Bearer ${by}` })).body;
      assert.ok([0, 4003].includes(errcode), `${who} by ${name}: ${errcode}`);
      if (errcode === 0) revokedBy[who].push(name);
    }
  }
  assert.deepEqual(revokedBy, { 'visitor of c1': ['c1'], 'agent of c1': ['c1'], 'visitor of the platform': ['platform'], 'agent of the shop': ['shop', 'platform'] });
});

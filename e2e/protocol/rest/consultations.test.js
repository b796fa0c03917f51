// Consultations over /api/v1: those that run in the order of the queue, those that are over, and by what they are found.
import assert from 'node:assert/strict';
import { Rest } from '../../harness/rest.js';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage();

stage.story('consultations are listed as they stand, and found by room, agent and rating', async () => {
  const companyid = 'c-list';
  const rest = new Rest(stage.server.url, await stage.company(companyid, 'List', { agent_cap: 1 }));
  const agent = await stage.agent('客服一', { companyid });
  await agent.connects();
  const visitors = [];
  for (const nick of ['甲', '乙', '丙']) {
    const visitor = await stage.visitor(nick, { companyid });
    await visitor.connects();
    await visitor.joins();
    visitors.push(Object.assign(visitor, { chatid: (await visitor.applies()).chatid }));
  }
  const [first, second, third] = visitors;
  const ids = (found) => found.map(({ chatid }) => chatid);
  const open = await rest.all('/consultations', { limit: 1 });
  assert.deepEqual(open.map(({ chatid, nick, aid, state, position, csid }) => [chatid, nick, aid, state, position, csid]), [
    [first.chatid, '甲', first.aid, 'serving', undefined, agent.aid],
    [second.chatid, '乙', second.aid, 'waiting', 1, undefined],
    [third.chatid, '丙', third.aid, 'waiting', 2, undefined],
  ]);
  assert.deepEqual(ids(await rest.all('/consultations', { csid: agent.aid })), [first.chatid]);
  assert.deepEqual(ids(await rest.all('/consultations', { roomid: third.roomid })), [third.chatid]);

  for (const visitor of [first, second]) {
    await until('it is served', async () => (await rest.get(`/consultations/${visitor.chatid}`)).body.data.state === 'serving');
    await visitor.gets('user', { type: 'endcs', roomid: visitor.roomid, chatid: visitor.chatid });
  }
  await first.gets('user', { type: 'rate', roomid: first.roomid, chatid: first.chatid, ratetype: 'AUTO', rateresult: 'BAD' });
  const closed = await rest.all('/consultations', { state: 'closed', limit: 1 });
  assert.deepEqual(ids(closed), [second.chatid, first.chatid], 'the latest end first');
  const { body } = await rest.get(`/consultations/${first.chatid}`);
  assert.deepEqual([body.data.state, body.data.ended_by, body.data.csid, body.data.rating.rateresult, body.data.rating.ratetype], ['closed', 'user', agent.aid, 'BAD', 'AUTO']);
  assert.ok(body.data.applied <= body.data.served && body.data.served <= body.data.ended);
  assert.deepEqual(ids(await rest.all('/consultations', { state: 'closed', rating: 'BAD' })), [first.chatid]);
  assert.deepEqual(ids(await rest.all('/consultations', { state: 'closed', roomid: first.roomid, limit: 1 })), [first.chatid]);
  assert.deepEqual(ids(await rest.all('/consultations', { state: 'closed', roomid: first.roomid, rating: 'BEST' })), []);
  assert.deepEqual(ids(await rest.all('/consultations', { state: 'closed', from: body.data.ended + 1_000_000 })), []);

  assert.equal((await rest.as(agent.ticket).get('/consultations')).status, 200, 'agents see what their colleagues do');
  assert.equal((await rest.as(first.ticket).get('/consultations')).status, 403);
  const { body: key } = await rest.post('/api-keys', { name: 'other', scopes: ['messages:write', 'exports:read'] });
  assert.equal((await rest.as(key.data.secret).get('/consultations')).status, 403);
  for (const wrong of [{ state: 'x' }, { rating: 'x' }, { cursor: '%' }, { groupid: 'x' }]) assert.equal((await rest.get('/consultations', wrong)).body.errcode, 4002, JSON.stringify(wrong));
  assert.equal((await rest.get('/consultations/x')).status, 404);
});

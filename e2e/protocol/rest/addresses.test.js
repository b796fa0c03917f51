// Addresses that a company does not want to hear: no visitor, no ticket, no connection from there.
import assert from 'node:assert/strict';
import { Rest } from '../../harness/rest.js';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

// Stories say where somebody comes from, as a proxy in front would.
const stage = await openStage({ env: { NODECHAT_TRUST_PROXY: 'true', NODECHAT_VISITOR_PER_MINUTE: '0', NODECHAT_FAILURES_PER_MINUTE: '0' } });
const from = (ip) => ({ 'x-forwarded-for': ip });

stage.story('from a barred network comes no visitor, no ticket and no connection, and those that are there end', async () => {
  const rest = new Rest(stage.server.url, await stage.key('c1'));
  await rest.patch('/company', { anonymous: true });
  const visits = (ip, visitor) => stage.api.post('visitor', { companyid: 'c1', visitor }, from(ip)).then(({ body }) => body);
  const inside = await until('anonymous visitors may come', async () => (({ errcode, ...rest }) => errcode === 0 && rest)(await visits('203.0.113.7')));
  const [bad, good] = [await stage.visitor(), await stage.visitor()];
  await bad.connects({ headers: from('203.0.113.9') });
  await good.connects({ headers: from('198.51.100.9') });
  await good.joins();
  const agent = await stage.agent();
  await agent.connects({ headers: from('203.0.113.10') });
  const entry = await rest.post('/blacklist', { ip: '203.0.113.0/24', reason: 'flood' });
  assert.equal(entry.body.data.ip, '203.0.113.0/24');
  const { args } = await bad.link.journal.find('is turned away', ({ name }) => name === 'refused', 5_000);
  assert.equal(args[0].errcode, 4003);
  await until('every node knows', async () => (await Promise.all(stage.server.nodes.map(() => visits('203.0.113.7')))).every(({ errcode }) => errcode === 4003));
  assert.equal((await visits('203.0.113.7', inside.visitor)).errcode, 4003, 'nor somebody who was there before');
  assert.equal((await visits('198.51.100.7')).errcode, 0);
  const { body: named } = await stage.api.token(rest.secret, { type: 'user', aid: 'u1', nick: 'n', companyid: 'c1' });
  assert.equal((await stage.api.get('ticket', { token: named.token }, from('203.0.113.7'))).body.errcode, 4003);
  await good.says('still here');
  await agent.joins(good.roomid);
  assert.equal((await rest.delete(`/blacklist/${entry.body.data.id}`)).body.errcode, 0);
  await until('it is let in again', async () => (await visits('203.0.113.7', inside.visitor)).errcode === 0);
});

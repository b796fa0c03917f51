// Agents change their own passwords: the ticket they do it with stays, and every other one ends.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Rest } from '../../harness/rest.js';
import { openStage } from '../../harness/stage.js';

const stage = await openStage();
const narrow = await openStage({ env: { NODECHAT_FAILURES_PER_MINUTE: '3' } });

/** An agent with an account, and how it logs in. */
async function account(stage, role = 'agent') {
  const rest = new Rest(stage.server.url, await stage.key('c1'));
  const login = `${role}-${randomUUID().slice(0, 8)}`;
  const made = await rest.post('/agents', { login, password: 'correct horse', role });
  assert.equal(made.status, 201, made.text);
  const logsIn = (password) => rest.as().post('/sessions', { companyid: 'c1', login, password });
  const session = async (password) => rest.as((await logsIn(password)).body.data.ticket);
  return { rest, aid: made.body.data.aid, logsIn, session };
}

stage.story('the ticket that is shown stays, the others end, and the new password opens', async () => {
  const { rest, aid, logsIn, session } = await account(stage);
  const [here, there] = [await session('correct horse'), await session('correct horse')];
  const changed = await here.put('/me/password', { old: 'correct horse', new: 'battery staple' });
  assert.deepEqual([changed.status, changed.body], [200, { errcode: 0 }]);
  assert.deepEqual([(await here.get('/me')).status, (await there.get('/me')).status], [200, 401]);
  assert.deepEqual([(await logsIn('correct horse')).status, (await logsIn('battery staple')).status], [401, 201]);
  const { body } = await rest.get('/audit', { act: 'agent.password', subject: aid });
  assert.deepEqual(body.data.map(({ actor_kind, actor, note }) => [actor_kind, actor, note]), [['agent', aid, '']]);
});

stage.story('a change that is asked for again, because its answer was lost, ends the other tickets as well', async () => {
  const { session } = await account(stage);
  const [here, there] = [await session('correct horse'), await session('correct horse')];
  const change = () => here.put('/me/password', { old: 'correct horse', new: 'battery staple' });
  assert.equal((await change()).status, 200);
  const late = await session('battery staple');
  assert.equal((await change()).status, 200);
  assert.deepEqual([(await here.get('/me')).status, (await there.get('/me')).status, (await late.get('/me')).status], [200, 401, 401]);
});

stage.story('a wrong old password, a new one that is none, and whoever has no account change nothing', async () => {
  const { rest, logsIn, session } = await account(stage);
  const here = await session('correct horse');
  const refused = async (who, body) => {
    const answer = await who.put('/me/password', body);
    return [answer.status, answer.body.errcode];
  };
  assert.deepEqual(await refused(here, { old: 'wrong', new: 'battery staple' }), [401, 4003]);
  assert.deepEqual(await refused(here, { old: '', new: 'battery staple' }), [401, 4003]);
  assert.deepEqual(await refused(here, { old: 'correct horse', new: 'short' }), [400, 4002]);
  assert.deepEqual(await refused(here, { new: 'battery staple' }), [400, 4001]);
  assert.deepEqual(await refused(rest, { old: 'correct horse', new: 'battery staple' }), [403, 4003]);
  assert.deepEqual(await refused(rest.as(), { old: 'correct horse', new: 'battery staple' }), [401, 4003]);
  const byToken = await stage.agent();
  assert.deepEqual(await refused(rest.as(byToken.ticket), { old: 'correct horse', new: 'battery staple' }), [404, 4004]);
  assert.equal((await here.get('/me')).status, 200);
  assert.equal((await logsIn('correct horse')).status, 201);
});

narrow.story('guesses count like failed log-ins', async (stage) => {
  const { session } = await account(stage);
  const here = (await session('correct horse')).at(stage.server.nodes[0].url);
  const codes = [];
  for (let n = 0; n < 4; n += 1) codes.push((await here.put('/me/password', { old: `guess ${n}`, new: 'battery staple' })).body.errcode);
  assert.deepEqual(codes, [4003, 4003, 4003, 4029]);
});

// A company's administration over /api/v1: who may what, pages, repetitions, how refusals look.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Rest } from '../../harness/rest.js';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage();
const key = async (company = 'c1') => new Rest(stage.server.url, await stage.key(company));

/** An agent with an account of its own, logged in. */
async function loggedIn(role, rest) {
  const login = `${role}-${randomUUID().slice(0, 8)}`;
  const made = await rest.post('/agents', { login, password: 'correct horse', role, nick: login });
  assert.equal(made.status, 201, made.text);
  const { body } = await rest.as().post('/sessions', { companyid: 'c1', login, password: 'correct horse' });
  assert.equal(body.errcode, 0);
  return { rest: rest.as(body.data.ticket), aid: made.body.data.aid, login, ticket: body.data.ticket };
}

stage.story('a refusal is a problem that says the same as an ack', async () => {
  const nobody = await new Rest(stage.server.url).get('/me');
  assert.equal(nobody.status, 401);
  assert.equal(nobody.headers.get('content-type'), 'application/problem+json');
  assert.deepEqual([nobody.body.errcode, nobody.body.status, nobody.body.type], [4003, 401, 'urn:nodechat:error:4003']);
  assert.equal(nobody.body.errmsg, nobody.body.detail);
  const rest = await key();
  const cases = [
    [await rest.get('/no-such-noun'), 404, 3100],
    [await rest.delete('/me'), 405, 3100],
    [await rest.get('/agents', { limit: 'x' }), 400, 4002],
    [await rest.get('/agents', { cursor: '%%%' }), 400, 4002],
    [await rest.get('/agents/nobody'), 404, 4004],
    [await rest.post('/groups', {}), 400, 4001],
    [await rest.post('/groups', { name: 7 }), 400, 4002],
  ];
  for (const [answer, status, errcode] of cases) assert.deepEqual([answer.status, answer.body.errcode], [status, errcode], answer.text);
  const broken = await fetch(`${stage.server.url}/api/v1/groups`, { method: 'POST', headers: { authorization: `Bearer ${rest.secret}` }, body: '{' });
  assert.deepEqual([broken.status, (await broken.json()).errcode], [400, 5009]);
});

stage.story('wrong company, login and password are refused alike', async () => {
  const { login } = await loggedIn('agent', await key());
  const answers = [];
  for (const wrong of [{ companyid: 'nowhere' }, { companyid: 'no company#' }, { login: 'nobody' }, { login: 'no body' }, { password: 'wrong' }, { password: '' }]) {
    const { status, body } = await new Rest(stage.server.url).post('/sessions', { companyid: 'c1', login, password: 'correct horse', ...wrong });
    answers.push(JSON.stringify([status, body]));
  }
  assert.deepEqual([...new Set(answers)].length, 1, answers.join('\n'));
  assert.match(answers[0], /^\[401,.*4003/);
});

stage.story('each role may what it may, and a key what its scopes say', async () => {
  const rest = await key();
  const [agent, supervisor, admin] = [await loggedIn('agent', rest), await loggedIn('supervisor', rest), await loggedIn('admin', rest)];
  const codes = async (call) => (await Promise.all([agent, supervisor, admin].map(({ rest }) => call(rest)))).map(({ body }) => body.errcode);
  assert.deepEqual(await codes((rest) => rest.get('/agents')), [0, 0, 0]);
  assert.deepEqual(await codes((rest) => rest.get('/audit')), [4003, 4003, 0]);
  assert.deepEqual(await codes((rest) => rest.post('/groups', { name: randomUUID() })), [4003, 4003, 0]);
  assert.deepEqual(await codes((rest) => rest.post('/blacklist', { aid: randomUUID() })), [4003, 0, 0]);
  assert.deepEqual(await codes((rest) => rest.put('/sensitive-words', { words: [] })), [4003, 4003, 0]);
  assert.deepEqual(await codes((rest) => rest.patch('/company', { settings: { agent_cap: 5 } })), [4003, 4003, 0]);
  assert.equal((await admin.rest.patch(`/agents/${admin.aid}`, { role: 'owner' })).body.errcode, 4003, 'nobody makes itself mightier');
  const { body } = await rest.post('/api-keys', { name: 'reader', scopes: ['agents:read', 'groups:write'] });
  const reader = rest.as(body.data.secret);
  assert.deepEqual((await reader.get('/me')).body.data.scopes, ['agents:read', 'groups:write']);
  assert.equal((await reader.get('/agents')).body.errcode, 0);
  assert.equal((await reader.post('/groups', { name: randomUUID() })).body.errcode, 0);
  for (const call of [reader.get('/audit'), reader.patch(`/agents/${agent.aid}`, { nick: 'x' }), reader.get('/blacklist')]) assert.equal((await call).status, 403);
  assert.equal((await rest.delete(`/api-keys/${body.data.id}`)).body.errcode, 0);
  assert.equal((await reader.get('/agents')).status, 401);
});

stage.story('a visitor has no business here', async () => {
  const visitor = await stage.visitor();
  assert.deepEqual([(await new Rest(stage.server.url, visitor.ticket).get('/me')).status], [403]);
});

stage.story('who is made inactive is sent away, and who logs out has no ticket any more', async () => {
  const rest = await key();
  const [gone, left] = [await loggedIn('agent', rest), await loggedIn('agent', rest)];
  assert.equal((await rest.patch(`/agents/${gone.aid}`, { active: false })).body.data.active, false);
  assert.equal((await gone.rest.get('/me')).status, 401);
  assert.equal((await rest.as().post('/sessions', { companyid: 'c1', login: gone.login, password: 'correct horse' })).status, 401);
  assert.equal((await left.rest.delete('/sessions/current')).body.errcode, 0);
  assert.equal((await left.rest.get('/me')).status, 401);
});

stage.story('settings are what they were set to, for the chat as well', async () => {
  const rest = await key();
  const { body } = await rest.patch('/company', { settings: { welcome: '您好', typing_preview: true, agent_cap: 7 } });
  assert.deepEqual([body.data.settings.welcome, body.data.settings.typing_preview, body.data.settings.agent_cap], ['您好', true, 7]);
  assert.deepEqual((await rest.get('/company')).body.data, body.data);
  for (const wrong of [{ agent_cap: 0 }, { agent_cap: '7' }, { zone: 'Middle/Earth' }, { nothing: 1 }]) {
    const refused = await rest.patch('/company', { settings: { welcome: 'changed', ...wrong } });
    assert.deepEqual([refused.status, refused.body.errcode], [400, 4002], JSON.stringify(wrong));
  }
  assert.equal((await rest.get('/company')).body.data.settings.welcome, '您好', 'all or nothing');
  for (const node of stage.server.nodes) {
    await until('every node knows', async () => (await rest.at(node.url).get('/company')).body.data.settings.agent_cap === 7);
  }
});

stage.story('pages of a list follow each other without gap or repeat', async () => {
  const rest = await key();
  const names = Array.from({ length: 7 }, (_, n) => `page-${randomUUID().slice(0, 8)}-${n}`);
  for (const shortcut of names) assert.equal((await rest.post('/canned-replies', { shortcut, text: 'hi' })).status, 201);
  const found = (await rest.all('/canned-replies', { q: 'page-', limit: 2 })).map(({ shortcut }) => shortcut);
  assert.deepEqual(found, [...names].sort());
});

stage.story('canned replies are everybody’s or one’s own, and speak of who is there', async () => {
  const rest = await key();
  const [ann, bob, boss] = [await loggedIn('agent', rest), await loggedIn('agent', rest), await loggedIn('supervisor', rest)];
  const own = await ann.rest.post('/canned-replies', { shortcut: 'own', text: '我是{{agent}}', personal: true });
  assert.equal(own.status, 201, own.text);
  assert.equal((await bob.rest.get(`/canned-replies/${own.body.data.id}`)).status, 404);
  assert.equal((await boss.rest.delete(`/canned-replies/${own.body.data.id}`)).status, 404);
  assert.equal((await ann.rest.post('/canned-replies', { shortcut: 'all', text: 'x' })).status, 403, 'everybody’s takes a supervisor');
  const shared = await boss.rest.post('/canned-replies', { shortcut: 'all', text: '{{visitor}}，您好，我是{{company}}的{{agent}}' });
  assert.equal((await boss.rest.post('/canned-replies', { shortcut: 'all', text: 'x' })).status, 409);
  assert.equal((await boss.rest.post('/canned-replies', { shortcut: 'typo', text: '{{visiter}}' })).body.errcode, 4002);
  const visitor = await stage.visitor('小明');
  await visitor.connects();
  const { roomid } = await visitor.joins();
  const filled = await ann.rest.get(`/canned-replies/${shared.body.data.id}/text`, { roomid });
  assert.equal(filled.body.data.text, `小明，您好，我是Shop One的${ann.login}`);
  assert.equal((await ann.rest.get(`/canned-replies/${shared.body.data.id}/text`, { roomid: '/U2S_nobody#c1' })).status, 404);
});

stage.story('a call with an Idempotency-Key is made once, at whichever node it is repeated', async () => {
  const rest = await key();
  const headers = { 'idempotency-key': randomUUID() };
  const group = { name: `once-${randomUUID()}` };
  const nodes = stage.server.nodes.map(({ url }) => rest.at(url));
  const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => nodes[n % nodes.length].post('/groups', group, headers)));
  const made = answers.filter(({ status }) => status === 201);
  // Who asked while it was being made is told so.
  for (const { status, body } of answers) assert.ok(status === 201 || (status === 409 && body.errcode === 4009), JSON.stringify(body));
  assert.ok(made.length >= 1);
  assert.deepEqual([...new Set(made.map(({ text }) => text))].length, 1);
  for (const node of nodes) assert.equal((await node.post('/groups', group, headers)).text, made[0].text, 'the same answer later');
  assert.equal((await rest.post('/groups', { name: 'another' }, headers)).body.errcode, 4009, 'the same key for another call');
  assert.equal((await rest.get('/groups')).body.data.filter(({ name }) => name === group.name).length, 1);
  const wrong = { 'idempotency-key': randomUUID() };
  assert.equal((await rest.post('/groups', { name: '' }, wrong)).status, 400);
  assert.equal((await rest.post('/groups', { name: `right-${randomUUID()}` }, wrong)).status, 201, 'what was refused made nothing');
  const once = { 'idempotency-key': randomUUID() };
  const secret = await rest.post('/api-keys', { name: 'once', scopes: ['agents:read'] }, once);
  assert.equal(secret.status, 201);
  const again = await rest.post('/api-keys', { name: 'once', scopes: ['agents:read'] }, once);
  assert.deepEqual([again.status, again.text.includes(secret.body.data.secret)], [409, false], 'a secret is shown once');
  assert.equal((await rest.get('/api-keys')).body.data.filter(({ name }) => name === 'once').length, 1);
  assert.equal((await rest.post('/groups', group, { 'idempotency-key': 'x'.repeat(256) })).body.errcode, 4002);
});

stage.story('every act leaves its line in the audit', async () => {
  const rest = await key();
  const boss = await loggedIn('admin', rest);
  const { body } = await boss.rest.post('/blacklist', { aid: 'rude', reason: '辱骂' });
  await boss.rest.delete(`/blacklist/${body.data.id}`);
  const acts = (await boss.rest.all('/audit', { actor: boss.aid })).map(({ act, subject, actor_kind }) => [act, subject === body.data.id, actor_kind]);
  assert.deepEqual(acts, [['blacklist.delete', true, 'agent'], ['blacklist.add', true, 'agent']]);
});

stage.story('the groups a visitor may ask for, as they are documented', async () => {
  const rest = await key();
  const ann = await loggedIn('agent', rest);
  const { body: group } = await rest.post('/groups', { name: `售后-${randomUUID().slice(0, 8)}`, members: [ann.aid] });
  const visitor = await stage.visitor();
  const { body: list } = await stage.api.get('csGroup/list', { companyid: 'c1', ticket: visitor.ticket });
  const named = list.data.find(({ id }) => id === group.data.id);
  assert.deepEqual([list.errcode, named], [0, { id: group.data.id, name: group.data.name }]);
  const { body: full } = await stage.api.get('csMg/getCsMgByGroup', { companyid: 'c1', ticket: visitor.ticket });
  assert.deepEqual(full.data.find(({ id }) => id === group.data.id), { ...named, csMg: [{ id: ann.aid, nickname: ann.login }] });
  await stage.company('c2', 'Shop Two');
  assert.equal((await stage.api.get('csGroup/list', { companyid: 'c2', ticket: visitor.ticket })).body.errcode, 4003);
  assert.equal((await stage.api.get('csGroup/list', { companyid: 'nowhere', ticket: visitor.ticket })).body.errcode, 4003);
  assert.equal((await stage.api.get('csMg/getCsMgByGroup', { companyid: 'c1' })).body.errcode, 4003);
});

stage.story('where a company lists its origins, its people still change things in the pages of the service itself, and nowhere else', async () => {
  const key = await stage.company('listed', 'Shop');
  const rest = new Rest(stage.server.url, key);
  const { body } = await rest.post('/agents', { login: 'owner', password: 'correct horse', role: 'owner' });
  assert.equal(body.errcode, 0);
  const { body: session } = await rest.as().post('/sessions', { companyid: 'listed', login: 'owner', password: 'correct horse' });
  const owner = rest.as(session.data.ticket);
  const list = (origins, origin) => owner.patch('/company', { origins }, { origin });
  const own = new URL(owner.url).origin;
  assert.equal((await list(['https://shop.example'], own)).body.errcode, 0);
  assert.equal((await list([], 'https://other.example')).body.errcode, 4003);
  assert.equal((await list(['https://shop.example', 'https://www.shop.example'], own)).body.errcode, 0);
  assert.equal((await list([], 'https://shop.example')).body.errcode, 0);
});

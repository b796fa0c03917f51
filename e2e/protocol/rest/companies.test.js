// Companies of the platform over /api/v1: made with their owner, listed, looked at, by the platform's programs and nobody else.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Rest } from '../../harness/rest.js';
import { openStage } from '../../harness/stage.js';

const stage = await openStage();
const platform = async (...scopes) => {
  const scope = scopes.flatMap((word) => ['--scope', word]);
  return new Rest(stage.server.url, (await stage.server.command('apikey', 'create', '--platform', ...scope)).trim());
};
const owner = { login: 'boss', password: 'correct horse', nick: '老板' };
const shop = (more = {}) => ({ id: `shop-${randomUUID().slice(0, 8)}`, name: '商店', owner, ...more });
const logsIn = (url, companyid, password = owner.password) => new Rest(url).post('/sessions', { companyid, login: owner.login, password });

stage.story('a company is made with an owner who comes in at every node and makes the others', async () => {
  const rest = await platform('companies:write');
  const wanted = shop({ settings: { agent_cap: 3, welcome: '您好' }, origins: ['https://shop.example'], private_files: true });
  const made = await rest.post('/companies', wanted);
  assert.equal(made.status, 201, made.text);
  const { owner: boss, ...company } = made.body.data;
  assert.deepEqual([company.id, company.name, company.users, company.private_files, company.origins], [wanted.id, '商店', 'platform', true, ['https://shop.example']]);
  assert.deepEqual([company.settings.agent_cap, company.settings.welcome], [3, '您好']);
  assert.deepEqual([boss.role, boss.login, boss.nick, boss.active], ['owner', 'boss', '老板', true]);
  assert.ok(!made.text.includes(owner.password));
  for (const { url } of stage.server.nodes) {
    const { status, body } = await logsIn(url, wanted.id);
    assert.equal(status, 201);
    assert.deepEqual((await rest.at(url).get(`/companies/${wanted.id}`)).body.data, company);
    const own = new Rest(url, body.data.ticket);
    assert.equal((await own.post('/agents', { login: `a-${randomUUID()}`, password: 'another horse', role: 'owner' })).status, 201);
    const acts = (await own.all('/audit')).reverse().map(({ act, actor_kind: kind, note }) => [act, kind, note]);
    assert.deepEqual(acts.slice(0, 2), [['company.create', 'platform', '商店'], ['agent.create', 'platform', 'owner']]);
  }
  const visiting = await stage.api.token((await platform()).secret, { type: 'user', aid: 'u1', nick: '小明', companyid: wanted.id });
  assert.equal(visiting.body.errcode, 0, 'the platform’s people may consult it at once');
});

stage.story('what is wrong makes neither a company nor an owner', async () => {
  const rest = await platform('companies:write');
  const cases = [
    [{ id: 'a b' }, 4002], [{ id: '' }, 4001], [{ name: ' ' }, 4001], [{ origins: ['shop'] }, 4002], [{ settings: { agent_cap: 0 } }, 4002],
    [{ owner: { ...owner, password: 'short' } }, 4002], [{ owner: { ...owner, login: '' } }, 4001], [{ owner: undefined }, 4001],
  ];
  for (const [wrong, errcode] of cases) {
    const wanted = { ...shop(), ...wrong };
    const refused = await rest.post('/companies', wanted);
    assert.deepEqual([refused.status, refused.body.errcode], [400, errcode], `${JSON.stringify(wrong)}: ${refused.text}`);
    if (wrong.id === undefined) assert.equal((await rest.get(`/companies/${wanted.id}`)).status, 404);
  }
});

stage.story('an id is taken once, and the same call with its Idempotency-Key is the same company', async () => {
  const rest = await platform('companies:write');
  const [wanted, headers] = [shop(), { 'idempotency-key': randomUUID() }];
  const nodes = stage.server.nodes.map(({ url }) => rest.at(url));
  const answers = await Promise.all(Array.from({ length: 6 }, (_, n) => nodes[n % nodes.length].post('/companies', wanted, headers)));
  const made = answers.filter(({ status }) => status === 201);
  for (const { status, body } of answers) assert.ok(status === 201 || body.errcode === 4009, JSON.stringify(body));
  assert.deepEqual([...new Set(made.map(({ text }) => text))].length, 1);
  assert.equal((await rest.post('/companies', wanted, headers)).text, made[0].text);
  const again = await rest.post('/companies', { ...wanted, owner: { ...owner, password: 'thief thief' } });
  assert.deepEqual([again.status, again.body.errcode], [409, 4009]);
  assert.equal((await logsIn(stage.server.url, wanted.id, 'thief thief')).status, 401);
  assert.equal((await rest.post('/companies', shop({ id: 'c1' }))).body.errcode, 4009, 'also by one with users of its own');
  assert.equal((await rest.get('/companies/c1')).status, 404);
});

stage.story('only the platform’s programs with the scope may, and nobody else learns which companies there are', async () => {
  const { id } = (await (await platform('companies:write')).post('/companies', shop())).body.data;
  const reader = await platform('companies:read');
  assert.equal((await reader.get(`/companies/${id}`)).status, 200);
  const { body: session } = await logsIn(stage.server.url, id);
  const others = [reader.as(session.data.ticket), new Rest(stage.server.url, await stage.key('c1')), await platform('company:write', 'agents:write'), reader.as((await stage.visitor()).ticket)];
  for (const rest of others) {
    const answers = await Promise.all([rest.get('/companies'), rest.get(`/companies/${id}`), rest.get('/companies/c1'), rest.get('/companies/nowhere'), rest.post('/companies', shop({ id })), rest.post('/companies', shop())]);
    assert.deepEqual([...new Set(answers.map(({ text }) => text))].length, 1, answers.map(({ text }) => text).join('\n'));
    assert.deepEqual([answers[0].status, answers[0].body.errcode], [403, 4003]);
  }
  assert.equal((await reader.post('/companies', shop())).status, 403);
  assert.equal((await new Rest(stage.server.url).get('/companies')).status, 401);
});

stage.story('companies of the platform are listed page by page, and none with users of its own', async () => {
  const rest = await platform('companies:write');
  const ids = [];
  for (let n = 0; n < 5; n += 1) ids.push((await rest.post('/companies', shop())).body.data.id);
  const found = (await rest.all('/companies', { limit: 2 })).map(({ id }) => id);
  assert.deepEqual(found, [...found].sort());
  assert.deepEqual(found.filter((id) => ids.includes(id)), [...ids].sort());
  assert.ok(!found.includes('c1') && !found.includes('demo'), found.join(' '));
});

stage.story('the platform’s key reaches no company with users of its own, by any call', async () => {
  const rest = await platform();
  const { paths } = await (await fetch(`${stage.server.url}/openapi.json`)).json();
  let calls = 0;
  for (const [path, item] of Object.entries(paths)) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete'].filter((method) => item[method])) {
      const schemes = (item[method].security ?? [{ bearer: [] }]).flatMap((needed) => Object.keys(needed));
      if (!schemes.includes('bearer')) continue;
      const ask = (companyid) => rest.call(method.toUpperCase(), path.slice('/api/v1'.length).replace(/\{[^}]+\}/g, '1'), { query: { companyid }, body: ['post', 'put', 'patch'].includes(method) ? {} : undefined });
      const [foreign, unknown] = [await ask('c1'), await ask('nowhere')];
      assert.deepEqual([foreign.status, foreign.body.errcode], [403, 4003], `${method} ${path}: ${foreign.text}`);
      assert.deepEqual(foreign.body, unknown.body);
      calls += 1;
    }
  }
  assert.ok(calls > 50, `${calls} calls`);
});

// Who a visitor is by what the company's site has signed: a JSON Web Token becomes a ticket, and nothing else does.
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { Rest } from '../../harness/rest.js';
import { aText, isWhole } from '../../harness/shape.js';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage();
const refused = { errcode: 4003, errmsg: 'this is not allowed' };
const soon = () => Math.floor(Date.now() / 1000) + 60;
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token as any library makes it, with the secret as it was shown. */
function signed(secret, claims, { header = { alg: 'HS256', typ: 'JWT' }, hash = 'sha256' } = {}) {
  const parts = `${encoded(header)}.${encoded(claims)}`;
  return `${parts}.${createHmac(hash, secret).update(parts).digest('base64url')}`;
}

/** A company whose site signs; every node knows. */
async function signing(settings = {}) {
  const companyid = `sign-${randomUUID().slice(0, 8)}`;
  const rest = new Rest(stage.server.url, await stage.company(companyid, 'Signing', settings));
  const { status, body } = await rest.post('/company/identity-secret');
  assert.equal(status, 201, JSON.stringify(body));
  isWhole(body, { errcode: 0, data: { secret: /^nci_[0-9a-f]{64}$/ } });
  const { secret } = body.data;
  await everywhere(companyid, signed(secret, { sub: 'first', exp: soon() }), 0);
  return { companyid, rest, secret, asks: (jwt, headers) => stage.api.post('identify', { companyid, jwt }, headers) };
}

/** Every node answers so by now. */
async function everywhere(companyid, jwt, errcode) {
  for (const { url } of stage.server.nodes) {
    const answer = async () => (await fetch(`${url}/onlinechat/api/identify?${new URLSearchParams({ companyid, jwt })}`)).json();
    await until('every node knows', async () => (await answer()).errcode === errcode);
  }
}

stage.story('what the site has signed gets the ticket of that user, in every way of asking', async () => {
  const { companyid, secret, rest } = await signing();
  assert.equal((await rest.get('/company')).body.data.identity, true);
  const claims = { sub: 'u-1', exp: soon(), name: '小明', account: 'ming', mid: 'm-7', attributes: { vip: true }, aud: companyid, iat: 1 };
  const jwt = signed(secret, claims);
  const person = { aid: 'u-1', mid: 'm-7', account: 'ming', nick: '小明' };
  for (const asked of [stage.api.get('identify', { companyid, jwt }), stage.api.form('identify', { companyid, jwt }), stage.api.post('identify', { shopid: companyid, jwt })]) {
    isWhole((await asked).body, { errcode: 0, ticket: /^ncx_/, data: person });
  }
  // The same person as one with a token of the company's key: the same room, whoever has vouched.
  const ming = await stage.visitor('小明', { companyid, aid: 'u-1' });
  ming.ticket = (await stage.api.post('identify', { companyid, jwt })).body.ticket;
  await ming.connects();
  assert.equal((await ming.joins()).roomid, `/U2S_u-1#${companyid}`);
  const { body: card } = await rest.get('/visitors/u-1');
  assert.equal(card.errcode, 0);
  assert.ok(JSON.stringify(card.data).includes('"vip":true'), JSON.stringify(card));
});

stage.story('only sub and exp are needed, and exp may be far ahead; aud may name several', async () => {
  const { asks, secret, companyid } = await signing();
  const { body } = await asks(signed(secret, { sub: 'bare', exp: soon() + 10 * 86_400, aud: ['elsewhere', companyid] }));
  isWhole(body, { errcode: 0, ticket: /^ncx_/, data: { aid: 'bare', mid: 'bare', account: 'bare', nick: 'bare' } });
});

stage.story('whatever is wrong, the answer is the same', async () => {
  const { companyid, asks, secret } = await signing();
  const good = { sub: 'u-1', exp: soon() };
  const whole = signed(secret, good);
  const [header, claims, signature] = whole.split('.');
  const wrong = {
    ended: signed(secret, { ...good, exp: Math.floor(Date.now() / 1000) - 1 }),
    'without exp': signed(secret, { sub: 'u-1' }),
    'without sub': signed(secret, { exp: soon() }),
    'an empty sub': signed(secret, { ...good, sub: '' }),
    'a sub that is a number': signed(secret, { ...good, sub: 7 }),
    'not yet': signed(secret, { ...good, nbf: soon() + 3600 }),
    'for another company': signed(secret, { ...good, aud: 'c1' }),
    'for nobody': signed(secret, { ...good, aud: [] }),
    'attributes that are a list': signed(secret, { ...good, attributes: [] }),
    'too many attributes': signed(secret, { ...good, attributes: { a: 'x'.repeat(8_000) } }),
    'another secret': signed(`${secret}x`, good),
    'no secret': signed('', good),
    'alg none': `${encoded({ alg: 'none' })}.${claims}.`,
    'alg none, signed': signed(secret, good, { header: { alg: 'none' } }),
    HS384: signed(secret, good, { header: { alg: 'HS384' }, hash: 'sha384' }),
    'HS256 that is HS384': signed(secret, good, { hash: 'sha384' }),
    RS256: signed(secret, good, { header: { alg: 'RS256' } }),
    'a critical extension': signed(secret, good, { header: { alg: 'HS256', crit: ['exp'] } }),
    'other claims': `${header}.${encoded({ ...good, sub: 'boss' })}.${signature}`,
    'half a signature': `${header}.${claims}.${signature.slice(0, 20)}`,
    'no signature': `${header}.${claims}.`,
    'two parts': `${header}.${claims}`,
    'four parts': `${whole}.x`,
    padding: `${whole}=`,
    rubbish: 'rubbish',
    'a ticket': (await asks(whole)).body.ticket,
  };
  const status = (await asks(wrong.rubbish)).status;
  for (const [what, jwt] of Object.entries(wrong)) {
    const answer = await asks(jwt);
    assert.deepEqual([answer.status, answer.body], [status, refused], what);
  }
  for (const nobody of ['c1', 'demo', 'nowhere']) {
    const answer = await stage.api.post('identify', { companyid: nobody, jwt: whole });
    assert.deepEqual([answer.status, answer.body], [status, refused], nobody);
  }
  isWhole((await stage.api.post('identify', { companyid })).body, { errcode: 4001, errmsg: aText });
  isWhole((await stage.api.post('identify', { jwt: whole })).body, { errcode: 4001, errmsg: aText });
});

stage.story('a company whose users are the platform’s has no secret, and another’s opens nothing there', async () => {
  const { secret } = await signing();
  await stage.server.command('company', 'create', '--id', 'market', '--name', 'Market', '--users', 'platform');
  const rest = new Rest(stage.server.url, await stage.key('market'));
  assert.deepEqual([(await rest.post('/company/identity-secret')).status, (await rest.get('/company')).body.data.identity], [409, false]);
  isWhole((await stage.api.post('identify', { companyid: 'market', jwt: signed(secret, { sub: 'u', exp: soon() }) })).body, refused);
});

stage.story('pages of other origins and people who are barred stay out, with the same answer', async () => {
  const { companyid, asks, secret, rest } = await signing();
  const jwt = signed(secret, { sub: 'enemy', exp: soon() });
  assert.equal((await rest.patch('/company', { origins: ['https://shop.example'] })).body.errcode, 0);
  await until('the origins hold on every node', async () => (await asks(jwt, { origin: 'https://evil.example' })).body.errcode === 4003);
  assert.equal((await asks(jwt, { origin: 'https://shop.example' })).body.errcode, 0);
  assert.equal((await rest.post('/blacklist', { aid: 'enemy' })).status, 201);
  await everywhere(companyid, jwt, 4003);
  isWhole((await asks(jwt)).body, refused);
});

stage.story('a new secret ends the former one, and a removed one opens nothing; who did it is written down, and no secret', async () => {
  const { companyid, rest, secret } = await signing();
  const former = signed(secret, { sub: 'u-1', exp: soon() });
  const { body } = await rest.post('/company/identity-secret', undefined, { 'idempotency-key': 'renew-1' });
  const current = signed(body.data.secret, { sub: 'u-1', exp: soon() });
  assert.notEqual(body.data.secret, secret);
  const again = await rest.post('/company/identity-secret', undefined, { 'idempotency-key': 'renew-1' });
  assert.equal(again.status, 409, 'it is shown once');
  await everywhere(companyid, former, 4003);
  await everywhere(companyid, current, 0);
  assert.equal((await rest.delete('/company/identity-secret')).body.errcode, 0);
  await everywhere(companyid, current, 4003);
  assert.equal((await rest.delete('/company/identity-secret')).status, 404);
  assert.equal((await rest.get('/company')).body.data.identity, false);
  const audit = await rest.get('/audit', { act: 'identity.' });
  assert.deepEqual(audit.body.data.map(({ act, subject }) => [act, subject]), [['identity.remove', companyid], ['identity.renew', companyid], ['identity.renew', companyid]]);
  const seen = [audit.text, (await rest.get('/company')).text, (await rest.get('/audit')).text, ...stage.server.log].join('\n');
  for (const hush of [secret, body.data.secret]) assert.ok(!seen.includes(hush) && !seen.includes(hush.slice(4)));
});

stage.story('admins make secrets, and programs that may vouch for people', async () => {
  const { rest, companyid } = await signing();
  const login = async (role) => {
    assert.equal((await rest.post('/agents', { login: role, password: 'correct horse', role })).status, 201);
    const { body } = await rest.as().post('/sessions', { companyid, login: role, password: 'correct horse' });
    return rest.as(body.data.ticket);
  };
  const key = async (...scopes) => rest.as((await rest.post('/api-keys', { name: scopes.join(), scopes })).body.data.secret);
  for (const [who, status] of [[await login('agent'), 403], [await login('supervisor'), 403], [await login('admin'), 201], [await key('company:write'), 403], [await key('tokens:write'), 201]]) {
    assert.equal((await who.post('/company/identity-secret')).status, status);
  }
});

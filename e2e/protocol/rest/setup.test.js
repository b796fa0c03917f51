// A server that nobody owns yet: whoever has what it prints makes the first company and owns it, once.
import assert from 'node:assert/strict';
import { Rest } from '../../harness/rest.js';
import { aText, isWhole } from '../../harness/shape.js';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const ASKED = { name: '岭上户外', companyid: 'ridge', locale: 'zh-CN', nick: '老板', login: 'boss', password: 'correct horse' };

/** The addresses that the nodes have printed, the newest last. */
function printed({ server }) {
  return server.log.map((line) => /set up: (\S+)$/.exec(line)?.[1]).filter(Boolean);
}

/** The same, as soon as there are so many for each node: they come behind the line that everybody waits for. */
async function allPrinted(stage, starts = 1) {
  await until('every start has printed one', () => printed(stage).length === starts * stage.server.nodes.length);
  return printed(stage);
}

const token = (address) => new URL(address).hash.slice(1);

/** What each node says of it. */
async function isOpen({ server }) {
  const states = await Promise.all(server.nodes.map(async ({ url }) => (await new Rest(url).get('/setup')).body));
  for (const state of states) isWhole(state, { errcode: 0, data: { open: states[0].data.open } });
  return states[0].data.open;
}

const first = await openStage();
const second = await openStage({ env: { NODECHAT_PUBLIC_URL: 'https://chat.example/' } });
const third = await openStage();
const fourth = await openStage();

first.story('every node prints an address with a token, and whoever has one sets the server up', async (stage) => {
  const addresses = await allPrinted(stage);
  for (const [n, address] of addresses.entries()) {
    const { port } = new URL(address);
    assert.equal(address, `http://localhost:${port}/console/setup#${token(address)}`);
    assert.ok(stage.server.nodes.some((node) => node.port === Number(port)), `${n}: ${address}`);
    assert.match(token(address), /^ncs_[0-9a-f]{64}$/);
  }
  assert.equal(await isOpen(stage), true, 'the demo company, and one without an owner, do not count');

  const rest = new Rest(stage.server.url);
  const { status, body } = await rest.post('/setup', { token: token(addresses.at(-1)), ...ASKED });
  assert.equal(status, 201);
  isWhole(body, { errcode: 0, data: { ticket: /^ncx_/, expires_in: 86_400_000, companyid: 'ridge', aid: /^a-/, nick: '老板', role: 'owner' } });
  const owner = rest.as(body.data.ticket);
  isWhole((await owner.get('/me')).body, { errcode: 0, data: { type: 'agent', companyid: 'ridge', aid: body.data.aid, nick: '老板', role: 'owner' } });
  const { data: company } = (await owner.get('/company')).body;
  assert.deepEqual([company.name, company.users, company.anonymous, company.settings.locale], ['岭上户外', 'own', true, 'zh-CN']);
  assert.equal((await stage.api.visitor({ companyid: 'ridge' })).body.errcode, 0, 'its own page works at once');
  assert.equal((await rest.post('/sessions', { companyid: 'ridge', login: 'boss', password: 'correct horse' })).status, 201);
  const lines = (await owner.get('/audit')).body.data;
  assert.deepEqual(lines.map(({ act, actor_kind, subject }) => [act, actor_kind, subject]), [['agent.create', 'operator', body.data.aid], ['company.create', 'operator', 'ridge']]);
  assert.ok(lines.every(({ address }) => address === '127.0.0.1'));
});

first.story('after that no token opens anything, used or not, and none is printed any more', async (stage) => {
  assert.equal(await isOpen(stage), false);
  const rest = new Rest(stage.server.url);
  const refusals = [];
  for (const address of [...printed(stage), 'http://x/#ncs_wrong', 'http://x/#']) {
    const { status, body } = await rest.post('/setup', { token: token(address), ...ASKED, companyid: 'thief' });
    refusals.push(JSON.stringify([status, body]));
  }
  assert.deepEqual([...new Set(refusals)].length, 1, refusals.join('\n'));
  assert.match(refusals[0], /^\[401,.*4003/);
  assert.equal((await stage.api.get('company', { companyid: 'thief' })).body.errcode, 4003, 'nothing was made');
  const before = printed(stage).length;
  await stage.server.stop();
  await stage.server.start();
  assert.equal(printed(stage).length, before);
});

second.story('the address is the public one; what is refused leaves the token as good as before; a name makes the id', async (stage) => {
  const [address] = await allPrinted(stage);
  assert.equal(address, `https://chat.example/console/setup#${token(address)}`);
  const rest = new Rest(stage.server.url);
  const { companyid, ...unnamed } = { token: token(address), ...ASKED, name: 'Mountain & Valley' };
  const refused = async (wrong) => (await rest.post('/setup', { ...unnamed, ...wrong })).body.errcode;
  assert.deepEqual(
    [
      await refused({ companyid: 'c1' }),
      await refused({ companyid: 'no company#' }),
      await refused({ password: 'short' }),
      await refused({ login: '' }),
      await refused({ name: ' ' }),
      await refused({ locale: 'zh_CN' }),
      await refused({ nick: 'a\nb' }),
    ],
    [4009, 4002, 4002, 4001, 4001, 4002, 4002],
  );
  isWhole((await rest.post('/setup', {})).body, { type: aText, title: aText, status: 400, detail: aText, errcode: 4001, errmsg: aText });
  assert.equal(await isOpen(stage), true);
  const { body } = await rest.post('/setup', unnamed);
  assert.equal(body.data.companyid, 'mountain-valley');
  assert.equal(await isOpen(stage), false);
});

third.story('tokens of earlier starts stay good; of many who come at once one is let in', async (stage) => {
  await allPrinted(stage);
  await stage.server.stop();
  await stage.server.start();
  const tokens = (await allPrinted(stage, 2)).map(token);
  assert.equal(new Set(tokens).size, tokens.length);
  const trying = Array.from({ length: 8 }, (_, n) => new Rest(stage.server.url).post('/setup', { ...ASKED, token: tokens[n % tokens.length], companyid: `c-${n}` }));
  const answers = (await Promise.all(trying)).map(({ status }) => status).sort();
  assert.deepEqual(answers, [201, ...Array(7).fill(401)]);
});

fourth.story('an owner who is made on the command line ends it as well', async (stage) => {
  await stage.server.command('agent', 'create', '--company', 'demo', '--login', 'demo-owner');
  assert.equal(await isOpen(stage), true, 'not the demo’s');
  await stage.server.command('agent', 'create', '--company', 'c1', '--login', 'owner');
  assert.equal(await isOpen(stage), false);
  assert.equal((await new Rest(stage.server.url).post('/setup', { ...ASKED, token: token((await allPrinted(stage))[0]) })).status, 401);
});

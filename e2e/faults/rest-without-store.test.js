// PostgreSQL is away: every call of /api/v1 says that it may be made again, and when; afterwards all is well by itself.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { breakableGround } from '../harness/ground.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';

const ground = await breakableGround({ nodes: 1 });
const stage = await openStage({ ground });

/** A good body of the calls that anybody makes, which read it before they ask who calls: logging in, and the first set-up. */
const BODY = { companyid: 'c1', login: 'boss', password: 'correct horse', token: `ncs_${'0'.repeat(64)}`, name: 'Shop', locale: 'en', nick: 'Boss' };

stage.story('without its store no call is done by half, and each is told when to come again', async () => {
  const rest = new Rest(stage.server.url, await stage.key('c1'));
  const { paths } = await (await fetch(`${stage.server.url}/openapi.json`)).json();
  const headers = { 'idempotency-key': randomUUID() };
  const group = { name: `group-${randomUUID()}` };

  await ground.postgres.stopImmediate();
  const calls = Object.entries(paths).flatMap(([path, item]) => Object.keys(item).filter((method) => item[method].responses).map((method) => ({ path, method, described: item[method].responses })));
  assert.ok(calls.length > 60, `${calls.length} calls`);
  for (const { path, method, described } of calls) {
    const body = ['post', 'put', 'patch'].includes(method) ? BODY : undefined;
    const answer = await rest.call(method.toUpperCase(), path.slice('/api/v1'.length).replace(/\{[^}]+\}/g, '1'), { body });
    const what = `${method} ${path} answers ${answer.text}`;
    assert.deepEqual([answer.status, answer.body.errcode, answer.headers.get('content-type')], [503, 5003, 'application/problem+json'], what);
    assert.ok(answer.body.retry_after > 0 && Number(answer.headers.get('retry-after')) >= answer.body.retry_after / 1000, what);
    assert.ok(described['503'], `${what}, which is not described`);
  }
  assert.equal((await rest.post('/groups', group, headers)).status, 503);

  await ground.postgres.start();
  const made = await until('the same call is made', async () => (({ status, body }) => status === 201 && body)(await rest.post('/groups', group, headers)));
  assert.equal((await rest.get('/groups')).body.data.filter(({ id }) => id === made.data.id).length, 1);
});

// A server that starts with a bucket: what is wrong with it stops the start with a sentence, what may pass does not.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { S3 } from '../../harness/s3.js';
import { Server } from '../../harness/server.js';
import { until } from '../../harness/until.js';

const s3 = await new S3().start();
after(() => s3.kill());
const keys = await s3.demandsKeys();

for (const [name, env, sentence] of [
  ['wrong keys', { AWS_SECRET_ACCESS_KEY: 'guessed' }, /SignatureDoesNotMatch .*see AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/],
  ['unknown keys', { AWS_ACCESS_KEY_ID: 'nobody' }, /InvalidAccessKeyId .*see AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/],
  ['no keys', { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }, /set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/],
  ['a bucket that is not there', { NODECHAT_FILES: 's3://nobody-made-it' }, /NoSuchBucket .*make the bucket first/],
  ['an endpoint in clear that nobody allowed', { NODECHAT_FILES_ALLOW_HTTP: 'false' }, /`files_allow_http` allows it/],
  ['a name that is no bucket', { NODECHAT_FILES: '/srv/files' }, /such as s3:\/\/bucket\/prefix/],
]) {
  test(`${name} stop the start with a sentence`, async () => {
    const server = new Server({ args: [], env: { ...s3.environment('start'), ...keys, ...env } });
    await assert.rejects(server.start(), sentence);
    for (const line of server.log) assert.ok(!line.includes(keys.AWS_SECRET_ACCESS_KEY), 'no secret in the log');
  });
}

test('with the right keys it starts', async () => {
  const server = await new Server({ args: [], env: { ...s3.environment('start'), ...keys } }).start();
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
});

test('over TLS it takes the certificates of an authority that it is told of, and of no other', async () => {
  const ours = await new S3({ tls: true }).start();
  const env = { ...ours.environment('start'), NODECHAT_FILES_ALLOW_HTTP: 'false' };
  await assert.rejects(new Server({ args: [], env }).start(), /invalid peer certificate.*SSL_CERT_FILE/);
  const server = await new Server({ args: [], env: { ...env, SSL_CERT_FILE: ours.authority } }).start();
  assert.match(await (await fetch(`${server.url}/metrics`)).text(), /^nodechat_files_available 1$/m);
  await server.stop();
  await ours.kill();
});

test('a bucket that is away does not keep it from serving chats', async () => {
  const away = await new S3().start();
  const server = new Server({ args: [], env: away.environment('start') });
  await away.kill();
  await server.start();
  try {
    assert.ok(server.log.some((line) => /cannot write in the bucket s3:\/\/nodechat-test\/start: .*put off until it answers/.test(line)));
    assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
    const available = async () => /^nodechat_files_available (\d)$/m.exec(await (await fetch(`${server.url}/metrics`)).text())[1];
    assert.equal(await available(), '0');
    await away.start();
    await until('it notices that the bucket is there', async () => (await available()) === '1', 30_000);
  } finally {
    await server.stop();
    await away.kill();
  }
});

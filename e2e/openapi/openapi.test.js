// The served OpenAPI is true: schemathesis asks every call what it promises, within and beyond its bounds. No call fails with a defect
// of the server (5xx), none answers what is not described.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openStage } from '../harness/stage.js';
import { temporaryFolder } from '../harness/tidy.js';

const PYTHON = join(dirname(fileURLToPath(import.meta.url)), '../.venv-schemathesis-4.32.5/bin/schemathesis');
const SEED = process.env.NODECHAT_FUZZ_SEED ?? '20261123';
const EXAMPLES = process.env.NODECHAT_FUZZ_EXAMPLES ?? '15';
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
  'allow_header_conformance',
];

const stage = await openStage({ env: { NODECHAT_FAILURES_PER_MINUTE: '0' } });

test('no call answers what the document does not say, and none fails', { timeout: 600_000 }, async (context) => {
  // What is told to webhooks would be sent to wherever the addresses lead that are made up here.
  await holds(context, await stage.key('c1'), ['--exclude-path', '/api/v1/webhooks', '--max-time', '120']);
});

test('the same with the platform’s key, which no company’s stands for', { timeout: 300_000 }, async (context) => {
  const key = (await stage.server.command('apikey', 'create', '--platform')).trim();
  await holds(context, key, ['--include-path-regex', '^/api/v1/(companies|erasures)', '--max-time', '60']);
});

async function holds(context, key, which) {
  assert.ok(existsSync(PYTHON), 'schemathesis is not there: run script/setup');
  const args = [
    'run', `${stage.server.url}/openapi.json`,
    '--header', `Authorization: Bearer ${key}`,
    '--checks', CHECKS.join(','),
    // Not the stateful phase: it would end the very key that it shows.
    '--phases', 'examples,coverage,fuzzing', ...which,
    '--max-examples', EXAMPLES, '--seed', SEED, '--workers', '1',
    '--request-timeout', '20', '--generation-database', ':memory:', '--warnings', 'off', '--no-color',
  ];
  const { code, output } = await run(args);
  for (const line of output.trimEnd().split('\n').slice(code === 0 ? -12 : -250)) context.diagnostic(line);
  assert.equal(code, 0, `schemathesis has found something; again with NODECHAT_FUZZ_SEED=${SEED}`);
  assert.ok(stage.server.isAlive);
}

function run(args) {
  return new Promise((done) => {
    const options = { cwd: temporaryFolder(), maxBuffer: 64 << 20, env: { PATH: process.env.PATH, HOME: temporaryFolder(), NO_COLOR: '1', COLUMNS: '160' } };
    execFile(PYTHON, args, options, (error, stdout, stderr) => done({ code: error?.code ?? 0, output: stdout + stderr }));
  });
}

#!/usr/bin/env node
// Runs a command with a PostgreSQL, a Redis and an S3 server beside it: `node e2e/harness/services.js -- cargo nextest run`. Answers with its exit code.
// The command finds them in NODECHAT_TEST_POSTGRES (a database whose user may create others), NODECHAT_TEST_REDIS
// and NODECHAT_TEST_S3 (the endpoint of a server that has the bucket `nodechat-test` and takes any keys).
import { spawn } from 'node:child_process';
import { Postgres } from './postgres.js';
import { Redis } from './redis.js';
import { S3 } from './s3.js';
import { killAtExit } from './tidy.js';

const [dashes, program, ...args] = process.argv.slice(2);
if (dashes !== '--' || !program) {
  console.error('services: say what to run, as in `node e2e/harness/services.js -- cargo nextest run`');
  process.exit(2);
}

const [postgres, redis, s3] = await Promise.all([new Postgres().start(), new Redis().start(), new S3().start()]);
const env = { ...process.env, NODECHAT_TEST_POSTGRES: postgres.url(), NODECHAT_TEST_REDIS: redis.url, NODECHAT_TEST_S3: s3.url };
const command = killAtExit(spawn(program, args, { stdio: 'inherit', env }), 'SIGTERM');
command.once('error', (cause) => {
  console.error(`services: ${program} does not start: ${cause.message}`);
  process.exit(127);
});
command.once('exit', async (code, signal) => {
  await Promise.all([postgres.stopImmediate(), redis.kill(), s3.kill()]);
  process.exit(signal ? 1 : code);
});

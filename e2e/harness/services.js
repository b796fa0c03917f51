#!/usr/bin/env node
// Runs a command with a PostgreSQL and a Redis beside it: `node e2e/harness/services.js -- cargo nextest run`. Answers with its exit code.
// The command finds them in NODECHAT_TEST_POSTGRES (a database whose user may create others) and NODECHAT_TEST_REDIS.
import { spawn } from 'node:child_process';
import { Postgres } from './postgres.js';
import { Redis } from './redis.js';
import { killAtExit } from './tidy.js';

const [dashes, program, ...args] = process.argv.slice(2);
if (dashes !== '--' || !program) {
  console.error('services: say what to run, as in `node e2e/harness/services.js -- cargo nextest run`');
  process.exit(2);
}

const [postgres, redis] = await Promise.all([new Postgres().start(), new Redis().start()]);
const env = { ...process.env, NODECHAT_TEST_POSTGRES: postgres.url(), NODECHAT_TEST_REDIS: redis.url };
const command = killAtExit(spawn(program, args, { stdio: 'inherit', env }), 'SIGTERM');
command.once('error', (cause) => {
  console.error(`services: ${program} does not start: ${cause.message}`);
  process.exit(127);
});
command.once('exit', async (code, signal) => {
  await Promise.all([postgres.stopImmediate(), redis.kill()]);
  process.exit(signal ? 1 : code);
});

// Runs the manual's receivers of webhooks: each takes what the server has signed, and refuses what somebody else sends.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from '../harness/daemon.js';
import { Rest } from '../harness/rest.js';
import { killAtExit } from '../harness/tidy.js';
import { until } from '../harness/until.js';
import { takeOutputs } from './printed.js';

const E2E = dirname(dirname(fileURLToPath(import.meta.url)));
const commands = { js: [process.execPath, '-e'], python: [join(E2E, '.venv-socketio-5.18.1/bin/python'), '-c'] };

export async function runReceiver({ language, code, where, outputs }, cast) {
  const port = await freePort();
  assert.ok(code.includes('8080'), `${where}: a receiver listens on port 8080`);
  const api = new Rest(cast.server.url, await cast.apiKey());
  const { body: made } = await api.post('/webhooks', { url: `http://127.0.0.1:${port}/`, events: ['order'] });
  assert.equal(made.errcode, 0, JSON.stringify(made));
  const [program, flag] = commands[language];
  const env = { ...process.env, WEBHOOK_SECRET: made.data.secret, PYTHONUNBUFFERED: '1' };
  const child = killAtExit(spawn(program, [flag, code.replaceAll('8080', String(port))], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
  const printed = [];
  const complaints = [];
  createInterface({ input: child.stdout }).on('line', (line) => printed.push(line));
  createInterface({ input: child.stderr }).on('line', (line) => complaints.push(line));
  const asks = (headers = {}) => fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: '{"type":"order.created"}' });
  try {
    const stranger = await until(`${where} listens: ${complaints.join('\\n')}`, () => asks().catch(() => undefined));
    const forged = { 'webhook-id': 'x', 'webhook-timestamp': String(Math.floor(Date.now() / 1000)), 'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}` };
    assert.deepEqual([stranger.status, (await asks(forged)).status], [401, 401], `${where}: takes what nobody has signed`);
    assert.equal((await api.post(`/webhooks/${made.data.id}/test`)).status, 200);
    const log = await until(`${where} is told`, async () => (await api.get(`/webhooks/${made.data.id}/deliveries`)).body.data.find(({ attempts }) => attempts > 0));
    assert.deepEqual([log.state, log.status], ['delivered', 204], where);
    await until(`${where} prints`, () => printed.length >= outputs.length);
    takeOutputs({ where, outputs }, printed);
    assert.deepEqual(printed, [], `${where}: more than the manual says`);
  } finally {
    child.kill('SIGKILL');
    await api.delete(`/webhooks/${made.data.id}`);
  }
}

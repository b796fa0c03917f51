// Runs the manual's commands, its Python, and its scripts for plain Socket.IO clients.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { binary } from '../harness/server.js';
import { until } from '../harness/until.js';
import { takeOutputs } from './printed.js';

const E2E = dirname(dirname(fileURLToPath(import.meta.url)));
const LIMIT = { timeout: 20_000 };
const AsyncFunction = (async () => {}).constructor;
const require = createRequire(import.meta.url);

/** The commands of one page of the manual are typed into one shell, one after the other. */
export async function runShell(examples, cast) {
  const mark = '\u001e';
  const script = examples.map(({ code }) => `${code}\nprintf '${mark}'`).join('\n');
  const env = { ...process.env, TICKET: cast.ticket, AID: cast.aid, PATH: dirname(resolve(binary)) + delimiter + process.env.PATH };
  if (script.includes('$ROOMID')) env.ROOMID = await cast.room(wordsIn(examples));
  if (script.includes('/messages/search')) await cast.isIndexed(env.ROOMID);
  if (script.includes('$API_KEY') && !script.includes('API_KEY=')) env.API_KEY = await cast.apiKey();
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd: cast.folder, env, ...LIMIT });
  stdout.split(mark).slice(0, -1).forEach((text, at) => {
    const printed = text ? [parsed(text)] : [];
    takeOutputs(examples[at], printed);
    assert.deepEqual(printed, [], `${examples[at].where}: more than the manual says`);
  });
}

export async function runPython(example, cast) {
  const python = join(E2E, `.venv-socketio-${example.options.get('client')}/bin/python`);
  const env = { ...process.env, TICKET: cast.ticket };
  const { stdout } = await promisify(execFile)(python, ['-c', example.code], { env, ...LIMIT });
  takeOutputs(example, [stdout.trimEnd()]);
}

/** A script for Node with an official client in the version that the example names. */
export async function runInNode(example, cast) {
  const sockets = [];
  const keep = (open) => (...args) => {
    const socket = open(...args);
    sockets.push(socket);
    return socket;
  };
  const official = require(`socket.io-client-${example.options.get('client')}`);
  const client = Object.assign(keep(official.io ?? official), { io: keep(official.io ?? official) });
  const printed = [];
  const run = new AsyncFunction('require', 'console', 'ticket', example.code);
  try {
    await run((name) => (name === 'socket.io-client' ? client : require(name)), { log: (value) => printed.push(value) }, cast.ticket);
    await until(`${example.where} prints`, () => printed.length >= example.outputs.length);
  } finally {
    for (const socket of sockets) socket.close();
  }
  takeOutputs(example, printed);
  assert.deepEqual(printed, [], `${example.where}: more than the manual says`);
}

/** The words that the manual's history shows. */
function wordsIn(examples) {
  const shown = examples.flatMap(({ outputs }) => outputs).map(({ language, text }) => (language === 'json' ? JSON.parse(text) : {}));
  return shown.find(({ msgs }) => msgs)?.msgs[0].msg ?? shown.find(({ data }) => data?.[0]?.snippet).data[0].snippet.text;
}

function parsed(text) {
  return text.startsWith('{') ? JSON.parse(text) : text.trimEnd();
}

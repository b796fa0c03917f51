// The transport's echo example as a process, with frequent heartbeats.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createConnection } from 'node:net';
import { freePort } from './daemon.js';
import { echoBinary } from './server.js';
import { killAtExit } from './tidy.js';
import { until } from './until.js';

/** Starts the example on a free port; answers `{url, stop}`. */
export async function startEcho(args = ['--ping-interval-ms', '300', '--ping-timeout-ms', '5000', '--max-payload', '1000000', '--connect-timeout-ms', '1000']) {
  const port = await freePort();
  const child = killAtExit(spawn(echoBinary, ['--listen', `127.0.0.1:${port}`, ...args], { stdio: ['ignore', 'pipe', 'pipe'] }));
  const log = [];
  let failure;
  child.once('error', (cause) => (failure = `${echoBinary} does not start: ${cause.message}`));
  const exited = new Promise((done) => child.once('exit', (code) => done((failure ??= `the echo example ended (${code}): ${log.join('\n')}`))));
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', (line) => log.push(line));
  await until('the echo example listens', () => {
    if (failure) throw new Error(failure);
    return accepts(port);
  });
  return { url: `http://127.0.0.1:${port}`, log, stop: () => (child.kill('SIGTERM'), exited) };
}

function accepts(port) {
  return new Promise((done) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), done(true)));
    socket.once('error', () => done(false));
  });
}

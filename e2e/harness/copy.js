// `nodechat copy` as a process: it runs to its end, or it is killed on its way.
import { spawn } from 'node:child_process';
import { binary, cleanEnvironment } from './server.js';
import { killAtExit } from './tidy.js';

/** Starts a copy, with `env` in its environment; `ended` answers its summary, or `{killed: true}`, or rejects with what it said. */
export function startCopy({ from, to, args = [], env = {} }) {
  const child = killAtExit(spawn(binary, ['copy', '--from', from, '--to', to, '--json', ...args], { env: cleanEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] }));
  let out = '';
  let said = '';
  child.stdout.on('data', (text) => (out += text));
  child.stderr.on('data', (text) => (said += text));
  const ended = new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code, signal) => {
      if (signal) done({ killed: true });
      else if (code === 0) done(JSON.parse(out));
      else failed(new Error(said.trim()));
    });
  });
  // Whoever kills it looks at the end later.
  ended.catch(() => {});
  return { ended, kill: () => child.kill('SIGKILL') };
}

/** Runs a copy to its end. */
export function copy(move) {
  return startCopy(move).ended;
}

/** How many rows of a table a run has copied, changed or removed. */
export function moved(summary, table) {
  const { new: added, changed, gone } = summary.tables.find((row) => row.table === table);
  return { new: added, changed, gone };
}

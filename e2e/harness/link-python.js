// One connection made with python-socketio, as a child process that speaks JSON lines; the same face as the JavaScript link.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Journal } from './journal.js';
import { ways } from './link-js.js';
import { killAtExit } from './tidy.js';
import { within } from './until.js';

const E2E = dirname(dirname(fileURLToPath(import.meta.url)));

export const pythonVersions = ['4.6.1', '5.18.1'];

export class PythonLink {
  journal = new Journal();
  opened = 0;
  #child;
  #calls = 0;
  #transport = null;
  #waiting = new Map();

  constructor({ version, url, way = 'websocket', namespace = '/', ticket, atype }) {
    const python = join(E2E, `.venv-socketio-${version}/bin/python`);
    const options = JSON.stringify({ version, url, transports: ways[way], namespace, ticket, atype });
    this.#child = killAtExit(spawn(python, [join(E2E, 'python/client.py'), options], { stdio: ['pipe', 'pipe', 'pipe'] }));
    this.#child.once('error', (cause) => this.journal.add({ name: 'stderr', args: [`${python} does not start (run e2e/setup): ${cause.message}`] }));
    // Writing to a client that has ended fails here; the test sees it as an ack that never comes.
    this.#child.stdin.on('error', () => {});
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#take(JSON.parse(line, revived)));
    createInterface({ input: this.#child.stderr }).on('line', (line) => this.journal.add({ name: 'stderr', args: [line] }));
  }

  emit(event, ...args) {
    const call = ++this.#calls;
    const answer = new Promise((ack) => this.#waiting.set(call, ack));
    this.#send({ do: 'emit', call, event, args });
    return within(`the ack of ${event}`, answer);
  }

  tell(event, ...args) {
    this.#send({ do: 'emit', call: ++this.#calls, event, args });
  }

  /** What the client last said about its transport; asks again for the next look. */
  transport() {
    this.#send({ do: 'transport' });
    return this.#transport;
  }

  async close() {
    const ended = new Promise((done) => this.#child.once('exit', done));
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#send({ do: 'close' });
    // Its background threads may hang on a dead connection; the answer to that is a kill, not a failed test.
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 2_000);
    await ended;
    clearTimeout(timer);
  }

  #send(command) {
    this.#child.stdin.write(`${JSON.stringify(command, packed)}\n`);
  }

  #take(line) {
    if (line.ack !== undefined) this.#waiting.get(line.ack)?.(line.args);
    else if (line.transport !== undefined) this.#transport = line.transport;
    else {
      if (line.name === 'connect') this.opened += 1;
      // 5.x hands over the whole CONNECT_ERROR packet, 4.x what the ERROR packet carries.
      const args = line.name === 'refused' && line.args[0]?.data ? [line.args[0].data] : line.args;
      this.journal.add({ name: line.name, args });
    }
  }
}

// A Buffer has turned itself into {type: 'Buffer', data} by the time JSON.stringify asks.
function packed(_, value) {
  return value?.type === 'Buffer' && Array.isArray(value.data) ? { $bytes: Buffer.from(value.data).toString('base64') } : value;
}

function revived(_, value) {
  return value !== null && typeof value === 'object' && typeof value.$bytes === 'string' ? Buffer.from(value.$bytes, 'base64') : value;
}

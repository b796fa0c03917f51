// A program of somebody else that a story needs (PostgreSQL, Redis): started in a temporary folder on a port of its own, ended by its id.
import { execFileSync, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { chownSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { killAtExit, temporaryFolder } from './tidy.js';
import { within } from './until.js';

const LOG_LINES_KEPT = 500;

/** One daemon; `start` may be called again after `stop` or `kill`, in the same folder and on the same port. */
export class Daemon {
  /** Lines of standard output and error, the newest last. */
  log = [];
  folder = temporaryFolder();
  #child;
  #user;

  /** `user`: who it runs as when the tests run as root, because it refuses to be root or should not. `quit`: the signal that ends it at once. */
  constructor({ name, user, quit }) {
    this.name = name;
    this.quit = quit;
    if (user && process.getuid() === 0) this.#user = { name: user, ...idsOf(user) };
    if (this.#user) chownSync(this.folder, this.#user.uid, this.#user.gid);
  }

  /** Runs the program and waits for the line that says that it serves. */
  async launch(program, args, ready) {
    const child = spawn('setpriv', [...this.#standing(), program, ...args], { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = killAtExit(child, this.quit);
    this.exited = new Promise((done) => child.once('close', (code, signal) => done({ code, signal })));
    const serving = new Promise((resolve, reject) => {
      child.once('error', (cause) => reject(new Error(`${this.name} does not start (run script/setup): ${cause.message}`)));
      child.once('exit', (code, signal) => reject(new Error(`${this.name} ended before it served (${signal ?? code})\n${this.log.slice(-20).join('\n')}`)));
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          this.#keep(line);
          if (ready.test(line)) resolve();
        });
      }
    });
    await within(`${this.name} serves`, serving, 60_000);
  }

  /** Runs a program to its end as the same user, in the same folder. */
  run(program, args) {
    execFileSync('setpriv', [...this.#standing(), program, ...args], { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** Sends the signal, and waits for the end. */
  async end(signal) {
    if (!this.isAlive) return;
    this.#child.kill(signal);
    await within(`${this.name} ends on ${signal}`, this.exited, 20_000);
  }

  /** SIGKILL for it and for the processes that it has started: a power cut. */
  async kill() {
    if (!this.isAlive) return;
    const children = readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8').trim();
    for (const pid of [this.pid, ...children.split(' ').filter(Boolean).map(Number)]) signal(pid, 'SIGKILL');
    await within(`${this.name} is gone`, this.exited, 20_000);
  }

  /** The test process need not stay for it: when nothing else is to do, both end. */
  unref() {
    for (const part of [this.#child, this.#child.stdout, this.#child.stderr]) part.unref();
  }

  get isAlive() {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get pid() {
    return this.#child.pid;
  }

  // `setpriv` replaces itself by the program: whoever started it, it ends with the tests, even when those are killed.
  #standing() {
    const user = this.#user ? [`--reuid=${this.#user.uid}`, `--regid=${this.#user.gid}`, '--clear-groups'] : [];
    return [...user, `--pdeathsig=${this.quit.slice('SIG'.length)}`, '--'];
  }

  #keep(line) {
    this.log.push(line);
    if (this.log.length > LOG_LINES_KEPT) this.log.shift();
  }
}

/**
 * A port that was free a moment ago, below those that the system gives to outgoing connections (ip(7)):
 * it stays free while its server is away, and nobody who calls there meanwhile gets connected to himself.
 * And above 10080, the last of those that fetch refuses to call (Fetch Standard, "port blocking").
 */
export async function freePort() {
  for (;;) {
    const port = randomInt(10_081, 32_000);
    const server = createServer();
    const isFree = await new Promise((answer) => {
      server.once('error', () => answer(false));
      server.listen(port, '127.0.0.1', () => server.close(() => answer(true)));
    });
    if (isFree) return port;
  }
}

function idsOf(user) {
  const line = readFileSync('/etc/passwd', 'utf8').split('\n').find((entry) => entry.startsWith(`${user}:`));
  if (!line) throw new Error(`there is no user ${user} (run script/setup)`);
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (cause) {
    // It has ended by itself meanwhile, which is what was asked for.
    if (cause.code !== 'ESRCH') throw cause;
  }
}

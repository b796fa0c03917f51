// One node under test: the release binary on a port and with a data folder of its own, stopped, killed, frozen, started again.
import { execFile, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from './daemon.js';
import { killAtExit, temporaryFolder } from './tidy.js';
import { within } from './until.js';

const REPOSITORY = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const LOG_LINES_KEPT = 5_000;

/** Where the binary is: `NODECHAT_BIN`, else the release build of this repository. */
export const binary = process.env.NODECHAT_BIN ?? join(REPOSITORY, 'target/release/nodechat');

/** Where the transport's echo example is: `NODECHAT_ECHO_BIN`, else the release build of this repository. */
export const echoBinary = process.env.NODECHAT_ECHO_BIN ?? join(REPOSITORY, 'target/release/examples/echo');

/** A server process; `start` may be called again after `stop` or `kill`, on the same data folder and the same port. */
export class Server {
  /** Lines of standard output and error, the newest last. */
  log;
  #child;

  /** `log`: where to write its lines, if others write there too; `name` then stands before each. */
  constructor({ args = ['--demo'], env = {}, dataDir = join(temporaryFolder(), 'data'), name = '', log = [] } = {}) {
    this.args = args;
    this.env = env;
    this.dataDir = dataDir;
    this.name = name;
    this.log = log;
  }

  async start() {
    this.port ??= await freePort();
    this.url = `http://127.0.0.1:${this.port}`;
    const args = ['serve', '--listen', `127.0.0.1:${this.port}`, '--data-dir', this.dataDir, ...this.args];
    const child = spawn(binary, args, { cwd: dirname(this.dataDir), env: cleanEnvironment(this.env), stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = killAtExit(child);
    this.exited = new Promise((done) => child.once('exit', (code, signal) => done({ code, signal })));
    const ready = new Promise((listening, failed) => {
      child.once('error', (cause) => failed(new Error(`${binary} does not start: ${cause.message}`)));
      child.once('exit', (code, signal) => failed(new Error(`the server ended before it listened (${signal ?? code})\n${this.log.slice(-20).join('\n')}`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        this.#keep(line);
        if (line.startsWith(`listening on ${this.url}/`)) listening();
      });
      createInterface({ input: child.stderr }).on('line', (line) => this.#keep(line));
    });
    await within('the server listens', ready, 20_000);
    return this;
  }

  /** SIGTERM, and waits for the end: how an operator stops it. */
  async stop() {
    this.#child.kill('SIGTERM');
    return within('the server stops on SIGTERM', this.exited, 20_000);
  }

  /** SIGKILL, and waits for the end: how a power cut stops it. */
  async kill() {
    this.#child.kill('SIGKILL');
    return this.exited;
  }

  /** SIGSTOP: it keeps its connections and does nothing, until `thaw`. */
  freeze() {
    this.#child.kill('SIGSTOP');
  }

  thaw() {
    this.#child.kill('SIGCONT');
  }

  get isAlive() {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get pid() {
    return this.#child.pid;
  }

  /** Memory in bytes, from the kernel: what it holds now and the most it ever held. */
  memory() {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    const bytes = (field) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)[1]) * 1024;
    return { now: bytes('VmRSS'), peak: bytes('VmHWM') };
  }

  /** From now on `memory().peak` is what it holds from now on. Linux: 5 resets the high-water mark (proc_pid_clear_refs(5)). */
  forgetPeak() {
    writeFileSync(`/proc/${this.pid}/clear_refs`, '5');
  }

  /** Runs a command of the binary on this server's data; answers its standard output. */
  async command(...args) {
    const { stdout } = await promisify(execFile)(binary, [...args, '--data-dir', this.dataDir], { cwd: dirname(this.dataDir), env: cleanEnvironment(this.env) });
    return stdout;
  }

  #keep(line) {
    this.log.push(this.name ? `${this.name}: ${line}` : line);
    if (this.log.length > LOG_LINES_KEPT) this.log.shift();
  }
}

// All tests have one address, which may err as often as they like; and nobody has to be told before a server of theirs stops.
const OUR_OWN = { NODECHAT_FAILURES_PER_MINUTE: '0', NODECHAT_VISITOR_PER_MINUTE: '0', NODECHAT_PUBLIC_PER_MINUTE: '0', NODECHAT_STOP_NOTICE_MS: '0', NODECHAT_STOP_SPREAD_MS: '0' };

/** The test's environment without settings meant for some other server on this machine. */
export function cleanEnvironment(extra = {}) {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('NODECHAT_') && name !== 'DATABASE_URL');
  return { ...Object.fromEntries(kept), ...OUR_OWN, ...extra };
}

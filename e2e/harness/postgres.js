// A PostgreSQL of the tests' own: durable as in earnest, open to whoever is on this machine, gone with the test.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Daemon, freePort } from './daemon.js';

const BIN = [process.env.POSTGRES_BIN, '/usr/lib/postgresql/15/bin'].find((folder) => folder && existsSync(join(folder, 'postgres')));
const READY = /database system is ready to accept connections/;

/** `start` may be called again after any of the endings: same data, same port. */
export class Postgres {
  #daemon = new Daemon({ name: 'PostgreSQL', user: 'postgres', quit: 'SIGQUIT' });
  #data = join(this.#daemon.folder, 'data');

  async start() {
    if (!existsSync(this.#data)) {
      // What is on disk now is not worth waiting for; what comes later is synced as usual.
      this.#daemon.run(program('initdb'), ['--pgdata', this.#data, '--username', 'postgres', '--auth', 'trust', '--encoding', 'UTF8', '--no-locale', '--no-sync']);
      this.port = await freePort();
    }
    const settings = { listen_addresses: '127.0.0.1', port: this.port, unix_socket_directories: '', max_connections: 400, fsync: 'on', logging_collector: 'off' };
    await this.#daemon.launch(program('postgres'), ['-D', this.#data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])], READY);
    return this;
  }

  /** The address of a database; without a name of the one for maintenance, whose user may create others. */
  url(database = 'postgres') {
    return `postgres://postgres@127.0.0.1:${this.port}/${database}`;
  }

  /** Makes an empty database and answers its address. */
  createDatabase(name) {
    return createDatabase(this.url(), name);
  }

  query(sql, database) {
    return query(this.url(database), sql);
  }

  /** `pg_ctl stop -m immediate`: no goodbye, no last checkpoint; the next start recovers from the log. */
  stopImmediate() {
    return this.#daemon.end('SIGQUIT');
  }

  /** SIGKILL of all its processes at once: a power cut. */
  kill() {
    return this.#daemon.kill();
  }

  unref() {
    this.#daemon.unref();
    return this;
  }

  get isAlive() {
    return this.#daemon.isAlive;
  }

  get log() {
    return this.#daemon.log;
  }
}

/** Makes an empty database beside the one at `url`, and answers its address. */
export async function createDatabase(url, name) {
  await query(url, `create database "${name}"`);
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

/** Removes the database, whoever is still connected to it. */
export async function dropDatabase(url, name) {
  await query(url, `drop database if exists "${name}" with (force)`);
}

/** Runs one statement; answers what it prints, rows as lines and columns parted by `|`. */
export async function query(url, sql) {
  const { stdout } = await promisify(execFile)(program('psql'), ['--no-psqlrc', '--quiet', '--tuples-only', '--no-align', '--set', 'ON_ERROR_STOP=1', '--dbname', url, '--command', sql]);
  return stdout.trim();
}

function program(name) {
  if (!BIN) throw new Error('PostgreSQL 15 is not there: run script/setup, or name the folder of its programs in POSTGRES_BIN');
  return join(BIN, name);
}

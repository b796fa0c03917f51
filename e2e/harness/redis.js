// A Redis of the tests' own: in memory only, as a bus that may forget everything; gone with the test.
import { createConnection } from 'node:net';
import { Daemon, freePort } from './daemon.js';
import { within } from './until.js';

const READY = /Ready to accept connections/;

/** `start` may be called again after any of the endings: same port, empty memory. */
export class Redis {
  #daemon = new Daemon({ name: 'Redis', user: 'redis', quit: 'SIGKILL' });

  async start() {
    this.port ??= await freePort();
    await this.#daemon.launch('redis-server', ['--bind', '127.0.0.1', '--port', `${this.port}`, '--dir', this.#daemon.folder, '--save', '', '--appendonly', 'no', '--daemonize', 'no'], READY);
    return this;
  }

  get url() {
    return `redis://127.0.0.1:${this.port}/`;
  }

  /** Ends it as an operator does, without saving anything. */
  stopImmediate() {
    return this.#daemon.end('SIGTERM');
  }

  kill() {
    return this.#daemon.kill();
  }

  /** Makes it forget everything while it runs. */
  async flushAll() {
    const answer = await this.command('FLUSHALL');
    if (answer !== '+OK') throw new Error(`FLUSHALL: ${answer}`);
  }

  /** One command of plain words; answers the first line of the reply, as it is on the wire. */
  async command(...words) {
    const socket = createConnection(this.port, '127.0.0.1');
    try {
      const reply = new Promise((resolve, reject) => {
        let text = '';
        socket.setEncoding('utf8');
        socket.on('error', reject);
        socket.on('data', (part) => {
          text += part;
          if (text.includes('\r\n')) resolve(text.slice(0, text.indexOf('\r\n')));
        });
      });
      socket.write(`${words.join(' ')}\r\n`);
      return await within(`Redis answers ${words[0]}`, reply);
    } finally {
      socket.destroy();
    }
  }

  get isAlive() {
    return this.#daemon.isAlive;
  }

  get log() {
    return this.#daemon.log;
  }
}

// One connection made with an official JavaScript client, any of four major versions behind one face.
import { createRequire } from 'node:module';
import { Journal } from './journal.js';
import { within } from './until.js';

const require = createRequire(import.meta.url);
const clients = {
  '1.7.4': { io: require('socket.io-client-1'), auth: false },
  '2.5.0': { io: require('socket.io-client-2'), auth: false },
  '3.1.3': { io: require('socket.io-client-3').io, auth: true },
  '4.8': { io: require('socket.io-client-4').io, auth: true },
};

/** The versions that a test may ask for. */
export const jsVersions = Object.keys(clients);

/** Ways to travel, by name, as each client's `transports` option. */
export const ways = { websocket: ['websocket'], polling: ['polling'], upgrade: ['polling', 'websocket'] };

const HEARD = ['session', 'chat', 'mkread', 'auth', 'message-back', 'typing', 'looking', 'assign', 'service', 'presence', 'recall', 'note', 'order', 'wallboard', 'stream'];

/**
 * A link has: `journal` of `{name, args}`, `emit(name, ...args)` answering the ack's arguments, `tell` (without ack), `transport()`,
 * `opened` (number of connections made), `refusals`, `close()`. The Python link has the same.
 */
export class JsLink {
  journal = new Journal();
  opened = 0;
  #socket;

  constructor({ version = '4.8', url, way = 'websocket', namespace = '/', ticket, atype, credentials = 'usual', reconnection = true, headers, arrival = {} }) {
    const { io, auth } = clients[version];
    // `arrival`: what the page tells of itself besides.
    const proof = { ticket, atype, ...arrival };
    const inAuth = credentials === 'usual' ? auth : credentials === 'auth';
    this.#socket = io(url + namespace, {
      transports: ways[way],
      forceNew: true,
      reconnection,
      reconnectionDelay: 50,
      reconnectionDelayMax: 250,
      timeout: 5_000,
      ...(headers && { extraHeaders: headers }),
      ...(inAuth ? { auth: proof } : { query: defined(proof) }),
    });
    for (const name of HEARD) this.#socket.on(name, (...args) => this.journal.add({ name, args }));
    this.#socket.on('connect', () => {
      this.opened += 1;
      this.journal.add({ name: 'connect', args: [] });
    });
    this.#socket.on('disconnect', (reason) => this.journal.add({ name: 'disconnect', args: [reason] }));
    // 3.x and 4.x: an Error with `data`. 1.x and 2.x: the object of the ERROR packet itself.
    this.#socket.on('connect_error', (cause) => this.journal.add(cause?.data ? { name: 'refused', args: [cause.data] } : { name: 'connect_error', args: [String(cause)] }));
    this.#socket.on('error', (answer) => this.journal.add({ name: 'refused', args: [parsed(answer)] }));
  }

  emit(name, ...args) {
    const answer = new Promise((ack) => this.#socket.emit(name, ...args, (...answered) => ack(answered)));
    return within(`the ack of ${name}`, answer);
  }

  tell(name, ...args) {
    this.#socket.emit(name, ...args);
  }

  /** Sends and calls back with the ack's arguments, if it ever comes: for those who do not wait. */
  send(name, payload, acked) {
    this.#socket.emit(name, payload, acked);
  }

  /** Knocks again after a refusal, which the clients from 3.x on take for final. */
  again() {
    this.#socket.connect();
  }

  transport() {
    return this.#socket.io.engine?.transport?.name;
  }

  get isOpen() {
    return this.#socket.connected;
  }

  async close() {
    this.#socket.close();
  }
}

// Some 1.x paths hand the error packet's payload over as text.
function parsed(answer) {
  if (typeof answer !== 'string') return answer;
  try {
    return JSON.parse(answer);
  } catch {
    return { errmsg: answer };
  }
}

function defined(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

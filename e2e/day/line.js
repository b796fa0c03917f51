// Somebody's connection over a whole day: it comes back after every break, on whichever node, and asks again until there is an answer.
import { Refusal } from '../harness/person.js';
import { until, within } from '../harness/until.js';

const TEMPORARY = 5003;
const BROKEN = Symbol('the connection broke before the answer');

/** How long one answer may take, breaks and restarts included. */
const PATIENCE_MS = 120_000;

/** How long somebody waits at a door that is shut before trying the other one. */
const KNOCK_MS = 50;

let connections = 0;

export class Line {
  /** Number of this connection, of all that were made. */
  connection = 0;
  #person;
  #nodes;
  #on;
  #comesBack;
  #link;
  #isReady = false;
  #closed = true;
  #unanswered = new Set();

  /**
   * `nodes()`: the addresses there are; `on`: what to do with each event; `comesBack(ask)`: what to do whenever it is let in, before anything
   * else is asked. Besides events `on` has `breaks(connection)`, that one is over, and `fails(cause)`.
   */
  constructor(person, { nodes, on, comesBack }) {
    this.#person = person;
    this.#nodes = nodes;
    this.#on = on;
    this.#comesBack = comesBack;
  }

  async opens() {
    this.#closed = false;
    this.#dial();
    await this.#ready();
  }

  /** For good, or until `opens`. */
  async hangsUp() {
    this.#closed = true;
    await this.#cut();
  }

  /** The network is gone and comes back at once: what has no answer yet is asked again. */
  async breaks() {
    await this.#cut();
    this.#dial();
    await this.#ready();
  }

  /** Asks until there is an answer. A refusal is thrown; its `tries` say how often it was asked. */
  async ask(event, payload) {
    const deadline = Date.now() + PATIENCE_MS;
    for (let tries = 1; ; tries += 1) {
      if (Date.now() > deadline) throw new Error(`${this.#person.nick} had no answer to ${event} ${JSON.stringify(payload)}`);
      await this.#ready();
      try {
        return await this.#once(event, payload);
      } catch (cause) {
        if (cause === BROKEN) continue;
        if (cause.err?.errcode === TEMPORARY) await pause(cause.err.retry_after ?? 100);
        else throw Object.assign(cause, { tries });
      }
    }
  }

  get isClosed() {
    return this.#closed;
  }

  async #cut() {
    this.#lost();
    const link = this.#link;
    this.#link = undefined;
    await link?.close();
  }

  #dial() {
    const link = this.#person.opens();
    this.#link = link;
    link.journal.add = ({ name, args: [datas] }) => {
      if (link !== this.#link) return;
      if (name === 'session') this.#letIn();
      else if (name === 'disconnect') this.#goesElsewhere();
      else if (name === 'connect_error') pause(KNOCK_MS).then(() => link === this.#link && !this.#isReady && this.#goesElsewhere());
      else if (name === 'refused' && datas?.errcode === TEMPORARY) pause(datas.retry_after ?? 100).then(() => link === this.#link && link.again());
      else this.#on[name]?.(datas);
    };
  }

  async #letIn() {
    const link = this.#link;
    this.connection = connections += 1;
    try {
      await this.#comesBack((event, payload) => this.#once(event, payload));
      if (link === this.#link) this.#isReady = true;
    } catch (cause) {
      // Whoever broke again comes back again.
      if (cause === BROKEN) return;
      if (cause.err?.errcode === TEMPORARY) {
        await pause(cause.err.retry_after ?? 100);
        if (link === this.#link) await this.#letIn();
      } else this.#on.fails?.(cause);
    }
  }

  /** To the other node where there is one, as a balancer would send it. */
  #goesElsewhere() {
    this.#lost();
    const others = this.#nodes().filter((url) => url !== this.#person.url);
    if (others.length === 0) return;
    this.#person.url = others[0];
    const old = this.#link;
    this.#dial();
    old.close();
  }

  #lost() {
    this.#isReady = false;
    if (this.connection !== 0) this.#on.breaks?.(this.connection);
    for (const broken of this.#unanswered) broken();
    this.#unanswered.clear();
  }

  #once(event, payload) {
    const link = this.#link;
    if (!link) return Promise.reject(BROKEN);
    const answer = new Promise((resolve, reject) => {
      const broken = () => reject(BROKEN);
      this.#unanswered.add(broken);
      link.send(event, payload, (err, datas) => {
        this.#unanswered.delete(broken);
        if (err) reject(new Refusal(event, err));
        else resolve(datas);
      });
    });
    return within(`${this.#person.nick} is answered to ${event}`, answer, PATIENCE_MS);
  }

  #ready() {
    return this.#isReady ? undefined : until(`${this.#person.nick} is back`, () => this.#isReady, PATIENCE_MS);
  }
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

// A crowd that talks while something breaks, and the verdict over what each of them saw: nothing acknowledged lost, doubled, moved, untold.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { delays, judge } from './checker.js';
import { PersistentSender } from './persistent-sender.js';
import { until } from './until.js';

const AGENTS_ROOMS = 3;

export class Crowd {
  /** The checker's events, in the order in which they happened. */
  events = [];
  acked = 0;
  #stage;
  #rooms = [];
  /** `{sender, rooms}` each. */
  #people = [];
  #ends = new Map();
  #talk;
  #faults;

  /**
   * For each room a visitor, and an agent who is in three of the rooms. `via`: the address that their connections take, else each
   * takes that of a node; `atOnce`: see PersistentSender; `travels(n)`: the client and the way of the n-th of them; `paceMs`: the longest
   * pause between two who speak.
   */
  static async gather(stage, { rooms, random, paceMs = 12, travels = () => ({}), ...how }) {
    const crowd = new Crowd();
    crowd.#stage = stage;
    const numbers = Array.from({ length: rooms }, (_, n) => n);
    const visitors = await Promise.all(numbers.map((n) => stage.visitor(`用户${n}`)));
    const agents = await Promise.all(numbers.map((n) => stage.agent(`客服${n}`)));
    for (const visitor of visitors) {
      await visitor.connects();
      await visitor.joins();
      crowd.#rooms.push(visitor.roomid);
      await visitor.hangsUp();
    }
    const add = (person, theirs) => crowd.#people.push({ rooms: theirs, sender: new PersistentSender(person, theirs, (event) => crowd.#log(event), { ...how, ...travels(crowd.#people.length) }) });
    for (const n of numbers) {
      add(visitors[n], [crowd.#rooms[n]]);
      add(agents[n], Array.from({ length: Math.min(AGENTS_ROOMS, rooms) }, (_, more) => crowd.#rooms[(n + more) % rooms]));
    }
    crowd.#talks(random, paceMs);
    return crowd;
  }

  /** Refusals with "try again later" so far. */
  get postponed() {
    return this.#people.reduce((sum, { sender }) => sum + sender.postponed, 0);
  }

  /** Waits until so many more messages are acknowledged. */
  async goesOn(count = 20, deadlineMs = 20_000) {
    const before = this.acked;
    await until(`${count} more messages are acknowledged`, () => this.acked >= before + count, deadlineMs);
  }

  hushes() {
    clearTimeout(this.#talk);
  }

  /** Nobody says more; waits until all that was said is acknowledged, and heard by everyone in its room. */
  async settles(deadlineMs = 30_000) {
    this.hushes();
    await until('every outbox is empty', () => this.#people.every(({ sender }) => sender.outbox.length === 0), deadlineMs);
    await until('everyone has heard everything', () => this.#people.every(({ sender }) => sender.hasHeard(this.#ends)), deadlineMs);
  }

  /** Fails the story unless everything was as promised; the events are kept in a file named `name` when it was not. */
  async verdict(name, context) {
    const faults = await this.judged();
    context.diagnostic(`${this.#count('sent')} sent, ${this.#count('acked')} receipts, ${this.#count('heard')} heard, ${this.postponed} put off`);
    if (faults.length > 0) {
      writeFileSync(`${name}.log`, this.events.map((event) => `${JSON.stringify(event)}\n`).join(''));
      context.diagnostic(`the events are kept in ${name}.log`);
    }
    assert.deepEqual(faults.slice(0, 20), [], `${faults.length} faults`);
    assert.deepEqual(this.#people.flatMap(({ sender }) => sender.refusals), []);
    assert.ok(this.#count('heard') > this.#count('acked'), 'the rooms were told');
  }

  /** What the checker says of the whole run. */
  async judged() {
    if (this.#faults) return this.#faults;
    const auditor = await this.#stage.agent('查账');
    await auditor.connects();
    for (const room of this.#rooms) this.events.push({ event: 'history', room, messages: (await auditor.history(room)).map(({ id, pos }) => ({ id, pos })) });
    this.#faults = judge(this.events);
    return this.#faults;
  }

  counts() {
    return { sent: this.#count('sent'), acked: this.#count('acked'), heard: this.#count('heard'), postponed: this.postponed };
  }

  /** Who waited longest for something acknowledged, and for how many milliseconds. */
  longestDelay() {
    return delays(this.events)[0] ?? { ms: 0 };
  }

  #count(name) {
    return this.events.filter(({ event }) => event === name).length;
  }

  #log(event) {
    this.events.push(event);
    if (event.event !== 'acked') return;
    this.acked += 1;
    this.#ends.set(event.room, Math.max(event.pos + 1, this.#ends.get(event.room) ?? 0));
  }

  /** Lets somebody say one to four things every few milliseconds, until hushed. */
  #talks(random, paceMs) {
    let said = 0;
    const next = () => {
      const { sender, rooms } = random.pick(this.#people);
      const room = random.pick(rooms);
      for (let burst = random.between(1, 4); burst > 0; burst -= 1) sender.say(room, `第 ${(said += 1)} 句`);
      this.#talk = setTimeout(next, random.between(1, paceMs));
    };
    next();
  }
}

/** The one way in which time passes without a condition: a fault must come at any moment. */
export function moment(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

// One agent of the day: takes whoever is given, answers everything, hands some on, ends where asked to; and writes down everything.
import { randomUUID } from 'node:crypto';
import { answerTo, asksToEnd } from './visitor.js';

export class Agent {
  #person;
  #colleagues;
  #random;
  #ledger;
  #stage;
  /** What is under way in each room, one thing behind the other. */
  #rooms = new Map();
  #failures = [];
  #answered = new Set();

  constructor({ stage, person, random, ledger }) {
    this.#stage = stage;
    this.#person = person;
    this.#random = random;
    this.#ledger = ledger;
  }

  get aid() {
    return this.#person.aid;
  }

  /** Comes to work; `colleagues` are those to whom somebody can be handed on. */
  async begins(colleagues) {
    this.#colleagues = colleagues;
    await this.#comes();
    await this.#person.gets('mgr', { type: 'setStatus', status: 'O' });
  }

  /** Reloads the console: everything under way goes on. */
  async reloads() {
    await this.#person.hangsUp();
    this.#person = this.#stage.tabOf(this.#person);
    await this.#comes();
    const { rooms } = await this.#person.gets('list', { type: 'selfUser' });
    for (const { roomid, chatid } of rooms) this.#inRoom(roomid, () => this.#looksInto(roomid, chatid));
  }

  /** When everything begun is done; fails with the first thing that went wrong. */
  async finishes() {
    await Promise.all(this.#rooms.values());
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  async #comes() {
    await this.#person.connects();
    this.#person.link.on('assign', (event) => this.#inRoom(event.roomid, () => this.#isGiven(event)));
    this.#person.link.on('chat', ({ roomid, data }) => this.#inRoom(roomid, () => this.#hears(roomid, data)));
  }

  async #isGiven({ type, roomid, chatid }) {
    if (type === 'transfer') {
      const taken = this.#random.next() < 0.8;
      await this.#person.gets('mgr', { type: taken ? 'acceptTransfer' : 'rejectTransfer', roomid, chatid });
      if (!taken) return;
      this.#ledger.handedOn(chatid, this.aid);
    } else this.#ledger.serves(chatid, this.aid);
    await this.#looksInto(roomid, chatid);
  }

  /** Enters the room and answers what nobody has answered yet. */
  async #looksInto(roomid, chatid) {
    const { chat_msgs: messages } = await this.#person.joins(roomid);
    this.#ledger.open(chatid);
    for (const message of messages) await this.#hears(roomid, message);
  }

  async #hears(roomid, message) {
    const chat = this.#ledger.running(roomid, this.aid);
    if (!chat || message.type !== 'usermsg' || !this.#ledger.isDue(roomid, message)) return;
    await this.#says(roomid, answerTo(message.msg));
    if (asksToEnd(message.msg)) await this.#ends(roomid, chat);
  }

  async #says(roomid, text) {
    const id = randomUUID();
    const { pos } = await this.#person.says(text, { id, roomid });
    this.#ledger.said(roomid, { id, pos, aid: this.aid, msg: text });
  }

  async #ends(roomid, chatid) {
    await this.#person.gets('mgr', { type: 'endChat', roomid, chatid });
    this.#ledger.ended(chatid, 'cs');
  }

  #inRoom(roomid, work) {
    const before = this.#rooms.get(roomid) ?? Promise.resolve();
    this.#rooms.set(roomid, before.then(work).catch((cause) => this.#failures.push(cause)));
  }
}

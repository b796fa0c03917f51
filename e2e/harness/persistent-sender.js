// A client that follows the delivery rules by hand: it keeps each message until it is acknowledged and sends it again, in order, after a reconnection.
import { randomUUID } from 'node:crypto';

const TEMPORARY = 5003;

export class PersistentSender {
  /** Messages without a receipt yet, the oldest first. */
  outbox = [];
  /** Refusals that no retry explains: each is a failure of the run. */
  refusals = [];
  /** How often it was asked to come again later. */
  postponed = 0;
  #connection = 0;
  #ready = false;
  #unanswered = 0;
  #missing;
  #resting = false;
  /** For each room the position that it has to hear next. */
  #due = new Map();
  #rooms;
  #log;
  #link;
  #atOnce;

  /**
   * `log` takes the checker's events. `atOnce`: how many messages may be on their way. With one, what is refused for the moment keeps its
   * place before what is said later; with more, a connection's order is put to the test. `client`, `way`: which client, over what.
   */
  constructor(person, rooms, log, { via, atOnce = Infinity, client, way } = {}) {
    this.by = person.aid;
    this.#rooms = rooms;
    this.#log = (event, room, more) => log({ event, at: Date.now(), by: this.by, room, ...more });
    this.#atOnce = atOnce;
    this.#link = person.opens({ via, client, way });
    const { journal } = this.#link;
    const add = journal.add.bind(journal);
    journal.add = (entry) => {
      this.#take(entry);
      // What was heard goes into the log; the journal of a long run stays short.
      if (entry.name !== 'chat') add(entry);
    };
  }

  say(room, text) {
    const message = { id: randomUUID(), roomid: room, type: 'text', msg: text };
    this.#log('sent', room, { id: message.id });
    this.outbox.push(message);
    this.#sendMore();
  }

  /** It is in its rooms and has heard everything before these positions (room → position). */
  hasHeard(ends) {
    return this.#ready && this.#rooms.every((room) => this.#due.get(room) >= (ends.get(room) ?? 0));
  }

  #take({ name, args }) {
    if (name === 'session') this.#comeBack();
    else if (name === 'disconnect') this.#leave();
    // Without a code it is no answer: clients 1.x and 2.x say so when their way to the server breaks, and mend it themselves.
    else if (name === 'refused' && args[0]?.errcode !== undefined) this.#refused('connect', args[0], () => this.#link.again());
    else if (name === 'chat') this.#hear(args[0]);
  }

  #comeBack() {
    this.#connection += 1;
    this.#ready = false;
    this.#due.clear();
    this.#missing = new Set(this.#rooms);
    for (const room of this.#rooms) this.#join(room);
  }

  #join(room) {
    const connection = this.#connection;
    this.#link.send('join', { roomid: room }, (err, datas) => {
      if (connection !== this.#connection) return;
      if (err) return this.#refused('join', err, () => this.#join(room));
      this.#log('joined', room, { connection, next: datas.data.next_pos });
      this.#due.set(room, Math.max(datas.data.next_pos, this.#due.get(room) ?? 0));
      this.#missing.delete(room);
      if (this.#missing.size === 0) this.#begin();
    });
  }

  #begin() {
    this.#ready = true;
    this.#resting = false;
    this.#unanswered = 0;
    this.#sendMore();
  }

  #leave() {
    this.#ready = false;
    for (const room of this.#rooms) this.#log('left', room, { connection: this.#connection });
  }

  #hear({ roomid: room, data: { id, pos } }) {
    this.#log('heard', room, { connection: this.#connection, id, pos });
    this.#due.set(room, Math.max(pos + 1, this.#due.get(room) ?? 0));
  }

  #sendMore() {
    while (this.#ready && this.#unanswered < Math.min(this.#atOnce, this.outbox.length)) {
      this.#send(this.outbox[this.#unanswered]);
      this.#unanswered += 1;
    }
  }

  #send(message) {
    const { id, roomid: room } = message;
    const connection = this.#connection;
    this.#link.send('chat', message, (err, receipt) => {
      if (connection !== this.#connection) return;
      if (err) return this.#rest(err);
      this.#log('acked', room, { id: receipt.id, pos: receipt.pos });
      if (receipt.id !== id) this.refusals.push({ event: 'chat', why: 'the receipt is for another message', id, receipt });
      const place = this.outbox.indexOf(message);
      if (place < 0) return;
      this.outbox.splice(place, 1);
      this.#unanswered -= 1;
      this.#sendMore();
    });
  }

  /** What is refused for the moment is sent again, and everything behind it: once, however many are refused. */
  #rest(err) {
    this.#ready = false;
    if (this.#resting) return;
    this.#resting = true;
    this.#refused('chat', err, () => this.#begin());
  }

  #refused(event, err, again) {
    if (err.errcode !== TEMPORARY || !(err.retry_after > 0)) {
      this.refusals.push({ event, err });
      return;
    }
    this.postponed += 1;
    const connection = this.#connection;
    setTimeout(() => {
      if (connection === this.#connection) again();
    }, err.retry_after);
  }
}

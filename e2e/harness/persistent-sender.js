// A client that follows the delivery rules by hand: it keeps each message until it is acknowledged and sends it again, in order, after a reconnection.
import { randomUUID } from 'node:crypto';

const TEMPORARY = 5003;

export class PersistentSender {
  /** Messages without a receipt yet, the oldest first. */
  outbox = [];
  /** Refusals that no retry explains: each is a failure of the run. */
  refusals = [];
  #connection = 0;
  #ready = false;
  #rooms;
  #log;
  #link;

  /** `log` takes the checker's events. */
  constructor(person, rooms, log, via) {
    this.by = person.aid;
    this.#rooms = rooms;
    this.#log = log;
    this.#link = person.opens({ via });
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
    this.#log({ event: 'sent', by: this.by, room, id: message.id });
    this.outbox.push(message);
    if (this.#ready) this.#send(message);
  }

  #take({ name, args }) {
    if (name === 'session') this.#comeBack();
    else if (name === 'disconnect') this.#ready = false;
    else if (name === 'chat') this.#log({ event: 'heard', by: this.by, connection: this.#connection, room: args[0].roomid, id: args[0].data.id, pos: args[0].data.pos });
  }

  #comeBack() {
    this.#ready = false;
    const connection = ++this.#connection;
    let missing = this.#rooms.length;
    for (const roomid of this.#rooms) {
      this.#link.send('join', { roomid }, (err) => {
        if (err) this.#refused('join', err, () => this.#comeBack());
        else if (--missing === 0 && connection === this.#connection) {
          for (const message of this.outbox) this.#send(message);
          this.#ready = true;
        }
      });
    }
  }

  #send(message) {
    const { id, roomid: room } = message;
    this.#link.send('chat', message, (err, receipt) => {
      if (err) return this.#refused('chat', err, () => this.#comeBack());
      this.#log({ event: 'acked', by: this.by, room, id: receipt.id, pos: receipt.pos });
      if (receipt.id !== id) this.refusals.push({ event: 'chat', why: 'the receipt is for another message', id, receipt });
      const place = this.outbox.indexOf(message);
      if (place >= 0) this.outbox.splice(place, 1);
    });
  }

  #refused(event, err, again) {
    if (err.errcode === TEMPORARY) setTimeout(again, err.retry_after ?? 100);
    else this.refusals.push({ event, err });
  }
}

// A visitor or an agent in a story: what they say, hear, read, over whichever client they use.
import { randomUUID } from 'node:crypto';
import { JsLink, jsVersions } from './link-js.js';
import { PythonLink, pythonVersions } from './link-python.js';

/** An answer that carries an error, thrown where the story expected none. */
export class Refusal extends Error {
  constructor(event, err) {
    super(`${event} was refused: ${JSON.stringify(err)}`);
    this.err = err;
  }
}

export class Person {
  /** The room this person is in; the one that `says` and `reads` mean. */
  roomid;
  #link;
  /** Every link that was ever opened: one that is not the present one may still try to come back. */
  #links = [];

  constructor({ url, type, aid, nick, companyid, ticket }) {
    Object.assign(this, { url, type, aid, nick, companyid, ticket });
    this.atype = type === 'cs' ? 'cweb' : 'uweb';
  }

  /** Connects, and answers what `session` said. `client`: a version, such as `1.7.4` or `python 5.18.1`. */
  async connects({ client = '4.8', ...options } = {}) {
    this.opens({ client, ...options });
    return (await this.#link.journal.find(`${this.nick} is let in`, ({ name }) => name === 'session')).args[0];
  }

  /** Starts to connect without waiting for the outcome. */
  opens({ client = '4.8', via = this.url, ticket = this.ticket, atype = this.atype, ...options } = {}) {
    this.#link = openLink(client, { url: via, ticket, atype, ...options });
    this.#links.push(this.#link);
    return this.#link;
  }

  /** Connects and expects to be turned away; answers the error. */
  async isTurnedAway(options = {}) {
    this.opens({ reconnection: false, ...options });
    const { name, args } = await this.#link.journal.find(`${this.nick} is turned away`, (entry) => entry.name === 'refused' || entry.name === 'session');
    if (name === 'session') throw new Error(`${this.nick} was let in: ${JSON.stringify(args[0])}`);
    return args[0];
  }

  get link() {
    return this.#link;
  }

  /** Sends any event and answers the two arguments of its ack. */
  asks(event, ...payload) {
    return this.#link.emit(event, ...payload);
  }

  /** Sends any event and answers its data; an error is thrown. */
  async gets(event, ...payload) {
    const [err, datas] = await this.asks(event, ...payload);
    if (err) throw new Refusal(event, err);
    return datas;
  }

  /** Sends any event and answers its error; a success is thrown. */
  async isRefused(event, ...payload) {
    const [err, datas] = await this.asks(event, ...payload);
    if (!err) throw new Error(`${event} ${JSON.stringify(payload)?.slice(0, 200)} was not refused but answered ${JSON.stringify(datas)}`);
    return err;
  }

  /** Enters a room: an id, or nothing for the visitor's own room with the company. Answers the room's data. */
  async joins(roomid, extra = {}) {
    const datas = await this.gets('join', { ...(roomid ? { roomid } : { companyid: this.companyid }), ...extra });
    this.roomid = datas.roomid;
    return datas.data;
  }

  /** Sends a text and answers the receipt. */
  says(text, { id, roomid = this.roomid, ...extra } = {}) {
    return this.gets('chat', { roomid, type: 'text', msg: text, ...(id ? { id } : {}), ...extra });
  }

  /** Sends texts one behind the other without waiting in between; answers all receipts. */
  saysAll(texts) {
    return Promise.all(texts.map((text) => this.says(text, { id: randomUUID() })));
  }

  /** Waits for a message with this text (or that fits) and answers it. */
  async hears(text, { roomid = this.roomid, deadlineMs } = {}) {
    const fits = typeof text === 'function' ? text : (message) => message.msg === text;
    const { args } = await this.#link.journal.find(`${this.nick} hears ${text}`, ({ name, args: [datas] }) => name === 'chat' && datas.roomid === roomid && fits(datas.data), deadlineMs);
    return args[0].data;
  }

  /** Everything heard in the room so far, in the order in which it came. */
  heard(roomid = this.roomid) {
    return this.#link.journal.entries.filter(({ name, args }) => name === 'chat' && args[0].roomid === roomid).map(({ args }) => args[0].data);
  }

  /** Waits for an event with this name that fits; answers its first argument. */
  async notices(event, fits = () => true, { deadlineMs } = {}) {
    const { args } = await this.#link.journal.find(`${this.nick} notices ${event}`, ({ name, args: [datas] }) => name === event && fits(datas), deadlineMs);
    return args[0];
  }

  /** Events with this name so far. */
  noticed(event) {
    return this.#link.journal.entries.filter(({ name }) => name === event).map(({ args }) => args[0]);
  }

  reads(pos) {
    return this.gets('mkread', { roomid: this.roomid, ...(pos === undefined ? {} : { pos }) });
  }

  async pagesBack(start, limit) {
    const payload = { type: 'viewchat', roomid: this.roomid, start, ...(limit === undefined ? {} : { limit }) };
    return (await this.gets('user', payload)).chat_msgs;
  }

  /** Asks for an agent, as a visitor; answers how it stands. */
  applies(extra = {}) {
    return this.gets('user', { type: 'applycs', roomid: this.roomid, ...extra });
  }

  /** An agent's request of this type. */
  manages(type, extra = {}) {
    return this.gets('mgr', { type, ...extra });
  }

  /** Waits for what is told of a consultation, of this type and if it fits. */
  isTold(type, fits = () => true, options) {
    return this.notices('service', (told) => told.type === type && fits(told), options);
  }

  /** What was told of consultations so far, of this type. */
  told(type) {
    return this.noticed('service').filter((told) => told.type === type);
  }

  leaves(roomid = this.roomid) {
    return this.gets('leave', { roomid });
  }

  /** The whole history of the room, read page by page. */
  async history(roomid = this.roomid) {
    const all = [];
    for (;;) {
      const { chat_msgs: page } = await this.gets('user', { type: 'viewchat', roomid, start: all.length, limit: 100 });
      all.push(...page);
      if (page.length < 100) return all;
    }
  }

  /** A second tab of the same person. */
  tab() {
    return new Person(this);
  }

  async hangsUp() {
    await Promise.all(this.#links.splice(0).map((link) => link.close()));
  }
}

export { jsVersions, pythonVersions };

/** A connection of its own, without a person: for the transport alone. */
export function openLink(client, options) {
  return client.startsWith('python ') ? new PythonLink({ version: client.slice('python '.length), ...options }) : new JsLink({ version: client, ...options });
}

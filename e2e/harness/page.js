// A page that uses our own nodechat.js, as the server hands it out, run in Node: it knows only what the library tells it.
import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import WebSocket from 'ws';
import { temporaryFolder } from './tidy.js';
import { until } from './until.js';

const require = createRequire(import.meta.url);

/** The library as `<script src="/sdk/v1/nodechat.js">` gets it. */
export async function libraryOf(server) {
  const response = await fetch(`${server.url}/sdk/v1/nodechat.js`);
  if (response.status !== 200) throw new Error(`/sdk/v1/nodechat.js was answered ${response.status}`);
  const file = join(temporaryFolder(), 'nodechat.cjs');
  writeFileSync(file, await response.text());
  // What every browser has and Node 20 has not.
  globalThis.WebSocket ??= WebSocket;
  globalThis.XMLHttpRequest ??= require('xmlhttprequest-ssl').XMLHttpRequest;
  const library = require(file);
  return library.Nodechat ?? library.default ?? library;
}

export class Page {
  /** What the page shows: the messages in the order in which it learned of them. */
  shown = [];
  refusals = [];
  /** What the library told the page of trouble, and the page might have told its user. */
  errors = [];
  /** For how many milliseconds it was without a connection, each time. */
  gaps = [];
  receipts = [];
  connections = 0;
  reconnections = 0;
  #cut;

  /** `joinsAgain`: the page joins in each `connect`, as old pages do; else once, and leaves the rest to the library. */
  constructor(Nodechat, person, { via, joinsAgain }) {
    this.person = person;
    this.nodechat = new Nodechat({
      server: `${via}/`,
      path: '',
      atype: person.atype,
      ticket: person.ticket,
      connect: (err) => {
        if (err) return this.refusals.push(err);
        this.connections += 1;
        if (this.connections > 1) this.gaps.push(Date.now() - this.#cut);
        if (joinsAgain || this.connections === 1) this.#join();
      },
      reconnect: () => (this.reconnections += 1),
      error: (err) => this.errors.push(err),
    });
    this.nodechat.on('disconnect', () => (this.#cut = Date.now()));
    this.nodechat.on('chat', ({ roomid, data }) => {
      if (roomid === this.roomid) this.#show(data);
    });
  }

  /** Waits until the room is on the screen. */
  async opened() {
    await until(`${this.person.nick} sees the room`, () => this.roomid !== undefined);
    return this;
  }

  says(text) {
    this.nodechat.emit('chat', { roomid: this.roomid, type: 'text', msg: text }, (err, receipt) => (err ? this.refusals.push(err) : this.receipts.push(receipt)));
  }

  positions() {
    return this.shown.map(({ pos }) => pos);
  }

  close() {
    this.nodechat.close();
  }

  #join() {
    const target = this.person.roomid ? { roomid: this.person.roomid } : { companyid: this.person.companyid };
    this.nodechat.emit('join', target, (err, datas) => {
      if (err) return this.refusals.push(err);
      this.roomid = this.person.roomid = datas.roomid;
      // A page that draws the newest ten again knows them by their ids.
      for (const message of datas.data.chat_msgs) if (!this.shown.some(({ id }) => id === message.id)) this.#show(message);
    });
  }

  #show(message) {
    this.shown.push(message);
  }
}

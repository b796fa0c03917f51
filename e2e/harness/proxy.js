// A TCP proxy that plays bad weather between client and server: cuts, stalls, refuses, restores, changes its target.
import { createConnection, createServer } from 'node:net';

export class Proxy {
  /** Connections that were ever let through: a client that came again made a new one. */
  accepted = 0;
  #pairs = new Set();
  #refusing = false;
  #stalled = false;
  #server;

  /** `target`: an address, or a function that is asked for one at each connection. */
  constructor(target) {
    this.target = target;
  }

  /** Listens on a free port; `url` then stands for the server's. */
  async open() {
    this.#server = createServer({ pauseOnConnect: true, noDelay: true }, (client) => this.#accept(client));
    await new Promise((done) => this.#server.listen(0, '127.0.0.1', done));
    this.url = `http://127.0.0.1:${this.#server.address().port}`;
    return this;
  }

  /** Ends every connection at once, without a goodbye; new ones are let through. */
  drop() {
    for (const pair of this.#pairs) this.#end(pair);
  }

  /** Ends every connection and refuses new ones, until `restore`. */
  cut() {
    this.#refusing = true;
    this.drop();
  }

  /** Holds all bytes back, both ways and without closing anything, until `restore`: a cable pulled out. */
  stall() {
    this.#stalled = true;
    for (const { client, server } of this.#pairs) {
      client.pause();
      server.pause();
    }
  }

  /** Another network: what was asked fails, an open WebSocket hears nothing any more and is not told so, and new connections are let through. */
  wander() {
    for (const pair of this.#pairs) {
      if (!pair.isWebSocket) {
        this.#end(pair);
        continue;
      }
      pair.isLost = true;
      pair.client.pause();
      pair.server.pause();
    }
  }

  restore() {
    this.#refusing = false;
    this.#stalled = false;
    for (const { client, server } of this.#pairs) {
      client.resume();
      server.resume();
    }
  }

  async close() {
    this.cut();
    await new Promise((done) => this.#server.close(done));
  }

  #accept(client) {
    if (this.#refusing) {
      client.on('error', ignoreResets).resetAndDestroy();
      return;
    }
    this.accepted += 1;
    const server = createConnection({ host: '127.0.0.1', port: Number(new URL(typeof this.target === 'function' ? this.target() : this.target).port), noDelay: true });
    const pair = { client, server };
    this.#pairs.add(pair);
    client.on('data', (bytes) => (pair.isWebSocket ||= /^upgrade: websocket/im.test(bytes)));
    for (const [from, to] of [[client, server], [server, client]]) {
      from.on('data', (bytes) => {
        if (!to.write(bytes)) from.pause();
      });
      from.on('drain', () => {
        if (!this.#stalled && !pair.isLost) to.resume();
      });
      from.on('end', () => to.end());
      from.on('error', () => this.#end(pair));
      from.on('close', () => this.#end(pair));
    }
    if (this.#stalled) server.pause();
    else client.resume();
  }

  #end(pair) {
    this.#pairs.delete(pair);
    for (const socket of [pair.client, pair.server]) {
      socket.on('error', ignoreResets);
      socket.destroy();
    }
  }
}

// A reset is what a cut looks like from the other end; the tests look at the connection, not at this.
function ignoreResets() {}

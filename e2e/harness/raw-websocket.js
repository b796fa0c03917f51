// A WebSocket spoken byte by byte, for frames that no client library would send.
import { randomBytes } from 'node:crypto';
import { createConnection } from 'node:net';
import { Journal } from './journal.js';

export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;

/** One frame as bytes. `length` announces another size than the payload has; `first` overrides the first byte. */
export function frame(opcode, payload = '', { fin = true, masked = true, length, first } = {}) {
  const body = Buffer.from(payload);
  const size = length ?? body.length;
  const head = [first ?? ((fin ? 0x80 : 0) | opcode)];
  const mask = masked ? 0x80 : 0;
  if (size < 126) head.push(mask | size);
  else if (size < 65_536) head.push(mask | 126, size >> 8, size & 255);
  else {
    const wide = Buffer.alloc(8);
    wide.writeBigUInt64BE(BigInt(size));
    head.push(mask | 127, ...wide);
  }
  if (!masked) return Buffer.concat([Buffer.from(head), body]);
  const key = randomBytes(4);
  return Buffer.concat([Buffer.from(head), key, body.map((byte, n) => byte ^ key[n % 4])]);
}

export class RawWebSocket {
  /** Entries: `{status, head}` of the handshake, `{text}`, `{bytes}`, `{close, reason}`, `{ended: true}`. */
  journal = new Journal();
  #buffer = Buffer.alloc(0);
  #open = false;

  constructor(url, { path = '/socket.io/?EIO=4&transport=websocket', handshake = true } = {}) {
    const { hostname, port } = new URL(url);
    this.socket = createConnection({ host: hostname, port: Number(port), noDelay: true });
    this.socket.on('data', (bytes) => this.#take(bytes));
    // A reset is one of the ways in which a server may end a hostile connection.
    this.socket.on('error', () => {});
    this.socket.on('close', () => this.journal.add({ ended: true }));
    if (handshake) {
      this.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`);
    }
  }

  write(bytes) {
    this.socket.write(bytes);
    return this;
  }

  send(opcode, payload, options) {
    return this.write(frame(opcode, payload, options));
  }

  /** The first text that begins so. */
  async text(begin) {
    return (await this.journal.find(`a text that begins with ${begin}`, ({ text }) => text?.startsWith(begin))).text;
  }

  async opened() {
    const { status } = await this.journal.find('the handshake', (entry) => entry.status !== undefined);
    if (status !== 101) throw new Error(`the handshake was answered ${status}`);
    return this;
  }

  /** How it ended: the close code, or none when the connection just ended. */
  async ended(deadlineMs) {
    await this.journal.find('the end', ({ ended }) => ended, deadlineMs);
    return this.journal.entries.find(({ close }) => close !== undefined)?.close;
  }

  get isOpen() {
    return !this.journal.entries.some(({ ended }) => ended);
  }

  destroy() {
    this.socket.destroy();
  }

  #take(bytes) {
    this.#buffer = Buffer.concat([this.#buffer, bytes]);
    if (!this.#open) {
      const end = this.#buffer.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = this.#buffer.subarray(0, end).toString();
      this.#open = true;
      this.#buffer = this.#buffer.subarray(end + 4);
      this.journal.add({ status: Number(head.split(' ')[1]), head });
    }
    for (;;) {
      const parsed = unframed(this.#buffer);
      if (!parsed) return;
      this.#buffer = this.#buffer.subarray(parsed.size);
      this.#hear(parsed);
    }
  }

  #hear({ opcode, payload }) {
    if (opcode === TEXT) {
      const text = payload.toString();
      if (text === '2') this.send(TEXT, '3');
      this.journal.add({ text });
    } else if (opcode === CLOSE) {
      this.journal.add({ close: payload.length >= 2 ? payload.readUInt16BE(0) : 1005, reason: payload.subarray(2).toString() });
      this.write(frame(CLOSE, payload)).socket.end();
    } else this.journal.add({ bytes: payload, opcode });
  }
}

/** A raw connection that has been let in with the ticket: what it sends next is its own affair. */
export async function rawSocketIo(url, { ticket, atype = 'uweb' }) {
  const raw = await new RawWebSocket(url).opened();
  await raw.text('0{');
  raw.send(TEXT, `40${JSON.stringify({ ticket, atype })}`);
  await raw.text('40{');
  await raw.text('42["session"');
  return raw;
}

// What servers send is never masked and, here, never in fragments.
function unframed(buffer) {
  if (buffer.length < 2) return undefined;
  let size = buffer[1] & 127;
  let at = 2;
  if (size === 126) {
    if (buffer.length < 4) return undefined;
    [size, at] = [buffer.readUInt16BE(2), 4];
  } else if (size === 127) {
    if (buffer.length < 10) return undefined;
    [size, at] = [Number(buffer.readBigUInt64BE(2)), 10];
  }
  if (buffer.length < at + size) return undefined;
  return { opcode: buffer[0] & 15, payload: buffer.subarray(at, at + size), size: at + size };
}

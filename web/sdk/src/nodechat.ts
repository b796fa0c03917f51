// The chat channel as a page sees it.
import { Calls, isRepeatable } from './calls.js';
import { Codes } from './codes.js';
import { Connection } from './connection.js';
import { Emitter } from './emitter.js';
import { NodechatError } from './errors.js';
import { post, uploadFile } from './http.js';
import { readAddress, readOptions, type Settings } from './options.js';
import { Outbox } from './outbox.js';
import { Rooms } from './rooms.js';
import type {
  Callback,
  ChatEvent,
  GapEvent,
  JoinTarget,
  Message,
  NodechatOptions,
  Outgoing,
  ReadEvent,
  RecallEvent,
  Receipt,
  Room,
  SendOptions,
  Session,
  Ticket,
  Uploaded,
  UploadOptions,
} from './types.js';
import { callPage } from './world.js';

/** One chat channel: connects at once, and stays connected until `close`. */
export class Nodechat {
  static readonly Codes = Codes;

  /** Who the ticket belongs to; undefined until the first connection. */
  session: Session | undefined;
  private readonly settings: Settings;
  private readonly emitter = new Emitter();
  private readonly connection: Connection;
  private readonly calls: Calls;
  private readonly outbox: Outbox;
  private readonly rooms: Rooms;
  private closed = false;
  private pictureBase: Promise<string> | undefined;

  constructor(options: NodechatOptions) {
    const settings = readOptions(options);
    const { world } = settings;
    this.settings = settings;
    this.connection = new Connection(settings, {
      up: (session, attempts) => this.up(session, attempts),
      down: (reason) => {
        this.rooms.down();
        this.emitter.emit('disconnect', reason);
      },
      refused: (err, final) => {
        if (final) this.calls.failAll(err);
        callPage(options.connect, err);
      },
      unreachable: (err) => this.complain(err),
      event: (name, args) => {
        if (name === 'chat') this.rooms.heard(args[0] as ChatEvent);
        else if (name === 'recall') this.rooms.recalled(args[0] as RecallEvent);
        else this.emitter.emit(name, ...args);
      },
    });
    this.calls = new Calls(this.connection);
    this.rooms = new Rooms(world, {
      call: (call) => this.calls.make(call),
      isOpen: () => this.connection.open,
      chat: (event) => this.emitter.emit('chat', event),
      recall: (event) => this.emitter.emit('recall', event),
      gap: (event) => {
        this.emitter.emit('gap', event);
        return this.emitter.has('gap');
      },
      ready: (roomid) => this.outbox.pump(roomid),
      hasPending: (roomid) => this.outbox.has(roomid),
      error: (err) => this.complain(err),
    });
    this.outbox = new Outbox(this.connection, world, {
      mayTalk: (roomid) => this.rooms.mayTalk(roomid),
      stored: (roomid, pos) => this.rooms.stored(roomid, pos),
      drained: (roomid) => this.rooms.drained(roomid),
    });
    this.connection.dial();
  }

  /** Changes a token, got from the host site, into a ticket. */
  static async ticket(options: { server?: string; path?: string; token: string }): Promise<Ticket> {
    const { api } = readAddress(options.server, options.path);
    return (await post(api + 'ticket', { token: options.token })) as Ticket;
  }

  /**
   * Gets a ticket for somebody who is not logged in, where the company allows it. Keep the answer's `visitor`: with
   * it the same person comes back.
   */
  static async visitor(options: {
    server?: string;
    path?: string;
    companyid: string;
    visitor?: string | undefined;
  }): Promise<Ticket & { visitor: string }> {
    const { server, path, companyid, visitor } = options;
    const { api } = readAddress(server, path);
    return (await post(api + 'visitor', { companyid, visitor })) as Ticket & { visitor: string };
  }

  /** True while the server answers. */
  get connected(): boolean {
    return this.connection.open;
  }

  /** Messages of the rooms that were joined, each once and in order; one's own too. */
  on(event: 'chat', listener: (datas: ChatEvent) => void): this;
  /** A message was taken back, now or while the page was away: show it no more. */
  on(event: 'recall', listener: (datas: RecallEvent) => void): this;
  /** The other side has read. */
  on(event: 'mkread', listener: (datas: ReadEvent) => void): this;
  /** Draw the room again. */
  on(event: 'gap', listener: (datas: GapEvent) => void): this;
  /** The connection broke; a new one is on its way unless the page closed it. */
  on(event: 'disconnect', listener: (reason: string) => void): this;
  /** Any other event of the service. */
  on(event: string, listener: (...datas: any[]) => void): this;
  on(event: string, listener: (...datas: any[]) => void): this {
    this.emitter.on(event, listener);
    return this;
  }

  /** Without a listener: nobody listens to the event any more. */
  off(event: string, listener?: (...datas: any[]) => void): this {
    this.emitter.off(event, listener);
    return this;
  }

  /** Asks the service. The callback is called once, with the refusal or with null and the answer. */
  emit(event: string, callback?: Callback): this;
  emit(event: string, payload: object, callback?: Callback): this;
  emit(event: string, payload?: unknown, callback?: Callback): this {
    if (typeof payload === 'function') return this.emit(event, undefined as never, payload as Callback);
    this.ask(event, payload, (err, datas) => {
      if (callback) callPage(callback, err, datas);
      else if (err && event !== 'typing') this.complain(err);
    });
    return this;
  }

  /** As `emit`, with a promise. After `timeout` milliseconds it rejects; a `chat` stays in the outbox even then. */
  request(event: string, payload?: object, options: { timeout?: number } = {}): Promise<any> {
    return new Promise((resolve, reject) => {
      let cancelTimer = (): void => {};
      const withdraw = this.ask(event, payload, (err, datas) => {
        cancelTimer();
        if (err) reject(err);
        else resolve(datas);
      });
      if (options.timeout === undefined) return;
      cancelTimer = this.settings.world.after(options.timeout, () => {
        withdraw();
        reject(new NodechatError(Codes.ASYNC_CALL_FAILED, 'no answer came in time'));
      });
    });
  }

  /** Enters a room, and stays in it over broken connections until `leave`. */
  async join(target: JoinTarget): Promise<Room> {
    return (await this.request('join', target)).data;
  }

  /** Resolves when the message is on disk, however long that takes. */
  send(roomid: string, msg: unknown, options: SendOptions = {}): Promise<Receipt> {
    return this.request('chat', { type: 'text', ...options, roomid, msg });
  }

  /** Messages at the positions from `start` on, oldest first. A negative start gives what is left before its end. */
  async history(roomid: string, start: number, limit = 10): Promise<Message[]> {
    return (await this.request('user', { type: 'viewchat', roomid, start, limit })).chat_msgs;
  }

  /** Marks as read what has been sent so far, or up to a position. */
  async markRead(roomid: string, pos?: number): Promise<void> {
    await this.request('mkread', pos === undefined ? { roomid } : { roomid, pos });
  }

  /** Hears no more of the room, once what was said there is stored. */
  async leave(roomid: string): Promise<void> {
    await this.request('leave', { roomid });
  }

  /** Uploads a file; what comes back is ready for `send(roomid, msg, {type})`. */
  upload(file: Blob, options: UploadOptions = {}): Promise<Uploaded> {
    return uploadFile(this.settings.address.api, this.settings.ticket, file, options);
  }

  /** The address of an image, for `<img src>`. */
  async imageUrl(path: string): Promise<string> {
    const { api } = this.settings.address;
    this.pictureBase ??= post(api + 'file/loadPicture', {}).then(({ picUrl }) => picUrl);
    try {
      return new URL((await this.pictureBase) + path, api).href;
    } catch (err) {
      this.pictureBase = undefined;
      throw err;
    }
  }

  /** The address of a file, for `<a href>`. */
  fileUrl(fileid: string): string {
    return this.settings.address.api + 'file/downLoadFile?id=' + encodeURIComponent(fileid);
  }

  /** What was said and is not stored yet, oldest first. */
  pending(roomid?: string): Outgoing[] {
    return this.outbox.pending(roomid);
  }

  /** Connects with another ticket, for example after `connect` was told 4003. What waits to be sent is kept. */
  renew(ticket: string): void {
    if (this.closed) return;
    this.settings.ticket = ticket;
    this.connection.dial();
  }

  /** Ends the channel. What was not stored yet fails. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.connection.close();
    const err = closedByPage();
    this.calls.failAll(err);
    this.outbox.failAll(err);
  }

  private up(session: Session, attempts: number): void {
    const again = this.session !== undefined;
    this.session = session;
    this.calls.flush();
    if (again) callPage(this.settings.reconnect, attempts);
    callPage(this.settings.connect, null, session);
    // After the callback: a room that the page has just asked for itself is not entered twice.
    if (!this.connection.open) return;
    this.rooms.up();
    this.outbox.pumpAll();
  }

  /** Gives back how to withdraw what was asked. */
  private ask(event: string, payload: unknown, answer: Callback): () => void {
    const nothing = (): void => {};
    if (this.closed) answer(closedByPage());
    else if (!isRecord(payload)) return this.askPlainly(event, payload, answer);
    else if (event === 'chat') this.outbox.add(payload, answer);
    else if (event === 'join') this.rooms.join(payload, answer);
    else if (event === 'leave') this.rooms.leave(payload, answer);
    else return this.askPlainly(event, payload, answer);
    return nothing;
  }

  private askPlainly(event: string, payload: unknown, answer: Callback): () => void {
    const call = { event, payload, repeatable: isRepeatable(event, payload), answer };
    this.calls.make(call);
    return () => this.calls.withdraw(call);
  }

  private complain(err: Error): void {
    callPage(this.settings.error, err);
  }
}

function isRecord(payload: unknown): payload is Record<string, unknown> {
  return typeof payload === 'object' && payload !== null && !Array.isArray(payload);
}

function closedByPage(): NodechatError {
  return new NodechatError(Codes.SOCKET_CALL_FAILED, 'the chat channel was closed by the page');
}

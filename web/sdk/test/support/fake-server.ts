// A server that keeps the contract in memory, on the official socket.io package, and misbehaves when it is told to.
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import type { Message, Outgoing } from '../../src/types.js';

type Ack = (err: unknown, datas?: unknown) => void;
type Payload = any;
/** Deals with one request instead of the ordinary answer; `usual` does the ordinary thing, `silent` drops its ack. */
type Twist = (payload: Payload, ack: Ack, usual: (silent?: 'silent') => void, socket: Socket) => void;

export class FakeServer {
  epoch = 'epoch-1';
  readonly rooms = new Map<string, Message[]>();
  /** Every request as it came. */
  readonly heard: { event: string; payload: Payload }[] = [];
  /** What the next connections are refused with. */
  readonly refusals: object[] = [];
  /** Tickets that were shown, one for each connection tried. */
  readonly tickets: string[] = [];
  /** What pages tell of themselves beside their tickets. */
  readonly arrivals: Record<string, unknown>[] = [];
  /** False: lets everybody in and never says `session`. */
  greets = true;
  /** How a live message travels to a socket that has joined. */
  deliver = (socket: Socket, message: { roomid: string; data: Message }): void => {
    socket.emit('chat', message);
  };
  private twists: { event: string; twist: Twist }[] = [];

  private constructor(
    private http: HttpServer,
    private io: Server,
  ) {}

  static async start(port = 0): Promise<FakeServer> {
    const http = createServer();
    const io = new Server(http, { cors: { origin: '*' } });
    const server = new FakeServer(http, io);
    io.use((socket, next) => server.admit(socket, next));
    io.on('connection', (socket) => server.serve(socket));
    await new Promise<void>((listening) => http.listen(port, '127.0.0.1', listening));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    await this.io.close();
  }

  /** The next request of this name is dealt with by `twist`. */
  next(event: string, twist: Twist): void {
    this.twists.push({ event, twist });
  }

  /** Cuts every connection without a word. */
  cut(): void {
    for (const socket of this.io.sockets.sockets.values()) socket.conn.close();
  }

  /** Ends every connection politely. */
  dismiss(): void {
    this.io.disconnectSockets();
  }

  get connections(): number {
    return this.io.sockets.sockets.size;
  }

  messages(roomid: string): Message[] {
    let messages = this.rooms.get(roomid);
    if (!messages) this.rooms.set(roomid, (messages = []));
    return messages;
  }

  texts(roomid: string): string[] {
    return this.messages(roomid).map(({ msg }) => msg);
  }

  requests(event: string): Payload[] {
    return this.heard.filter((request) => request.event === event).map(({ payload }) => payload);
  }

  /** Somebody else says something. */
  says(roomid: string, ...texts: string[]): void {
    for (const text of texts) this.store({ id: `of-agent-${this.messages(roomid).length}-${text}`, roomid, type: 'text', msg: text });
  }

  /** Sends any event to everybody. */
  tell(event: string, ...args: unknown[]): void {
    this.io.emit(event, ...args);
  }

  private admit(socket: Socket, next: (err?: Error) => void): void {
    const { ticket, atype, ...arrival } = socket.handshake.auth;
    this.tickets.push(ticket);
    this.arrivals.push(arrival);
    const refusal = this.refusals.shift() as { errmsg: string } | undefined;
    if (refusal) return next(Object.assign(new Error(refusal.errmsg), { data: refusal }));
    socket.data.atype = atype;
    next();
  }

  private serve(socket: Socket): void {
    const { atype } = socket.data;
    if (this.greets) socket.emit('session', { aid: 'u1', mid: 'm1', account: 'u1', nick: 'Ann', type: 'user', atype, time: 1, epoch: this.epoch });
    socket.onAny((event: string, ...args: unknown[]) => {
      const ack = args.pop() as Ack;
      const payload = args[0] as Payload;
      this.heard.push({ event, payload });
      const usual = (silent?: 'silent'): void => this.answer(socket, event, payload, silent ? () => {} : ack);
      const index = this.twists.findIndex((waiting) => waiting.event === event);
      if (index < 0) usual();
      else this.twists.splice(index, 1)[0]!.twist(payload, ack, usual, socket);
    });
  }

  private answer(socket: Socket, event: string, payload: Payload, ack: Ack): void {
    if (event === 'join') this.join(socket, payload, ack);
    else if (event === 'chat') this.chat(socket, payload, ack);
    else if (event === 'user' && payload.type === 'viewchat') this.viewchat(payload, ack);
    else if (event === 'mkread') ack(null, { success: true });
    else if (event === 'leave') {
      socket.leave(payload.roomid);
      ack(null, { success: true });
    } else if (event === 'fence') ack(null, {});
    else ack({ errcode: 3100, errmsg: 'no such call' });
  }

  private join(socket: Socket, { roomid, companyid, shopid, since, epoch, recalls }: Payload = {}, ack: Ack): void {
    const id = roomid ?? (companyid ?? shopid ? `/U2S_u1#${companyid ?? shopid}` : undefined);
    if (!id) return ack({ errcode: 4001, errmsg: 'roomid is missing' });
    socket.join(id);
    const all = this.messages(id);
    const msg_pos = Math.max(all.length - 10, 0);
    const data: Payload = {
      roomid: id,
      chat_msgs: all.slice(msg_pos),
      msg_pos,
      topic: 'Shop One',
      lsttime: all.at(-1)?.time ?? 0,
      members: [],
      epoch: this.epoch,
      reads: { user: -1, cs: -1 },
      next_pos: all.length,
      recalls: this.recalls(id).length,
    };
    if (recalls !== undefined) data.recalled = this.recalls(id).slice(recalls);
    if (since !== undefined) {
      const fits = (epoch === undefined || epoch === this.epoch) && since <= all.length;
      data.missed = fits ? all.slice(since, since + 500) : [];
      if (!fits || all.length - since > 500) data.gap = true;
    }
    ack(null, { roomid: id, data });
  }

  /** What was taken back in a room. */
  private recalls(roomid: string): { id: string; pos: number }[] {
    return this.messages(roomid).filter(({ mtype }) => mtype === 'recalled').map(({ id, pos }) => ({ id, pos: pos! }));
  }

  /** Somebody takes a message back: in the order of positions, for this server counts what it has. */
  takesBack(roomid: string, pos: number): void {
    const message = this.messages(roomid)[pos]!;
    Object.assign(message, { mtype: 'recalled', msg: null });
    this.io.to(roomid).emit('recall', { roomid, id: message.id, pos, recalls: this.recalls(roomid).length });
  }

  private chat(socket: Socket, payload: Outgoing, ack: Ack): void {
    if (!socket.rooms.has(payload.roomid)) return ack({ errcode: 4003, errmsg: 'not joined' });
    const { message, dup } = this.store(payload);
    const receipt = { success: true, id: message.id, pos: message.pos, time: message.time };
    ack(null, dup ? { ...receipt, dup } : receipt);
  }

  private store({ id, roomid, type, msg }: Outgoing): { message: Message; dup: boolean } {
    const all = this.messages(roomid);
    const known = all.find((message) => message.id === id);
    if (known) return { message: known, dup: true };
    const pos = all.length;
    const message: Message = { id, pos, type: 'usermsg', mtype: type, aid: 'u1', mid: 'm1', nick: 'Ann', time: 1_000 + pos, msg };
    all.push(message);
    for (const socket of this.io.sockets.sockets.values()) {
      if (socket.rooms.has(roomid)) this.deliver(socket, { roomid, data: message });
    }
    return { message, dup: false };
  }

  private viewchat({ roomid, start, limit = 10 }: Payload, ack: Ack): void {
    ack(null, { roomid, chat_msgs: this.messages(roomid).slice(Math.max(start, 0), Math.max(start + limit, 0)) });
  }
}

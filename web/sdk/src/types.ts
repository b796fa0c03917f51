// The shapes that a page sees: options, messages, answers, events.
import type { NodechatError } from './errors.js';

/** `uweb`, `uwap`: a visitor on PC or phone. `cweb`, `cwap`: an agent on PC or phone. */
export type AccountType = 'uweb' | 'uwap' | 'cweb' | 'cwap';

export type MessageKind = 'text' | 'image' | 'file' | 'voice' | 'video' | 'custom';

export interface NodechatOptions {
  /** Address of the service, such as `http://localhost:3100/`. Default: where the page came from. */
  server?: string;
  /** Prefix in front of `/socket.io`, normally empty. */
  path?: string;
  atype: AccountType;
  ticket: string;
  /** After every successful or refused connection, after each reconnection too. */
  connect?(err: NodechatError | null, datas?: Session): void;
  /** After each reconnection, with the number of attempts it took. */
  reconnect?(attempt: number): void;
  /** Trouble that no callback is told of: the network, or a room that may not be entered again. */
  error?(err: Error): void;
  /** Milliseconds to wait for one answer. Default 20,000. */
  timeout?: number;
  /** Ways to connect, in the order to be tried. Default `['polling', 'websocket']`. */
  transports?: ('polling' | 'websocket')[];
}

/** Who the ticket belongs to. */
export interface Session {
  aid: string;
  mid: string;
  account: string;
  nick: string;
  type: 'user' | 'cs';
  atype: AccountType;
  companyid?: string;
  /** The server's clock, milliseconds since 1970. */
  time: number;
  epoch: string;
}

export interface Message {
  id: string;
  /** Dense position in the room, from 0. Absent only in messages that are not part of the history. */
  pos?: number;
  type: 'usermsg' | 'csmsg' | 'csrmsg';
  mtype: MessageKind | 'recalled';
  aid: string;
  mid: string;
  nick: string;
  /** Milliseconds since 1970. */
  time: number;
  /** By `mtype`: a text, an image path, `{fileid, filename, filesize}`, and so on. */
  msg: any;
  quote?: string;
}

export interface Member {
  type: 'user' | 'cs';
  aid: string;
  mid: string;
  account: string;
  nick: string;
  status?: 'O' | 'B' | 'F';
}

/** Which room to enter: by its id, or the caller's own room with a company. */
export type JoinTarget =
  | { roomid: string }
  | { companyid: string; shopname?: string }
  | { shopid: string; shopname?: string };

export interface Room {
  roomid: string;
  /** The newest 10 messages, oldest first. */
  chat_msgs: Message[];
  /** Position of the first of `chat_msgs`. */
  msg_pos: number;
  topic: string;
  lsttime: number;
  members: Member[];
  epoch: string;
  /** Position of the last message that each side has read, -1 for none. */
  reads: { user: number; cs: number };
  /** Position that the next message of the room will get. */
  next_pos: number;
  /** How many messages of the room were taken back. */
  recalls?: number;
}

/** What is sent with `chat`, as it waits in the outbox. */
export interface Outgoing {
  id: string;
  roomid: string;
  type: MessageKind;
  msg: any;
  quote?: string;
}

export interface SendOptions {
  /** Default `text`. */
  type?: MessageKind;
  /** A uuid of the caller's own making; made up when absent. */
  id?: string;
  /** Id of the message that this one answers. */
  quote?: string;
}

/** The message is on disk. */
export interface Receipt {
  success: true;
  id: string;
  pos: number;
  time: number;
  dup?: true;
}

export interface ChatEvent {
  roomid: string;
  data: Message;
}

export interface ReadEvent {
  roomid: string;
  type: 'user' | 'cs';
  time: number;
  pos?: number;
}

/** A message has lost its body; it keeps its position. */
export interface RecallEvent {
  roomid: string;
  id: string;
  pos: number;
  /** How many of the room there are with this one. */
  recalls?: number;
}

/** What was missed cannot be handed over message by message: draw the room again from `data`. */
export interface GapEvent {
  roomid: string;
  /** `epoch`: the history was replaced. `beyond`: it ends before what was seen. `far`: too much was missed. */
  reason: 'epoch' | 'beyond' | 'far';
  data: Room;
}

export interface UploadOptions {
  /** Default: `image` for a file whose type begins with `image/`, else `file`. */
  kind?: 'image' | 'file';
  onProgress?(loaded: number, total: number): void;
  signal?: AbortSignal;
}

/** Ready for `send(roomid, msg, {type})`. */
export interface Uploaded {
  type: 'image' | 'file';
  /** An image's path, or `{fileid, filename, filesize}`. */
  msg: any;
}

/** A ticket with whom it belongs to. */
export interface Ticket {
  ticket: string;
  data: { aid: string; mid: string; account: string; nick: string; shopid?: string };
}

/** Called with the refusal, or with null and the answer. */
export type Callback = (err: NodechatError | null, datas?: any) => void;

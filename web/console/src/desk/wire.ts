// What the service says to an agent besides messages: rooms in lists, events of the desk, notes, people.

/** A room in a list. */
export interface Row {
  roomid: string;
  /** The visitor's name and account id. */
  topic: string;
  userid: string;
  /** Unread messages. */
  c: number;
  lsttime: number;
  chatid?: string;
  status?: 'waiting' | 'serving' | 'closed';
  /** Who serves or has served. */
  csid?: string;
  groupid?: string;
  begun?: number;
  ended?: number;
  position?: number;
  /** A colleague offers it to this agent. */
  offered?: boolean;
  rateresult?: Rating;
  vip?: boolean;
  /** Who has handed it over, with what note; of an offer, who offers it. */
  transfer?: { from: string; msg: string };
  left?: { msg: string; contact: string };
}

export type Rating = 'BEST' | 'GOOD' | 'JUSTSOSO' | 'BAD' | 'RUBBISH';

export type View = 'mine' | 'waiting' | 'all' | 'closed';

/** Online, busy, offline. */
export type Status = 'O' | 'B' | 'F';

export const STATUSES: Status[] = ['O', 'B', 'F'];

export interface Note {
  number: number;
  id: string;
  aid: string;
  nick: string;
  time: number;
  msg: string;
}

export interface AssignEvent {
  type: 'assign' | 'transfer';
  roomid: string;
  topic: string;
  chatid: string;
  msg?: string;
  from?: string;
}

export interface ServiceEvent {
  type: string;
  roomid?: string;
  chatid?: string;
  cs?: { aid: string; nick: string };
  csid?: string;
  status?: 0 | 1 | 2;
  reason?: string;
  by?: string;
  waiting?: number;
  serving?: number;
  rateresult?: Rating;
}

export interface Colleague {
  aid: string;
  nick: string;
  role: string;
  cap?: number | null;
  active: boolean;
}

export interface Group {
  id: string;
  name: string;
  members: string[];
}

export interface Company {
  id: string;
  name: string;
  settings: Record<string, string | number | boolean>;
}

export interface CannedReply {
  id: string;
  personal: boolean;
  shortcut: string;
  title: string;
  text: string;
}

export interface VisitorCard {
  aid: string;
  account: string;
  nick: string;
  roomid: string;
  attributes?: Record<string, unknown> | null;
  tags: string[];
  arrival?: { atype: string; browser?: string | null; page?: string | null; referrer?: string | null; ip: string; time: number } | null;
}

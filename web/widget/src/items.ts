// What stands in the log: the room's messages, what is still on its way, and what only this page says.
import type { Message } from 'nodechat';

export type Side = 'user' | 'cs' | 'company' | 'line';
export type State = 'sent' | 'sending' | 'uploading' | 'failed';

export interface Item {
  id: string;
  /** Where it stands: its position in the room; half a step behind one for what is in no history; none while on its way. */
  order: number;
  side: Side;
  aid: string;
  nick: string;
  time: number;
  /** As on the wire; `questions` is a card with questions, `line` a sentence in the middle. */
  mtype: string;
  msg: any;
  quote?: string | undefined;
  state: State;
  /** Why it failed, in words. */
  reason?: string;
  /** Sending it again would fail in the same way. */
  hopeless?: boolean;
  upload?: Upload;
}

/** What is uploaded: shown from the local copy, so that nothing flickers when it is there. */
export interface Upload {
  file: File;
  url?: string;
  width: number;
  height: number;
  /** Seconds, of a recorded voice. */
  voice?: number;
  /** Of a video. */
  seconds?: number;
}

export interface Group {
  title: string;
  subItmes: { id: string; subTitle: string }[];
}

/** Takes messages from the server, each once, into what is known. */
export function take(known: Item[], messages: Message[], company: string): Item[] {
  const byId = new Map(known.map((item) => [item.id, item]));
  for (const message of messages) {
    if (message.pos === undefined) continue;
    const { id, pos, aid, nick, time, mtype, msg, quote } = message;
    const side = message.type === 'usermsg' ? 'user' : aid === company ? 'company' : 'cs';
    const { upload } = byId.get(id) ?? {};
    byId.set(id, { id, order: pos, side, aid, nick, time, mtype, msg, quote, state: 'sent', ...(upload && { upload }) });
  }
  return sorted([...byId.values()]);
}

/** Puts one in, or another version of one. */
export function put(known: Item[], item: Item): Item[] {
  return sorted(known.some(({ id }) => id === item.id) ? known.map((one) => (one.id === item.id ? item : one)) : [...known, item]);
}

export function without(known: Item[], id: string): Item[] {
  return known.filter((item) => item.id !== id);
}

/** The body is gone, the place stays. */
export function recalled(known: Item[], id: string): Item[] {
  return known.map((item) => (item.id === id ? { ...item, mtype: 'recalled', msg: null } : item));
}

/** Right behind the newest message that is stored. */
export function behindAll(known: Item[]): number {
  return known.reduce((last, { order }) => (order < Infinity ? Math.max(last, Math.floor(order)) : last), -1) + 0.5;
}

/** What more there is than this is not kept on the page. */
export const HELD = 200;

/** At most `HELD` of what is stored; `newest`: the oldest goes. What is on its way stays. */
export function trimmed(known: Item[], newest: boolean): Item[] {
  const much = known.length - HELD;
  if (much <= 0) return known;
  const waiting = known.filter(({ order }) => order === Infinity).length;
  return newest ? known.slice(much) : [...known.slice(0, HELD - waiting), ...known.slice(known.length - waiting)];
}

export const isStored = ({ order }: Item): boolean => Number.isInteger(order);

/** The position of the last message that is held, -1 for none. */
export function lastPosition(known: Item[]): number {
  return known.reduce((last, item) => (isStored(item) ? item.order : last), -1);
}

/** The position of the last message of the other side, -1 for none. */
export function lastOfOthers(known: Item[]): number {
  return known.reduce((last, { order, side }) => (Number.isInteger(order) && side !== 'user' ? Math.max(last, order) : last), -1);
}

/** The position of the last message at or before a time, -1 for none. */
export function positionAt(known: Item[], time: number): number {
  return known.reduce((last, item) => (Number.isInteger(item.order) && item.time <= time ? item.order : last), -1);
}

/** What is on its way stands at the end, as it was written. */
function sorted(items: Item[]): Item[] {
  // Two that are on their way have no difference.
  return items.sort((a, b) => a.order - b.order || a.time - b.time);
}

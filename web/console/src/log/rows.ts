// What stands in the log of a room, line by line, made from messages, notes and what is on its way. Pure: no page, no clock.
import type { Message } from 'nodechat';
import { dayKey } from '../../../start/src/demo/times';
import type { Pending } from '../desk/room';
import type { Note } from '../desk/wire';

export type LogRow =
  | { kind: 'day'; key: string; time: number }
  | { kind: 'new'; key: string }
  | { kind: 'bot'; key: string; first: string; count: number; at: number }
  | { kind: 'message'; key: string; message: Message; from: From; head: boolean; tail: boolean; read: boolean; quoted: Quoted | undefined }
  | { kind: 'note'; key: string; note: Note; own: boolean }
  | { kind: 'pending'; key: string; pending: Pending; head: boolean; quoted: Quoted | undefined };

/** The visitor, this agent, a colleague, the company's bot. */
export type From = 'visitor' | 'own' | 'colleague' | 'bot';

export interface Quoted {
  id: string;
  /** Undefined when the message is not loaded. */
  message: Message | undefined;
}

export interface LogInput {
  messages: Message[];
  /** More was said since, which is not among the messages. */
  isPast?: boolean;
  notes: Note[];
  pending: Pending[];
  /** This agent, and the company. */
  me: string;
  company: string;
  /** Position of the last message that the visitor has read. */
  readByVisitor: number;
  newFrom: number | undefined;
  /** Whether the bot's part is unfolded. */
  botOpen: (at: number) => boolean;
}

/** One person within three minutes is a run: its face is on the first, its time and mark on the last. */
const RUN_MS = 3 * 60_000;
/** So few messages of the bot's part are not worth folding. */
const FOLD_FROM = 3;

export function logRows(input: LogInput): LogRow[] {
  const { messages, me, company } = input;
  const byId = new Map(messages.map((message) => [message.id, message]));
  const quoted = (id: string | undefined): Quoted | undefined => (id ? { id, message: byId.get(id) } : undefined);
  const lastRead = lastReadOwn(input);
  const folds = botParts(messages, company);
  const notes = notesBetween(input);
  const rows: LogRow[] = [];
  let day = '';
  let before = NaN;
  const dated = (time: number): void => {
    // Most lines are of the minute of the line before; a day is only made out for the others.
    const minute = Math.floor(time / 60_000);
    if (minute === before) return;
    before = minute;
    if (dayKey(time) === day) return;
    day = dayKey(time);
    rows.push({ kind: 'day', key: `day ${day}`, time });
  };
  const noted = (before: number): void => {
    while (notes[0] && notes[0].time < before) {
      const note = notes.shift() as Note;
      dated(note.time);
      rows.push({ kind: 'note', key: `note ${note.number}`, note, own: note.aid === me });
    }
  };

  for (let at = 0; at < messages.length; at += 1) {
    const message = messages[at] as Message;
    noted(message.time);
    dated(message.time);
    if (message.pos === input.newFrom) rows.push({ kind: 'new', key: 'new' });
    const fold = folds.get(at);
    if (fold) {
      // Whether it is unfolded is no part of the line: that stays the same one, and its button keeps the focus.
      rows.push({ kind: 'bot', key: `bot ${message.pos}`, first: String(message.msg ?? ''), count: fold.answers, at: message.pos ?? 0 });
      if (!input.botOpen(message.pos ?? 0)) {
        at = fold.end;
        continue;
      }
    }
    const last = rows.at(-1);
    const head = !(last?.kind === 'message' && sameRun(last.message, message));
    if (!head && last?.kind === 'message') last.tail = false;
    rows.push({ kind: 'message', key: message.id, message, from: fromWhom(message, me, company), head, tail: true, read: message.pos === lastRead, quoted: quoted(message.quote) });
  }
  noted(Infinity);
  for (const pending of input.isPast ? [] : input.pending) {
    if (byId.has(pending.id)) continue;
    dated(pending.time);
    const last = rows.at(-1);
    rows.push({ kind: 'pending', key: pending.id, pending, head: !(last?.kind === 'pending' || (last?.kind === 'message' && last.from === 'own')), quoted: quoted(pending.quote) });
  }
  return rows;
}

/** The same rows as objects of before where nothing in them has changed, so that what is drawn of them stays. */
export function keepSame(before: LogRow[], now: LogRow[]): LogRow[] {
  const known = new Map(before.map((row) => [row.key, row]));
  return now.map((row) => {
    const old = known.get(row.key);
    return old && sameRow(old, row) ? old : row;
  });
}

export function fromWhom(message: Message, me: string, company: string): From {
  if (message.type === 'usermsg') return 'visitor';
  if (message.aid === company) return 'bot';
  return message.aid === me ? 'own' : 'colleague';
}

/** Since when the visitor waits for a word of an agent; undefined when an agent spoke last. */
export function waitsSince(messages: Message[], company: string): number | undefined {
  let since: number | undefined;
  for (let at = messages.length - 1; at >= 0; at -= 1) {
    const message = messages[at] as Message;
    if (message.type === 'usermsg') since = message.time;
    else if (message.aid !== company) break;
  }
  return since;
}

function sameRun(one: Message, other: Message): boolean {
  return one.aid === other.aid && one.type === other.type && other.time - one.time < RUN_MS && dayKey(one.time) === dayKey(other.time);
}

function lastReadOwn({ messages, readByVisitor, company }: LogInput): number | undefined {
  for (let at = messages.length - 1; at >= 0; at -= 1) {
    const { pos = -1, type, aid } = messages[at] as Message;
    if (type === 'csmsg' && aid !== company && pos <= readByVisitor) return pos;
  }
  return undefined;
}

/** Where a part begins in which bot and visitor talk without an agent, with the index of its last answer of the bot. */
function botParts(messages: Message[], company: string): Map<number, { end: number; answers: number }> {
  const parts = new Map<number, { end: number; answers: number }>();
  let start: number | undefined;
  let end = -1;
  let answers = 0;
  const close = (): void => {
    if (start !== undefined && end - start + 1 >= FOLD_FROM) parts.set(start, { end, answers });
    start = undefined;
    end = -1;
    answers = 0;
  };
  messages.forEach((message, at) => {
    const isBot = message.type === 'csmsg' && message.aid === company;
    if (message.type === 'csmsg' && !isBot) return close();
    start ??= at;
    if (!isBot) return;
    end = at;
    answers += 1;
  });
  close();
  return parts;
}

/** Notes that belong beside what is loaded: those of its time, all before it when it is loaded from the room's beginning, all behind it when that is the end. */
function notesBetween({ messages, notes, isPast }: LogInput): Note[] {
  const [first, last] = [messages[0], messages.at(-1)];
  if (!first || !last) return [...notes];
  return notes.filter(({ time }) => (first.pos === 0 || time >= first.time) && (!isPast || time < last.time));
}

function sameRow(one: LogRow, other: LogRow): boolean {
  const keys = Object.keys(other) as (keyof LogRow)[];
  return keys.every((key) => one[key] === other[key] || (String(key) === 'quoted' && sameQuoted(one, other)));
}

function sameQuoted(one: LogRow, other: LogRow): boolean {
  if (!('quoted' in one && 'quoted' in other)) return false;
  return one.quoted?.id === other.quoted?.id && one.quoted?.message === other.quoted?.message;
}

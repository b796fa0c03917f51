// The rows of a log: messages grouped into runs, with day separators and the "new" line between them.
import type { Item } from './history';
import { dayKey } from './times';
import type { Reads, Side } from './wire';

export type Mark = 'sending' | 'waiting' | 'uploading' | 'failed' | 'sent' | 'read';

export type Row =
  | { kind: 'day'; key: string; time: number }
  | { kind: 'new'; key: string }
  | {
      kind: 'message';
      key: string;
      item: Item;
      own: boolean;
      /** The first of its run shows the face, the last the time and the mark. */
      first: boolean;
      last: boolean;
      /** Only own messages have a mark, and only where it says something. */
      mark: Mark | null;
    };

export interface Reader {
  side: Side;
  reads: Reads;
  /** Where the "new" line stands; null for none. */
  newFrom: number | null;
  online: boolean;
}

/** Messages of one person belong together while no more than this lies between them. */
export const RUN_MS = 3 * 60 * 1000;

export function rows(items: Item[], reader: Reader): Row[] {
  const result: Row[] = [];
  const newId = firstNew(items, reader);
  items.forEach((item, at) => {
    const before = items[at - 1];
    const after = items[at + 1];
    if (!before || dayKey(before.time) !== dayKey(item.time)) result.push({ kind: 'day', key: `day ${dayKey(item.time)}`, time: item.time });
    if (item.id === newId) result.push({ kind: 'new', key: 'new' });
    const first = !before || item.id === newId || !sameRun(before, item);
    const last = !after || after.id === newId || !sameRun(item, after);
    const own = item.side === reader.side;
    result.push({ kind: 'message', key: item.id, item, own, first, last, mark: own ? markOf(item, after, last, reader) : null });
  });
  return result;
}

function sameRun(a: Item, b: Item): boolean {
  return a.side === b.side && a.aid === b.aid && dayKey(a.time) === dayKey(b.time) && Math.abs(b.time - a.time) <= RUN_MS;
}

function firstNew(items: Item[], reader: Reader): string | null {
  const { newFrom } = reader;
  if (newFrom === null) return null;
  return items.find((item) => item.pos !== null && item.pos >= newFrom && item.side !== reader.side)?.id ?? null;
}

function markOf(item: Item, after: Item | undefined, last: boolean, reader: Reader): Mark | null {
  if (item.state === 'failed') return 'failed';
  if (item.state === 'uploading') return 'uploading';
  if (item.state === 'sending') return reader.online ? (last ? 'sending' : null) : 'waiting';
  if (isRead(item, reader)) return last || (after && !isRead(after, reader)) ? 'read' : null;
  return last || after?.state !== 'sent' ? 'sent' : null;
}

function isRead(item: Item, reader: Reader): boolean {
  const other = reader.side === 'user' ? 'cs' : 'user';
  return item.pos !== null && item.pos <= reader.reads[other];
}

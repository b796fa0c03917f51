// The rows of the log: items grouped into runs, with day separators and the "new" line between them.
import { dayKey } from '../../start/src/demo/times';
import type { Item } from './items';

export type Mark = 'sending' | 'waiting' | 'uploading' | 'failed' | 'sent' | 'read';

export type Row =
  | { kind: 'day'; key: string; time: number }
  | { kind: 'new'; key: string }
  | {
      kind: 'item';
      key: string;
      item: Item;
      /** The first of its run shows the face, the last the time and the mark. */
      first: boolean;
      last: boolean;
      /** Only own messages have a mark, and only where it says something. */
      mark: Mark | undefined;
    };

export interface Reader {
  /** Position of the last message that an agent has read. */
  read: number;
  /** Where the "new" line stands; none when undefined. */
  newFrom?: number | undefined;
  online: boolean;
}

/** Messages of one person belong together while no more than this lies between them. */
export const RUN_MS = 180_000;

export function rows(items: Item[], reader: Reader): Row[] {
  const result: Row[] = [];
  const { newFrom } = reader;
  const fresh = newFrom === undefined ? undefined : items.find(({ order, side }) => order >= newFrom && side !== 'user' && side !== 'line');
  items.forEach((item, at) => {
    const before = items[at - 1];
    const after = items[at + 1];
    const day = dayKey(item.time);
    if (!before || dayKey(before.time) !== day) result.push({ kind: 'day', key: `day ${day}`, time: item.time });
    if (item === fresh) result.push({ kind: 'new', key: 'new' });
    const first = !before || item === fresh || !isRun(before, item);
    const last = !after || after === fresh || !isRun(item, after);
    const mark = item.side === 'user' && item.mtype !== 'recalled' ? markOf(item, after, last, reader) : undefined;
    result.push({ kind: 'item', key: item.id, item, first, last, mark });
  });
  return result;
}

function isRun(a: Item, b: Item): boolean {
  return a.side === b.side && a.side !== 'line' && a.aid === b.aid && dayKey(a.time) === dayKey(b.time) && Math.abs(b.time - a.time) <= RUN_MS;
}

function markOf(item: Item, after: Item | undefined, last: boolean, reader: Reader): Mark | undefined {
  if (item.state === 'sending') return reader.online ? (last ? 'sending' : undefined) : 'waiting';
  if (item.state !== 'sent') return item.state;
  if (item.order <= reader.read) return last || !after || after.order > reader.read ? 'read' : undefined;
  return last || after?.state !== 'sent' ? 'sent' : undefined;
}

// In which order rooms stand in the list, and how that order is held while somebody aims at a row.
import type { Row } from './wire';

export interface Standing {
  row: Row;
  /** Whether the visitor spoke last, and since when it waits for an answer. */
  waitsSince: number | undefined;
}

export interface Parted {
  toAnswer: Row[];
  theirs: Row[];
}

/** Own rooms: those that wait for an answer, the newest word on top, before those in which the visitor has the next word. */
export function part(standings: Standing[]): Parted {
  const newestFirst = [...standings].sort((one, other) => other.row.lsttime - one.row.lsttime || (one.row.roomid < other.row.roomid ? -1 : 1));
  return {
    toAnswer: newestFirst.filter(({ row, waitsSince }) => row.offered || waitsSince !== undefined).map(({ row }) => row),
    theirs: newestFirst.filter(({ row, waitsSince }) => !row.offered && waitsSince === undefined).map(({ row }) => row),
  };
}

/** What is shown while the order is held: what is gone goes, nothing moves and nothing comes in; `changes` says how much is held back. */
export function hold(shown: string[], next: string[]): { order: string[]; changes: number } {
  const there = new Set(next);
  const order = shown.filter((key) => there.has(key));
  const was = new Set(shown);
  const come = next.filter((key) => !was.has(key)).length;
  const sameOnes = next.filter((key) => was.has(key));
  const moved = order.filter((key, at) => sameOnes[at] !== key).length;
  return { order, changes: come + (moved > 0 ? 1 : 0) };
}

export type Urgency = '' | 'warn' | 'bad';

/** Amber from three minutes on, red from five. */
export function urgency(waitedMs: number): Urgency {
  if (waitedMs >= 5 * 60_000) return 'bad';
  return waitedMs >= 3 * 60_000 ? 'warn' : '';
}

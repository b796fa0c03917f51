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

/** How much is held back while the order stays as it is shown: rows that came, rows that are gone, and, as one, that others have another place. */
export function heldBack(shown: string[], next: string[]): number {
  const [was, is] = [placed(shown), placed(next)];
  const stayed = [...was.keys()].filter((key) => is.has(key));
  const stays = [...is.keys()].filter((key) => was.has(key));
  const moved = stayed.some((key, at) => stays[at] !== key || was.get(key) !== is.get(key));
  return is.size - stays.length + (was.size - stayed.length) + (moved ? 1 : 0);
}

/** The rows, each with the heading that it stands under. */
function placed(lines: string[]): Map<string, string> {
  const rows = new Map<string, string>();
  let head = '';
  for (const line of lines) {
    // Ids of rooms begin with a slash.
    if (line.startsWith('/')) rows.set(line, head);
    else head = line;
  }
  return rows;
}

export type Urgency = '' | 'warn' | 'bad';

/** Amber from three minutes on, red from five. */
export function urgency(waitedMs: number): Urgency {
  if (waitedMs >= 5 * 60_000) return 'bad';
  return waitedMs >= 3 * 60_000 ? 'warn' : '';
}

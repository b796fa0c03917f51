// What was written and is not on the server yet, kept over a reload; sent again under the same id it cannot arrive twice.
import type { Item } from './items';
import type { Kept } from './kept';

/** With a reason: it was refused, and is said again only when that is asked for. */
type Unsent = Pick<Item, 'id' | 'mtype' | 'msg' | 'time' | 'quote' | 'reason'>;

export interface UnsentList {
  all(): Unsent[];
  add(item: Item): void;
  remove(id: string): void;
}

/** `account`: whose words they are; another person on this device does not say them. */
export function unsentOf(kept: Kept, account: string): UnsentList {
  const name = `unsent/${account}`;
  // Read anew each time: another tab of the same person writes here, too.
  const all = (): Unsent[] => {
    try {
      const list: unknown = JSON.parse(kept.get(name) ?? '[]');
      return Array.isArray(list) ? list.filter(isUnsent) : [];
    } catch {
      return []; // not ours, or cut off by a full disk: nothing that could be sent
    }
  };
  const write = (list: Unsent[]): void => kept.set(name, list.length ? JSON.stringify(list) : null);
  const remove = (id: string): void => {
    const list = all();
    const rest = list.filter((one) => one.id !== id);
    if (rest.length < list.length) write(rest);
  };
  return {
    all,
    remove,
    add({ id, mtype, msg, time, quote, state, reason }) {
      write([...all().filter((one) => one.id !== id), { id, mtype, msg, time, ...(quote && { quote }), ...(state === 'failed' && { reason: reason! }) }]);
    },
  };
}

function isUnsent(value: unknown): value is Unsent {
  const { id, mtype, msg, time } = Object(value) as Partial<Unsent>;
  return typeof id === 'string' && typeof mtype === 'string' && msg !== undefined && typeof time === 'number';
}

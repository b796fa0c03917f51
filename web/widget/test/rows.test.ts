// The rows of the log: days, runs, the "new" line, and what is said of own messages.
import { expect, it } from 'vitest';
import type { Item } from '../src/items';
import { rows, RUN_MS } from '../src/rows';

const NOON = new Date(2026, 10, 21, 12).getTime();
const item = (order: number, more: Partial<Item> = {}): Item => ({ id: `m${order}`, order, side: 'cs', aid: 'a', nick: 'A', time: NOON + order * 1000, mtype: 'text', msg: '', state: 'sent', ...more });
const own = (order: number, more: Partial<Item> = {}): Item => item(order, { side: 'user', aid: 'u', ...more });
const reader = { read: -1, online: true };
const shape = (items: Item[], more = {}) => rows(items, { ...reader, ...more }).map((row) => (row.kind === 'item' ? `${row.key}${row.first ? ' first' : ''}${row.last ? ' last' : ''}` : row.kind));
const marks = (items: Item[], more = {}) => rows(items, { ...reader, ...more }).flatMap((row) => (row.kind === 'item' ? [row.mark] : []));

it('a day begins with its name', () => {
  expect(shape([item(0), item(1, { time: NOON + 86_400_000 })])).toEqual(['day', 'm0 first last', 'day', 'm1 first last']);
});

it('one person within three minutes is one run', () => {
  expect(shape([item(0), item(1), item(2, { time: NOON + 2 * RUN_MS }), own(3, { time: NOON + 2 * RUN_MS })])).toEqual(['day', 'm0 first', 'm1 last', 'm2 first last', 'm3 first last']);
});

it('the "new" line stands before the first message of others that was not seen, and breaks a run', () => {
  expect(shape([item(0), item(1), item(2)], { newFrom: 1 })).toEqual(['day', 'm0 first last', 'new', 'm1 first', 'm2 last']);
  expect(shape([item(0), own(1), item(2)], { newFrom: 1 })).toContain('new');
  expect(shape([item(0), item(1)], { newFrom: Infinity })).not.toContain('new');
});

it('only the last read message of a run says so', () => {
  expect(marks([own(0), own(1), own(2)], { read: 1 })).toEqual([undefined, 'read', 'sent']);
  expect(marks([own(0), own(1)], { read: 5 })).toEqual([undefined, 'read']);
});

it('without network what is on its way waits, and nothing says failed', () => {
  const going = [own(Infinity, { id: 'x', time: NOON, state: 'sending' }), own(Infinity, { id: 'y', time: NOON, state: 'sending' })];
  expect(marks(going)).toEqual([undefined, 'sending']);
  expect(marks(going, { online: false })).toEqual(['waiting', 'waiting']);
  expect(marks([own(Infinity, { time: NOON, state: 'failed' })], { online: false })).toEqual(['failed']);
});

it('messages of others and what was taken back have no mark', () => {
  expect(marks([item(0), own(1, { mtype: 'recalled' })])).toEqual([undefined, undefined]);
});

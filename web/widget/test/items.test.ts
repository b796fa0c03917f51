// What stands in the log: every message once and in order, own words at the end until they have their place.
import { expect, it } from 'vitest';
import type { Message } from 'nodechat';
import { behindAll, HELD, lastOfOthers, lastPosition, put, recalled, take, trimmed, without, type Item } from '../src/items';

const said = (pos: number, more: Partial<Message> = {}): Message => ({ id: `m${pos}`, pos, type: 'csmsg', mtype: 'text', aid: 'a1', mid: '', nick: '陈默', time: 1000 * pos, msg: `word ${pos}`, ...more });
const own = (id: string, more: Partial<Item> = {}): Item => ({ id, order: Infinity, side: 'user', aid: 'u', nick: '', time: 1, mtype: 'text', msg: id, state: 'sending', ...more });
const ids = (items: Item[]) => items.map(({ id }) => id);

it('messages that come twice or in any order stand once and in order', () => {
  const items = take(take([], [said(2), said(0)], 'shop'), [said(1), said(2)], 'shop');
  expect(ids(items)).toEqual(['m0', 'm1', 'm2']);
});

it('what is on its way stands at the end as it was written, and takes its place when it is stored', () => {
  let items = put(put(take([], [said(0)], 'shop'), own('x')), own('y'));
  items = take(items, [said(1), said(2, { id: 'y', type: 'usermsg' })], 'shop');
  expect(ids(items)).toEqual(['m0', 'm1', 'y', 'x']);
  expect(items[2]!.state).toBe('sent');
});

it('the company, its people and the visitor are told apart', () => {
  const items = take([], [said(0, { aid: 'shop' }), said(1), said(2, { type: 'usermsg', aid: 'u' })], 'shop');
  expect(items.map(({ side }) => side)).toEqual(['company', 'cs', 'user']);
  expect(lastOfOthers(items)).toBe(1);
});

it('what is in no history stands behind what was there, and counts for no position', () => {
  const before = take([], [said(0), said(1)], 'shop');
  let items = put(before, own('line', { side: 'line', order: behindAll(before) }));
  items = take(items, [said(2)], 'shop');
  expect(ids(items)).toEqual(['m0', 'm1', 'line', 'm2']);
  expect(lastOfOthers(items)).toBe(2);
  expect(ids(take([], [{ ...said(0), pos: undefined as never }], 'shop'))).toEqual([]);
});

it('a message that was taken back keeps its place and loses its words', () => {
  const items = recalled(take([], [said(0), said(1)], 'shop'), 'm0');
  expect([items[0]!.mtype, items[0]!.msg]).toEqual(['recalled', null]);
  expect(ids(without(items, 'm0'))).toEqual(['m1']);
});

it('more than a page can bear is let go at one end, and never what is on its way', () => {
  const many = put(put(take([], Array.from({ length: HELD + 50 }, (_, pos) => said(pos)), 'shop'), own('x')), own('y'));
  const newest = trimmed(many, true);
  const oldest = trimmed(many, false);
  expect([newest.length, oldest.length]).toEqual([HELD, HELD]);
  expect([newest[0]!.id, ...ids(newest).slice(-2)]).toEqual(['m52', 'x', 'y']);
  expect([oldest[0]!.id, ...ids(oldest).slice(-2)]).toEqual(['m0', 'x', 'y']);
  expect([lastPosition(newest), lastPosition(oldest)]).toEqual([HELD + 49, HELD - 3]);
  expect(trimmed(newest, true)).toBe(newest);
});

it('what is taken up again stands where it was written', () => {
  const items = put(put(take([], [said(0)], 'shop'), own('later', { time: 9 })), own('earlier', { time: 5 }));
  expect(ids(items)).toEqual(['m0', 'earlier', 'later']);
});

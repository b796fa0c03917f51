// What was written and not sent outlives a reload, for the one who wrote it.
import { expect, it } from 'vitest';
import type { Item } from '../src/items';
import type { Kept } from '../src/kept';
import { unsentOf } from '../src/unsent';

function kept(map = new Map<string, string>()): Kept {
  return { get: (name) => map.get(name) ?? null, set: (name, value) => void (value ? map.set(name, value) : map.delete(name)) };
}
const item = (id: string): Item => ({ id, order: Infinity, side: 'user', aid: 'u', nick: '', time: 7, mtype: 'text', msg: `words of ${id}`, state: 'sending' });

it('is there after a reload, in the order of writing, until it is on the server', () => {
  const shelf = kept();
  const list = unsentOf(shelf, 'u');
  for (const id of ['a', 'b', 'a']) list.add(item(id));
  expect(unsentOf(shelf, 'u').all().map(({ id }) => id)).toEqual(['b', 'a']);
  list.remove('b');
  list.remove('never there');
  expect(unsentOf(shelf, 'u').all()).toEqual([{ id: 'a', mtype: 'text', msg: 'words of a', time: 7 }]);
});

it('why it was refused is known after a reload, until it is sent again', () => {
  const shelf = kept();
  const list = unsentOf(shelf, 'u');
  const refused: Item = { ...item('a'), state: 'failed', reason: 'not allowed' };
  list.add(refused);
  expect(unsentOf(shelf, 'u').all()).toMatchObject([{ id: 'a', reason: 'not allowed' }]);
  list.add({ ...refused, state: 'sending' });
  expect(unsentOf(shelf, 'u').all()).toEqual([{ id: 'a', mtype: 'text', msg: 'words of a', time: 7 }]);
});

it('is not said by another person on the same device', () => {
  const shelf = kept();
  unsentOf(shelf, 'u').add(item('a'));
  expect(unsentOf(shelf, 'somebody else').all()).toEqual([]);
});

it('a list that cannot be read is an empty one', () => {
  const shelf = kept();
  for (const text of ['{', '7', '[{"id":1}]', 'null']) {
    shelf.set('unsent/u', text);
    expect(unsentOf(shelf, 'u').all()).toEqual([]);
  }
});

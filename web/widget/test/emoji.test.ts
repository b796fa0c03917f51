// The emoji panel: the last ones first, and arrow keys that go where they point.
import { expect, it } from 'vitest';
import { EMOJI, recentOf, step, used } from '../src/more/emoji-list';

it('each is there once', () => {
  expect(new Set(EMOJI).size).toBe(EMOJI.length);
});

it('the last one used comes first, one row of them is kept, and nothing that is none', () => {
  let recent = recentOf('😀 <b> 👍');
  expect(recent).toEqual(['😀', '👍']);
  for (const emoji of [...EMOJI.slice(0, 9), '👍']) recent = used(recent, emoji);
  expect(recent).toHaveLength(8);
  expect(recent.slice(0, 2)).toEqual(['👍', EMOJI[8]]);
  expect(recentOf(null)).toEqual([]);
});

it.each([
  [0, 'ArrowRight', 1],
  [0, 'ArrowLeft', 0],
  [2, 'ArrowDown', 5],
  [9, 'ArrowUp', 2],
  [10, 'ArrowUp', 2],
  [12, 'ArrowDown', 12],
  [9, 'ArrowDown', 12],
  [4, 'End', 12],
  [4, 'Home', 0],
  [4, 'a', undefined],
])('in rows of 3, 8 and 2: from %i with %s to %s', (from, key, to) => {
  expect(step([3, 8, 2], from, key)).toBe(to);
});

// The bot's rules and the retention: what people write is what is sent, and what cannot be undone is known before.
import { describe, expect, it } from 'vitest';
import { groupsOf, linesOf, textOfGroups, threshold } from '../src/admin/bot-rules';
import { goesBefore, keepsLess } from '../src/admin/retention';

describe('words that mean the same', () => {
  it('come back as they were', () => {
    const groups = [
      ['退款', '退钱'],
      ['money back', 'refund'],
    ];
    expect(textOfGroups(groups)).toBe('退款，退钱\nmoney back, refund');
    expect(groupsOf(textOfGroups(groups))).toEqual(groups);
  });

  it('may be written with any comma, and a lonely word is left out', () => {
    expect(groupsOf('a、b；c\n\n alone \nx, x, y')).toEqual([
      ['a', 'b', 'c'],
      ['x', 'y'],
    ]);
  });

  it('stand on lines of their own', () => {
    expect(linesOf(' 人工 \n\nagent')).toEqual(['人工', 'agent']);
  });
});

it('a threshold is said in words', () => {
  expect([0, 199, 200, 499, 500, 1000].map(threshold)).toEqual(['low', 'low', 'middle', 'middle', 'high', 'high']);
});

describe('keeping messages', () => {
  it('for fewer days cannot be undone', () => {
    expect(keepsLess(0, 30)).toBe(true);
    expect(keepsLess(60, 30)).toBe(true);
    expect(keepsLess(30, 60)).toBe(false);
    expect(keepsLess(30, 0)).toBe(false);
    expect(keepsLess(0, 0)).toBe(false);
  });

  it('ends somewhere, whatever is typed', () => {
    expect(goesBefore(1, 86_400_000)).toBe(0);
    expect(Number.isNaN(new Date(goesBefore(1e300, Date.now())).getTime())).toBe(false);
  });
});

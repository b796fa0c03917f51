// Numbers: what is nothing is not 0, and every day has a value.
import { describe, expect, it } from 'vitest';
import { marked } from '../src/admin/snippet';
import { dateOf, daysBetween, evenly, isPlausible, mean, satisfied, series, type Numbers } from '../src/admin/figures';

describe('numbers', () => {
  it('have no mean where nothing was counted', () => {
    expect(mean(0, 0)).toBeUndefined();
    expect(mean(9_000, 3)).toBe(3_000);
  });

  it('count the two best ratings as satisfied, and none as nothing', () => {
    expect(satisfied([2, 1, 0, 0, 1])).toBe(0.75);
    expect(satisfied([0, 0, 0, 0, 0])).toBeUndefined();
  });

  it('belong to the day that the company has', () => {
    const evening = Date.UTC(2026, 10, 30, 17);
    expect(['Asia/Shanghai', 'Europe/Berlin', 'America/New_York'].map((zone) => dateOf(evening, zone))).toEqual(['2026-12-01', '2026-11-30', '2026-11-30']);
  });

  it('have a value for each day of a range, over the end of a month', () => {
    const days = daysBetween('2026-10-30', '2026-11-02');
    expect(days).toEqual(['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02']);
    expect(['0002-11-30', '0202-11-30', '', '2026-11-30'].map(isPlausible)).toEqual([false, false, false, true]);
    expect(series(days, [{ day: '2026-11-01', asked: 4 } as Numbers], ({ asked }) => asked)).toEqual([0, 0, 4, 0]);
  });
});

describe('what was found', () => {
  it('is shown in parts that make the whole text again, places that lie over each other once', () => {
    const snippet = { text: '我要退款 now', ranges: [[2, 4], [3, 4], [5, 8]] as [number, number][], cut_before: false, cut_behind: false };
    const parts = marked(snippet);
    expect(parts.map(({ text }) => text).join('')).toBe(snippet.text);
    expect(parts.filter(({ hit }) => hit).map(({ text }) => text)).toEqual(['退款', 'now']);
  });
});

it.each([
  [0, [0, 1, 2, 3]],
  [3, [0, 1, 2, 3]],
  [4, [0, 2, 4, 6]],
  [15, [0, 5, 10, 15]],
  [16, [0, 10, 20, 30]],
  [700, [0, 500, 1000, 1500]],
])('%i fits below four even lines', (most, lines) => {
  expect(evenly(most)).toEqual(lines);
});

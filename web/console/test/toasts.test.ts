// What is told for a few seconds, and taken back as long as it is told: the seconds are the same.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Toasts } from '../src/desk/toasts';

let toasts: Toasts;
let happened: string[];
const texts = (): string[] => toasts.all[0]().map(({ text }) => text);
const ends = (who: string): void => toasts.say(who, { deed: { label: 'undo', run: () => happened.push(`${who} stays`) }, ms: 10_000, over: () => happened.push(`${who} ends`) });

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', globalThis);
  toasts = new Toasts();
  happened = [];
});
afterEach(() => void vi.useRealTimers());

it('what nobody takes back happens when its time is up', () => {
  ends('a');
  vi.advanceTimersByTime(9_000);
  expect([texts(), happened]).toEqual([['a'], []]);
  vi.advanceTimersByTime(2_000);
  expect([texts(), happened]).toEqual([[], ['a ends']]);
});

it('nothing happens while they are held', () => {
  ends('a');
  toasts.hold(true);
  vi.advanceTimersByTime(60_000);
  expect(happened).toEqual([]);
  toasts.hold(false);
  vi.advanceTimersByTime(11_000);
  expect(happened).toEqual(['a ends']);
});

it('the last one is taken back first, and what cannot be taken back is left alone', () => {
  ends('a');
  ends('b');
  toasts.say('copied');
  expect([toasts.undo(), toasts.undo(), toasts.undo()]).toEqual([true, true, false]);
  vi.advanceTimersByTime(60_000);
  expect(happened).toEqual(['b stays', 'a stays']);
});

it('what had to make room on the screen happens at its time all the same', () => {
  ends('a');
  for (const text of ['one', 'two', 'three']) toasts.say(text);
  expect(texts()).toEqual(['one', 'two', 'three']);
  vi.advanceTimersByTime(11_000);
  expect(happened).toEqual(['a ends']);
});

// A note on its way: not to be written again once it is saved, never lost when it is not.
import { beforeEach, expect, it, vi } from 'vitest';
import { Kept } from '../src/desk/kept';
import { Writing } from '../src/desk/writing';

let answer: (saved: boolean) => void;
const asked = (): Promise<boolean> => new Promise((resolve) => (answer = resolve));
/** In a page that has just been loaded, with the room open. */
const opened = (): Writing => {
  const writing = new Writing('room', new Kept('agent'));
  writing.reopen();
  return writing;
};

beforeEach(() => {
  const items = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => items.set(name, value),
    removeItem: (name: string) => items.delete(name),
  });
});

it.each([
  [true, ''],
  [false, 'has called twice'],
])('a note is left and come back to while it is being saved (saved: %j)', async (saved, left) => {
  const writing = opened();
  writing.write({ note: 'has called twice' });
  const done = writing.save(asked);
  writing.reopen();
  expect(writing.draft[0]().note).toBe('');
  answer(saved);
  expect(await done).toBe(saved);
  expect(writing.draft[0]().note).toBe(left);
  expect(opened().draft[0]().note).toBe(left);
});

it('a note that was refused stands before what was written since', async () => {
  const writing = opened();
  writing.write({ note: 'one', text: 'hello' });
  const done = writing.save(asked);
  writing.write({ note: 'two' });
  answer(false);
  await done;
  expect(opened().draft[0]()).toEqual({ text: 'hello', note: 'one\ntwo', saving: '' });
});

it('a note over which the page was closed is there again', () => {
  const writing = opened();
  writing.write({ note: 'one' });
  void writing.save(asked);
  writing.write({ note: 'two' });
  expect(opened().draft[0]().note).toBe('one\ntwo');
});

// The loader speaks the language that it is asked for, and English where it knows none.
import { expect, it } from 'vitest';
import { wordsFor } from '../src/words';

it.each([
  ['zh', '在线客服'],
  ['zh-Hant-TW', '在线客服'],
  ['ZH-cn', '在线客服'],
  ['en-GB', 'Chat'],
  ['de', 'Chat'],
  ['', 'Chat'],
])('in %j the launcher is named %s', (asked, name) => {
  expect(wordsFor(asked).chat).toBe(name);
});

// The loader speaks the language that it is asked for, and English where it knows none.
import { expect, it } from 'vitest';
import { wordsFor } from '../src/words';

it.each([
  ['zh', 'zh'],
  ['zh-Hant-TW', 'zh'],
  ['ZH-cn', 'zh'],
  ['en-GB', 'en'],
  ['de', 'en'],
  ['', 'en'],
])('%j is answered in %s', (asked, lang) => {
  expect(wordsFor(asked).lang).toBe(lang);
});

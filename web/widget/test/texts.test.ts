// The page speaks two languages completely, and as the one table has them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { reason } from '../src/reason';
import { chosen, speak, t, type Words } from '../src/text/say';
import { more } from '../src/text/more';
import { texts, type Text } from '../src/text/texts';

const all: Record<string, { zh: Text; en: Text }> = { ...texts, ...more };
const forms = (text: Text): string[] => (typeof text === 'string' ? [text] : [text.one, text.other]);
const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort();
const of = (language: 'zh' | 'en') => Object.fromEntries(Object.entries(all).map(([key, text]) => [key, text[language]])) as Words;

describe.each(Object.entries(all))('%s', (_, text) => {
  it('is said in both languages with the same values', () => {
    for (const form of [...forms(text.zh), ...forms(text.en)]) expect(form.trim()).not.toBe('');
    const wanted = new Set(holes(forms(text.zh)[0]!));
    if (typeof text.en === 'string') expect(new Set(holes(text.en))).toEqual(wanted);
  });
});

it('no text is in both tables, and none is said by nobody', () => {
  expect(Object.keys(texts).filter((key) => key in more)).toEqual([]);
  // With the parts that it shares with other pages.
  const source = ['../src', '../../ui'].map((folder) => sources(join(__dirname, folder))).join('\n');
  const made = /^(rate_|leave_(contact|words)_missing|order_(new|accepted|in_progress|solved|closed)$|product$)/;
  expect(Object.keys(all).filter((key) => !made.test(key) && !source.includes(`'${key}'`))).toEqual([]);
});

describe('a refusal in words', () => {
  beforeEach(() => speak(of('en'), 'en'));

  it('says the seconds to wait, and never a bare code', () => {
    expect(reason({ errcode: 4029, retry_after: 1500 })).toBe('too fast, try again in 2 s');
    for (const errcode of [0, 3100, 3101, 4001, 4002, 4003, 4004, 4009, 5000, 5003, 6379, 9999]) expect(reason({ errcode })).not.toMatch(/\d/);
  });

  it('numbers decide the form', () => {
    expect(t('jump_new', { n: 1 })).toBe('1 new message');
    expect(t('jump_new', { n: 2 })).toBe('2 new messages');
  });
});

it('the address decides the language, then the browser, then the company', async () => {
  const language = (asked: string | null, browser: string, company?: string) => chosen(asked, browser, async () => company);
  expect(await Promise.all([language('zh', 'en-GB'), language(null, 'zh-TW', 'en'), language('en', 'zh-CN', 'zh-CN')])).toEqual(['zh', 'zh', 'en']);
  expect(await Promise.all([language(null, 'de-DE', 'zh-CN'), language('fr', 'de-DE', 'en-GB'), language(null, 'de-DE')])).toEqual(['zh', 'en', 'en']);
});

function sources(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'text')
    .map((entry) => (entry.isDirectory() ? sources(join(folder, entry.name)) : readFileSync(join(folder, entry.name), 'utf8')))
    .join('\n');
}

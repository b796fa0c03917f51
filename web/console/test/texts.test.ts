// Both languages say everything, with the same values, and nothing is said that nobody asks for.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { admin } from '../src/text/admin';
import { begin } from '../src/text/begin';
import { chat } from '../src/text/chat';
import { frame } from '../src/text/frame';
import { hits } from '../src/text/hits';
import { install } from '../src/text/install';
import { keys } from '../src/text/keys';
import { person } from '../src/text/person';
import { platform } from '../src/text/platform';
import { setup } from '../src/text/setup';
import { transfer } from '../src/text/transfer';

const tables = [frame, chat, admin, install, person, setup, begin, hits, keys, transfer, platform];
const texts: Record<string, { zh: Text; en: Text }> = Object.assign({}, ...tables);

type Text = string | { one: string; other: string };

/** With the parts that it shares with other pages. */
const code = ['../src', '../../ui']
  .map((folder) => join(import.meta.dirname, folder))
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !/^text\/(?!say)/.test(name))
      .map((name) => readFileSync(join(folder, name), 'utf8')),
  )
  .join('\n');

const forms = (text: Text): string[] => (typeof text === 'string' ? [text] : [text.one, text.other]);
const values = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();
const bare = (text: Text): string => forms(text).join(' ').replace(/\{\w+\}/g, '');

describe('texts', () => {
  for (const [key, { zh, en }] of Object.entries(texts)) {
    it(`${key} is said in both languages with the same values`, () => {
      const all = [...forms(zh), ...forms(en)];
      for (const form of all) {
        expect(form.trim()).not.toBe('');
        expect(values(form)).toEqual(values(all[0] ?? ''));
      }
      if (/\p{Letter}/u.test(bare(zh)) && !/^[A-Za-z\s/+·,.-]*$/.test(bare(en))) expect(bare(zh)).toMatch(/\p{Script=Han}/u);
      expect(forms(en).join('')).not.toMatch(/\p{Script=Han}/u);
    });
  }

  it('are each in one table', () => {
    expect(Object.keys(texts).length).toBe(tables.reduce((sum, table) => sum + Object.keys(table).length, 0));
  });

  it('are all asked for', () => {
    // Keys that are put together say their beginning: `role_${…}`.
    const beginnings = [...code.matchAll(/`(\w+_)\$\{/g)].map(([, beginning]) => beginning ?? '');
    const unasked = Object.keys(texts).filter((key) => !new RegExp(`['"\`]${key}['"\`]`).test(code) && !beginnings.some((beginning) => key.startsWith(beginning)));
    expect(unasked).toEqual([]);
  });
});

// Both languages say everything, with the same values, and the pages ask for nothing that is not there.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chosen, say } from '../src/text/say';
import { texts, type Key, type Text } from '../src/text/texts';

const src = join(import.meta.dirname, '../src');
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(ts|html)$/.test(name) && !name.endsWith('texts.ts'))
  .map((name) => readFileSync(join(src, name), 'utf8'));

function forms(text: Text): string[] {
  return typeof text === 'string' ? [text] : [text.one, text.other];
}

function values(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();
}

function withoutValues(text: Text): string {
  return forms(text).join(' ').replace(/\{\w+\}/g, '');
}

describe('texts', () => {
  for (const [key, { zh, en }] of Object.entries(texts) as [Key, Record<'zh' | 'en', Text>][]) {
    it(`${key} is said in both languages with the same values`, () => {
      const all = [...forms(zh), ...forms(en)];
      for (const form of all) {
        expect(form.trim()).not.toBe('');
        expect(values(form)).toEqual(values(all[0] ?? ''));
      }
      if (/\p{Letter}/u.test(withoutValues(zh))) expect(withoutValues(zh)).toMatch(/\p{Script=Han}/u);
      expect(forms(en).join('')).not.toMatch(/\p{Script=Han}/u);
    });
  }

  it('are all used, and all that pages ask for are there', () => {
    const code = sources.join('\n');
    const asked = [...code.matchAll(/data-t(?:-label)?="(\w+)"|'data-t(?:-label)?': '(\w+)'/g)].map((match) => match[1] ?? match[2] ?? '');
    expect(asked.filter((key) => !(key in texts))).toEqual([]);
    expect(Object.keys(texts).filter((key) => !new RegExp(`['"]${key}['"]`).test(code))).toEqual([]);
  });
});

describe('saying', () => {
  it('chooses the form by number', () => {
    expect(say({ one: '{n} message', other: '{n} messages' }, { n: 1 }, 'en')).toBe('1 message');
    expect(say({ one: '{n} message', other: '{n} messages' }, { n: 0 }, 'en')).toBe('0 messages');
    expect(say('{n} 条', { n: 1 }, 'zh')).toBe('1 条');
  });

  it('never reads a value as a pattern', () => {
    expect(say('{who}: {what}', { who: '{what}', what: '$&' }, 'en')).toBe('{what}: $&');
  });

  it('prefers what was chosen, then what the browser asks for', () => {
    expect(chosen('en', 'zh-CN')).toBe('en');
    expect(chosen(null, 'zh-TW')).toBe('zh');
    expect(chosen('fr', 'de-DE')).toBe('en');
  });
});

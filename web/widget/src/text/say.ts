// Says a text in the language that the page was opened in.
import type { MoreKey } from './more';
import type { Key as FirstKey, Text } from './texts';

export type Key = FirstKey | MoreKey;

export type Language = 'zh' | 'en';
export type Words = Record<Key, Text>;
export type Values = Record<string, string | number>;

const words = {} as Words;
let language: Language = 'en';

/** From now on texts are said with these words, too. */
export function speak(next: Partial<Words>, as = language): void {
  Object.assign(words, next);
  language = as;
}

/** The text with its values filled in; `n` decides between its forms. */
export function t(key: Key, values: Values = {}): string {
  const text = words[key];
  const form = typeof text === 'object' ? text[new Intl.PluralRules(language).select(+values.n!) === 'one' ? 'one' : 'other'] : text;
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** The words of the parts that come later. */
export const moreWords = (): Promise<{ default: Partial<Words> }> => (language === 'zh' ? import('more:zh') : import('more:en'));

/** What the address asks for, otherwise the browser; the company where neither is one of our languages. */
export async function chosen(asked: string | null, browser: string, company: () => Promise<string | undefined>): Promise<Language> {
  const first = asked || browser;
  const tag = /^(zh|en)/i.test(first) ? first : ((await company()) ?? '');
  return /^zh/i.test(tag) ? 'zh' : 'en';
}

/** The tag for dates: the reader's own region where the language is the same. */
export function locale(): string {
  const own = navigator.language;
  return own.startsWith(language) ? own : language === 'zh' ? 'zh-CN' : 'en';
}

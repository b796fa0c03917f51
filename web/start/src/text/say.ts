// Choosing a language and filling in a text: the part that needs no page.
import type { Text } from './texts';

export type Language = 'zh' | 'en';
export type Values = Record<string, string | number>;

/** The text with its values filled in; `n` decides between its forms. */
export function say(text: Text, values: Values, as: Language): string {
  const form = typeof text === 'string' ? text : text[plural(Number(values.n), as)];
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** What the person chose last time, otherwise what the browser asks for. */
export function chosen(last: string | null, browser: string): Language {
  if (last === 'zh' || last === 'en') return last;
  return browser.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

function plural(n: number, as: Language): 'one' | 'other' {
  return new Intl.PluralRules(as).select(n) === 'one' ? 'one' : 'other';
}

// Which language the page speaks, and how it says a text.
import { kept, keep } from '../kept';
import { texts, type Key, type Text } from './texts';

export type Language = 'zh' | 'en';
export type Values = Record<string, string | number>;

const KEPT_AS = 'nodechat.language';
const listeners = new Set<() => void>();
let current: Language = chosen(kept(KEPT_AS), navigator.language);

export function language(): Language {
  return current;
}

/** Speaks another language from now on, in every open page of this origin. */
export function speak(next: Language): void {
  keep(KEPT_AS, next);
  change(next);
}

/** Calls back after each change, also one made in another frame or tab. */
export function onLanguage(callback: () => void): void {
  listeners.add(callback);
}

/** The text in the current language with its values filled in. */
export function t(key: Key, values: Values = {}): string {
  return say(texts[key][current], values, current);
}

export function say(text: Text, values: Values, as: Language): string {
  const form = typeof text === 'string' ? text : text[plural(Number(values.n), as)];
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** What the person chose last time, otherwise what the browser asks for. */
export function chosen(last: string | null, browser: string): Language {
  if (last === 'zh' || last === 'en') return last;
  return browser.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

/** The tag for dates and numbers: the reader's own region where the language is the same. */
export function locale(): string {
  if (current === 'zh') return navigator.language.startsWith('zh') ? navigator.language : 'zh-CN';
  return navigator.language.startsWith('en') ? navigator.language : 'en';
}

/** Fills every element that names a text: `data-t` its content, `data-t-label` its accessible name and tooltip. */
export function sayAll(root: ParentNode = document): void {
  document.documentElement.lang = current === 'zh' ? 'zh-CN' : 'en';
  for (const element of root.querySelectorAll<HTMLElement>('[data-t]')) element.textContent = t(element.dataset.t as Key);
  for (const element of root.querySelectorAll<HTMLElement>('[data-t-label]')) {
    const label = t(element.dataset.tLabel as Key);
    element.setAttribute('aria-label', label);
    if (element.matches('button, a')) element.title = label;
  }
}

function plural(n: number, as: Language): 'one' | 'other' {
  return new Intl.PluralRules(as).select(n) === 'one' ? 'one' : 'other';
}

function change(next: Language): void {
  if (next === current) return;
  current = next;
  for (const listener of listeners) listener();
}

window.addEventListener('storage', (event) => {
  if (event.key === KEPT_AS) change(chosen(event.newValue, navigator.language));
});

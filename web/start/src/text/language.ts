// Which language the page speaks, and how it says a text.
import { kept, keep } from '../kept';
import { chosen, say, type Language, type Values } from './say';
import { texts, type Key } from './texts';

export type { Language };

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

function change(next: Language): void {
  if (next === current) return;
  current = next;
  for (const listener of listeners) listener();
}

window.addEventListener('storage', (event) => {
  if (event.key === KEPT_AS) change(chosen(event.newValue, navigator.language));
});

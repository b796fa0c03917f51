// Which language the console speaks, and how it says a text.
import { createSignal } from 'solid-js';
import { chosen, say, type Language, type Values } from '../../../start/src/text/say';
import { keep, kept } from '../../../start/src/kept';
import { texts, type Key } from './texts';

export type { Key, Language };

// The name under which all pages of this origin keep it.
const KEPT_AS = 'nodechat.language';
const [language, setLanguage] = createSignal<Language>(chosen(kept(KEPT_AS), navigator.language));

export { language };

/** Speaks another language from now on, in every open tab. */
export function speak(next: Language): void {
  keep(KEPT_AS, next);
  setLanguage(next);
}

/** The text in the current language with its values filled in. */
export function t(key: Key, values: Values = {}): string {
  const text = texts[key];
  if (!text) throw new Error(`the words of ${key} are not loaded`);
  return say(text[language()], values, language());
}

/** The tag for dates and numbers: the reader's own region where the language is the same. */
export function locale(): string {
  const prefix = language();
  return navigator.language.startsWith(prefix) ? navigator.language : prefix === 'zh' ? 'zh-CN' : 'en';
}

window.addEventListener('storage', ({ key, newValue }) => {
  if (key === KEPT_AS) setLanguage(chosen(newValue, navigator.language));
});

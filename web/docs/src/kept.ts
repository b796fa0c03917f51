// The chosen language, kept in the browser under the name that the start page uses too.

const KEPT_AS = 'nodechat.language';

export function keptLanguage(): string | null {
  try {
    const language = localStorage.getItem(KEPT_AS);
    return language === 'zh' || language === 'en' ? language : null;
  } catch {
    return null; // storage is switched off: the browser's own language is asked
  }
}

export function keepLanguage(language: string): void {
  try {
    localStorage.setItem(KEPT_AS, language);
  } catch {
    // storage is full or switched off: the pages work, they only forget
  }
}

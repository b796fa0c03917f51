// Times and days the way the reader writes them.

export type DayWords = { today: string; yesterday: string };

/** `14:06`, or `2:06 PM` where that is the custom. */
export function clock(time: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }).format(time);
}

/** The day of a time in the reader's zone, as a key: equal exactly when the day is the same. */
export function dayKey(time: number): string {
  const date = new Date(time);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** `今天`, `昨天`, `11 月 21 日 周六`; with the year when it is another one. */
export function dayInWords(time: number, now: number, locale: string, words: DayWords): string {
  const date = new Date(time);
  const today = new Date(now);
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (dayKey(time) === dayKey(now)) return words.today;
  if (dayKey(time) === dayKey(yesterday.getTime())) return words.yesterday;
  const sameYear = date.getFullYear() === today.getFullYear();
  if (!locale.startsWith('zh')) {
    return new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) }).format(time);
  }
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short' }).format(time);
  const day = `${date.getMonth() + 1} 月 ${date.getDate()} 日 ${weekday}`;
  return sameYear ? day : `${date.getFullYear()} 年 ${day}`;
}

// Times and waits the way the reader writes them.
import { clock, dayInWords, dayKey } from '../../start/src/demo/times';
import { createSignal, onCleanup } from 'solid-js';
import { locale, t } from './text/say';

/** The time now, looked at again every so often: for waits that grow on the screen. */
export function ticking(everyMs: number): () => number {
  const [now, setNow] = createSignal(Date.now());
  const timer = window.setInterval(() => setNow(Date.now()), everyMs);
  onCleanup(() => window.clearInterval(timer));
  return now;
}

export function clockOf(time: number): string {
  return clock(time, locale());
}

export function dayOf(time: number, now: number): string {
  return dayInWords(time, now, locale(), { today: t('today'), yesterday: t('yesterday') });
}

/** In a list: `14:06` today, `昨天`, then `10/02`. */
export function shortTime(time: number, now: number): string {
  if (!time) return '';
  if (dayKey(time) === dayKey(now)) return clockOf(time);
  if (dayKey(time) === dayKey(now - 86_400_000)) return t('yesterday');
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(locale(), { month: '2-digit', day: '2-digit', ...(sameYear ? {} : { year: 'numeric' }) }).format(time);
}

const moments = new Map<string, Intl.DateTimeFormat>();

/** Day and time, for tables. Making a format is dear, and there is one for each language. */
export function moment(time: number): string {
  const known = moments.get(locale());
  const format = known ?? new Intl.DateTimeFormat(locale(), { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' });
  if (!known) moments.set(locale(), format);
  return format.format(time);
}

/** A day, in sentences. */
export function day(time: number): string {
  return new Intl.DateTimeFormat(locale(), { year: 'numeric', month: '2-digit', day: '2-digit' }).format(time);
}

/** A wait in a row: `刚刚`, `3 分`, `2 小时`. */
export function waited(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return t('just_now');
  return minutes < 60 ? t('minutes', { n: minutes }) : t('hours', { n: Math.floor(minutes / 60) });
}

/** `4:12`, for tables and the queue. */
export function stopwatch(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const two = (n: number): string => String(n).padStart(2, '0');
  return minutes < 60 ? `${minutes}:${two(seconds % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

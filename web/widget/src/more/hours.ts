// Business hours in words. As they are set: `mon 09:00-12:00 13:00-18:00`, `2026-10-01 closed`, a line for each day; days of the
// week without one are closed, no line for any of them at all means always open.
import { dayInWords } from '../../../start/src/demo/times';
import { t } from '../text/say';

const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
/** Further away no date is of interest to somebody who asks today. */
const AHEAD_DAYS = 14;
const DAY_MS = 86_400_000;
const CLOSED = 'closed';

/** A sentence for the week, and one for each special day that comes soon; none when it is always open. */
export function hoursInWords(setting: string, now: Date, locale: string): string[] {
  const lines = setting
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([day]) => day);
  const week = WEEK.map((day) => lines.filter(([name]) => name === day).at(-1)?.slice(1).join(' ') || CLOSED);
  const hasWeek = lines.some(([day]) => WEEK.includes(day!));
  return [...(hasWeek ? [weekInWords(week, locale)] : []), ...specials(lines, now, locale)].filter(Boolean);
}

function weekInWords(week: string[], locale: string): string {
  if (week.every((spans) => spans === week[0])) return week[0] === CLOSED ? '' : t('hours_on', { days: t('hours_daily'), spans: spansInWords(week[0]!) });
  const runs: { from: number; to: number; spans: string }[] = [];
  week.forEach((spans, day) => {
    const last = runs.at(-1);
    if (last?.spans === spans) last.to = day;
    else runs.push({ from: day, to: day, spans });
  });
  // The first Monday of 2024 was its first day.
  const name = (day: number): string => new Intl.DateTimeFormat(locale, { weekday: locale.startsWith('zh') ? 'short' : 'long', timeZone: 'UTC' }).format(Date.UTC(2024, 0, 1 + day));
  return runs
    .filter(({ spans }) => spans !== CLOSED)
    .map(({ from, to, spans }) => t('hours_on', { days: from === to ? name(from) : t('hours_days', { from: name(from), to: name(to) }), spans: spansInWords(spans) }))
    .join(t('comma'));
}

function specials(lines: string[][], now: Date, locale: string): string[] {
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  return lines
    // Without a zone behind it, as the time of a day is read: on the reader's calendar.
    .map(([date = '', ...spans]) => ({ at: /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(`${date}T00:00`) : NaN, spans: spans.join(' ') }))
    .filter(({ at }) => at >= today && at <= today + AHEAD_DAYS * DAY_MS)
    .sort((a, b) => a.at - b.at)
    .map(({ at, spans }) => {
      const days = dayInWords(at, now.getTime(), locale, { today: t('today'), yesterday: t('yesterday') });
      return spans === CLOSED ? t('hours_closed', { days }) : t('hours_on', { days, spans: spansInWords(spans) });
    });
}

function spansInWords(spans: string): string {
  return spans
    .split(' ')
    .map((span) => {
      const [from = '', to = ''] = span.split('-').map((time) => time.replace(/^0(\d)/, '$1'));
      return from === '0:00' && to === '24:00' ? t('hours_all_day') : t('hours_span', { from, to });
    })
    .join(t('and'));
}

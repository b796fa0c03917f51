// Business hours as the company's setting has them, and as a form shows them: a field for each day, other lines beside. Pure.

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export type Day = (typeof DAYS)[number];

export interface Hours {
  /** No line for a day of the week: always there, but for single dates. */
  always: boolean;
  /** `09:00-12:00 13:00-18:00`; empty on days off. */
  days: Record<Day, string>;
  /** Lines for single dates, such as `2026-10-01 closed`. */
  dates: string;
}

export function readHours(setting: string): Hours {
  const days = Object.fromEntries(DAYS.map((day) => [day, ''])) as Record<Day, string>;
  const dates: string[] = [];
  let always = true;
  for (const line of setting.split('\n').map((line) => line.trim()).filter(Boolean)) {
    const [name = '', ...times] = line.split(/\s+/);
    const day = DAYS.find((one) => one === name.toLowerCase());
    if (day) always = false;
    if (!day) dates.push(line);
    else if (times.join(' ') !== 'closed') days[day] = [days[day], ...times].filter(Boolean).join(' ');
  }
  return { always, days, dates: dates.join('\n') };
}

export function writeHours({ always, days, dates }: Hours): string {
  const special = dates.split('\n').map((line) => line.trim()).filter(Boolean);
  if (always) return special.join('\n');
  const week = DAYS.flatMap((day) => (days[day].trim() ? [`${day} ${times(days[day])}`] : []));
  // Closed on every day is said, for no line of the week would be "always".
  return [...(week.length === 0 ? DAYS.map((day) => `${day} closed`) : week), ...special].join('\n');
}

/** `9:00–12:00，13：00` and the like, as people type it. */
function times(typed: string): string {
  return typed
    .replace(/[–—~～至到]/g, '-')
    .replace(/：/g, ':')
    .replace(/\s*-\s*/g, '-')
    .replace(/[,，、;；]/g, ' ')
    .trim()
    .split(/\s+/)
    .map((span) => span.split('-').map((time) => (/^\d:/.test(time) ? `0${time}` : time)).join('-'))
    .join(' ');
}

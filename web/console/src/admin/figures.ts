// Numbers of a range of days, turned into what a table and a chart show. Pure.

export interface Numbers {
  day?: string | null;
  csid?: string | null;
  groupid?: string | null;
  asked: number;
  answered: number;
  abandoned: number;
  missed: number;
  ended: number;
  transferred: number;
  messages: number;
  messages_left: number;
  response_ms: number;
  waited_ms: number;
  served_ms: number;
  assigned: number;
  /** How many of each, from the best to the worst. */
  ratings: number[];
}

/** A mean, or undefined where there is nothing to make it of: shown as –, never as 0. */
export function mean(sum: number, count: number): number | undefined {
  return count > 0 ? sum / count : undefined;
}

/** The share of the two best ratings, from 0 to 1. */
export function satisfied(ratings: number[]): number | undefined {
  const all = ratings.reduce((sum, n) => sum + n, 0);
  return all > 0 ? ((ratings[0] ?? 0) + (ratings[1] ?? 0)) / all : undefined;
}

/** `yyyy-MM-dd` in this zone; none: the browser's. */
export function dateOf(time: number, zone?: string): string {
  // As Swedes write it.
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: zone }).format(time);
}

/** False for what stands in a date field while its year is being typed, such as `0002-11-30`. */
export function isPlausible(day: string): boolean {
  return day >= '2000';
}

/** The days from one to another, both included. */
export function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  for (let day = new Date(`${from}T00:00`); dateOf(day.getTime()) <= to && days.length < 400; day.setDate(day.getDate() + 1)) days.push(dateOf(day.getTime()));
  return days;
}

/** One value for each day, 0 where nothing happened. */
export function series(days: string[], rows: Numbers[], of: (row: Numbers) => number): number[] {
  const byDay = new Map(rows.map((row) => [row.day ?? '', row]));
  return days.map((day) => {
    const row = byDay.get(day);
    return row ? of(row) : 0;
  });
}

/** Four lines of a chart, from 0 to one that is not below `most`, in round steps. */
export function evenly(most: number): number[] {
  const needed = Math.max(1, Math.ceil(most / 3));
  const power = 10 ** Math.floor(Math.log10(needed));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= needed)!;
  return [0, step, 2 * step, 3 * step];
}

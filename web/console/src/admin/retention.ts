// How long messages are kept, in days; 0 is for ever. Pure.

const DAY_MS = 86_400_000;
/** As many as the server takes. */
const DAYS_MOST = 36_500;

/** True when something goes that stayed before. */
export function keepsLess(before: number, after: number): boolean {
  return after > 0 && (before === 0 || after < before);
}

/** The time before which everything goes. */
export function goesBefore(days: number, now: number): number {
  return now - Math.min(days, DAYS_MOST) * DAY_MS;
}

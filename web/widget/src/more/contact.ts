// A way to reach somebody: a phone number or a mail address, and what is missing in one that is not complete.
import type { Key } from '../text/say';

export interface Wrong {
  key: Key;
  n?: number;
}

/** Digits of a mobile number in mainland China. */
const MOBILE_DIGITS = 11;
/** No number that can be called from elsewhere is shorter. */
const FEWEST_DIGITS = 5;

/** Lenient: whatever might reach somebody is taken. */
export function contactWrong(contact: string): Wrong | undefined {
  const text = contact.trim();
  if (!text) return { key: 'leave_contact_missing' };
  if (text.includes('@')) return /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(text) ? undefined : { key: 'leave_contact_mail' };
  const digits = text.replace(/\D/g, '');
  if (digits.length < FEWEST_DIGITS) return { key: 'leave_contact_neither' };
  // Only what is surely meant as one: eleven digits from 13 to 19, nothing but spaces and dashes between.
  const missing = MOBILE_DIGITS - digits.length;
  if (/^1[3-9][\d\s-]*$/.test(text) && missing !== 0 && Math.abs(missing) < 4) return missing > 0 ? { key: 'leave_contact_digits', n: missing } : { key: 'leave_contact_more', n: -missing };
  return undefined;
}

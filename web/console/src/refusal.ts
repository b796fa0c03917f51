// A refusal in words: what happened and what to do, never the bare code.
import { t, type Key } from './text/say';

export interface Refusal {
  errcode: number;
  errmsg?: string;
  retry_after?: number | undefined;
  requestid?: string;
}

const WORDS: Record<number, Key> = {
  3100: 'refused_silent',
  3101: 'refused_silent',
  4001: 'refused_missing',
  4003: 'refused_forbidden',
  4004: 'refused_missing_thing',
  4009: 'refused_conflict',
  5003: 'refused_busy',
  6379: 'refused_busy',
  5400: 'refused_empty_file',
  5401: 'refused_kind',
  5402: 'refused_too_large_here',
};

/** Empty, of a kind that is not taken, too large: the same file will not do better. */
export const isHopeless = (refusal: Refusal | undefined): boolean => refusal !== undefined && [5400, 5401, 5402].includes(refusal.errcode);

export function asRefusal(thrown: unknown): Refusal {
  const { errcode, errmsg, retry_after, requestid } = Object(thrown) as Partial<Refusal>;
  // What a resource was refused is the cause of its error.
  if (typeof errcode !== 'number' && thrown instanceof Error && thrown.cause) return asRefusal(thrown.cause);
  if (typeof errcode !== 'number') return { errcode: 5000, ...(thrown instanceof Error && { errmsg: thrown.message }) };
  return { errcode, retry_after, ...(errmsg !== undefined && { errmsg }), ...(requestid !== undefined && { requestid }) };
}

export function inWords(thrown: unknown): string {
  const { errcode, errmsg, retry_after, requestid } = asRefusal(thrown);
  if (errcode === 4029) return t('refused_too_fast', { n: Math.max(1, Math.ceil((retry_after ?? 1000) / 1000)) });
  if (errcode === 4002) return t('refused_invalid', { detail: errmsg ?? '' });
  const words = t(WORDS[errcode] ?? 'refused_internal');
  return requestid ? `${words} (${t('request_id', { id: requestid })})` : words;
}

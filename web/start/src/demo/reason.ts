// A refusal in words: what happened and what to do, never the bare code.
import { t } from '../text/language';
import type { Key } from '../text/texts';
import { LIMITS_BYTES, PICTURES, sizeInWords } from './file';
import type { Refusal } from './wire';

const WORDS: Record<number, Key> = {
  0: 'reason_silent',
  3100: 'reason_silent',
  4001: 'reason_missing',
  4002: 'reason_invalid',
  4003: 'reason_forbidden',
  4009: 'reason_conflict',
  5000: 'reason_internal',
  5003: 'reason_busy',
  5400: 'reason_empty_file',
  5401: 'reason_kind',
};

export function reason(refusal: Refusal, file?: File): string {
  if (refusal.errcode === 4029) return t('reason_too_fast', { n: Math.max(1, Math.ceil((refusal.retry_after ?? 1000) / 1000)) });
  if (refusal.errcode === 5402) return t('reason_too_large_unknown', { size: sizeInWords(file?.size ?? 0) });
  return t(WORDS[refusal.errcode] ?? 'reason_internal');
}

/** The same as the whole sentence under a message. What is wrong with a file says enough by itself. */
export function notSent(refusal: Refusal, file?: File): string {
  const words = reason(refusal, file);
  return isAboutFile(refusal) ? words : t('not_sent', { reason: words });
}

/** Empty, of a wrong kind, too large: the same file will not do better. */
export function isAboutFile(refusal: Refusal): boolean {
  return refusal.errcode >= 5400 && refusal.errcode <= 5402;
}

/** Why a file cannot even be tried, in words; null when it can. */
export function refusedBeforehand(kind: 'image' | 'file', file: File): string | null {
  if (file.size === 0) return t('reason_empty_file');
  const limit = LIMITS_BYTES[kind];
  if (file.size > limit) return t('reason_too_large', { size: sizeInWords(file.size), limit: sizeInWords(limit) });
  if (kind === 'image' && !PICTURES.includes(file.type)) return t('reason_kind');
  return null;
}

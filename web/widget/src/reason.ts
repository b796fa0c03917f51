// A refusal in words: what happened, never the bare code.
import { t, type Key } from './text/say';

export interface Refusal {
  errcode?: number;
  retry_after?: number | undefined;
}

const WORDS: Record<number, Key> = {
  3100: 'silent',
  3101: 'silent',
  4001: 'invalid',
  4002: 'invalid',
  4003: 'forbidden',
  4004: 'invalid',
  4009: 'conflict',
  5003: 'busy',
  6379: 'busy',
};

export function reason({ errcode = 0, retry_after }: Refusal): string {
  if (errcode === 4029) return t('too_fast', { n: seconds(retry_after) });
  return t(WORDS[errcode] ?? 'internal');
}

export function seconds(ms = 1000): number {
  return Math.max(1, Math.ceil(ms / 1000));
}

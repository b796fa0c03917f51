// Why a webhook's receiver was not reached, in words: known by the part of the service's own sentence that stays the same.
import type { Key } from '../text/say';

const KNOWN: [part: RegExp, words: Key][] = [
  [/did not answer in time/, 'hooks_too_late'],
  [/connection refused/i, 'hooks_refused'],
  [/connection reset|broken pipe|closed before|unexpected(ly)? (eof|closed?)/i, 'hooks_broke_off'],
  [/lookup address|dns|name or service/i, 'hooks_no_name'],
  [/public internet/, 'hooks_not_public'],
  [/certificate/i, 'hooks_certificate'],
  [/unreachable|no route to host/i, 'hooks_unreachable'],
  [/it cannot be read/, 'hooks_unreadable'],
  [/would have told is gone/, 'hooks_gone'],
];

/** Nothing for a cause that has no words here: then the sentence itself is what helps. */
export function reasonOf(failure: string): Key | undefined {
  return KNOWN.find(([part]) => part.test(failure))?.[1];
}

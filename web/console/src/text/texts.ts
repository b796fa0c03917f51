// Every word of the console in both languages, by the part that says it. What is loaded later brings its own.
import type { Text } from '../../../start/src/text/texts';
import type { admin } from './admin';
import type { begin } from './begin';
import { chat } from './chat';
import { frame } from './frame';
import type { hits } from './hits';
import type { install } from './install';
import type { keys } from './keys';
import type { person } from './person';
import type { platform } from './platform';
import type { setup } from './setup';
import type { transfer } from './transfer';

type Both = { zh: Text; en: Text };

export type Key = keyof typeof frame | keyof typeof chat | keyof typeof admin | keyof typeof install | keyof typeof person | keyof typeof setup | keyof typeof begin | keyof typeof hits | keyof typeof keys | keyof typeof transfer | keyof typeof platform;

export const texts: Partial<Record<Key, Both>> = { ...frame, ...chat };

/** Adds the words of a part that was loaded. */
export function learn(more: Partial<Record<Key, Both>>): void {
  Object.assign(texts, more);
}

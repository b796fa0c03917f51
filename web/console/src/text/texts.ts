// Every word of the console in both languages, by the part that says it. The administration brings its own when it is opened.
import type { Text } from '../../../start/src/text/texts';
import type { admin } from './admin';
import { chat } from './chat';
import { frame } from './frame';
import type { install } from './install';

type Both = { zh: Text; en: Text };

export type Key = keyof typeof frame | keyof typeof chat | keyof typeof admin | keyof typeof install;

export const texts: Partial<Record<Key, Both>> = { ...frame, ...chat };

/** Adds the words of a part that was loaded. */
export function learn(more: Partial<Record<Key, Both>>): void {
  Object.assign(texts, more);
}

// Faces: a circle is a visitor, a rounded square is staff, a square with one sharp corner is the company itself.
import { el } from '../dom';

export type Who = 'user' | 'cs' | 'company';

const TINTS = ['slate', 'clay', 'moss', 'sea', 'plum', 'sand'];

export function face(who: Who, name: string, aid: string, size = ''): HTMLElement {
  const shape = who === 'user' ? tint(aid) : who === 'cs' ? 'cs' : 'co';
  return el('span', { class: `av ${shape} ${size}`.trim(), 'aria-hidden': 'true' }, initial(name));
}

/** The first letter that a person would name, whatever the script. */
export function initial(name: string): string {
  for (const { segment } of new Intl.Segmenter().segment(name.trim())) return segment.toUpperCase();
  return '?';
}

/** One of six tints, always the same one for a person. */
export function tint(aid: string): string {
  let hash = 0;
  for (const character of aid) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return TINTS[hash % TINTS.length] ?? 'slate';
}

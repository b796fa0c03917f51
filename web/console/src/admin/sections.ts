// The sections of the console, with who may open each.
import { mayAs, type Role } from '../session/session';
import type { Key } from '../text/say';

export interface Section {
  name: string;
  title: Key;
  icon: string;
  least: Role;
}

export const SECTIONS: Section[] = [{ name: 'chats', title: 'rail_chats', icon: 'chat', least: 'agent' }];

export function sectionsFor(role: Role): Section[] {
  return SECTIONS.filter(({ least }) => mayAs(role, least));
}

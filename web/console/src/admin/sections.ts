// The sections of the console and the pages of its settings, with who may open each.
import { mayAs, type Role } from '../session/session';
import type { Key } from '../text/say';

export interface Section {
  name: string;
  title: Key;
  icon: string;
  least: Role;
}

export interface Page {
  name: string;
  title: Key;
  least: Role;
}

const SECTIONS: Section[] = [
  { name: 'chats', title: 'rail_chats', icon: 'chat', least: 'agent' },
  { name: 'board', title: 'rail_board', icon: 'board', least: 'supervisor' },
  { name: 'numbers', title: 'rail_numbers', icon: 'chart', least: 'supervisor' },
  { name: 'history', title: 'rail_history', icon: 'clock', least: 'agent' },
  { name: 'orders', title: 'rail_orders', icon: 'ticket', least: 'agent' },
  { name: 'questions', title: 'rail_questions', icon: 'book', least: 'supervisor' },
  { name: 'settings', title: 'rail_settings', icon: 'sliders', least: 'agent' },
];

const PAGES: Page[] = [
  { name: 'replies', title: 'canned', least: 'agent' },
  { name: 'account', title: 'own', least: 'agent' },
  { name: 'company', title: 'set_company', least: 'admin' },
  { name: 'appearance', title: 'look', least: 'admin' },
  { name: 'install', title: 'install', least: 'admin' },
  { name: 'agents', title: 'agents', least: 'admin' },
  { name: 'groups', title: 'groups', least: 'admin' },
  { name: 'hours', title: 'set_hours', least: 'admin' },
  { name: 'service', title: 'set_service', least: 'admin' },
  { name: 'bot', title: 'bot', least: 'supervisor' },
  { name: 'kinds', title: 'order_kinds', least: 'admin' },
  { name: 'blacklist', title: 'bans', least: 'supervisor' },
  { name: 'words', title: 'words', least: 'supervisor' },
  { name: 'files', title: 'set_files', least: 'admin' },
  { name: 'data', title: 'set_data', least: 'admin' },
  { name: 'webhooks', title: 'hooks', least: 'admin' },
  { name: 'keys', title: 'api_keys', least: 'admin' },
  { name: 'audit', title: 'audit', least: 'admin' },
];

const NOT_OF_PLATFORM = ['account', 'appearance', 'install', 'replies'];

/** For whoever has the platform's key: no picture can be uploaded with it, and it is nobody with an account or a site. */
export const OF_PLATFORM: Page[] = [
  ...PAGES.filter(({ name }) => !NOT_OF_PLATFORM.includes(name)),
  { name: 'questions', title: 'rail_questions', least: 'supervisor' },
  { name: 'replies', title: 'canned', least: 'agent' },
];

export function sectionsFor(role: Role): Section[] {
  return SECTIONS.filter(({ least }) => mayAs(role, least));
}

export function pagesFor(role: Role): Page[] {
  return PAGES.filter(({ least }) => mayAs(role, least));
}

// Where in the console one is, as the address says it: a section, and what is open in it.
import { createSignal } from 'solid-js';
import { isUnsaved, leaving } from './unsaved';

export interface Place {
  /** `chats`, `board`, `settings`, `platform`, … */
  section: string;
  /** The company that is open, in the section of the platform. */
  of: string;
  /** What is open in the section, such as a page of the settings. */
  page: string;
  /** The room that is open. */
  room: string;
}

export function placeOf(address: { pathname: string; search: string }): Place {
  const [section = 'chats', ...rest] = address.pathname.split('/').slice(2).filter(Boolean);
  const [page = '', of = ''] = section === 'platform' ? [rest[1], rest[0]] : rest;
  return { section, of, page, room: new URLSearchParams(address.search).get('room') ?? '' };
}

export function addressOf({ section, of, page, room }: Place): string {
  const path = ['/console', section === 'chats' && !page ? '' : section, of, page].filter(Boolean).join('/');
  return room ? `${path}?${new URLSearchParams({ room })}` : path;
}

const [place, setPlace] = createSignal<Place>(placeOf(location));

export { place };

export function goTo(next: Partial<Place>): void {
  const to = { section: 'chats', of: '', page: '', room: '', ...next };
  if (addressOf(to) === addressOf(place())) setPlace(to);
  else leaving(() => enter(to));
}

function enter(to: Place): void {
  history.pushState(null, '', addressOf(to));
  setPlace(to);
}

window.addEventListener('popstate', () => {
  const to = placeOf(location);
  if (!isUnsaved()) return void setPlace(to);
  // The browser has gone there before it could be asked.
  history.pushState(null, '', addressOf(place()));
  leaving(() => enter(to));
});

// Erasures that this page has asked for, and how far each is; they go on by themselves, whoever looks.
import { createSignal, type Signal } from 'solid-js';
import type { Office } from '../desk/office';
import { inWords } from '../refusal';

export interface Person {
  type: 'user' | 'cs';
  aid: string;
}

interface Erasure {
  number: number;
  /** Absent while it goes on. */
  finished?: number;
  messages: number;
  files: number;
}

interface Watched {
  erasure: Erasure;
  /** Why it is not known how far it is. */
  silence: string;
}

const LOOK_MS = 2_000;
/** By company and person: it is seen on the card and in the settings. */
const watched = new Map<string, Signal<Watched | undefined>>();

/** How far the erasure of this person is; undefined when none was asked for here. */
export function erasureOf(office: Office, person: Person): Watched | undefined {
  return signalOf(office, person)[0]();
}

/** Asks for it. A refusal is thrown; `done` is told when everything is gone. */
export async function erase(office: Office, person: Person, keepWords: boolean, done: () => void): Promise<void> {
  const erasure = await office.rest.send<Erasure>('POST', '/erasures', { ...person, ...(keepWords && { keep_messages: true }) });
  const [, set] = signalOf(office, person);
  set({ erasure, silence: '' });
  void follow(office, erasure.number, set, done);
}

async function follow(office: Office, number: number, set: Signal<Watched | undefined>[1], done: () => void): Promise<void> {
  // Whoever has signed out looks no more.
  while (!office.closed) {
    try {
      const erasure = await office.rest.get<Erasure>(`/erasures/${number}`);
      set({ erasure, silence: '' });
      if (erasure.finished !== undefined) return done();
    } catch (thrown) {
      set((before) => before && { ...before, silence: inWords(thrown) });
    }
    await new Promise((passed) => window.setTimeout(passed, LOOK_MS));
  }
}

function signalOf(office: Office, { type, aid }: Person): Signal<Watched | undefined> {
  const key = JSON.stringify([office.session.companyid, type, aid]);
  let signal = watched.get(key);
  if (!signal) watched.set(key, (signal = createSignal<Watched>()));
  return signal;
}

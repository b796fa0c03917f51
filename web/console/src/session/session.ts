// Who is signed in at this browser: got by an account or a token, kept for the tab or for the computer, revoked at the end.
import { Nodechat } from 'nodechat';
import { Rest } from '../rest';

export type Role = 'agent' | 'supervisor' | 'admin' | 'owner';

export interface Session {
  ticket: string;
  companyid: string;
  aid: string;
  nick: string;
  role: Role;
}

const KEPT_AS = 'nodechat.console';
const ROLES: Role[] = ['agent', 'supervisor', 'admin', 'owner'];

/** True when `role` may do what takes `least`. */
export function mayAs(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}

export async function signIn(account: { companyid: string; login: string; password: string }, keep: boolean): Promise<Session> {
  return keepSession(await new Rest(undefined).send<Session>('POST', '/sessions', account), keep);
}

/** Changes a token of the host site into a session of this tab. */
export async function signInByToken(token: string): Promise<Session> {
  const { ticket } = await Nodechat.ticket({ token });
  return keepSession(await whoIs(ticket), false);
}

/** Who was signed in here before, if the server still knows. The refusal of a ticket is thrown, so is a silent server. */
export async function remembered(): Promise<Session | undefined> {
  const session = read(sessionStorage) ?? read(localStorage);
  if (!session) return undefined;
  return { ...session, ...(await whoIs(session.ticket)) };
}

export function forget(): void {
  for (const storage of [sessionStorage, localStorage]) {
    try {
      storage.removeItem(KEPT_AS);
    } catch {
      // storage is switched off: nothing was kept
    }
  }
}

/** Ends the ticket. Whatever comes of it, this browser forgets it. */
export async function signOut(session: Session): Promise<void> {
  forget();
  await new Rest(session.ticket).send('DELETE', '/sessions/current');
}

async function whoIs(ticket: string): Promise<Session> {
  const me = await new Rest(ticket).get<{ type: string; companyid: string; aid?: string; nick: string; role?: Role }>('/me');
  if (me.type !== 'agent' || !me.aid || !me.role) throw { errcode: 4003 };
  return { ticket, companyid: me.companyid, aid: me.aid, nick: me.nick, role: me.role };
}

/** Remembers who is signed in, for the tab or for the computer. */
export function keepSession({ ticket, companyid, aid, nick, role }: Session, keep: boolean): Session {
  const session: Session = { ticket, companyid, aid, nick, role };
  forget();
  try {
    (keep ? localStorage : sessionStorage).setItem(KEPT_AS, JSON.stringify(session));
  } catch {
    // storage is switched off: the session lives as long as the page
  }
  return session;
}

function read(storage: Storage): Session | undefined {
  try {
    const session = JSON.parse(storage.getItem(KEPT_AS) ?? 'null') as Session | null;
    return typeof session?.ticket === 'string' ? session : undefined;
  } catch {
    return undefined; // switched off, or not ours: sign in anew
  }
}

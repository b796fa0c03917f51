// How a visitor comes in: with the host site's token or ticket, or as somebody who is logged in nowhere.
import type { Kept } from './kept';

export interface Way {
  ticket: string;
  /** Whose ticket it is; not known of one that the host site has put into the address. */
  aid: string | undefined;
  /** Named by the host site, so that nobody else can take over when the ticket has expired. */
  named: boolean;
}

/** A ticket as the service gives it. */
export interface Given {
  ticket: string;
  data: { aid: string };
}

export interface EntryWorld {
  company: string;
  /** The parameters of the address. */
  asked: URLSearchParams;
  /** Kept for next time. */
  kept: Kept;
  /** Kept over a reload of this tab. */
  tab: Kept;
  redeem(token: string): Promise<Given>;
  visit(visitor: string | undefined): Promise<Given & { visitor: string }>;
}

/** Names of the parameters that must not stay in the address, where a copied link would give them away. */
export const SECRETS = ['token', 'ticket'];

/** Rejects with what the service says against it. */
export async function comeIn({ asked, kept, tab, redeem, visit }: EntryWorld): Promise<Way> {
  const given = asked.get('ticket');
  const token = asked.get('token');
  if (given) {
    if (given !== tab.get('ticket')) keepTicket(tab, given);
  } else if (token) {
    const { ticket, data } = await redeem(token);
    keepTicket(tab, ticket, data.aid);
    // Good for one use: whoever tries again comes in with the ticket.
    asked.delete('token');
  }
  const ticket = tab.get('ticket');
  if (ticket) return { ticket, aid: tab.get('aid') ?? undefined, named: true };
  const { visitor, ticket: own, data } = await visit(kept.get('visitor') ?? undefined);
  kept.set('visitor', visitor);
  return { ticket: own, aid: data.aid, named: false };
}

/** For a reload of the tab. */
export function keepTicket(tab: Kept, ticket: string | null, aid: string | null = null): void {
  tab.set('ticket', ticket);
  tab.set('aid', aid);
}

/** The address without its secrets, and the parameters that were in it. */
export function withoutSecrets(address: string): { asked: URLSearchParams; clean: string } {
  const url = new URL(address);
  const asked = new URLSearchParams(url.search);
  for (const name of SECRETS) url.searchParams.delete(name);
  return { asked, clean: url.pathname + url.search + url.hash };
}

/** The company that the address names. */
export function companyOf(pathname: string): string {
  const [, , company = ''] = pathname.split('/');
  try {
    return decodeURIComponent(company);
  } catch {
    return company; // not a well-formed escape: nobody's id, and the service will say so
  }
}

// How a visitor comes in: with the host site's token or ticket, or as somebody who is logged in nowhere.
import type { Kept } from './kept';

export interface Way {
  ticket: string;
  /** Named by the host site, so that nobody else can take over when the ticket has expired. */
  named: boolean;
}

export interface EntryWorld {
  company: string;
  /** The parameters of the address. */
  asked: URLSearchParams;
  /** Kept for next time. */
  kept: Kept;
  /** Kept over a reload of this tab. */
  tab: Kept;
  redeem(token: string): Promise<{ ticket: string }>;
  visit(visitor: string | undefined): Promise<{ ticket: string; visitor: string }>;
}

/** Names of the parameters that must not stay in the address, where a copied link would give them away. */
export const SECRETS = ['token', 'ticket'];

/** Rejects with what the service says against it. */
export async function comeIn({ asked, kept, tab, redeem, visit }: EntryWorld): Promise<Way> {
  const token = asked.get('token');
  const ticket = asked.get('ticket') ?? (token ? (await redeem(token)).ticket : tab.get('ticket'));
  if (ticket) {
    tab.set('ticket', ticket);
    return { ticket, named: true };
  }
  const visitor = await visit(kept.get('visitor') ?? undefined);
  kept.set('visitor', visitor.visitor);
  return { ticket: visitor.ticket, named: false };
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

// The address of what was uploaded for those who have a ticket: some companies show theirs to nobody else.
import type { Chat } from '../chat';

export function withTicket(url: string, { ticket }: Pick<Chat, 'ticket'>): string {
  return `${url}${url.includes('?') ? '&' : '?'}ticket=${encodeURIComponent(ticket)}`;
}

// What the browser keeps for whoever talks here, and how it is forgotten.
import type { Kept } from '../kept';

/** Whether the browser keeps anything for a page inside of another site's. */
export function canKeep(): boolean {
  try {
    return Boolean(localStorage);
  } catch {
    return false;
  }
}

/** Everything that was kept for whoever talked here with the company. */
export function forgetAll(companyid: string, shelves: Kept[]): void {
  const prefix = `nodechat.chat/${companyid}/`;
  const names = ['visitor', 'ticket', 'token', 'aid', 'draft', 'order', 'past', 'leave-name', 'leave-contact', 'leave-words', 'leave-pictures'];
  if (canKeep()) {
    for (const name of [...Object.keys(localStorage), ...Object.keys(sessionStorage)]) if (name.startsWith(prefix)) names.push(name.slice(prefix.length));
  }
  for (const shelf of shelves) for (const name of names) shelf.set(name, null);
}

// To the parts of the page, which know of no host: a closed panel is a hidden page, and the page that agents see is the host's.
import type { State } from '../../../loader/src/messages';

type Where = Pick<State, 'page' | 'referrer' | 'told'>;

let open = false;
let where: { page: string; referrer: string } | undefined;

export function standIn(): void {
  const own = Object.getOwnPropertyDescriptor(Document.prototype, 'hidden')!;
  const { URL, referrer } = document;
  const say = (name: 'hidden' | 'URL' | 'referrer', get: () => unknown): unknown => Object.defineProperty(document, name, { get });
  say('hidden', () => !open || own.get!.call(document));
  say('URL', () => where?.page ?? URL);
  say('referrer', () => where?.referrer ?? referrer);
}

export const isOpen = (): boolean => open;

export function setOpen(next: boolean): void {
  open = next;
  document.dispatchEvent(new Event('visibilitychange'));
}

/** Answers whether it is another place than before. */
export function setPlace({ page, referrer, told }: Where): boolean {
  const before = where?.page;
  where = { page: pageWith(page, told), referrer };
  return where.page !== before;
}

/** An address as agents see it, with what the host tells besides behind it: an address is what the service takes. */
export function pageWith(address: string, told: object): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(told)) {
    // Whatever has parts of its own would be long, and nobody could read it; what is not told has no place.
    if (value !== undefined && Object(value) !== value) url.searchParams.set(name, String(value));
  }
  url.hash = '';
  return url.href;
}

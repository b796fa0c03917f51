// Cards that a `custom` message may be: a product, an order, a rating. Whatever is not surely one is none.

export interface Card {
  kind: 'product' | 'order';
  title: string;
  price: string;
  /** What else there is to say in a word: in stock, two pieces. */
  note: string;
  /** Of an order. */
  number: string;
  state: string;
  /** Path of an uploaded image, or an address of our own origin. */
  picture: string;
  /** Where it leads; https or our own origin. */
  url: string;
}

export interface Rating {
  rateresult: Rate;
  tags: string[];
  text: string;
}

export const RATES = ['RUBBISH', 'BAD', 'JUSTSOSO', 'GOOD', 'BEST'] as const;

export type Rate = (typeof RATES)[number];

const MOST_CHARACTERS = 200;
/** As `uploadImage` answers it. */
const UPLOADED = /^[\w-]+\/[\w.-]+$/;

/** `origin`: of the page that shows it. */
export function cardOf(msg: unknown, origin: string): Card | undefined {
  const { kind, title, price, note, number, state, picture, url } = Object(msg) as Record<string, unknown>;
  if ((kind !== 'product' && kind !== 'order') || !words(title)) return undefined;
  return {
    kind,
    title: words(title),
    price: words(price),
    note: words(note),
    number: kind === 'order' ? words(number) : '',
    state: kind === 'order' ? words(state) : '',
    picture: pictureOf(picture, origin),
    url: linkOf(url, origin),
  };
}

export function ratingOf(msg: unknown): Rating | undefined {
  const { kind, rateresult, tags, text } = Object(msg) as Record<string, unknown>;
  const rate = RATES.find((one) => one === rateresult);
  if (kind !== 'rating' || !rate) return undefined;
  return { rateresult: rate, tags: Array.isArray(tags) ? tags.map(words).filter(Boolean).slice(0, 8) : [], text: typeof text === 'string' ? text : '' };
}

function words(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim().slice(0, MOST_CHARACTERS) : '';
}

/** Pages load nothing from other hosts, so a picture of theirs is left out rather than broken: empty. */
export function pictureOf(value: unknown, origin: string): string {
  if (typeof value === 'string' && UPLOADED.test(value)) return value;
  const url = address(value, origin);
  return url?.origin === origin ? url.href : '';
}

function linkOf(value: unknown, origin: string): string {
  const url = address(value, origin);
  return url && (url.protocol === 'https:' || url.origin === origin) ? url.href : '';
}

function address(value: unknown, origin: string): URL | undefined {
  if (typeof value !== 'string' || !value.trim()) return undefined;
  try {
    const url = new URL(value, origin);
    // A name before the host is there to deceive: `https://bank.example@evil.example`.
    return url.username || url.password ? undefined : url;
  } catch {
    return undefined; // not an address
  }
}

// Finds the addresses in a text. Whatever is not surely one stays text.

export type Piece = string | { href: string; text: string };

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`\u3000-\u303f\uff00-\uffef\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gi;
/** Signs that end a sentence around an address rather than the address. */
const TRAILING = /[.,;:!?…)\]}*_~]+$/;

export function pieces(text: string): Piece[] {
  const result: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimmed(match[0]);
    let url: URL;
    try {
      url = new URL(address);
    } catch {
      continue; // `http://[` and its like
    }
    // A name before the host is there to deceive: `https://bank.example@evil.example`.
    if (url.username || url.password || !url.hostname) continue;
    if (match.index > end) result.push(text.slice(end, match.index));
    result.push({ href: url.href, text: address });
    end = match.index + address.length;
  }
  if (end < text.length) result.push(text.slice(end));
  return result;
}

/** A closing bracket belongs to the address when it was opened inside of it. */
function trimmed(address: string): string {
  const short = address.replace(TRAILING, '');
  return address[short.length] === ')' && short.split('(').length > short.split(')').length ? short + ')' : short;
}

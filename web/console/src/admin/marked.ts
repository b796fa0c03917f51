// A title in parts: those that a text shares with it, and the others.

export interface Part {
  text: string;
  shared: boolean;
}

/** `words`: as the service compares them, in small letters and of ordinary width. */
export function marked(title: string, words: string[]): Part[] {
  const folded = title.normalize('NFKC').toLowerCase();
  // Where folding changes the length nobody knows which characters are meant.
  if (words.length === 0 || folded.length !== title.length) return [{ text: title, shared: false }];
  const longestFirst = [...words].sort((a, b) => b.length - a.length);
  const parts: Part[] = [];
  let told = 0;
  for (const { 0: { length }, index } of folded.matchAll(new RegExp(longestFirst.map(pattern).join('|'), 'gu'))) {
    if (index > told) parts.push({ text: title.slice(told, index), shared: false });
    parts.push({ text: title.slice(index, index + length), shared: true });
    told = index + length;
  }
  if (told < title.length) parts.push({ text: title.slice(told), shared: false });
  return parts;
}

/** `card` is not in `discard`, and `refund` is in `refunds`; Chinese words have no such borders. */
function pattern(word: string): string {
  const escaped = word.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
  return /^[a-z0-9]/.test(word) ? `(?<![a-z0-9])${escaped}s?(?![a-z0-9])` : escaped;
}

// A found text in parts: what fits and what stands around it. Pure.

export interface Snippet {
  text: string;
  /** Begin and end of each place in the text. */
  ranges: [number, number][];
  cut_before: boolean;
  cut_behind: boolean;
}

export function marked({ text, ranges }: Snippet): { text: string; hit: boolean }[] {
  const parts: { text: string; hit: boolean }[] = [];
  let at = 0;
  for (const [begin, end] of [...ranges].sort(([one], [other]) => one - other)) {
    if (begin < at || end <= begin) continue;
    if (begin > at) parts.push({ text: text.slice(at, begin), hit: false });
    parts.push({ text: text.slice(begin, end), hit: true });
    at = end;
  }
  if (at < text.length) parts.push({ text: text.slice(at), hit: false });
  return parts;
}

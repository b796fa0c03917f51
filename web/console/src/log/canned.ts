// Canned replies: found by what is typed behind a slash, with names filled in.
import type { CannedReply } from '../desk/wire';

/** What stands behind the slash, when the whole text is such a search; null when it is not. */
export function slashed(text: string): string | null {
  const match = /^[/／]([^\n]{0,64})$/.exec(text);
  return match ? (match[1] ?? '') : null;
}

/** Shortcuts that begin with it, then titles and shortcuts with it inside, then texts. */
export function fitting(replies: CannedReply[], sought: string, most = 8): CannedReply[] {
  const what = sought.trim().toLowerCase();
  const rank = ({ shortcut, title, text }: CannedReply): number => {
    if (shortcut.toLowerCase().startsWith(what)) return 0;
    if (shortcut.toLowerCase().includes(what) || title.toLowerCase().includes(what)) return 1;
    return text.toLowerCase().includes(what) ? 2 : 3;
  };
  return replies
    .map((reply) => ({ reply, rank: rank(reply) }))
    .filter(({ rank }) => rank < 3)
    .sort((one, other) => one.rank - other.rank || one.reply.shortcut.localeCompare(other.reply.shortcut))
    .slice(0, most)
    .map(({ reply }) => reply);
}

export type Part = { text: string; variable: boolean };

/** The text in parts: what is typed, and the names that stand for its variables. */
export function filled(text: string, names: Record<string, string>): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(/\{\{(\w+)\}\}/g)) {
    const name = names[match[1] ?? ''];
    if (name === undefined) continue;
    if (match.index > from) parts.push({ text: text.slice(from, match.index), variable: false });
    parts.push({ text: name, variable: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), variable: false });
  return parts;
}

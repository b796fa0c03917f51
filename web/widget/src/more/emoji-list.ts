// A small choice of emoji, for keyboards that have none at hand; those used last come first.

export const EMOJI = (
  '😀 😄 😊 🙂 😉 😍 😘 😂 🤣 😅 😎 🤔 😐 😕 🙄 😟 😢 😭 😠 😡 😱 😴 🤒 😷 🤗 🤝 ' +
  '👍 👎 👌 👏 🙏 💪 👋 ✌️ 👀 ❤️ 💔 🌹 🎉 🎁 🔥 ⭐ ✨ ✅ ❌ ❓ ❗ ⏰ 📦 🚚 🛒 💰 📷 📞 📍 🏠'
).split(' ');

export const COLUMNS = 8;
/** One row. */
const RECENT = COLUMNS;

export function recentOf(kept: string | null): string[] {
  return (kept ?? '').split(' ').filter((one) => EMOJI.includes(one)).slice(0, RECENT);
}

/** With this one in front. */
export function used(recent: string[], emoji: string): string[] {
  return [emoji, ...recent.filter((one) => one !== emoji)].slice(0, RECENT);
}

/** Where an arrow key leads in rows of these lengths. */
export function step(rows: number[], at: number, key: string): number | undefined {
  const count = rows.reduce((sum, length) => sum + length, 0);
  if (key === 'ArrowRight') return Math.min(count - 1, at + 1);
  if (key === 'ArrowLeft') return Math.max(0, at - 1);
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return undefined;
  let row = 0;
  let start = 0;
  while (at >= start + rows[row]!) start += rows[row++]!;
  const column = at - start;
  if (key === 'ArrowDown') return row + 1 < rows.length ? start + rows[row]! + Math.min(column, rows[row + 1]! - 1) : at;
  return row > 0 ? start - rows[row - 1]! + Math.min(column, rows[row - 1]! - 1) : at;
}

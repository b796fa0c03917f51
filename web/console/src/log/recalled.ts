// What was said in own messages that were taken back on this page, so that it can be written again for two minutes.

export const WRITE_AGAIN_MS = 120_000;

interface Recalled {
  roomid: string;
  text: string;
  /** It stands in the box again, and is not offered to the arrow key any more. */
  taken: boolean;
}

const recalled = new Map<string, Recalled>();

export function remember(roomid: string, id: string, text: string): void {
  recalled.set(id, { roomid, text, taken: false });
  globalThis.setTimeout(() => recalled.delete(id), WRITE_AGAIN_MS);
}

export function forget(id: string): void {
  recalled.delete(id);
}

export function recalledText(id: string): string | undefined {
  return recalled.get(id)?.text;
}

/** The text that was last taken back in this room, once. */
export function takeLast(roomid: string): string | undefined {
  const last = [...recalled.values()].findLast((one) => one.roomid === roomid && !one.taken);
  if (last) last.taken = true;
  return last?.text;
}

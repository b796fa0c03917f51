// Whether to ring for what was heard: decided from what all tabs of this agent look at. Pure.

export interface Look {
  /** The tab has the focus of the whole system. */
  focused: boolean;
  roomid: string;
  at: number;
}

/** Word of a tab that has not been heard of for so long counts no more. */
export const LOOK_MS = 15_000;

/** False when somebody already has the room before its eyes. */
export function rings(roomid: string, looks: Iterable<Look>, now: number): boolean {
  for (const look of looks) if (look.focused && look.roomid === roomid && now - look.at < LOOK_MS) return false;
  return true;
}

/** A tab in the background is let speak once a minute; the one that went without a word is waited for so long. */
const GONE_MS = 90_000;

/** Whether this tab is the first of those that are there, and so the one that rings. */
export function isFirst(tab: string, looks: Iterable<[tab: string, look: Look]>, now: number): boolean {
  for (const [other, { at }] of looks) if (other < tab && now - at < GONE_MS) return false;
  return true;
}

/** Remembers what has rung, so that nothing rings twice when another tab takes over. */
export class Rung {
  private keys: string[] = [];

  /** True for the first time. */
  add(key: string): boolean {
    if (this.keys.includes(key)) return false;
    this.keys = [...this.keys.slice(-499), key];
    return true;
  }
}

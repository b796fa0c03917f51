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

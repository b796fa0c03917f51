// What the loader remembers on the host's origin: how the launcher looks, and when this visitor last had a conversation.
// Who somebody is is kept by the page in the panel, on our origin, unless the browser keeps nothing for it there.
import type { Look } from './messages';

export interface Kept {
  look?: Look;
  /** The accent that the host asked for when the look was told. */
  asked?: string | undefined;
  /** When the look was told. */
  told?: number;
  /** When something was last said. */
  talked?: number;
  /** What the page in the panel cannot keep itself. */
  key?: string;
  /** Whoever it was is to be forgotten, and the page in the panel has not said yet that it has. */
  forget?: boolean;
}

export function recall(company: string): Kept {
  try {
    return Object(JSON.parse(localStorage['nodechat/' + company]));
  } catch {
    return {}; // nothing is there or nothing of ours, or storage is switched off: asked again
  }
}

export function remember(company: string, kept: Kept): void {
  try {
    localStorage['nodechat/' + company] = JSON.stringify(kept);
  } catch {
    // storage is full or switched off: asked again on the next page
  }
}

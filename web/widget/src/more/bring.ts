// Brings a message into view that may be further up than what is loaded: looked for page by page, then shown with what lies around it.
import type { Chat } from '../chat';
import { isStored } from '../items';

/** As much as the service gives at once. */
const PAGE = 100;
const MOST_PAGES = 20;
const FOUND_MS = 1_000;

/** False when it is not among the last that are looked at. */
export async function bring(chat: Chat, id: string): Promise<boolean> {
  if (!rowOf(id)) {
    const pos = await positionOf(chat, id);
    if (pos === undefined) return false;
    await chat.show(Math.max(0, pos - PAGE / 2));
    // The button that was pressed may be gone.
    document.querySelector<HTMLElement>('[role=log]')!.focus({ preventScroll: true });
  }
  const row = rowOf(id);
  row?.scrollIntoView({ block: 'center' });
  row?.classList.add('is-found');
  setTimeout(() => row?.classList.remove('is-found'), FOUND_MS);
  return true;
}

const rowOf = (id: string): HTMLElement | null => document.querySelector(`[data-id="${CSS.escape(id)}"]`);

async function positionOf({ nodechat, room, items }: Chat, id: string): Promise<number | undefined> {
  let before = items().find(isStored)?.order ?? 0;
  for (let n = 0; n < MOST_PAGES && before > 0; n += 1, before -= PAGE) {
    const found = (await nodechat.history(room()!.roomid, before - PAGE, PAGE)).find((message) => message.id === id);
    if (found) return found.pos;
  }
  return undefined;
}

// Asks whether the connection still lives when somebody looks at the page again, or the network is another one: a socket that
// died in between says nothing, and would be missed only after the service's silence has lasted too long.
import { onCleanup } from 'solid-js';
import type { Chat } from '../chat';
import type { Refusal } from '../reason';

const PATIENCE_MS = 4_000;
/** The code under which nodechat.js says that no answer came. */
const SILENT = 3101;

export function watchLife(chat: Chat): void {
  const { nodechat } = chat;
  let asking = false;

  async function ask(): Promise<void> {
    const { session } = nodechat;
    const room = chat.room();
    if (asking || document.hidden || !nodechat.connected || !room) return;
    asking = true;
    try {
      await nodechat.request('user', { type: 'viewchat', roomid: room.roomid, start: room.next_pos, limit: 1 }, { timeout: PATIENCE_MS });
    } catch (err) {
      // A refusal is a sign of life, and a connection that broke by itself is another one by now.
      if ((err as Refusal).errcode === SILENT && nodechat.connected && nodechat.session === session) chat.renew(chat.ticket);
    }
    asking = false;
  }

  const listen = (how: 'addEventListener' | 'removeEventListener'): void => {
    document[how]('visibilitychange', ask);
    window[how]('online', ask);
  };
  listen('addEventListener');
  onCleanup(() => listen('removeEventListener'));
}

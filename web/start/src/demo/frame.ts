// What the frames of the start page and the start page itself tell each other, checked by origin.
import type { Side } from './wire';

export type FromFrame =
  | { say: 'room'; side: Side; roomid: string }
  | { say: 'unseen'; side: Side; n: number }
  | { say: 'off'; side: Side };

export type ToFrame = { say: 'room'; roomid: string } | { say: 'shown'; shown: boolean };

const MARK = 'nodechat-demo';

export function tellParent(message: FromFrame): void {
  if (window.parent !== window) window.parent.postMessage({ [MARK]: message }, location.origin);
}

export function tellFrame(frame: HTMLIFrameElement, message: ToFrame): void {
  frame.contentWindow?.postMessage({ [MARK]: message }, location.origin);
}

/** Hears messages of our own pages only. */
export function hear<M extends FromFrame | ToFrame>(callback: (message: M) => void): void {
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.origin !== location.origin) return;
    const message = (event.data as Record<string, unknown> | null)?.[MARK];
    if (typeof message === 'object' && message !== null) callback(message as M);
  });
}

const rooms = new BroadcastChannel(MARK);

/** Lets an agent's page that stands in a window of its own, in this browser, know which room to open. */
export function announceRoom(roomid: () => string | undefined): void {
  const announce = (): void => {
    const open = roomid();
    if (open) rooms.postMessage({ room: open });
  };
  rooms.addEventListener('message', (event: MessageEvent<{ ask?: true }>) => event.data.ask && announce());
  announce();
}

/** Hears of the rooms of visitors in this browser, those that are open already included. */
export function hearRooms(callback: (roomid: string) => void): void {
  rooms.addEventListener('message', (event: MessageEvent<{ room?: string }>) => event.data.room && callback(event.data.room));
  rooms.postMessage({ ask: true });
}

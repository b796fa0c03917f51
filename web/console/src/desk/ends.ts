// Consultations that are about to end: each can be taken back for ten seconds, and ends at once when the page is left.
import { createSignal } from 'solid-js';

const UNDO_MS = 10_000;

export class Ends {
  /** Rooms whose consultation is about to end. */
  readonly rooms = createSignal<Map<string, string>>(new Map());
  private timers = new Map<string, number>();
  private leaving = (): void => {
    for (const roomid of [...this.timers.keys()]) this.now(roomid);
  };

  constructor(private end: (roomid: string, chatid: string) => void) {
    window.addEventListener('pagehide', this.leaving);
  }

  add(roomid: string, chatid: string): void {
    if (this.timers.has(roomid)) return;
    this.rooms[1]((rooms) => new Map(rooms).set(roomid, chatid));
    this.timers.set(roomid, window.setTimeout(() => this.now(roomid), UNDO_MS));
  }

  undo(roomid: string): void {
    window.clearTimeout(this.timers.get(roomid));
    this.timers.delete(roomid);
    this.rooms[1]((rooms) => {
      const rest = new Map(rooms);
      rest.delete(roomid);
      return rest;
    });
  }

  close(): void {
    this.leaving();
    window.removeEventListener('pagehide', this.leaving);
  }

  private now(roomid: string): void {
    const chatid = this.rooms[0]().get(roomid);
    this.undo(roomid);
    if (chatid) this.end(roomid, chatid);
  }
}

// Consultations that are about to end: each can be taken back as long as the page says so, and ends at once when the page is left.
import { createSignal } from 'solid-js';

export class Ends {
  /** Rooms whose consultation is about to end. */
  readonly rooms = createSignal<Map<string, string>>(new Map());
  private leaving = (): void => {
    for (const roomid of [...this.rooms[0]().keys()]) this.now(roomid);
  };

  constructor(private end: (roomid: string, chatid: string) => void) {
    window.addEventListener('pagehide', this.leaving);
  }

  add(roomid: string, chatid: string): void {
    this.rooms[1]((rooms) => new Map(rooms).set(roomid, chatid));
  }

  undo(roomid: string): void {
    this.rooms[1]((rooms) => {
      const rest = new Map(rooms);
      rest.delete(roomid);
      return rest;
    });
  }

  now(roomid: string): void {
    const chatid = this.rooms[0]().get(roomid);
    this.undo(roomid);
    if (chatid) this.end(roomid, chatid);
  }

  close(): void {
    this.leaving();
    window.removeEventListener('pagehide', this.leaving);
  }
}

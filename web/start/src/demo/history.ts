// What was said in a room so far, with what is still on its way, in the order in which it is shown.
import type { Message, Reads, Side } from './wire';

export type State = 'sent' | 'sending' | 'uploading' | 'failed';

/** A message as this page knows it: the server's, or one of our own that is not there yet. */
export interface Item {
  id: string;
  /** The position in the room; null until the server has given one. */
  pos: number | null;
  side: Side;
  aid: string;
  nick: string;
  time: number;
  mtype: string;
  msg: unknown;
  state: State;
  /** Why it failed, in words. */
  reason?: string;
  /** Sending it again would fail in the same way. */
  hopeless?: true;
  /** What is uploaded: shown from the local copy, so that nothing flickers when it is there. */
  upload?: Upload;
}

export interface Upload {
  file: File;
  url: string | null;
  width: number;
  height: number;
  sentBytes: number;
}

export class History {
  private readonly items = new Map<string, Item>();
  /** The last read position of each side, -1 for none. */
  readonly reads: Reads = { user: -1, cs: -1 };

  /** By position; what has none yet stands at the end, in the order in which it was written. */
  all(): Item[] {
    const list = [...this.items.values()];
    const placed = list.filter((item) => item.pos !== null).sort((a, b) => (a.pos ?? 0) - (b.pos ?? 0));
    return placed.concat(list.filter((item) => item.pos === null));
  }

  get(id: string): Item | undefined {
    return this.items.get(id);
  }

  /** Takes messages from the server, each once; answers those that were not known here. */
  take(messages: Message[]): Item[] {
    const fresh: Item[] = [];
    for (const message of messages) {
      const known = this.items.get(message.id);
      const item: Item = {
        ...known,
        id: message.id,
        pos: message.pos ?? known?.pos ?? null,
        side: message.type === 'usermsg' ? 'user' : 'cs',
        aid: message.aid,
        nick: message.nick,
        time: message.time,
        mtype: message.mtype,
        msg: message.msg,
        state: 'sent',
      };
      if (!known) fresh.push(item);
      this.items.set(item.id, item);
    }
    return fresh;
  }

  put(item: Item): void {
    this.items.set(item.id, item);
  }

  remove(id: string): void {
    this.items.delete(id);
  }

  /** Forgets what the server had said, keeps what is still on its way. */
  startAfresh(): void {
    for (const item of this.all()) if (item.pos !== null) this.items.delete(item.id);
    this.reads.user = -1;
    this.reads.cs = -1;
  }

  /** Moves a read mark forward; answers whether it moved. */
  markRead(side: Side, pos: number): boolean {
    if (pos <= this.reads[side]) return false;
    this.reads[side] = pos;
    return true;
  }

  /** The position of the last message at or before a time, -1 for none. */
  positionAt(time: number): number {
    return this.all().reduce((last, item) => (item.pos !== null && item.time <= time ? item.pos : last), -1);
  }

  /** The position that the next message will have, as far as this page knows. */
  nextPos(): number {
    return this.lastOf(() => true) + 1;
  }

  /** The position of the last message that the other side sent, -1 for none. */
  lastFromOther(side: Side): number {
    return this.lastOf((item) => item.side !== side);
  }

  private lastOf(wanted: (item: Item) => boolean): number {
    return this.all().reduce((last, item) => (item.pos !== null && wanted(item) ? Math.max(last, item.pos) : last), -1);
  }
}

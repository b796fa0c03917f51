// Who else has the open room before them. It is said when one opens and leaves a room and now and then in between, and
// believed for a while: a page that dies says nothing.
import type { Nodechat } from 'nodechat';
import { createSignal, type Signal } from 'solid-js';

export interface LookingEvent {
  roomid: string;
  aid: string;
  on: boolean;
}

const AGAIN_MS = 20_000;
const BELIEVED_MS = 50_000;

export class Looking {
  readonly others: Signal<string[]> = createSignal<string[]>([]);
  private roomid = '';
  private again = 0;
  private ends = new Map<string, number>();

  constructor(
    private nodechat: Pick<Nodechat, 'emit'>,
    private isUp: () => boolean,
  ) {}

  /** This room is open from now on; none: ''. */
  at(roomid: string): void {
    if (roomid === this.roomid) return;
    this.say(false);
    this.roomid = roomid;
    this.anew();
  }

  /** Also after a time without a connection, in which nobody was heard. */
  anew(): void {
    for (const end of this.ends.values()) window.clearTimeout(end);
    this.ends.clear();
    this.others[1]([]);
    window.clearInterval(this.again);
    if (!this.roomid) return;
    this.say(true);
    this.again = window.setInterval(() => this.say(true), AGAIN_MS);
  }

  heard({ roomid, aid, on }: LookingEvent): void {
    if (roomid !== this.roomid) return;
    const isNew = !this.ends.has(aid);
    window.clearTimeout(this.ends.get(aid));
    if (!on) return this.gone(aid);
    this.ends.set(aid, window.setTimeout(() => this.gone(aid), BELIEVED_MS));
    if (!isNew) return;
    this.others[1]((all) => [...all, aid]);
    // Whoever comes has not heard who is here.
    this.say(true);
  }

  private gone(aid: string): void {
    this.ends.delete(aid);
    this.others[1]((all) => all.filter((other) => other !== aid));
  }

  private say(on: boolean): void {
    if (this.roomid && this.isUp()) this.nodechat.emit('looking', { roomid: this.roomid, on }, () => {});
  }
}

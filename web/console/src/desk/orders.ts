// Work orders that are made from a room: one for each consultation.
import { createSignal } from 'solid-js';
import type { Rest } from '../rest';
import type { Row } from './wire';

export interface RoomOrder {
  id: string;
  title: string;
  state: string;
  created: number;
  chatid?: string | null;
}

const LOOKED_THROUGH = 50;

export class RoomOrders {
  /** How many were made here: whoever shows some looks again. */
  readonly made = createSignal(0);
  private busy = false;

  constructor(private rest: Rest) {}

  /** The newest ones of a visitor. */
  async of(aid: string, limit = LOOKED_THROUGH): Promise<RoomOrder[]> {
    return (await this.rest.page<RoomOrder>('/orders', { submitter: aid, limit })).data;
  }

  /** Makes one of what was said, or answers the one that this consultation has; undefined while that goes on already. */
  async make({ roomid, chatid, userid }: Row): Promise<{ order: RoomOrder; fresh: boolean } | undefined> {
    if (this.busy) return undefined;
    this.busy = true;
    try {
      const before = chatid ? (await this.of(userid)).find((order) => order.chatid === chatid) : undefined;
      if (before) return { order: before, fresh: false };
      const order = await this.rest.send<RoomOrder>('POST', '/orders', { roomid, ...(chatid && { chatid }) });
      this.made[1]((n) => n + 1);
      return { order, fresh: true };
    } finally {
      this.busy = false;
    }
  }
}

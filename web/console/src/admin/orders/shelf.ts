// Work orders of one sort, page by page: what came, whether there is more, why nothing came.
import { createEffect, createSignal, on, type Accessor } from 'solid-js';
import { inWords } from '../../refusal';
import type { Rest } from '../../rest';
import type { Order } from './types';

const AT_ONCE = 50;

export interface Sort {
  /** Empty: of any. */
  state: string;
  kind: string;
}

export interface Shelf {
  orders: Accessor<Order[]>;
  busy: Accessor<boolean>;
  failure: Accessor<string>;
  /** Where the next page begins, if there is one. */
  next: Accessor<string | undefined>;
  load: (cursor?: string) => Promise<void>;
  /** Writes one anew where it stands. */
  put: (order: Order) => void;
  /** Takes one in if it is of this sort, else gives it away. */
  settle: (order: Order) => void;
}

/** Loads at once, and anew whenever the sort is another one. */
export function openShelf(rest: Rest, sort: Accessor<Sort>): Shelf {
  const [orders, setOrders] = createSignal<Order[]>([]);
  const [busy, setBusy] = createSignal(true);
  const [failure, setFailure] = createSignal('');
  const [next, setNext] = createSignal<string>();
  let asked = 0;

  async function load(cursor?: string): Promise<void> {
    const turn = (asked += 1);
    setBusy(true);
    setFailure('');
    try {
      const page = await rest.page<Order>('/orders', { ...sort(), limit: AT_ONCE, cursor });
      if (turn !== asked) return; // of another sort
      const known = new Set(cursor ? orders().map(({ id }) => id) : []);
      setOrders((all) => (cursor ? [...all, ...page.data.filter(({ id }) => !known.has(id))] : page.data));
      setNext(page.next);
    } catch (thrown) {
      if (turn !== asked) return;
      setFailure(inWords(thrown));
    }
    setBusy(false);
  }
  createEffect(on(sort, () => void load()));

  const isOurs = (order: Order): boolean => [order.state, ''].includes(sort().state) && [order.kind, ''].includes(sort().kind);
  return {
    orders,
    busy,
    failure,
    next,
    load,
    put: (order) => void setOrders((all) => all.map((one) => (one.id === order.id ? order : one))),
    settle: (order) => {
      setOrders((all) => {
        const others = all.filter(({ id }) => id !== order.id);
        return isOurs(order) ? [...others, order].sort((a, b) => b.created - a.created) : others;
      });
    },
  };
}

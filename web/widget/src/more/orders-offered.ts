// Whether there is a way to the work orders: the company looks after them, or this visitor has one already.
import { createEffect, createSignal, onCleanup } from 'solid-js';
import type { Chat } from '../chat';
import { kindsOf, ordersOf } from './orders';

const [ordersOffered, setOffered] = createSignal(false);

export { ordersOffered };

export function watchOrders(chat: Chat): void {
  // Of whoever talked here before.
  setOffered(false);
  createEffect((asked) => {
    if (!asked && chat.room()) {
      void Promise.all([kindsOf(chat.company), ordersOf(chat)]).then(
        ([kinds, orders]) => kinds.length + orders.length > 0 && setOffered(true),
        () => undefined, // without an answer there is no way; the next visit asks again
      );
    }
    return asked || chat.room();
  });
  const told = (): unknown => setOffered(true);
  chat.nodechat.on('order', told);
  onCleanup(() => chat.nodechat.off('order', told));
}

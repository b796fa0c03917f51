// Whether there is a way to the work orders: the company looks after them, or this visitor has one already.
import { createEffect, createMemo, createSignal, onCleanup } from 'solid-js';
import type { Chat } from '../chat';
import { kindsOf, ordersOf } from './orders';

const [ordersOffered, setOffered] = createSignal(false);

export { ordersOffered };

export function watchOrders(chat: Chat): void {
  // Of whoever talked here before.
  setOffered(false);
  const connected = createMemo(() => chat.online() && Boolean(chat.room()));
  let known = false;
  createEffect(() => {
    if (known || !connected()) return;
    Promise.all([kindsOf(chat.company), ordersOf(chat)]).then(
      ([kinds, orders]) => {
        known = true;
        if (kinds.length + orders.length > 0) setOffered(true);
      },
      () => undefined, // without an answer there is no way; the next connection asks again
    );
  });
  const told = (): unknown => setOffered(true);
  chat.nodechat.on('order', told);
  onCleanup(() => chat.nodechat.off('order', told));
}

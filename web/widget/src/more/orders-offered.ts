// Whether there is a way to the work orders: the company looks after them, or this visitor has one already.
import { createEffect, createMemo, createSignal, onCleanup } from 'solid-js';
import type { Chat } from '../chat';
import { kindsOf, ordersOf } from './orders';

const AGAIN_MS = 5_000;

const [ordersOffered, setOffered] = createSignal(false);

export { ordersOffered };

export function watchOrders(chat: Chat): void {
  // Of whoever talked here before.
  setOffered(false);
  const connected = createMemo(() => chat.online() && Boolean(chat.room()));
  const [asked, ask] = createSignal(0);
  let known = false;
  let later = 0;
  createEffect(() => {
    asked();
    if (known || !connected()) return;
    Promise.all([kindsOf(chat.company), ordersOf(chat)]).then(
      ([kinds, orders]) => {
        known = true;
        if (kinds.length + orders.length > 0) setOffered(true);
      },
      // Without an answer there is no way, so it is asked again.
      () => {
        clearTimeout(later);
        later = window.setTimeout(() => ask((n) => n + 1), AGAIN_MS);
      },
    );
  });
  const told = (): unknown => setOffered(true);
  chat.nodechat.on('order', told);
  onCleanup(() => {
    clearTimeout(later);
    chat.nodechat.off('order', told);
  });
}

// What is offered beside a person: to say how it was, to go on with what has ended, and the visitor's work orders.
import { Show } from 'solid-js';
import type { Chat } from '../chat';
import { t } from '../text/say';
import { Icon } from '../view/Icon';
import { ordersOffered } from './orders-offered';
import { askRating, canRate, goOn, isOver } from './past';

export function Quick({ chat, orders }: { chat: Chat; orders(): void }) {
  return (
    <>
      {/* The short one first: both are seen on a phone. */}
      <Show when={canRate(chat)}>
        <button class="btn" type="button" onClick={() => askRating(chat)}>
          <Icon name="smile" />
          {t('rate')}
        </button>
      </Show>
      <Show when={isOver(chat)}>
        <button class="btn" type="button" onClick={() => goOn(chat)}>
          <Icon name="reply" />
          {t('go_on')}
        </button>
      </Show>
      <Show when={ordersOffered()}>
        <button class="btn" type="button" onClick={orders}>
          <Icon name="book" />
          {t('orders')}
        </button>
      </Show>
    </>
  );
}

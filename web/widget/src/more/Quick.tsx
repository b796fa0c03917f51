// What is offered beside a person: to go on with what has ended, and the visitor's work orders.
import { Show } from 'solid-js';
import type { Chat } from '../chat';
import { t } from '../text/say';
import { Icon } from '../view/Icon';
import { OrdersButton } from './Orders';
import { goOn, past } from './past';

export function Quick({ chat, open }: { chat: Chat; open(): void }) {
  const over = () => chat.service()?.status === 'ended' && chat.service()?.chatid === past()?.chatid;
  return (
    <>
      <Show when={over()}>
        <button class="btn" type="button" onClick={() => goOn(chat)}>
          <Icon name="reply" />
          {t('go_on')}
        </button>
      </Show>
      <OrdersButton chat={chat} open={open} />
    </>
  );
}

// Why a message was not sent, and what can be done about it. The words themselves stay above.
import { Show } from 'solid-js';
import type { Chat } from '../chat';
import type { Item } from '../items';
import { t } from '../text/say';
import { Icon } from '../view/Icon';
import { again, cancel } from './uploads';

export function Failed({ item, chat }: { item: Item; chat: Chat }) {
  return (
    <p class="meta bad">
      <Icon name="alert" size="xs" />
      <span>{item.reason}</span>
      <Show when={!item.hopeless}>
        <button class="link" type="button" onClick={() => again(chat, item)}>
          {t('resend')}
        </button>
      </Show>
      <button class="link" type="button" onClick={() => cancel(chat, item)}>
        {t('remove')}
      </button>
    </p>
  );
}

// Under the bot's last answer: whether it was of use, or a person is wanted.
import { createSignal, Show } from 'solid-js';
import type { Chat } from '../chat';
import { isStored, type Item } from '../items';
import { t } from '../text/say';

/** Only here: the service keeps no such opinion. */
const [helped, setHelped] = createSignal<string>();

export function Helped({ item, chat }: { item: Item; chat: Chat }) {
  const { id } = item;
  const asked = () => {
    const status = chat.service()?.status;
    if (status === 'serving' || status === 'waiting') return false;
    const all = chat.items();
    let at = all.length;
    const before = (): Item | undefined => {
      while (at > 0) if (isStored(all[--at]!)) return all[at];
      return undefined;
    };
    // An answer follows a question; what a company says by itself asks for no opinion.
    return before()?.id === id && before()?.side === 'user';
  };
  return (
    <Show when={asked()}>
      <div class="helped" role="group" aria-label={t('helped_ask')}>
        <Show
          when={helped() !== id}
          fallback={
            <p class="t13 m2" role="status">
              {t('helped_thanks')}
            </p>
          }
        >
          <button class="btn" type="button" onClick={() => setHelped(id)}>
            {t('helped')}
          </button>
          <button class="btn" type="button" onClick={chat.human}>
            {t('not_helped')}
          </button>
        </Show>
      </div>
    </Show>
  );
}

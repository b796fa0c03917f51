// The connection in words: lost after a moment of patience, restored with what was caught up.
import { createEffect, createSignal, onCleanup, Show } from 'solid-js';
import type { Chat } from '../chat';
import { t } from '../text/say';
import { Icon } from './Icon';

const PATIENCE_MS = 2_000;
const RESTORED_MS = 3_000;

export function Banner(props: { chat: Chat }) {
  const { chat } = props;
  const [late, setLate] = createSignal(false);
  createEffect(() => {
    if (chat.online()) return;
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    onCleanup(() => (clearTimeout(timer), setLate(false)));
  });
  createEffect(() => {
    if (chat.caughtUp() === undefined) return;
    const timer = setTimeout(() => chat.setCaughtUp(undefined), RESTORED_MS);
    onCleanup(() => clearTimeout(timer));
  });
  const down = () => late() && !chat.online();
  return (
    <div role="status">
      <Show when={down()}>
        <p class="banner">
          <Icon name="offline" size="s" />
          {t('reconnecting')}
        </p>
      </Show>
      <Show when={!down() && chat.caughtUp() !== undefined}>
        <p class="banner ok">
          <Icon name="check" size="s" />
          {chat.caughtUp() ? t('restored_n', { n: chat.caughtUp()! }) : t('restored')}
        </p>
      </Show>
    </div>
  );
}

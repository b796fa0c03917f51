// The connection in words: lost after a moment of patience, when it is tried again, restored with what was caught up.
import { createEffect, createSignal, onCleanup, Show } from 'solid-js';
import type { Chat } from '../chat';
import { t } from '../text/say';
import { Icon } from '../view/Icon';

const PATIENCE_MS = 2_000;
const RESTORED_MS = 3_000;
/** A shorter wait is over before anybody could press the button. */
const WORTH_SAYING_MS = 2_000;

export function Banner(props: { chat: Chat }) {
  const { chat } = props;
  const [late, setLate] = createSignal(false);
  const [left, setLeft] = createSignal(0);
  createEffect(() => {
    if (chat.online()) return;
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    onCleanup(() => (clearTimeout(timer), setLate(false)));
  });
  createEffect(() => {
    const until = chat.nextTry();
    setLeft(0);
    if (chat.online() || until - Date.now() < WORTH_SAYING_MS) return;
    const count = (): unknown => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    count();
    const timer = setInterval(count, 250);
    onCleanup(() => clearInterval(timer));
  });
  createEffect(() => {
    if (chat.caughtUp() === undefined) return;
    const timer = setTimeout(() => chat.setCaughtUp(undefined), RESTORED_MS);
    onCleanup(() => clearTimeout(timer));
  });
  const down = () => late() && !chat.online();
  return (
    <>
      <div role="status">
        <Show when={down() && !left()}>
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
      {/* Not read aloud each second. */}
      <Show when={down() && left()}>
        <p class="banner bad">
          <Icon name="alert" size="s" />
          <span>{t('no_connection', { n: left() })}</span>
          <button class="link" type="button" onClick={tryNow}>
            {t('try_now')}
          </button>
        </p>
      </Show>
    </>
  );
}

/** The library dials at once when the browser says that the network is back; so does the reader. */
function tryNow(): void {
  dispatchEvent(new Event('online'));
}

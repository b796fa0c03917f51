// How the connection stands, when it does not: after two seconds, and for a moment when it is back.
import { createEffect, createSignal, onCleanup, Show, type JSX } from 'solid-js';
import { t } from '../text/say';
import { useDesk } from './desk-context';
import { Icon } from './parts';

const PATIENCE_MS = 2_000;

export function Banner(): JSX.Element {
  const { desk } = useDesk();
  const [late, setLate] = createSignal(false);
  createEffect(() => {
    setLate(false);
    if (desk.line[0]() === 'up') return;
    const timer = window.setTimeout(() => setLate(true), PATIENCE_MS);
    onCleanup(() => window.clearTimeout(timer));
  });
  return (
    <div role="status">
      <Show when={late()}>
        <p class="banner">
          <Icon name="offline" size="s" />
          {t('reconnecting')}
        </p>
      </Show>
      <Show when={!late() && desk.line[0]() === 'up' && desk.caughtUp[0]() !== undefined}>
        <p class="banner ok">
          <Icon name="check" size="s" />
          {(desk.caughtUp[0]() ?? 0) > 0 ? t('restored_with', { n: desk.caughtUp[0]() ?? 0 }) : t('restored')}
        </p>
      </Show>
    </div>
  );
}

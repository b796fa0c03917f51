// Short sentences at the bottom, each for a few seconds.
import { For, Show, type JSX } from 'solid-js';
import { t } from '../text/say';
import { useDesk } from './desk-context';
import { IconButton } from './parts';

export function ToastStack(): JSX.Element {
  const { toasts } = useDesk().desk;
  return (
    <div class="toasts" role="status" aria-live="polite" onPointerEnter={() => toasts.hold(true)} onPointerLeave={() => toasts.hold(false)}>
      <For each={toasts.all[0]()}>
        {(toast) => (
          <div class="toast">
            <bdi>{toast.text}</bdi>
            <Show when={toast.deed} fallback={<IconButton icon="x" class="sm" label={t('close')} onClick={() => toasts.drop(toast.id)} />}>
              {(deed) => (
                <button type="button" class="btn bare sm undo" onClick={() => toasts.run(toast)}>
                  {t(deed().label)}
                </button>
              )}
            </Show>
          </div>
        )}
      </For>
    </div>
  );
}

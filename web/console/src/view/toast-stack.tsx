// Short sentences at the bottom, each for a few seconds.
import { For, Show, type JSX } from 'solid-js';
import { keysOf } from '../keyboard';
import { t } from '../text/say';
import { useOffice } from './desk-context';
import { IconButton } from './parts';

export function ToastStack(): JSX.Element {
  const { toasts } = useOffice();
  let stack!: HTMLDivElement;
  const hold = (): void => toasts.hold(stack.matches(':hover') || stack.contains(document.activeElement));
  const done = (deed: () => void): void => {
    deed();
    // A button that is gone does not say that it has lost the focus.
    hold();
  };
  return (
    <div
      ref={stack}
      class="toasts"
      role="status"
      aria-live="polite"
      data-region={toasts.all[0]().length > 0 ? 'toasts' : undefined}
      onPointerEnter={hold}
      onPointerLeave={hold}
      onFocusIn={hold}
      onFocusOut={() => queueMicrotask(hold)}
    >
      <For each={toasts.all[0]()}>
        {(toast) => (
          <div class="toast">
            <bdi>{toast.text}</bdi>
            <Show when={toast.deed} fallback={<IconButton icon="x" class="sm" label={t('close')} onClick={() => done(() => toasts.drop(toast.id))} />}>
              {(deed) => (
                <button type="button" class="btn bare sm undo" title={deed().label === 'undo' ? keysOf('undo') : undefined} onClick={() => done(() => toasts.run(toast))}>
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

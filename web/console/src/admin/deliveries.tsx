// The log of a webhook: what was delivered, what failed and why; each can be sent once more.
import { createResource, createSignal, For, Show, type JSX } from 'solid-js';
import { t } from '../text/say';
import { moment } from '../times';
import { useDesk } from '../view/desk-context';
import { IconButton } from '../view/parts';

interface Delivery {
  number: number;
  type: string;
  state: string;
  status?: number | null;
  failure?: string | null;
  time: number;
  attempts: number;
}

export function Deliveries(props: { hook: string }): JSX.Element {
  const { desk } = useDesk();
  const [log, { refetch }] = createResource(async () => (await desk.rest.page<Delivery>(`/webhooks/${props.hook}/deliveries`, { limit: 20 })).data);
  const [busy, setBusy] = createSignal(false);
  const again = async (path: string): Promise<void> => {
    if (busy()) return;
    setBusy(true);
    if (await desk.doing(() => desk.rest.send('POST', `/webhooks/${props.hook}${path}`))) void refetch();
    setBusy(false);
  };
  return (
    <section class="deliveries">
      <div class="try-head">
        <h3 class="t13 b">{t('hooks_log')}</h3>
        <span class="end" />
        <button type="button" class="btn bare sm" onClick={() => void refetch()}>
          {t('reload')}
        </button>
        <button type="button" class="btn sm" disabled={busy()} onClick={() => void again('/test')}>
          {t('hooks_test')}
        </button>
      </div>
      <Show when={!log.error} fallback={<p class="hint bad">{t('admin_silent')}</p>}>
        <ul>
          <For each={log()} fallback={<Show when={log.state === 'ready'}><li class="m t13">{t('hooks_no_log')}</li></Show>}>
            {(one) => (
              <li class="delivery">
                <span class="fx">
                  <span class="mono t12">{one.type}</span>
                  <span class="m t12">{moment(one.time)}</span>
                </span>
                <span class="t12 cut" classList={{ bad: !!one.failure, m: !one.failure }} title={one.failure ?? ''}>
                  {one.status ?? one.failure ?? one.state}
                </span>
                <IconButton icon="retry" class="sm" label={t('hooks_replay')} disabled={busy()} onClick={() => void again(`/deliveries/${one.number}/replay`)} />
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  );
}

// The log of a webhook: what was delivered, what failed and why; each can be sent once more.
import { createEffect, createResource, createSignal, Index, onCleanup, Show, type JSX } from 'solid-js';
import { t } from '../text/say';
import { moment } from '../times';
import { useOffice } from '../view/desk-context';
import { IconButton } from '../view/parts';
import { reasonOf } from './delivery-reasons';

/** So long after the last look at what is on its way comes the next. */
const LOOK_MS = 1_000;

interface Delivery {
  number: number;
  type: string;
  state: string;
  status?: number | null;
  failure?: string | null;
  time: number;
  /** 0: it is on its way for the first time, or once more. */
  attempts: number;
}

export function Deliveries(props: { hook: { id: string; on: boolean } }): JSX.Element {
  const office = useOffice();
  const path = (): string => `/webhooks/${props.hook.id}`;
  const [log, { refetch }] = createResource(async () => (await office.rest.page<Delivery>(`${path()}/deliveries`, { limit: 20 })).data);
  const [busy, setBusy] = createSignal(false);
  const send = async (what: string): Promise<void> => {
    if (busy()) return;
    setBusy(true);
    if (await office.doing(() => office.rest.send('POST', `${path()}${what}`))) void refetch();
    setBusy(false);
  };
  // The service delivers after it has answered: the log is looked at until it says how that ended.
  createEffect(() => {
    if (!props.hook.on || log.state !== 'ready' || log().every(({ attempts }) => attempts > 0)) return;
    const timer = window.setTimeout(() => void refetch(), LOOK_MS);
    onCleanup(() => window.clearTimeout(timer));
  });
  return (
    <section class="deliveries">
      <div class="try-head">
        <h3 class="t13 b">{t('hooks_log')}</h3>
        <span class="end" />
        <button type="button" class="btn bare sm" onClick={() => void refetch()}>
          {t('reload')}
        </button>
        <button type="button" class="btn sm" disabled={busy()} onClick={() => void send('/test')}>
          {t('hooks_test')}
        </button>
      </div>
      <Show when={!log.error} fallback={<p class="hint bad">{t('admin_silent')}</p>}>
        <ul>
          <Index each={log()} fallback={<Show when={log.state === 'ready'}><li class="m t13">{t('hooks_no_log')}</li></Show>}>
            {(one) => {
              const failed = (): boolean => one().attempts > 0 && one().state !== 'delivered';
              const why = (): string => {
                const failure = one().failure ?? '';
                const words = reasonOf(failure);
                return words ? t(words) : failure;
              };
              return (
                <li class="delivery">
                  <span class="fx">
                    <span class="mono t12">{one().type}</span>
                    <span class="m t12">{moment(one().time)}</span>
                  </span>
                  <span class="t12 cut" classList={{ bad: failed(), m: !failed() }} title={one().failure ?? ''}>
                    {one().attempts === 0 ? t('hooks_waiting') : (one().status ?? why())}
                  </span>
                  <IconButton icon="retry" class="sm" label={t('hooks_replay')} disabled={busy()} onClick={() => void send(`/deliveries/${one().number}/replay`)} />
                </li>
              );
            }}
          </Index>
        </ul>
      </Show>
    </section>
  );
}

// Who has changed what: the company's log, the newest first, page by page.
import { createSignal, For, onMount, Show, type JSX } from 'solid-js';
import { inWords } from '../refusal';
import { t } from '../text/say';
import { moment } from '../times';
import { useOffice } from '../view/desk-context';

interface Act {
  number: number;
  act: string;
  actor: string;
  actor_kind: string;
  subject: string;
  note: string;
  address?: string | null;
  time: number;
}

export function Audit(): JSX.Element {
  const office = useOffice();
  const [acts, setActs] = createSignal<Act[]>([]);
  const [next, setNext] = createSignal<string>();
  const [failure, setFailure] = createSignal('');
  const [busy, setBusy] = createSignal(true);

  async function more(cursor?: string): Promise<void> {
    setBusy(true);
    setFailure('');
    try {
      const page = await office.rest.page<Act>('/audit', { limit: 50, cursor });
      setActs((all) => (cursor ? [...all, ...page.data] : page.data));
      setNext(page.next);
    } catch (thrown) {
      setFailure(inWords(thrown));
    }
    setBusy(false);
  }
  onMount(() => void more());

  return (
    <section class="table-side">
      <header class="admin-head">
        <div class="fx">
          <h1 class="t18 b">{t('audit')}</h1>
          <p class="m t13">{t('audit_about')}</p>
        </div>
      </header>
      <div class="table-box" role="region" tabindex="0" aria-label={t('audit')}>
        <table class="table still" aria-busy={busy()}>
          <thead>
            <tr>
              <th>{t('audit_when')}</th>
              <th>{t('audit_who')}</th>
              <th>{t('audit_act')}</th>
              <th>{t('audit_subject')}</th>
              <th>{t('card_ip')}</th>
            </tr>
          </thead>
          <tbody>
            <For each={acts()}>
              {(act) => (
                <tr>
                  <td class="nw" data-title={t('audit_when')}>{moment(act.time)}</td>
                  <td data-title={t('audit_who')}>
                    <bdi>{act.actor_kind === 'agent' ? office.directory.nick(act.actor) : act.actor || act.actor_kind}</bdi>
                  </td>
                  <td class="mono t12" data-title={t('audit_act')}>{act.act}</td>
                  <td class="soft wide" data-title={t('audit_subject')}>
                    <bdi class="one-line" title={act.note}>
                      {[act.subject, act.note].filter(Boolean).join(' · ')}
                    </bdi>
                  </td>
                  <td class="soft" data-title={t('card_ip')}>{act.address ?? ''}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
        <Show when={failure()}>
          <p class="hint bad pad" role="alert">{failure()}</p>
        </Show>
        <Show when={next()}>
          {(cursor) => (
            <button type="button" class="btn sm pad" disabled={busy()} onClick={() => void more(cursor())}>
              {t('load_more')}
            </button>
          )}
        </Show>
      </div>
    </section>
  );
}

// Handing a visitor over: to whom, with a note that only the colleague sees.
import { createMemo, createSignal, createUniqueId, For, Show, type JSX } from 'solid-js';
import type { Row } from '../desk/wire';
import { t } from '../text/say';
import { learn } from '../text/texts';
import { transfer } from '../text/transfer';
import { useDesk } from './desk-context';
import { Modal } from './modal';
import { Face, Icon } from './parts';
import { dotOf } from './status';
import { letter } from '../desk/desk';

learn(transfer);

interface Target {
  key: string;
  name: string;
  /** None: nobody is there. */
  to: { tocsid: string } | { togroupid: string } | undefined;
  /** Of a colleague. */
  status?: 0 | 1 | 2;
  hint: string;
}

export function Transfer(props: { row: Row }): JSX.Element {
  const { shown } = useDesk();
  return (
    <Modal open={shown.transfer[0]()} close={() => shown.transfer[1](false)} title={t('transfer_title', { who: props.row.topic })} class="transfer">
      <Form row={props.row} />
    </Modal>
  );
}

function Form(props: { row: Row }): JSX.Element {
  const { desk, shown } = useDesk();
  const { colleagues, groups, statuses } = desk.directory;
  const [sought, setSought] = createSignal('');
  const [chosen, setChosen] = createSignal('');
  const [note, setNote] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const name = createUniqueId();

  // Who is there may have changed since the page was opened.
  void desk.directory.loadColleagues().catch(() => {});
  const groupsOf = (aid: string): string => groups[0]().filter(({ members }) => members.includes(aid)).map((group) => group.name).join(', ');
  const there = (): string[] => colleagues[0]().filter(({ aid, active }) => active && aid !== props.row.csid && statuses[0]()[aid] === 0).map(({ aid }) => aid);
  const targets = createMemo<Target[]>(() => {
    const online = there();
    const ofGroups = groups[0]().map((group): Target => {
      const free = online.filter((aid) => group.members.includes(aid)).length;
      const isHere = group.members.some((aid) => aid !== props.row.csid && (statuses[0]()[aid] ?? 2) !== 2);
      const hint = free > 0 ? t('group_online', { n: free }) : t(isHere ? 'group_waits' : 'status_offline');
      return { key: `g ${group.id}`, name: group.name, to: isHere ? { togroupid: group.id } : undefined, hint };
    });
    const people = colleagues[0]()
      .filter(({ aid, active }) => active && aid !== props.row.csid)
      .map(({ aid, nick }): Target => {
        const status = statuses[0]()[aid] ?? 2;
        const hint = status === 0 ? groupsOf(aid) : t(status === 1 ? 'status_busy' : 'status_offline');
        return { key: `a ${aid}`, name: nick, to: status === 2 ? undefined : { tocsid: aid }, status, hint };
      });
    const what = sought().trim().toLowerCase();
    return [...ofGroups, ...people]
      .filter((target) => target.name.toLowerCase().includes(what) || target.hint.toLowerCase().includes(what))
      .sort((one, other) => Number(!one.to) - Number(!other.to) || (one.status ?? 0) - (other.status ?? 0));
  });
  const target = (): Target | undefined => targets().find(({ key }) => key === chosen());

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const to = target();
    if (!to?.to || busy()) return;
    setBusy(true);
    if (await desk.transfer(props.row, to.to, note().trim())) shown.transfer[1](false);
    setBusy(false);
  }

  return (
    <form class="transfer-form" onSubmit={(event) => void submit(event)} onKeyDown={(event) => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && void submit(event)}>
      <div class="find">
        <Icon name="search" size="s" />
        <input type="search" data-first aria-label={t('transfer_search')} placeholder={t('transfer_search')} value={sought()} onInput={(event) => setSought(event.currentTarget.value)} />
      </div>
      <div class="targets" role="radiogroup" aria-label={t('transfer')}>
        <For each={targets()} fallback={<p class="m none">{t(sought() ? 'transfer_none_found' : 'transfer_nobody')}</p>}>
          {(of) => (
            <label class="target" classList={{ on: chosen() === of.key, off: !of.to }}>
              <input type="radio" name={name} value={of.key} checked={chosen() === of.key} disabled={!of.to} onChange={() => setChosen(of.key)} />
              <Show when={of.status !== undefined} fallback={<span class="av cs sm"><Icon name="users" size="s" /></span>}>
                <Face who="cs" name={of.name} size="sm" dot={dotOf(letter(of.status!))} />
              </Show>
              <bdi class="cut fx">{of.name}</bdi>
              <span class="t12 m cut">{of.hint}</span>
            </label>
          )}
        </For>
      </div>
      <label class="field">
        <span class="lab">{t('transfer_note')}</span>
        <textarea class="inp area" rows={2} maxLength={2_000} dir="auto" value={note()} onInput={(event) => setNote(event.currentTarget.value)} />
        <span class="hint">{target()?.status !== undefined ? t('transfer_note_hint', { who: target()?.name ?? '' }) : t('transfer_note_anyone')}</span>
      </label>
      <div class="dialog-deeds">
        <button type="button" class="btn bare" onClick={() => shown.transfer[1](false)}>
          {t('cancel')}
        </button>
        <button type="submit" class="btn pri" disabled={!target() || busy()}>
          <bdi class="cut">{target() ? t('transfer_to', { who: target()?.name ?? '' }) : t('transfer')}</bdi>
        </button>
      </div>
    </form>
  );
}

// Who waits, the next one first, with the way to each.
import { For, Show, type JSX } from 'solid-js';
import { urgency } from '../../desk/order';
import { t } from '../../text/say';
import { stopwatch } from '../../times';
import { useDesk } from '../../view/desk-context';
import { Face } from '../../view/parts';

const ROWS = 10;

export function Queue(props: { now: number }): JSX.Element {
  const { desk, shown } = useDesk();
  const queue = () => desk.lists.waiting[0]();
  return (
    <section>
      <h2 class="t16 b">{t('board_queue')}</h2>
      <ol>
        <For each={queue().slice(0, ROWS)} fallback={<li class="m">{t('empty_waiting')}</li>}>
          {(row) => (
            <li class="board-row">
              <span class="m place">{row.position}</span>
              <Face who="user" name={row.topic} aid={row.userid} />
              <span class="fx cut">
                <bdi>{row.topic}</bdi>
              </span>
              <span class="m t12 cut">{desk.directory.group(row.groupid)}</span>
              <span class={`b ${urgency(props.now - (row.begun ?? row.lsttime))}`}>{stopwatch(props.now - (row.begun ?? row.lsttime))}</span>
              <button type="button" class="btn sm" onClick={() => (shown.show('waiting'), shown.open(row.roomid))}>
                {t('board_look')}
              </button>
            </li>
          )}
        </For>
      </ol>
      <Show when={queue().length > ROWS}>
        <p class="m t12">{t('board_more', { n: queue().length - ROWS })}</p>
      </Show>
    </section>
  );
}

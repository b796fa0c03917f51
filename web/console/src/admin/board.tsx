// The wallboard: how the desk stands, live, the longest wait first, because it is what one acts on.
import { createEffect, createSignal, For, onCleanup, Show, type JSX } from 'solid-js';
import { letter } from '../desk/desk';
import { urgency } from '../desk/order';
import { t, type Key } from '../text/say';
import { stopwatch, ticking } from '../times';
import { useDesk } from '../view/desk-context';
import { Face } from '../view/parts';
import { dotOf } from '../view/status';

interface Standing {
  waiting: number;
  waiting_since?: number;
  messages_left: number;
  serving: number;
  agents: number;
  free_seats: number;
}

export function Board(): JSX.Element {
  const { desk, shown } = useDesk();
  const now = ticking(1_000);
  const [standing, setStanding] = createSignal<Standing>();
  const told = (next: Standing): void => void setStanding(next);
  desk.nodechat.on('wallboard', told);
  // A new connection has to be asked anew.
  createEffect(() => {
    if (desk.line[0]() === 'up') desk.nodechat.emit('mgr', { type: 'wallboard' }, (err) => err && desk.toasts.say(t('admin_silent')));
  });
  onCleanup(() => {
    desk.nodechat.off('wallboard', told);
    desk.nodechat.emit('mgr', { type: 'wallboard', on: false }, () => {});
  });

  const wait = (): number | undefined => {
    const since = standing()?.waiting_since;
    return since === undefined ? undefined : now() - since;
  };
  const figure = (value: number | undefined): string => (value === undefined ? '–' : String(value));
  const people = (): { aid: string; nick: string; status: 0 | 1 | 2 }[] =>
    desk.directory
      .colleagues[0]()
      .filter(({ active }) => active)
      .map(({ aid, nick }) => ({ aid, nick, status: desk.directory.statuses[0]()[aid] ?? 2 }))
      .sort((one, other) => one.status - other.status || one.nick.localeCompare(other.nick));

  return (
    <div class="board">
      <h1 class="sr">{t('rail_board')}</h1>
      <dl class="tiles" aria-live="off">
        <Tile name="board_longest" value={wait() === undefined ? '–' : stopwatch(wait() ?? 0)} tone={wait() === undefined ? '' : urgency(wait() ?? 0)} />
        <Tile name="board_waiting" value={figure(standing()?.waiting)} />
        <Tile name="board_serving" value={figure(standing()?.serving)} />
        <Tile name="board_free" value={figure(standing()?.free_seats)} tone={standing()?.free_seats === 0 && (standing()?.waiting ?? 0) > 0 ? 'warn' : ''} />
        <Tile name="board_left" value={figure(standing()?.messages_left)} />
      </dl>
      <div class="board-columns">
        <section>
          <h2 class="t16 b">{t('board_queue')}</h2>
          <ol>
            <For each={desk.lists.waiting[0]().slice(0, 20)} fallback={<li class="m">{t('empty_waiting')}</li>}>
              {(row) => (
                <li class="board-row">
                  <span class="m place">{row.position}</span>
                  <Face who="user" name={row.topic} aid={row.userid} />
                  <span class="fx cut">
                    <bdi>{row.topic}</bdi>
                  </span>
                  <span class="m t12 cut">{desk.directory.group(row.groupid)}</span>
                  <span class={`b ${urgency(now() - (row.begun ?? row.lsttime))}`}>{stopwatch(now() - (row.begun ?? row.lsttime))}</span>
                  <button type="button" class="btn sm" onClick={() => (shown.view[1]('waiting'), shown.open(row.roomid))}>
                    {t('board_look')}
                  </button>
                </li>
              )}
            </For>
          </ol>
        </section>
        <section>
          <h2 class="t16 b">{t('board_agents', { n: people().filter(({ status }) => status < 2).length })}</h2>
          <ul class="board-people">
            <For each={people()}>
              {(one) => (
                <li class="board-row">
                  <Face who="cs" name={one.nick} dot={dotOf(letter(one.status))} />
                  <span class="fx cut">
                    <bdi>{one.nick}</bdi>
                  </span>
                  <span class="m t12">{t((['status_online', 'status_busy', 'status_offline'] as const)[one.status])}</span>
                </li>
              )}
            </For>
          </ul>
        </section>
      </div>
    </div>
  );
}

function Tile(props: { name: Key; value: string; tone?: string }): JSX.Element {
  return (
    <div class="tile">
      <dt class={props.tone || 'm2'}>{t(props.name)}</dt>
      <dd class={props.tone}>{props.value}</dd>
      <Show when={props.tone === 'bad' || (props.tone === 'warn' && props.name === 'board_longest')}>
        <dd class={`t12 note-line ${props.tone}`}>{t(props.tone === 'bad' ? 'board_over_5' : 'board_over_3')}</dd>
      </Show>
    </div>
  );
}

// The wallboard: how the desk stands, live, the longest wait first, because it is what one acts on.
import { createEffect, createResource, createSignal, For, onCleanup, Show, type JSX } from 'solid-js';
import { urgency } from '../desk/order';
import { t } from '../text/say';
import { stopwatch, ticking } from '../times';
import { useDesk } from '../view/desk-context';
import { Face } from '../view/parts';
import { dotOf } from '../view/status';
import { dateOf, mean, satisfied, type Numbers } from './figures';
import { Seats } from './seats';

interface Standing {
  waiting: number;
  waiting_since?: number;
  messages_left: number;
  serving: number;
  agents: number;
  free_seats: number;
  staff: { csid: string; nick: string; status: 'O' | 'B'; serving: number; cap: number }[];
  groups: GroupStanding[];
}

interface GroupStanding {
  groupid?: string;
  waiting: number;
  waiting_since?: number;
  serving: number;
  seats: number;
  free_seats: number;
}

/** Numbers of the day are not told live. */
const TODAY_MS = 60_000;
const QUEUE_ROWS = 10;

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

  const minute = ticking(TODAY_MS);
  const [today] = createResource(() => ({ day: dateOf(minute(), desk.directory.zone()) }), async ({ day }) => {
    const ask = async (by?: string): Promise<Numbers[]> => (await desk.rest.page<Numbers>('/stats', { from: day, to: day, ...(by && { by }) })).data;
    const [whole, groups] = await Promise.all([ask(), ask('group')]);
    return { whole: whole[0], groups };
  });
  const counted = (): { whole?: Numbers | undefined; groups: Numbers[] } => (today.error ? undefined : today.latest) ?? { groups: [] };

  const since = (start: number | undefined): number | undefined => (start === undefined ? undefined : now() - start);
  const time = (ms: number | undefined): string => (ms === undefined ? '–' : stopwatch(ms));
  const tone = (ms: number | undefined): string => (ms === undefined ? '' : urgency(ms));
  const wait = (): number | undefined => since(standing()?.waiting_since);
  const figure = (value: number | undefined): string => (value === undefined ? '–' : String(value));
  const queue = () => desk.lists.waiting[0]();
  const longest = (): string => {
    const first = wait() === undefined ? undefined : [...queue()].sort((one, other) => (one.begun ?? one.lsttime) - (other.begun ?? other.lsttime))[0];
    const over = { warn: t('board_over_3'), bad: t('board_over_5') }[tone(wait())];
    return [over, first?.topic, desk.directory.group(first?.groupid)].filter(Boolean).join(' · ');
  };
  const seats = ({ staff, free_seats }: Standing): number => staff.reduce((sum, { serving }) => sum + serving, free_seats);
  const ratings = (): number[] => counted().whole?.ratings ?? [];
  const rated = (): number => ratings().reduce((sum, n) => sum + n, 0);
  const share = (): number | undefined => {
    const part = satisfied(ratings());
    return part === undefined ? undefined : Math.round(part * 100);
  };
  const staff = () => [...(standing()?.staff ?? [])].sort((one, other) => (one.status === other.status ? other.serving - one.serving || one.nick.localeCompare(other.nick) : one.status === 'O' ? -1 : 1));
  const busy = (): number => staff().filter(({ status }) => status === 'B').length;
  const away = (): number => desk.directory.colleagues[0]().filter(({ active }) => active).length - staff().length;
  const response = (group: GroupStanding): number | undefined => {
    const row = counted().groups.find(({ groupid }) => (groupid ?? undefined) === group.groupid);
    return row && mean(row.response_ms, row.answered);
  };

  return (
    <div class="board">
      <h1 class="sr">{t('rail_board')}</h1>
      <dl class="tiles" aria-live="off">
        <Tile name={t('board_longest')} value={time(wait())} tone={tone(wait())} note={longest()} />
        <Tile name={t('board_waiting')} value={figure(standing()?.waiting)} note={standing()?.messages_left ? t('board_left', { n: standing()!.messages_left }) : ''} />
        <Tile name={t('board_serving')} value={figure(standing()?.serving)} note={standing() && t('board_here', { n: standing()!.agents })} />
        <Tile name={t('board_free')} value={figure(standing()?.free_seats)} tone={standing()?.free_seats === 0 && (standing()?.waiting ?? 0) > 0 ? 'warn' : ''} note={standing() && t('board_of', { n: seats(standing()!) })} />
        <Tile name={t('board_satisfied')} value={figure(share())} unit={share() === undefined ? '' : '%'} note={rated() > 0 && t('board_ratings', { n: rated() })} />
      </dl>
      <div class="board-columns">
        <div>
          <section>
            <h2 class="t16 b">{t('board_queue')}</h2>
            <ol>
              <For each={queue().slice(0, QUEUE_ROWS)} fallback={<li class="m">{t('empty_waiting')}</li>}>
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
            <Show when={queue().length > QUEUE_ROWS}>
              <p class="m t12">{t('board_more', { n: queue().length - QUEUE_ROWS })}</p>
            </Show>
          </section>
          <Show when={(standing()?.groups ?? []).some(({ groupid }) => groupid)}>
            <section>
              <h2 class="t16 b">{t('board_groups')}</h2>
              <table class="table still board-groups">
                <thead>
                  <tr>
                    <th>{t('board_group')}</th>
                    <th class="num">{t('board_waiting_of')}</th>
                    <th class="num">{t('board_longest_of')}</th>
                    <th class="num">{t('board_serving_of')}</th>
                    <th>{t('board_seats')}</th>
                    <th class="num">{t('numbers_response')}</th>
                  </tr>
                </thead>
                <tbody>
                  <For each={standing()!.groups}>
                    {(group) => (
                      <tr>
                        <td>
                          <bdi class="one-line">{group.groupid ? desk.directory.group(group.groupid) : t('numbers_any_group')}</bdi>
                        </td>
                        <td class={`num ${group.waiting > 0 ? 'b' : 'soft'}`} data-title={t('board_waiting_of')}>
                          {group.waiting}
                        </td>
                        <td class={`num ${tone(since(group.waiting_since)) || 'soft'}`} data-title={t('board_longest_of')}>
                          {time(since(group.waiting_since))}
                        </td>
                        <td class="num" data-title={t('board_serving_of')}>
                          {group.serving}
                        </td>
                        <td>
                          <Seats all={group.seats} free={group.free_seats} />
                        </td>
                        <td class="num soft" data-title={t('numbers_response')}>
                          {time(response(group))}
                        </td>
                      </tr>
                    )}
                  </For>
                </tbody>
              </table>
            </section>
          </Show>
        </div>
        <section>
          <h2 class="t16 b">{t('agents')}</h2>
          <p class="m t13">{t('board_agents', { n: staff().length - busy(), busy: busy(), away: Math.max(0, away()) })}</p>
          <ul class="board-people">
            <For each={staff()}>
              {(one) => (
                <li class="board-row">
                  <Face who="cs" name={one.nick} dot={dotOf(one.status)} />
                  <span class="fx cut">
                    <bdi>{one.nick}</bdi>
                  </span>
                  <span class="m t12 nw">{one.status === 'B' ? t('status_busy') : one.serving >= one.cap ? t('board_full') : ''}</span>
                  <Seats all={one.cap} free={Math.max(0, one.cap - one.serving)} />
                </li>
              )}
            </For>
          </ul>
        </section>
      </div>
    </div>
  );
}

function Tile(props: { name: string; value: string; unit?: string; tone?: string; note?: string | false | undefined }): JSX.Element {
  return (
    <div class="tile">
      <dt class={props.tone || 'm2'}>{props.name}</dt>
      <dd class={`figure ${props.tone ?? ''}`}>
        {props.value}
        <small class="m">{props.unit}</small>
      </dd>
      <dd class={`note-line cut ${props.tone || 'm'}`}>
        <bdi>{props.note || '\u00a0'}</bdi>
      </dd>
    </div>
  );
}

// The wallboard: how the desk stands, live, the longest wait first, because it is what one acts on.
import { createEffect, createResource, createSignal, onCleanup, Show, type JSX } from 'solid-js';
import { urgency } from '../../desk/order';
import { t } from '../../text/say';
import { stopwatch, ticking } from '../../times';
import { useDesk } from '../../view/desk-context';
import { dateOf, satisfied, type Numbers } from '../figures';
import { Groups } from './groups';
import { Pace } from './pace';
import { Queue } from './queue';
import { Staff } from './staff';
import type { Standing, Step } from './standing';

/** Numbers of the day and of the last hours are not told live. */
const AGAIN_MS = 60_000;
/** How many steps of five minutes lie between now and ten minutes ago. */
const TEN_MINUTES = 2;

export function Board(): JSX.Element {
  const { desk } = useDesk();
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

  const minute = ticking(AGAIN_MS);
  const [counted] = createResource(() => ({ day: dateOf(minute(), desk.directory.zone()), at: minute() }), async ({ day }) => {
    const ask = async (by?: string): Promise<Numbers[]> => (await desk.rest.page<Numbers>('/stats', { from: day, to: day, ...(by && { by }) })).data;
    const [[whole], groups, { data: steps }] = await Promise.all([ask(), ask('group'), desk.rest.page<Step>('/stats/recent')]);
    return { whole, groups, steps };
  });
  const known = () => (counted.error ? undefined : counted.latest);

  const time = (ms: number | undefined): string => (ms === undefined ? '–' : stopwatch(ms));
  const tone = (ms: number | undefined): string => (ms === undefined ? '' : urgency(ms));
  const wait = (): number | undefined => (standing()?.waiting_since === undefined ? undefined : now() - standing()!.waiting_since!);
  const figure = (value: number | undefined): string => (value === undefined ? '–' : String(value));
  const longest = (): string => {
    const queue = desk.lists.waiting[0]();
    const first = wait() === undefined ? undefined : [...queue].sort((one, other) => (one.begun ?? one.lsttime) - (other.begun ?? other.lsttime))[0];
    const over = { warn: t('board_over_3'), bad: t('board_over_5') }[tone(wait())];
    return [over, first?.topic, desk.directory.group(first?.groupid)].filter(Boolean).join(' · ');
  };
  const waitingNote = (): string => {
    const ago = known()?.steps.at(-1 - TEN_MINUTES)?.waiting;
    const left = standing()?.messages_left;
    return [ago !== undefined && t('board_ago', { n: ago }), left && t('board_left', { n: left })].filter(Boolean).join(' · ');
  };
  const seats = ({ staff, free_seats }: Standing): number => staff.reduce((sum, { serving }) => sum + serving, free_seats);
  const ratings = (): number[] => known()?.whole?.ratings ?? [];
  const rated = (): number => ratings().reduce((sum, n) => sum + n, 0);
  const share = (): number | undefined => {
    const part = satisfied(ratings());
    return part === undefined ? undefined : Math.round(part * 100);
  };

  return (
    <div class="board">
      <h1 class="sr">{t('rail_board')}</h1>
      <dl class="tiles" aria-live="off">
        <Tile name={t('board_longest')} value={time(wait())} tone={tone(wait())} note={longest()} />
        <Tile name={t('board_waiting')} value={figure(standing()?.waiting)} note={waitingNote()} />
        <Tile name={t('board_serving')} value={figure(standing()?.serving)} note={standing() && t('board_here', { n: standing()!.agents })} />
        <Tile name={t('board_free')} value={figure(standing()?.free_seats)} tone={standing()?.free_seats === 0 && (standing()?.waiting ?? 0) > 0 ? 'warn' : ''} note={standing() && t('board_of', { n: seats(standing()!) })} />
        <Tile name={t('board_satisfied')} value={figure(share())} unit={share() === undefined ? '' : '%'} note={rated() > 0 && t('board_ratings', { n: rated() })} />
      </dl>
      <div class="board-columns">
        <div>
          <Queue now={now()} />
          <Staff staff={standing()?.staff ?? []} />
        </div>
        <div>
          <Show when={standing()?.groups.some(({ groupid }) => groupid)}>
            <Groups groups={standing()!.groups} today={known()?.groups ?? []} now={now()} />
          </Show>
          <Show when={known()?.steps.length}>
            <Pace steps={known()!.steps} waiting={standing()?.waiting} />
          </Show>
        </div>
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

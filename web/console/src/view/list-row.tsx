// One room in the list, and one visitor in the queue.
import { Show, type JSX } from 'solid-js';
import { textOf } from '../desk/desk';
import { urgency } from '../desk/order';
import type { Row } from '../desk/wire';
import { fromWhom } from '../log/rows';
import { addressOf } from '../place';
import { t } from '../text/say';
import { shortTime, stopwatch, waited } from '../times';
import { useDesk } from './desk-context';
import { Face } from './parts';

export function ListRow(props: { row: Row; now: number; gone: boolean }): JSX.Element {
  const { desk, shown } = useDesk();
  const room = (): ReturnType<typeof desk.known> => desk.known(props.row.roomid);
  const mine = (): boolean => desk.isMine(props.row.roomid);
  const since = (): number | undefined => (mine() ? shown.waitsSince(props.row) : undefined);
  const unread = (): number => desk.unread(props.row);
  const online = (): boolean | undefined => room()?.online[0]();
  const draft = (): string => {
    shown.roomid(); // a draft is shown when one has gone elsewhere
    const { text } = desk.kept.draft(props.row.roomid);
    return shown.roomid() === props.row.roomid ? '' : text;
  };
  const preview = (): { you: boolean; text: string } => {
    const { row } = props;
    if (row.offered) return { you: false, text: t('offered_to_you', { who: desk.directory.nick(row.csid ?? '') }) };
    if (row.left && row.status !== 'closed') return { you: false, text: t('left_message', { msg: row.left.msg }) };
    const last = room()?.messages[0]().at(-1);
    if (last) return { you: fromWhom(last, desk.session.aid, desk.session.companyid) === 'own', text: textOf(last) };
    if (row.status === 'waiting') return { you: false, text: t('waiting_state') };
    if (row.status === 'serving' && row.csid !== desk.session.aid) return { you: false, text: t('serving_by', { who: desk.directory.nick(row.csid ?? '') }) };
    return { you: false, text: row.status === 'closed' ? t('closed_state') : desk.directory.group(row.groupid) };
  };
  return (
    <a
      class="crow"
      classList={{ on: shown.roomid() === props.row.roomid, 'is-gone': props.gone, un: mine() && unread() > 0 }}
      href={addressOf({ section: 'chats', of: '', page: '', room: props.row.roomid })}
      aria-current={shown.roomid() === props.row.roomid ? 'true' : undefined}
      data-room={props.row.roomid}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        shown.open(props.row.roomid);
      }}
    >
      <Face who="user" name={props.row.topic} aid={props.row.userid} size="md" dot={online() === undefined ? undefined : online() ? 'on' : 'off'} />
      <span class="nm cut">
        <bdi>{props.row.topic}</bdi>
        <Show when={props.row.vip}>
          <span class="tag">{t('vip')}</span>
        </Show>
      </span>
      <span class={`tm ${since() === undefined ? '' : urgency(props.now - (since() ?? 0))}`}>{since() === undefined ? shortTime(props.row.lsttime, props.now) : waited(props.now - (since() ?? 0))}</span>
      <span class="pv cut">
        <Show
          when={draft()}
          fallback={
            <>
              {preview().you ? t('you') : ''}
              <bdi>{preview().text}</bdi>
            </>
          }
        >
          <span class="bad">{t('draft')} </span>
          <bdi>{draft()}</bdi>
        </Show>
      </span>
      <span class="ct">
        <Show when={mine() && unread() > 0}>
          <span class="n" aria-label={t('unread', { n: unread() })}>
            {unread() > 99 ? '99+' : unread()}
          </span>
        </Show>
      </span>
    </a>
  );
}

export function QueueRow(props: { row: Row; now: number; gone: boolean }): JSX.Element {
  const { desk, shown } = useDesk();
  const waits = (): number => props.now - (props.row.begun ?? props.row.lsttime);
  return (
    <div class="qrow" classList={{ on: shown.roomid() === props.row.roomid, 'is-gone': props.gone }}>
      <a
        class="crow"
        href={addressOf({ section: 'chats', of: '', page: '', room: props.row.roomid })}
        data-room={props.row.roomid}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          shown.open(props.row.roomid);
        }}
      >
        <Face who="user" name={props.row.topic} aid={props.row.userid} size="md" />
        <span class="nm cut">
          <bdi>{props.row.topic}</bdi>
        </span>
        <span class="pv cut">{[props.row.position && t('place', { n: props.row.position }), desk.directory.group(props.row.groupid)].filter(Boolean).join(' · ')}</span>
      </a>
      <span class={`waits ${urgency(waits())}`}>{stopwatch(waits())}</span>
      <button type="button" class="btn sm" classList={{ pri: props.row.position === 1 }} onClick={() => void shown.take(props.row)}>
        {t('take')}
      </button>
    </div>
  );
}

// The open room: its head, its log, and where one writes.
import { createEffect, createMemo, createSignal, Match, on, onCleanup, Show, Switch, type JSX } from 'solid-js';
import type { Row } from '../desk/wire';
import type { Room } from '../desk/room';
import { keysOf } from '../keyboard';
import { inWords } from '../refusal';
import { t } from '../text/say';
import { stopwatch, ticking } from '../times';
import { Banner } from './banner';
import { Begins } from './begins';
import { Composer } from './composer';
import { useDesk } from './desk-context';
import { fetched } from './fetched';
import { Log } from './log';
import { Offer } from './offer';
import { Icon, IconButton } from './parts';

const Transfer = fetched(async () => (await import('./transfer')).Transfer);

export function Conversation(): JSX.Element {
  const { desk, shown } = useDesk();
  const row = createMemo(() => shown.row());
  const [room, setRoom] = createSignal<Room>();

  createEffect(() => {
    const roomid = shown.roomid();
    if (!roomid) return setRoom(undefined);
    // After a reload, lists are there before one can say whose the room is.
    if (!desk.lists.ready[0]()) return;
    const found = desk.lists.row(roomid);
    if (found) return void setRoom(desk.open(roomid, found));
    // What was open before is somebody else's.
    setRoom((before) => (before?.roomid === roomid ? before : undefined));
    const userid = /^\/U2S_(.*)#[^#]*$/.exec(roomid)?.[1] ?? '';
    void desk.lists.look(roomid, userid).then(
      (looked) => shown.roomid() === roomid && setRoom(desk.open(roomid, looked)),
      () => shown.roomid() === roomid && setRoom(desk.open(roomid, undefined)),
    );
  });

  const [seen, setSeen] = createSignal(!document.hidden);
  const look = (): void => void setSeen(!document.hidden);
  document.addEventListener('visibilitychange', look);
  onCleanup(() => document.removeEventListener('visibilitychange', look));
  createEffect(() => {
    const open = room();
    // Whoever only watches is not seen.
    desk.looking.at(open && seen() && open.state[0]() === 'ready' && open.entered === 'join' ? open.roomid : '');
  });
  onCleanup(() => desk.looking.at(''));

  /** What the colleague said who had it before. */
  const handed = () => {
    const { status, csid, transfer } = row() ?? {};
    return status === 'serving' && csid === desk.session.aid && transfer?.msg ? transfer : undefined;
  };

  return (
    <section class="con">
      <Show when={shown.roomid()} fallback={<Begins where="(min-width: 768px)"><Nobody /></Begins>}>
        <Head row={row()} room={room()} />
        <Show when={handed()}>
          {(told) => (
            <p class="handed">
              <b class="nw">{t('handed_over', { who: desk.directory.nick(told().from) })}</b>
              <span dir="auto">{told().msg}</span>
            </p>
          )}
        </Show>
        <Show when={room()} keyed fallback={<div class="log" aria-busy="true" />}>
          {(open) => (
            <Switch fallback={<div class="log" aria-busy="true" />}>
              <Match when={open.state[0]() === 'ready'}>
                <Log room={open} />
                <Typing room={open} row={row()} />
                <Show when={row()?.offered && row()}>{(offered) => <Offer row={offered()} />}</Show>
                <Banner />
                <Composer room={open} row={row()} />
              </Match>
              <Match when={open.state[0]() === 'refused'}>
                <div class="empty fx" role="alert">
                  <Icon name="alert" size="lg" />
                  <p class="b">{t('log_silent')}</p>
                  <p class="m">{inWords(open.refusal[0]())}</p>
                  <button type="button" class="btn sm" onClick={() => void open.enterAgain()}>
                    <Icon name="retry" />
                    {t('again')}
                  </button>
                </div>
              </Match>
            </Switch>
          )}
        </Show>
        <Show when={row()}>{(of) => <Transfer row={of()} />}</Show>
      </Show>
    </section>
  );
}

function Head(props: { row: Row | undefined; room: Room | undefined }): JSX.Element {
  const { desk, shown } = useDesk();
  const now = ticking(1_000);
  const facts = (): string => {
    const { row } = props;
    if (!row) return '';
    const begun = row.begun ?? row.lsttime;
    const state =
      row.status === 'serving' ? t('served_for', { time: stopwatch(now() - begun) }) : row.status === 'waiting' ? t('waiting_for', { time: stopwatch(now() - begun) }) : row.status === 'closed' ? t('closed_state') : '';
    const other = row.status === 'serving' && row.csid !== desk.session.aid ? t('serving_by', { who: desk.directory.nick(row.csid ?? '') }) : '';
    return [desk.directory.group(row.groupid), other, state].filter(Boolean).join(' · ');
  };
  const others = (): string =>
    desk.looking.others[0]()
      .map((aid) => desk.directory.nick(aid))
      .join(', ');
  const mine = (): Row | undefined => (props.row && shown.serves(props.row) ? props.row : undefined);
  return (
    <header class="hd">
      <button type="button" class="ib back" aria-label={t('back_to_list')} title={t('back_to_list')} onClick={() => shown.open('')}>
        <Icon name="left" />
      </button>
      <div class="fx">
        <h1 class="nm cut">
          <bdi>{props.row?.topic ?? ''}</bdi>
        </h1>
        <p class="t12 m cut">{facts()}</p>
      </div>
      <Show when={others()}>
        <span class="t12 m cut also">
          <Icon name="eye" size="s" />
          <bdi class="cut">{t('also_here', { who: others() })}</bdi>
        </span>
      </Show>
      <Show when={mine()}>
        {(row) => (
          <>
            <button type="button" class="btn" title={`${t('transfer')} (${keysOf('transfer')})`} onClick={() => shown.transfer[1](true)}>
              <Icon name="transfer" />
              <span class="word">{t('transfer')}</span>
            </button>
            <button type="button" class="btn" title={`${t('end')} (${keysOf('end')})`} onClick={() => shown.end(row())}>
              <Icon name="done" />
              <span class="word">{t('end')}</span>
            </button>
          </>
        )}
      </Show>
      <Show when={props.row}>{(row) => <IconButton icon="ticket" class="make-order" label={t('order')} keys={keysOf('order')} onClick={() => void shown.makeOrder(row())} />}</Show>
      <IconButton icon="user" class="opencard" label={t('visitor_card')} keys={keysOf('card')} pressed={shown.card[0]()} onClick={() => shown.card[1]((open) => !open)} />
    </header>
  );
}

function Typing(props: { room: Room; row: Row | undefined }): JSX.Element {
  const typing = props.room.typing[0];
  return (
    <p class="typ">
      <Show when={typing()}>
        {(now) => (
          <>
            <span class="nw">
              <bdi>{t('typing', { who: props.row?.topic ?? '' })}</bdi>
            </span>
            <span class="cut m2" dir="auto">
              {now().text}
            </span>
          </>
        )}
      </Show>
    </p>
  );
}

function Nobody(): JSX.Element {
  return (
    <div class="empty fx">
      <Icon name="chat" size="lg" />
      <p class="b">{t('choose_chat')}</p>
      <p class="m">{t('choose_chat_hint', { keys: keysOf('take') })}</p>
    </div>
  );
}

/** Marks as read while the room is looked at. */
export function readWhileSeen(room: Room, atEnd: () => boolean): void {
  const { desk } = useDesk();
  const [focused, setFocused] = createSignal(document.hasFocus());
  const look = (): void => void setFocused(document.hasFocus());
  for (const event of ['focus', 'blur', 'visibilitychange']) window.addEventListener(event, look);
  onCleanup(() => {
    for (const event of ['focus', 'blur', 'visibilitychange']) window.removeEventListener(event, look);
  });
  createEffect(
    on([room.messages[0], focused, atEnd, desk.lists.mine[0]], () => {
      if (focused() && atEnd()) void desk.markRead(room.roomid);
    }),
  );
}

// The log of a room: a virtual list that stays where the reader is, and at the end while the reader is there.
import { createEffect, createMemo, createSignal, on, onCleanup, onMount, Show, untrack, type JSX } from 'solid-js';
import { Virtualizer, type VirtualizerHandle } from 'virtua/solid';
import { useDesk } from './desk-context';
import type { Room } from '../desk/room';
import { keepSame, logRows, type LogRow } from '../log/rows';
import { t } from '../text/say';
import { readWhileSeen } from './conversation';
import { nextFrame, oncePerFrame } from './frames';
import { Icon } from './parts';
import { LogLine, type LogDeeds } from './log-line';
import { createSelecting } from './select';
import { Viewer } from './viewer';

/** So near to the end one counts as being there. */
const NEAR_PX = 60;
/** For how long rows are still measured after a jump. */
const SETTLING_FRAMES = 30;
/** So often one sets out for a message whose place is only guessed. */
const MOST_TRIES = 10;

export function Log(props: { room: Room }): JSX.Element {
  const { desk, shown } = useDesk();
  // Keyed by the room: this view lives and dies with it.
  const { room } = props;
  let scroller!: HTMLDivElement;
  let handle: VirtualizerHandle | undefined;
  const [atEnd, setAtEnd] = createSignal(true);
  const [unseen, setUnseen] = createSignal(0);
  const [shifts, setShifts] = createSignal(0);
  const [open, setOpen] = createSignal<ReadonlySet<number>>(new Set());
  const [lit, setLit] = createSignal('');
  const [picture, setPicture] = createSignal<string>();

  // What was unread when the room was opened gets a line before it, as long as one is here.
  const { cs, next } = untrack(() => ({ cs: room.reads[0]().cs, next: (room.messages[0]().at(-1)?.pos ?? -1) + 1 }));
  const firstUnread = untrack(() => room.messages[0]().find(({ pos = -1, type }) => pos > cs && type === 'usermsg')?.pos);
  room.newFrom[1](desk.isMine(room.roomid) && cs >= 0 && cs + 1 < next ? firstUnread : undefined);
  onCleanup(() => room.newFrom[1](undefined));

  const botOpen = (at: number): boolean => open().has(at);
  const drawn = oncePerFrame(() => ({ messages: room.seen(), isPast: room.past[0]() !== undefined }));
  const rows = createMemo<LogRow[]>(
    (before) =>
      keepSame(
        before,
        logRows({
          ...drawn(),
          notes: room.notes[0](),
          pending: room.pending[0](),
          me: desk.session.aid,
          company: desk.session.companyid,
          readByVisitor: room.reads[0]().user,
          newFrom: room.newFrom[0](),
          botOpen,
        }),
      ),
    [],
  );

  let settling = 0;
  /** On the way to a message: what is in view until then says nothing. Who counted as being at the end would be taken back to it, and a page that came would move what is looked for. */
  let going = false;
  /** To the end, and held there while rows are measured that are higher than expected. Whoever scrolls meanwhile is free. */
  const toEnd = (): void => {
    handle?.scrollToIndex(rows().length - 1, { align: 'end' });
    if (settling === 0) requestAnimationFrame(settle);
    settling = SETTLING_FRAMES;
  };
  function settle(): void {
    if (settling === 0) return scrolled();
    settling -= 1;
    // Below the last row is the log's own padding.
    scroller.scrollTop = scroller.scrollHeight;
    requestAnimationFrame(settle);
  }
  const free = (): void => void (settling = 0);

  let top = 0;
  function scrolled(): void {
    // One that is settling when it goes would take itself to be at the beginning, and fetch what is before for the log that came after it.
    if (!scroller.isConnected) return;
    const left = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    // Rows that turn out higher than expected move the end away: only who scrolls up leaves it.
    const { isPast } = drawn();
    if (settling > 0 || (left < NEAR_PX && !isPast && !going)) setAtEnd(true);
    else if (isPast || scroller.scrollTop < top || left > scroller.clientHeight) setAtEnd(false);
    top = scroller.scrollTop;
    if (left < NEAR_PX && !isPast) setUnseen(0);
    if (going) return;
    // When a page cannot be had, the next scroll asks for it again.
    if (isPast && left < 400 && !room.fetching[0]()) void room.later().catch(() => false);
    if (scroller.scrollTop < 400) void earlier();
  }

  async function earlier(): Promise<void> {
    if (room.fetching[0]() || (room.seen()[0]?.pos ?? 0) <= 0) return;
    await prepending(() => room.earlier().catch(() => false));
  }

  /** While this goes on, what is new stands before everything else: the reader keeps the place. */
  async function prepending<T>(deed: () => Promise<T>): Promise<T> {
    setShifts((n) => n + 1);
    const done = await deed();
    requestAnimationFrame(() => setShifts((n) => n - 1));
    return done;
  }

  let last = untrack(() => rows().at(-1)?.key);
  createEffect(
    on(rows, (now) => {
      if (untrack(drawn).isPast) return;
      const fresh = now.slice(now.findLastIndex(({ key }) => key === last) + 1);
      if (fresh.length === 0) return;
      last = now.at(-1)?.key;
      const own = fresh.some((row) => row.kind === 'pending' || (row.kind === 'note' && row.own));
      if (own || atEnd()) queueMicrotask(toEnd);
      else setUnseen((n) => n + fresh.filter(({ kind }) => kind === 'message').length);
    }),
  );

  // What comes while the past is looked at is not drawn, only counted.
  createEffect(
    on(room.messages[0], (now, before) => {
      const come = (now.at(-1)?.pos ?? -1) - (before?.at(-1)?.pos ?? -1);
      if (!untrack(room.past[0]) || come <= 0) return;
      last = now.at(-1)?.id;
      setUnseen((n) => n + come);
    }),
  );
  onCleanup(() => room.toEnd());

  async function jump(): Promise<void> {
    setUnseen(0);
    if (drawn().isPast) {
      room.toEnd();
      await nextFrame();
    }
    toEnd();
  }

  onMount(() => {
    toEnd();
    // Pictures and a keyboard that opens change heights: who was at the end stays there.
    const watch = new ResizeObserver(() => atEnd() && (scroller.scrollTop = scroller.scrollHeight));
    watch.observe(scroller);
    if (scroller.firstElementChild?.nextElementSibling) watch.observe(scroller.firstElementChild.nextElementSibling);
    onCleanup(() => watch.disconnect());
    // A log that does not fill its place has nothing to scroll: its past is fetched at once.
    if (scroller.scrollHeight <= scroller.clientHeight + 400) void earlier();
  });
  readWhileSeen(room, atEnd);

  /** To a message, wherever in the past it is. */
  async function goTo(id: string, pos?: number): Promise<void> {
    going = true;
    try {
      await reachAndShow(id, pos);
    } finally {
      going = false;
      scrolled();
    }
  }

  async function reachAndShow(id: string, pos?: number): Promise<void> {
    const isHere = await prepending(() => room.reach(id, pos).catch(() => false));
    // Drawn in the next frame, and measured.
    await nextFrame();
    const place = (): number => rows().findIndex(({ key }) => key === id);
    if (!isHere || place() < 0) return desk.toasts.say(t('message_too_far'));
    free();
    setAtEnd(false);
    // Rows that were never measured may turn out to be elsewhere.
    for (let tries = 0; tries < MOST_TRIES && !isInView(id); tries += 1) {
      handle?.scrollToIndex(place(), { align: 'center' });
      await nextFrame();
    }
    setLit(id);
    window.setTimeout(() => setLit(''), 2_000);
  }

  function isInView(id: string): boolean {
    const [box, frame] = [scroller.querySelector(`[data-id="${CSS.escape(id)}"]`)?.getBoundingClientRect(), scroller.getBoundingClientRect()];
    return !!box && box.bottom > frame.top && box.top < frame.bottom;
  }

  createEffect(() => {
    const sought = shown.sought[0]();
    if (sought?.roomid !== room.roomid) return;
    shown.sought[1](undefined);
    void goTo(sought.id, sought.pos);
  });

  const selecting = createSelecting(() => scroller, () => shown.focusComposer[1]((n) => n + 1));
  createEffect(on(shown.selectMessage[0], () => free() ?? selecting.last(), { defer: true }));

  const deeds: LogDeeds = {
    selecting,
    room,
    botOpen,
    toggleBot: (at) => setOpen((all) => (all.has(at) ? new Set([...all].filter((other) => other !== at)) : new Set([...all, at]))),
    lit,
    show: setPicture,
    goTo: (id) => void goTo(id),
    quote: (id) => {
      shown.quote[1](id);
      shown.mode[1]('reply');
      shown.focusComposer[1]((n) => n + 1);
    },
  };

  return (
    <div class="logbox" data-region="log">
      <div class="log" ref={scroller} role="log" aria-live="polite" aria-label={t('log')} tabindex="0" onScroll={scrolled} onWheel={free} onTouchMove={free} onPointerDown={free} onKeyDown={(event) => (free(), selecting.pressed(event))} onFocusOut={(event) => selecting.left(event)}>
        <div class="grow" />
        <Show when={rows().length > 0} fallback={<p class="sys">{t('log_empty')}</p>}>
          <Virtualizer ref={(it) => (handle = it)} data={rows()} scrollRef={scroller} shift={shifts() > 0} bufferSize={800}>
            {(row) => (
              <div class="lrow">
                <LogLine row={row} deeds={deeds} />
              </div>
            )}
          </Virtualizer>
        </Show>
        <div class="foot-space" />
      </div>
      <Show when={!atEnd()}>
        <button type="button" class="jump btn" onClick={() => void jump()}>
          <Icon name="down" />
          {unseen() > 0 ? t('jump_new', { n: unseen() }) : t('jump')}
        </button>
      </Show>
      <Viewer room={room} path={picture()} close={() => setPicture(undefined)} show={setPicture} />
    </div>
  );
}

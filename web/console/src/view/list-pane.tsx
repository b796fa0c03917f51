// The list of rooms: status, search, four views, the queue.
import { For, Match, Show, Switch, createEffect, createMemo, createSignal, on, type JSX } from 'solid-js';
import { Virtualizer } from 'virtua/solid';
import type { Bell } from '../bell/bell';
import { heldBack } from '../desk/order';
import type { Row, View } from '../desk/wire';
import { keysOf, type Command } from '../keyboard';
import { t, type Key } from '../text/say';
import { ticking } from '../times';
import { createAim } from './aim';
import { Banner } from './banner';
import { Begins } from './begins';
import { useDesk } from './desk-context';
import { fetched } from './fetched';
import { ListRow, QueueRow } from './list-row';
import { NotifyAsk } from './notify-ask';
import { Icon, IconButton } from './parts';
import { QueueStrip } from './queue-strip';
import { StatusSwitch } from './status';

/** `gone`: it is no more in the list, but keeps its place as long as somebody aims. */
type Line = { key: string; gone?: true } & ({ row: Row } | { head: Key; count: number });

const Hits = fetched(async () => (await import('./hits')).Hits);

const VIEWS: View[] = ['mine', 'waiting', 'all', 'closed'];

export function ListPane(props: { bell: Bell }): JSX.Element {
  const { desk, shown } = useDesk();
  const { lists } = desk;
  const view = shown.view[0];
  const now = ticking(1_000);
  let searchBox!: HTMLInputElement;
  let scroller!: HTMLDivElement;
  createEffect(on(shown.focusSearch[0], () => searchBox.focus(), { defer: true }));

  const [hits, setHits] = createSignal(0);
  const searching = (): boolean => lists.search[0]() !== '';
  const paged = (): { rows: Row[]; next?: string; state: string } => {
    if (searching()) return lists.found[0]();
    const of = view();
    if (of === 'all' || of === 'closed') return lists[of][0]();
    return { rows: of === 'mine' ? [] : lists.waiting[0](), state: lists.ready[0]() ? 'ready' : 'loading' };
  };

  const wanted = createMemo<Line[]>(() => {
    if (searching() || view() !== 'mine') return paged().rows.map((row) => ({ key: row.roomid, row }));
    const { toAnswer, theirs } = shown.parted();
    const section = (head: Key, rows: Row[]): Line[] => (rows.length === 0 ? [] : [{ key: head, head, count: rows.length }, ...rows.map((row) => ({ key: row.roomid, row }))]);
    return [...section('to_answer', toAnswer), ...section('theirs', theirs)];
  });

  // While somebody aims at the rows, nothing moves. Who aims at the strip lets rows come and go below it, as what is taken there does.
  const pane = createAim();
  const list = createAim();
  const [held, setHeld] = createSignal<string[]>([]);
  const [strip, setStrip] = createSignal(false);
  const place = (): string => `${view()} ${lists.search[0]()}`;
  const isQueue = (): boolean => view() === 'mine' && !searching() && lists.waiting[0]().length > 0;
  let heldAt = '';
  createEffect(() => {
    const keys = wanted().map(({ key }) => key);
    const queue = isQueue();
    const isElsewhere = heldAt !== place() || searching();
    if (!list.aiming() || isElsewhere) setHeld(keys);
    if (!pane.aiming() || isElsewhere) setStrip(queue);
    heldAt = place();
  });
  const changes = (): number => (list.aiming() ? heldBack(held(), wanted().map(({ key }) => key)) + Number(strip() !== isQueue()) : 0);
  // Lines are drawn by their keys, so that a row that has news is the same row and keeps its focus. Those that are gone are drawn as they were last.
  const byKey = createMemo<Map<string, Line>>((before) => {
    const now = new Map(wanted().map((line) => [line.key, line]));
    for (const key of held()) {
      const gone = now.has(key) ? undefined : before.get(key);
      if (gone) now.set(key, 'head' in gone ? { ...gone, count: 0 } : { ...gone, gone: true });
    }
    return now;
  }, new Map());
  const lines = createMemo(() => held().filter((key) => byKey().has(key)));
  const isGone = (key: string): boolean => byKey().get(key)?.gone === true;
  const rowOf = (key: string): Row | undefined => {
    const line = byKey().get(key);
    return line && 'row' in line ? line.row : undefined;
  };
  const headOf = (key: string): { head: Key; count: number } | undefined => {
    const line = byKey().get(key);
    return line && 'head' in line ? line : undefined;
  };

  const count = (of: View): string => {
    if (of === 'mine') return String(lists.mine[0]().filter(({ roomid }) => !desk.ends.rooms[0]().has(roomid)).length);
    if (of === 'waiting') return String(lists.waitingCount[0]());
    // The service counts neither: it is what has come so far, of the list that is kept up.
    if (view() !== of) return '';
    const { rows, next, state } = lists[of][0]();
    return state === 'ready' ? `${rows.length}${next ? '+' : ''}` : '';
  };

  function catchUp(event: MouseEvent): void {
    setHeld(wanted().map(({ key }) => key));
    setStrip(isQueue());
    // Who pressed it by key goes on at the top; the button is gone.
    if (event.detail === 0) scroller.querySelector<HTMLElement>('.crow')?.focus();
  }

  function arrow(event: KeyboardEvent): void {
    if (event.altKey || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
    const rows = [...scroller.querySelectorAll<HTMLElement>('.crow')];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    const next = rows[at + (event.key === 'ArrowDown' ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  return (
    <section class="lst" aria-label={t('list')} data-region="list">
      <Show when={!shown.roomid()}>
        <h1 class="sr">{t('rail_chats')}</h1>
      </Show>
      <header class="hd">
        <StatusSwitch />
        <IconButton icon={props.bell.sound[0]() ? 'sound' : 'mute'} class="end" label={t(props.bell.sound[0]() ? 'sound_off' : 'sound_on')} onClick={() => props.bell.setSound(!props.bell.sound[0]())} />
      </header>
      <div class="find">
        <Icon name="search" size="s" />
        <input
          ref={searchBox}
          type="search"
          aria-label={t('search_all')}
          placeholder={t('search')}
          value={lists.search[0]()}
          maxLength={100}
          onInput={(event) => void lists.find(event.currentTarget.value.trim())}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') scroller.querySelector<HTMLElement>('.crow')?.focus();
            if (event.key !== 'Escape') return;
            if (searching()) void lists.find('');
            else event.currentTarget.blur();
            event.currentTarget.value = '';
          }}
        />
        <Show when={searching()} fallback={<kbd>{keysOf('search')}</kbd>}>
          <IconButton icon="x" class="sm" label={t('search_clear')} onClick={() => void lists.find('')} />
        </Show>
      </div>
      <div class="tabs4" role="tablist" aria-label={t('list')}>
        <For each={VIEWS}>
          {(of) => (
            <button type="button" role="tab" data-view={of} aria-selected={view() === of && !searching()} tabindex={view() === of ? 0 : -1} title={keysOf(of as Command)} onClick={() => shown.show(of)} onKeyDown={(event) => tabKey(event, of, (next) => shown.show(next))}>
              {t(`tab_${of}` as Key)}
              <Show when={count(of) || view() === of}>
                <span classList={{ most: of === 'all' || of === 'closed' }}>{count(of)}</span>
              </Show>
            </button>
          )}
        </For>
      </div>
      <div class="aim" ref={pane.at}>
        <Show when={strip()}>
          <QueueStrip now={now()} />
        </Show>
        <div class="held" ref={list.at}>
          {/* Over the rows, because nothing moves for it either. */}
          <Show when={changes() > 0}>
            <button type="button" class="updates" onClick={catchUp}>
              {t('updates', { n: changes() })}
            </button>
          </Show>
          <div
            class="rows"
            ref={scroller}
            onKeyDown={arrow}
            onScroll={() => {
              const { next } = paged();
              if (!next || searching() || scroller.scrollTop + scroller.clientHeight < scroller.scrollHeight - 300) return;
              void lists.more(view() === 'closed' ? 'closed' : 'all');
            }}
          >
            <Show when={lines().length > 0} fallback={<Show when={hits() === 0}><Nothing state={paged().state} /></Show>}>
              <Virtualizer data={lines()} scrollRef={scroller} itemSize={60} bufferSize={600}>
                {(key) => (
                  <Switch>
                    <Match when={headOf(key)}>
                      {(section) => (
                        <h2 class="sec">
                          <b>{t(section().head)}</b>
                          <span>{section().count}</span>
                        </h2>
                      )}
                    </Match>
                    <Match when={view() === 'waiting' && !searching() && rowOf(key)?.status === 'waiting' && rowOf(key)}>{(row) => <QueueRow row={row()} now={now()} gone={isGone(key)} />}</Match>
                    <Match when={rowOf(key)}>{(row) => <ListRow row={row()} now={now()} gone={isGone(key)} />}</Match>
                  </Switch>
                )}
              </Virtualizer>
            </Show>
            <Show when={searching()}>
              <Hits text={lists.search[0]()} now={now()} found={setHits} />
            </Show>
          </div>
        </div>
      </div>
      <NotifyAsk bell={props.bell} />
      <Show when={!shown.roomid()}>
        <Banner />
      </Show>
    </section>
  );
}

function tabKey(event: KeyboardEvent, of: View, choose: (view: View) => void): void {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (step === 0 || event.altKey) return;
  event.preventDefault();
  const next = VIEWS[(VIEWS.indexOf(of) + step + VIEWS.length) % VIEWS.length] ?? 'mine';
  choose(next);
  document.querySelector<HTMLElement>(`[data-view=${next}]`)?.focus();
}

function Nothing(props: { state: string }): JSX.Element {
  const { desk, shown } = useDesk();
  const view = shown.view[0];
  const online = (): boolean => desk.status[0]() === 'O';
  return (
    <Switch fallback={<Skeleton />}>
      <Match when={props.state === 'silent'}>
        <div class="empty" role="alert">
          <Icon name="alert" size="lg" />
          <p class="b">{t('list_silent')}</p>
          <button type="button" class="btn sm" onClick={() => (desk.lists.show(view()), void desk.lists.find(desk.lists.search[0]()))}>
            {t('again')}
          </button>
        </div>
      </Match>
      <Match when={props.state === 'ready' && desk.lists.search[0]()}>
        {(what) => (
          <div class="empty">
            <Icon name="search" size="lg" />
            <p class="b">
              <bdi>{t('search_nothing', { what: what() })}</bdi>
            </p>
            <p class="m">{t('search_nothing_hint')}</p>
          </div>
        )}
      </Match>
      <Match when={props.state === 'ready' && view() === 'mine'}>
        <Begins where="(max-width: 767px)">
          <div class="empty">
            <Icon name="chat" size="lg" />
            <p class="b">{t('empty_mine')}</p>
            <p class="m">{t(online() ? 'empty_mine_online' : 'empty_mine_away')}</p>
            <Show when={!online() && desk.status[0]()}>
              <button type="button" class="btn sm" onClick={() => void desk.setStatus('O')}>
                {t('go_online')}
              </button>
            </Show>
          </div>
        </Begins>
      </Match>
      <Match when={props.state === 'ready'}>
        <div class="empty">
          <Icon name="chat" size="lg" />
          <p class="b">{t(`empty_${view()}` as Key)}</p>
        </div>
      </Match>
    </Switch>
  );
}

function Skeleton(): JSX.Element {
  return (
    <div class="skeleton" aria-busy="true" aria-label={t('loading')}>
      <For each={[0, 1, 2, 3]}>{() => <div class="bone" />}</For>
    </div>
  );
}

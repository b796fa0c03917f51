// The log: rows kept where the reader is while things arrive above and below.
import { createEffect, createMemo, createSignal, For, onCleanup, onMount, Show, untrack, type Accessor } from 'solid-js';
import { dayInWords } from '../../../start/src/demo/times';
import type { Chat } from '../chat';
import type { Item } from '../items';
import { rows, type Row as RowData } from '../rows';
import { locale, t } from '../text/say';
import type { Parts } from './Conversation';
import { Entry } from './Entry';
import { Face, Icon } from './Icon';

const NEAR_END_PX = 48;
const NEAR_TOP_PX = 160;

export interface LogProps {
  chat: Chat;
  parts: Accessor<Parts | undefined>;
  quote(item: Item): void;
  edit(text: string): void;
  /** Gives out the way to the end. */
  toEnd(go: () => void): void;
}

export function Log(props: LogProps) {
  const { chat } = props;
  const { following, follow } = chat;
  const [unseen, setUnseen] = createSignal(0);
  const [far, setFar] = createSignal(false);
  let scroller!: HTMLDivElement;
  let list!: HTMLDivElement;
  let top = 0;

  const drawn = createMemo(() => rows(chat.items(), { read: chat.read(), newFrom: chat.newFrom(), online: chat.online() }));
  const byKey = createMemo(() => new Map(drawn().map((row) => [row.key, row])));
  const keys = createMemo(() => drawn().map(({ key }) => key));

  async function toEnd(): Promise<void> {
    follow(true);
    setUnseen(0);
    if (chat.beyond() > 0) await chat.show();
    scroller.scrollTop = scroller.scrollHeight;
    seen();
  }

  function seen(): void {
    if (!document.hidden) chat.markRead();
  }

  function scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    const below = scrollHeight - scrollTop - clientHeight;
    const cut = chat.beyond() > 0;
    // What comes in before this is told moves the end away: only who scrolls up leaves it.
    follow(!cut && (below < NEAR_END_PX || (following() && scrollTop >= top)));
    top = scrollTop;
    setFar(below > clientHeight);
    if (following()) {
      setUnseen(0);
      seen();
    }
    if (chat.paging()) return;
    if (scrollTop < NEAR_TOP_PX && chat.hasEarlier()) void turn(chat.earlier);
    else if (cut && below < NEAR_TOP_PX) void turn(chat.later);
  }

  /** What is in view stays where it is while a page is put in above or below, and another one goes. */
  async function turn(load: () => Promise<void>): Promise<void> {
    const before = anchor();
    await load();
    if (before && !following()) scroller.scrollTop += before.element.getBoundingClientRect().top - before.top;
  }

  const earlier = (): Promise<void> => turn(chat.earlier);

  function anchor() {
    const edge = scroller.getBoundingClientRect().top;
    for (const element of list.querySelectorAll<HTMLElement>('.msg')) {
      const { top, bottom } = element.getBoundingClientRect();
      if (bottom > edge) return { element, top };
    }
    return undefined;
  }

  onMount(() => {
    props.toEnd(toEnd);
    const keepEnd = new ResizeObserver(() => {
      if (following()) toEnd();
      // A page that is not full cannot be scrolled, and shows what comes before by itself.
      if (scroller.scrollHeight <= scroller.clientHeight && chat.hasEarlier() && !chat.paging()) void earlier();
    });
    keepEnd.observe(scroller);
    keepEnd.observe(list);
    document.addEventListener('visibilitychange', shown);
    onCleanup(() => (keepEnd.disconnect(), document.removeEventListener('visibilitychange', shown)));
  });
  const shown = () => following() && seen();

  // What others said while one reads further up is counted on the button.
  let counted = 0;
  createEffect(() => {
    const items = chat.items();
    untrack(() => {
      const last = items.reduce((most, { order, side }) => (Number.isInteger(order) && side !== 'user' ? Math.max(most, order) : most), -1);
      if (counted && last >= counted && !following()) setUnseen(unseen() + items.filter(({ order, side }) => order >= counted && Number.isInteger(order) && side !== 'user').length);
      counted = Math.max(counted, last + 1);
      if (following()) void toEnd();
    });
  });

  const fresh = () => unseen() + chat.beyond();
  const card = () => {
    const shown = chat.card();
    return shown && props.parts()?.Questions({ chat, groups: shown.groups, human: shown.human || t('human') });
  };
  const greeting = () => chat.profile()?.welcome || t(chat.card() ? 'greeting' : 'greeting_plain', { company: chat.room()!.topic });
  return (
    <>
      <div ref={scroller} class="scr" role="log" aria-live="polite" aria-label={t('log')} tabindex="0" onScroll={scrolled}>
        <div ref={list} class="msgs">
          <Show when={chat.room()}>
            <Show when={chat.hasEarlier()} fallback={<Said name={chat.room()!.topic}>{greeting()}</Said>}>
              <button class="btn bare earlier" type="button" disabled={chat.paging() === 'loading'} onClick={earlier}>
                {t(chat.paging() === 'loading' ? 'loading' : chat.paging() ? 'earlier_failed' : 'earlier')}
              </button>
            </Show>
          </Show>
          <Show when={!chat.hasEarlier()}>{card()}</Show>
          <For each={keys()}>
            {(key) => {
              const first = byKey().get(key)!;
              const row = createMemo((before: RowData) => byKey().get(key) ?? before, first);
              return <Row row={row()} log={props} />;
            }}
          </For>
          <Show when={chat.hasEarlier() && chat.service()?.status !== 'serving'}>{card()}</Show>
          {props.parts()?.Typing({ chat })}
        </div>
      </div>
      <div class="jumps">
        <Show when={!following() && (far() || fresh())}>
          <button class="btn jump" type="button" onClick={toEnd}>
            <Icon name="down" size="s" />
            {fresh() ? t('jump_new', { n: fresh() }) : t('jump_end')}
          </button>
        </Show>
      </div>
    </>
  );
}

function Row(props: { row: RowData; log: LogProps }) {
  return (
    <Show
      when={props.row.kind === 'item' && props.row}
      fallback={
        <div class={props.row.kind}>
          {props.row.kind === 'day' ? dayInWords(props.row.time, Date.now(), locale(), { today: t('today'), yesterday: t('yesterday') }) : t('new_messages')}
        </div>
      }
    >
      {(row) => <Entry row={row() as Extract<RowData, { kind: 'item' }>} log={props.log} />}
    </Show>
  );
}

/** The company's own words that are no message. */
function Said(props: { name: string; children: string }) {
  return (
    <div class="msg in">
      <Face company name={props.name} />
      <p class="bub">{props.children}</p>
    </div>
  );
}

// The whole history: searched by words, kind and days; supervisors take a period with them as a file.
import { createSignal, For, Match, onMount, Show, Switch, type JSX } from 'solid-js';
import type { Desk } from '../desk/desk';
import { goTo } from '../place';
import { inWords } from '../refusal';
import { t, type Key } from '../text/say';
import { moment } from '../times';
import { useDesk } from '../view/desk-context';
import { Face, Icon } from '../view/parts';
import { download } from './download';
import { isPlausible } from './figures';
import { marked, type Snippet } from './snippet';
import { Failed, Nothing } from './states';

interface Found {
  roomid: string;
  id: string;
  pos: number;
  type: 'usermsg' | 'csmsg';
  mtype: string;
  aid: string;
  nick: string;
  time: number;
  snippet: Snippet;
}

const KINDS = ['', 'text', 'image', 'file', 'voice', 'video'];
const FORMATS = ['xlsx', 'csv', 'html'];
const DAY_MS = 86_400_000;

/** What is searched for, and what was found. */
const search = () => ({
  text: createSignal(''),
  kind: createSignal(''),
  from: createSignal(''),
  to: createSignal(''),
  found: createSignal<Found[]>([]),
  next: createSignal<string>(),
});

/** Whoever comes back from a hit finds the others as they were. */
const searches = new WeakMap<Desk, ReturnType<typeof search>>();

export function History(): JSX.Element {
  const { desk, shown } = useDesk();
  const kept = searches.get(desk) ?? search();
  searches.set(desk, kept);
  const [text, setText] = kept.text;
  const [kind, setKind] = kept.kind;
  const [from, setFrom] = kept.from;
  const [to, setTo] = kept.to;
  const [found, setFound] = kept.found;
  const [next, setNext] = kept.next;
  const [failure, setFailure] = createSignal('');
  const [busy, setBusy] = createSignal(true);
  const [exporting, setExporting] = createSignal(false);
  let asked = 0;

  /** Both days included, in this browser's zone. */
  const period = (): { from?: number; to?: number } => ({
    ...(from() && { from: new Date(`${from()}T00:00`).getTime() }),
    ...(to() && { to: new Date(`${to()}T00:00`).getTime() + DAY_MS }),
  });

  async function find(cursor?: string): Promise<void> {
    const mine = (asked += 1);
    setBusy(true);
    setFailure('');
    try {
      const page = await desk.rest.page<Found>('/messages/search', { text: text().trim(), kind: kind(), ...period(), limit: 50, cursor });
      if (mine !== asked) return;
      setFound((all) => (cursor ? [...all, ...page.data] : page.data));
      setNext(page.next);
    } catch (thrown) {
      if (mine === asked) setFailure(inWords(thrown));
    }
    setBusy(false);
  }
  onMount(() => {
    if (found().length === 0) void find();
    else setBusy(false);
  });

  function show({ roomid, id, pos }: Found): void {
    shown.sought[1]({ roomid, id, pos });
    goTo({ section: 'chats', room: roomid });
  }

  function between(set: (day: string) => void, day: string): void {
    if (day && !isPlausible(day)) return;
    set(day);
    void find();
  }

  async function take(format: string): Promise<void> {
    setExporting(true);
    await desk.doing(async () => {
      download(await desk.rest.file('/messages/export', { format, ...period() }), `${desk.session.companyid}-${from() || 'all'}-${to() || 'now'}.${format}`);
    });
    setExporting(false);
  }

  return (
    <section class="table-side">
      <form
        class="admin-head"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          void find();
        }}
      >
        <h1 class="t18 b fx">{t('rail_history')}</h1>
        <div class="find">
          <Icon name="search" size="s" />
          <input type="search" aria-label={t('history_search')} placeholder={t('history_search')} maxLength={200} value={text()} onInput={(event) => setText(event.currentTarget.value)} />
        </div>
        <select class="inp date" aria-label={t('history_kind')} value={kind()} onChange={(event) => (setKind(event.currentTarget.value), void find())}>
          <For each={KINDS}>{(name) => <option value={name}>{t(name ? (`kind_${name}` as Key) : 'kind_any')}</option>}</For>
        </select>
        <input class="inp date" type="date" aria-label={t('numbers_from')} value={from()} onChange={(event) => between(setFrom, event.currentTarget.value)} />
        <input class="inp date" type="date" aria-label={t('numbers_to')} value={to()} onChange={(event) => between(setTo, event.currentTarget.value)} />
        <button type="submit" class="btn pri">
          {t('history_find')}
        </button>
      </form>
      <Show when={desk.may('supervisor')}>
        <p class="export t13">
          <span class="m">{t('history_export')}</span>
          <For each={FORMATS}>
            {(format) => (
              <button type="button" class="btn bare sm" disabled={exporting()} onClick={() => void take(format)}>
                <Icon name="download" />
                {format.toUpperCase()}
              </button>
            )}
          </For>
        </p>
      </Show>
      <Switch>
        <Match when={failure()}>
          <Failed why={failure()} again={() => void find()} />
        </Match>
        <Match when={!busy() && found().length === 0}>
          <Nothing fact={text() ? t('search_nothing', { what: text() }) : t('history_nothing')} />
        </Match>
        <Match when={true}>
          <div class="table-box" aria-busy={busy()}>
            <ul>
              <For each={found()}>
                {(one) => (
                  <li>
                    <button type="button" class="hit" onClick={() => show(one)}>
                      <Face who={one.type === 'usermsg' ? 'user' : 'cs'} name={one.nick} aid={one.aid} />
                      <span class="fx hit-words">
                        <span class="t12 m">
                          <bdi>{one.nick}</bdi> · {moment(one.time)}
                        </span>
                        <span dir="auto">
                          {one.snippet.cut_before ? '…' : ''}
                          <For each={marked(one.snippet)}>{(part) => (part.hit ? <mark>{part.text}</mark> : part.text)}</For>
                          {one.snippet.cut_behind ? '…' : ''}
                        </span>
                      </span>
                      <Show when={one.mtype !== 'text'}>
                        <span class="tag">{t(`kind_${one.mtype}` as Key)}</span>
                      </Show>
                    </button>
                  </li>
                )}
              </For>
            </ul>
            <Show when={next()}>
              {(cursor) => (
                <button type="button" class="btn sm pad" disabled={busy()} onClick={() => void find(cursor())}>
                  {t('load_more')}
                </button>
              )}
            </Show>
          </div>
        </Match>
      </Switch>
    </section>
  );
}

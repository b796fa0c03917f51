// Work orders: by state, with their history, an answer to the visitor or a note to colleagues.
import { createEffect, createResource, createSignal, For, Match, on, Show, Switch, type JSX } from 'solid-js';
import { inWords } from '../refusal';
import { goTo, place } from '../place';
import { t, type Key } from '../text/say';
import { moment } from '../times';
import { useDesk } from '../view/desk-context';
import { Link } from '../view/link';
import { Icon, IconButton } from '../view/parts';
import { Failed, Nothing } from './states';

interface Order {
  id: string;
  title: string;
  phone: string;
  describe: string;
  kind: string;
  pictures: string[];
  submitter: string;
  roomid?: string | null;
  chatid?: string | null;
  state: string;
  owner?: string | null;
  created: number;
  updated: number;
}

/** A kind of work orders. */
interface Named {
  key: string;
  text: string;
}

interface Line {
  number: number;
  time: number;
  by: string;
  by_id: string;
  what: string;
  from?: string;
  to?: string;
  text?: string;
}

const STATES = ['new', 'accepted', 'in_progress', 'solved', 'closed'] as const;
/** Where an order may go from each state; whoever wants something else is refused by the server. */
const STEPS: Record<string, readonly (typeof STATES)[number][]> = {
  new: ['accepted', 'in_progress', 'closed'],
  accepted: ['in_progress', 'solved', 'closed'],
  in_progress: ['accepted', 'solved', 'closed'],
  solved: ['in_progress', 'closed'],
  closed: [],
};
const TONES: Record<string, string> = { new: 'warn-tag', accepted: '', in_progress: '', solved: 'ok-tag', closed: 'soft-tag' };

export function Orders(): JSX.Element {
  const { desk } = useDesk();
  const [state, setState] = createSignal<string>('');
  const [orders, setOrders] = createSignal<Order[]>([]);
  const [next, setNext] = createSignal<string>();
  const [failure, setFailure] = createSignal('');
  const [busy, setBusy] = createSignal(true);
  const [kind, setKind] = createSignal('');
  const open = (): string => place().page;
  const setOpen = (id = ''): void => goTo({ section: 'orders', page: id });
  const [kinds] = createResource(async () => (await desk.rest.page<Named>('/work-order-kinds')).data);
  const named = (): Named[] => (kinds.error ? [] : (kinds() ?? []));
  const [counts, { refetch }] = createResource(() => desk.rest.get<Record<string, number>>('/orders/counts'));

  async function load(cursor?: string): Promise<void> {
    setBusy(true);
    setFailure('');
    try {
      const page = await desk.rest.page<Order>('/orders', { state: state(), kind: kind(), limit: 50, cursor });
      setOrders((all) => (cursor ? [...all, ...page.data] : page.data));
      setNext(page.next);
    } catch (thrown) {
      setFailure(inWords(thrown));
    }
    setBusy(false);
  }
  createEffect(on([state, kind], () => void load()));
  // One that was asked for by its address and is not in the list.
  const [other, { mutate, refetch: ask }] = createResource(
    () => (open() && !busy() && !orders().some(({ id }) => id === open()) ? open() : undefined),
    (id) => desk.rest.get<Order>(`/orders/${encodeURIComponent(id)}`),
  );
  const order = (): Order | undefined => {
    const listed = orders().find(({ id }) => id === open());
    // Asked of before it is there, it would hide the whole page.
    if (listed || other.state !== 'ready') return listed;
    return other()?.id === open() ? other() : undefined;
  };
  const changed = (now: Order): void => {
    setOrders((all) => all.map((one) => (one.id === now.id ? now : one)));
    if (other.state === 'ready' && other()?.id === now.id) mutate(now);
    void refetch();
  };
  const count = (name: string): number | undefined => (counts.error ? undefined : counts()?.[name]);

  return (
    <div class="things" classList={{ 'has-editor': !!open() }}>
      <section class="table-side">
        <header class="admin-head">
          <div class="fx">
            <h1 class="t18 b">{t('orders')}</h1>
            <p class="m t13">{t('orders_about')}</p>
          </div>
          <Show when={named().length > 0}>
            <select class="inp date" aria-label={t('orders_kind')} value={kind()} onChange={(event) => setKind(event.currentTarget.value)}>
              <option value="">{t('orders_any_kind')}</option>
              <For each={named()}>{({ key, text }) => <option value={key}>{text}</option>}</For>
            </select>
          </Show>
        </header>
        <div class="tabs4" role="tablist" aria-label={t('orders_state')}>
          <For each={['', ...STATES]}>
            {(name) => (
              <button type="button" role="tab" aria-selected={state() === name} onClick={() => setState(name)}>
                {t(name ? (`order_${name}` as Key) : 'tab_every')}
                <Show when={name && count(name)}>{(n) => <span>{n()}</span>}</Show>
              </button>
            )}
          </For>
        </div>
        <Switch>
          <Match when={failure()}>
            <Failed why={failure()} again={() => void load()} />
          </Match>
          <Match when={!busy() && orders().length === 0}>
            <Nothing fact={t('orders_empty')} />
          </Match>
          <Match when={true}>
            <div class="table-box">
              <table class="table" aria-busy={busy()}>
                <thead>
                  <tr>
                    <th>{t('orders_title')}</th>
                    <th>{t('orders_state')}</th>
                    <th>{t('orders_owner')}</th>
                    <th>{t('orders_submitter')}</th>
                    <th>{t('orders_updated')}</th>
                  </tr>
                </thead>
                <tbody>
                  <For each={orders()}>
                    {(one) => (
                      <tr classList={{ on: open() === one.id }} onClick={() => setOpen(one.id)}>
                        <td class="wide">
                          <button type="button" class="cell-open">
                            <bdi class="one-line">{one.title}</bdi>
                          </button>
                        </td>
                        <td>
                          <span class={`tag ${TONES[one.state] ?? ''}`}>{t(`order_${one.state}` as Key)}</span>
                        </td>
                        <td class="soft">
                          <bdi>{one.owner ? desk.directory.nick(one.owner) : t('orders_nobody')}</bdi>
                        </td>
                        <td class="soft">
                          <bdi class="one-line">{one.submitter}</bdi>
                        </td>
                        <td class="soft nw">{moment(one.updated)}</td>
                      </tr>
                    )}
                  </For>
                </tbody>
              </table>
              <Show when={next()}>
                {(cursor) => (
                  <button type="button" class="btn sm pad" disabled={busy()} onClick={() => void load(cursor())}>
                    {t('load_more')}
                  </button>
                )}
              </Show>
            </div>
          </Match>
        </Switch>
      </section>
      <Show when={open()} keyed>
        {(_) => (
          <Show
            when={order()}
            fallback={
              <aside class="editor" aria-label={t('orders')} aria-busy={!other.error}>
                <header class="admin-head">
                  <span class="fx" />
                  <IconButton icon="x" label={t('close')} onClick={() => setOpen()} />
                </header>
                <Show when={other.error}>{(why) => <Failed why={inWords(why())} again={() => void ask()} />}</Show>
              </aside>
            }
          >
            {(one) => <OneOrder order={one()} kinds={named()} changed={changed} close={() => setOpen()} />}
          </Show>
        )}
      </Show>
    </div>
  );
}

function OneOrder(props: { order: Order; kinds: Named[]; changed: (order: Order) => void; close: () => void }): JSX.Element {
  const { desk } = useDesk();
  const path = (): string => `/orders/${encodeURIComponent(props.order.id)}`;
  const [lines, { refetch }] = createResource(
    () => props.order.id,
    () => desk.rest.all<Line>(`${path()}/lines`),
  );
  const [pictures] = createResource(
    () => props.order.pictures,
    (paths) => Promise.all(paths.map((one) => desk.nodechat.imageUrl(one).catch(() => ''))),
  );
  const [text, setText] = createSignal('');
  const [open, setOpen] = createSignal(true);

  const change = async (deed: () => Promise<Order>): Promise<boolean> =>
    desk.doing(async () => {
      props.changed(await deed());
      await refetch();
    });

  async function say(event: Event): Promise<void> {
    event.preventDefault();
    const said = { text: text().trim(), public: open() };
    if (said.text && (await change(() => desk.rest.send<Order>('POST', `${path()}/comments`, said)))) setText('');
  }

  const lineWords = (line: Line): string => {
    if (line.what === 'state') return t('line_state', { state: t(`order_${line.to}` as Key) });
    if (line.what === 'owner') return line.to ? t('line_owner', { who: desk.directory.nick(line.to) }) : t('line_no_owner');
    return t(`line_${line.what}` as Key);
  };
  const lineWho = (line: Line): string => (line.by === 'agent' ? desk.directory.nick(line.by_id) : line.by === 'visitor' ? t('line_visitor') : t('line_system'));

  return (
    <aside class="editor" aria-label={props.order.title}>
      <header class="admin-head">
        <h2 class="t16 b cut fx">
          <bdi>{props.order.title}</bdi>
        </h2>
        <IconButton icon="x" label={t('close')} onClick={() => props.close()} />
      </header>
      <div class="editor-body">
        <div class="two">
          <label class="field">
            <span class="lab">{t('orders_state')}</span>
            <select class="inp" value={props.order.state} onChange={({ currentTarget }) => void change(() => desk.rest.send<Order>('PATCH', path(), { state: currentTarget.value })).then((done) => !done && (currentTarget.value = props.order.state))}>
              <For each={STATES.filter((state) => state === props.order.state || STEPS[props.order.state]?.includes(state))}>{(state) => <option value={state} selected={state === props.order.state}>{t(`order_${state}`)}</option>}</For>
            </select>
          </label>
          <label class="field">
            <span class="lab">{t('orders_owner')}</span>
            <select class="inp" disabled={props.order.state === 'closed'} value={props.order.owner ?? ''} onChange={({ currentTarget }) => void change(() => desk.rest.send<Order>('PATCH', path(), { owner: currentTarget.value })).then((done) => !done && (currentTarget.value = props.order.owner ?? ''))}>
              <option value="">{t('orders_nobody')}</option>
              <For each={desk.directory.colleagues[0]().filter(({ active, aid }) => active || aid === props.order.owner)}>{(one) => <option value={one.aid} selected={one.aid === props.order.owner}>{one.nick}</option>}</For>
            </select>
          </label>
        </div>
        <p class="order-text" dir="auto">
          {props.order.describe}
        </p>
        <Show when={!pictures.error && (pictures() ?? []).length > 0}>
          <div class="order-pictures">
            <For each={pictures()}>
              {(url) => (
                <a href={url} target="_blank" rel="noopener">
                  <img src={url} alt={t('picture')} />
                </a>
              )}
            </For>
          </div>
        </Show>
        <dl class="kv">
          <dt>{t('orders_submitter')}</dt>
          <dd>
            <bdi>{props.order.submitter}</bdi>
          </dd>
          <Show when={props.order.phone}>
            <dt>{t('orders_phone')}</dt>
            <dd>
              <bdi>{props.order.phone}</bdi>
            </dd>
          </Show>
          <Show when={props.order.kind}>
            <dt>{t('orders_kind')}</dt>
            <dd>
              <bdi>{props.kinds.find(({ key }) => key === props.order.kind)?.text ?? props.order.kind}</bdi>
            </dd>
          </Show>
          <Show when={props.order.roomid}>
            {(roomid) => (
              <>
                <dt>{t('orders_room')}</dt>
                <dd>
                  <Link to={{ section: 'chats', room: roomid() }}>{t('orders_to_room')}</Link>
                </dd>
              </>
            )}
          </Show>
          <dt>{t('orders_created')}</dt>
          <dd>{moment(props.order.created)}</dd>
        </dl>
        <section>
          <h3 class="t13 b">{t('orders_history')}</h3>
          <ol class="order-lines">
            <For each={lines.error ? [] : lines()}>
              {(line) => (
                <li classList={{ 'is-note': line.what === 'noted' }}>
                  <p class="t12 m">
                    <bdi>{lineWho(line)}</bdi> · {lineWords(line)} · {moment(line.time)}
                  </p>
                  <Show when={line.text}>
                    <p class="order-text" dir="auto">
                      {line.text}
                    </p>
                  </Show>
                </li>
              )}
            </For>
          </ol>
        </section>
      </div>
      <form class="order-say" classList={{ 'is-note': !open() }} onSubmit={(event) => void say(event)}>
        <textarea class="inp area" rows={2} dir="auto" maxLength={4_000} aria-label={t(open() ? 'orders_answer' : 'mode_note')} placeholder={t(open() ? 'orders_answer_hint' : 'write_note')} value={text()} onInput={(event) => setText(event.currentTarget.value)} />
        <div class="form-deeds">
          <label class="check">
            <input type="checkbox" class="sw" role="switch" checked={open()} onChange={(event) => setOpen(event.currentTarget.checked)} />
            <span>{t('orders_public')}</span>
          </label>
          <button type="submit" class="btn pri end" disabled={text().trim() === ''}>
            <Icon name="send" />
            {t(open() ? 'orders_answer' : 'save_note')}
          </button>
        </div>
      </form>
    </aside>
  );
}

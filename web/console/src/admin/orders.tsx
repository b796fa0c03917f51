// Work orders: by state, with their history, an answer to the visitor or a note to colleagues.
import { createEffect, createResource, createSignal, For, Match, on, Show, Switch, type JSX } from 'solid-js';
import { inWords } from '../refusal';
import { goTo } from '../place';
import { t, type Key } from '../text/say';
import { moment } from '../times';
import { useDesk } from '../view/desk-context';
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
  state: string;
  owner?: string | null;
  created: number;
  updated: number;
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
  const [open, setOpen] = createSignal<string>();
  const [counts, { refetch }] = createResource(() => desk.rest.get<Record<string, number>>('/orders/counts'));

  async function load(cursor?: string): Promise<void> {
    setBusy(true);
    setFailure('');
    try {
      const page = await desk.rest.page<Order>('/orders', { state: state(), limit: 50, cursor });
      setOrders((all) => (cursor ? [...all, ...page.data] : page.data));
      setNext(page.next);
    } catch (thrown) {
      setFailure(inWords(thrown));
    }
    setBusy(false);
  }
  createEffect(on(state, () => void load()));
  const order = (): Order | undefined => orders().find(({ id }) => id === open());
  const changed = (now: Order): void => {
    setOrders((all) => all.map((other) => (other.id === now.id ? now : other)));
    void refetch();
  };
  const count = (name: string): number | undefined => (counts.error ? undefined : counts()?.[name]);

  return (
    <div class="things" classList={{ 'has-editor': !!order() }}>
      <section class="table-side">
        <header class="admin-head">
          <div class="fx">
            <h1 class="t18 b">{t('orders')}</h1>
            <p class="m t13">{t('orders_about')}</p>
          </div>
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
        {(_) => <Show when={order()}>{(one) => <OneOrder order={one()} changed={changed} close={() => setOpen(undefined)} />}</Show>}
      </Show>
    </div>
  );
}

function OneOrder(props: { order: Order; changed: (order: Order) => void; close: () => void }): JSX.Element {
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
        <Show when={props.order.roomid}>{(roomid) => <IconButton icon="chat" label={t('orders_to_room')} onClick={() => goTo({ section: 'chats', room: roomid() })} />}</Show>
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

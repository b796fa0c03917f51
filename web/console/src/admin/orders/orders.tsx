// Work orders: a table by state or a board of all states, and the one that is open beside it.
import { batch, createMemo, createResource, createSignal, For, Match, Show, Switch, type JSX } from 'solid-js';
import { keep, kept } from '../../../../start/src/kept';
import { goTo, place } from '../../place';
import { inWords } from '../../refusal';
import { t, type Key } from '../../text/say';
import { useDesk } from '../../view/desk-context';
import { IconButton } from '../../view/parts';
import { Failed, Nothing } from '../states';
import { Lanes } from './lanes';
import { OneOrder } from './one';
import { openShelf, type Shelf } from './shelf';
import { OrderTable } from './table';
import { STATES, type Kind, type Order, type State } from './types';

type View = 'table' | 'board';

const KEPT_AS = 'nodechat.console.orders';

export function Orders(): JSX.Element {
  const { desk } = useDesk();
  const [view, setView] = createSignal<View>(kept(KEPT_AS) === 'board' ? 'board' : 'table');
  const [state, setState] = createSignal('');
  const [kind, setKind] = createSignal('');
  const [kinds] = createResource(async () => (await desk.rest.page<Kind>('/work-order-kinds')).data);
  const named = (): Kind[] => (kinds.error ? [] : (kinds() ?? []));
  const [counts, { refetch }] = createResource(() => desk.rest.get<Record<string, number>>('/orders/counts'));
  const count = (name: string): number | undefined => (counts.error ? undefined : counts()?.[name]);
  const open = (): string => place().page;
  const setOpen = (id = ''): void => goTo({ section: 'orders', page: id });

  // What is shown has its shelves for as long as it is shown.
  const table = createMemo(() => (view() === 'table' ? openShelf(desk.rest, () => ({ state: state(), kind: kind() })) : undefined));
  const lanes = createMemo(() => (view() === 'board' ? (Object.fromEntries(STATES.map((of) => [of, openShelf(desk.rest, () => ({ state: of, kind: kind() }))])) as Record<State, Shelf>) : undefined));
  const shelves = (): Shelf[] => [table(), ...Object.values(lanes() ?? {})].filter((one): one is Shelf => !!one);
  const busy = (): boolean => shelves().some((shelf) => shelf.busy());
  const listed = (): Order | undefined => shelves().flatMap((shelf) => shelf.orders()).find(({ id }) => id === open());

  // One that was asked for by its address and is not in the list.
  const [other, { mutate, refetch: ask }] = createResource(
    () => (open() && !busy() && !listed() ? open() : undefined),
    (id) => desk.rest.get<Order>(`/orders/${encodeURIComponent(id)}`),
  );
  // Whatever the lists show next, the one that is open stays, with what is typed there.
  const [last, setLast] = createSignal<Order>();
  const order = createMemo<Order | undefined>((before) => {
    const kept = [last(), before].find((one) => one?.id === open());
    // Asked of before it is there, it would hide the whole page.
    if (listed() || other.state !== 'ready') return listed() ?? kept;
    return other()?.id === open() ? other() : kept;
  });

  function look(next: View): void {
    keep(KEPT_AS, next === 'table' ? null : next);
    setView(next);
  }

  function changed(now: Order): void {
    batch(() => {
      setLast(now);
      table()?.put(now);
      for (const lane of Object.values(lanes() ?? {})) lane.settle(now);
      if (other.state === 'ready' && other()?.id === now.id) mutate(now);
    });
    void refetch();
  }

  async function move(from: Order, to: State): Promise<void> {
    const path = `/orders/${encodeURIComponent(from.id)}`;
    // The card lies where it was put while the server is asked; if that says no, it goes to where it really is.
    changed({ ...from, state: to });
    const done = await desk.doing(async () => changed(await desk.rest.send<Order>('PATCH', path, { state: to })));
    if (!done) changed(await desk.rest.get<Order>(path).catch(() => from));
  }

  return (
    <div class="things" classList={{ 'has-editor': !!open() }}>
      <section class="table-side">
        <header class="admin-head orders-head">
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
          <div class="switch" role="group" aria-label={t('orders_view')}>
            <For each={['table', 'board'] as View[]}>
              {(one) => (
                <button type="button" aria-pressed={view() === one} onClick={() => look(one)}>
                  {t(`orders_${one}` as Key)}
                </button>
              )}
            </For>
          </div>
        </header>
        <Show when={lanes()}>{(all) => <Lanes shelves={all()} count={(of) => (kind() ? undefined : count(of))} kinds={named()} open={open()} opens={setOpen} moves={(one, to) => void move(one, to)} />}</Show>
        <Show when={table()}>
          {(shelf) => (
            <>
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
              <Switch fallback={<OrderTable shelf={shelf()} open={open()} opens={setOpen} />}>
                <Match when={shelf().failure()}>
                  <Failed why={shelf().failure()} again={() => void shelf().load()} />
                </Match>
                <Match when={!shelf().busy() && shelf().orders().length === 0}>
                  <Nothing fact={t('orders_empty')} />
                </Match>
              </Switch>
            </>
          )}
        </Show>
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

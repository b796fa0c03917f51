// Work orders as a board: a lane for each state, and a card is carried to where it goes next.
import { createEffect, createSignal, For, Show, type JSX } from 'solid-js';
import { t, type Key } from '../../text/say';
import { moment, shortTime, ticking } from '../../times';
import { useDesk } from '../../view/desk-context';
import { Face } from '../../view/parts';
import { Failed } from '../states';
import type { Shelf } from './shelf';
import { STATES, STEPS, type Kind, type Order, type State } from './types';
import '../../style/orders.css';

const MINUTE_MS = 60_000;

interface Board {
  shelves: Record<State, Shelf>;
  /** How many there are in a state, where that is known. */
  count: (state: State) => number | undefined;
  kinds: Kind[];
  open: string;
  opens: (id: string) => void;
  moves: (order: Order, to: State) => void;
}

export function Lanes(props: Board): JSX.Element {
  const now = ticking(MINUTE_MS);
  const [carried, carry] = createSignal<Order>();
  const takes = (state: State): boolean => !!carried() && STEPS[carried()!.state].includes(state);
  return (
    <div class="lanes" classList={{ carrying: !!carried() }} role="region" tabindex="0" aria-label={t('orders')}>
      <For each={STATES}>{(state) => <Lane {...props} now={now()} state={state} takes={takes(state)} carried={carried()} carry={carry} />}</For>
    </div>
  );
}

function Lane(props: Board & { now: number; state: State; takes: boolean; carried: Order | undefined; carry: (order?: Order) => void }): JSX.Element {
  const [over, setOver] = createSignal(false);
  const shelf = (): Shelf => props.shelves[props.state];
  const name = (): string => t(`order_${props.state}` as Key);

  function drop(event: DragEvent): void {
    event.preventDefault();
    setOver(false);
    const order = props.carried;
    props.carry();
    if (order) props.moves(order, props.state);
  }

  return (
    <section
      class="lane"
      classList={{ takes: props.takes, over: over() && props.takes, home: props.carried?.state === props.state }}
      aria-label={name()}
      aria-busy={shelf().busy()}
      onDragOver={(event) => props.takes && (event.preventDefault(), setOver(true))}
      onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && setOver(false)}
      onDrop={(event) => props.takes && drop(event)}
    >
      <h2 class="t13 b">
        {name()}
        <Show when={props.count(props.state)}>{(n) => <span class="m num">{n()}</span>}</Show>
      </h2>
      <Show when={!shelf().failure()} fallback={<Failed why={shelf().failure()} again={() => void shelf().load()} />}>
        <ul>
          <For each={shelf().orders()}>{(order) => <Card {...props} order={order} />}</For>
        </ul>
        <Show when={!shelf().busy() && shelf().orders().length === 0}>
          <p class="m t13 none">{t('orders_none')}</p>
        </Show>
        <Show when={shelf().next()}>
          {(cursor) => (
            <button type="button" class="btn sm" disabled={shelf().busy()} onClick={() => void shelf().load(cursor())}>
              {t('load_more')}
            </button>
          )}
        </Show>
      </Show>
    </section>
  );
}

function Card(props: Board & { now: number; order: Order; carry: (order?: Order) => void }): JSX.Element {
  const { desk } = useDesk();
  const owner = (): string => (props.order.owner ? desk.directory.nick(props.order.owner) : '');
  const kind = (): string => props.kinds.find(({ key }) => key === props.order.kind)?.text ?? props.order.kind;

  let card!: HTMLButtonElement;
  // The editor takes its place beside the board, or lies over it: the card that is open stays in sight.
  createEffect(() => props.open === props.order.id && requestAnimationFrame(() => card.scrollIntoView({ block: 'nearest', inline: 'nearest' })));

  function pick(event: DragEvent): void {
    event.dataTransfer!.effectAllowed = 'move';
    event.dataTransfer!.setData('text/plain', props.order.title); // Firefox carries nothing that is empty
    props.carry(props.order);
  }

  return (
    <li>
      <button ref={card} type="button" class="order-card" classList={{ on: props.open === props.order.id }} draggable={STEPS[props.order.state].length > 0} onDragStart={pick} onDragEnd={() => props.carry()} onClick={() => props.opens(props.order.id)}>
        <bdi class="b two-lines">{props.order.title}</bdi>
        <span class="order-card-foot m t12">
          <Show when={kind()}>
            <bdi class="cut">{kind()}</bdi>
          </Show>
          <time class="nw num" title={moment(props.order.updated)}>
            {shortTime(props.order.updated, props.now)}
          </time>
          <span class="owner" title={owner() || t('orders_nobody')}>
            <Show when={owner()} fallback={<span class="face-none" aria-hidden="true" />}>
              <Face who="cs" name={owner()} size="sm" />
            </Show>
            <span class="sr">{owner() || t('orders_nobody')}</span>
          </span>
        </span>
      </button>
    </li>
  );
}

// The visitor's card: who it is, what the host site told, tags, this consultation, work orders, notes.
import { createEffect, createMemo, createResource, createSignal, For, lazy, on, onCleanup, Show, Suspense, type JSX } from 'solid-js';
import type { RoomOrder } from '../desk/orders';
import type { Row, VisitorCard } from '../desk/wire';
import { asRefusal } from '../refusal';
import { t, type Key } from '../text/say';
import { moment, shortTime } from '../times';
import { useDesk } from './desk-context';
import { Link } from './link';
import { Face, Icon, IconButton } from './parts';

const PersonData = lazy(() => import('../admin/person-data'));

export function Card(props: { drawer: boolean }): JSX.Element {
  const { desk, shown } = useDesk();
  const row = (): Row | undefined => shown.row();
  const userid = (): string | undefined => row()?.userid ?? /^\/U2S_(.*)#[^#]*$/.exec(shown.roomid())?.[1];
  const [card, { mutate, refetch }] = createResource(userid, (aid) => desk.rest.get<VisitorCard>(`/visitors/${encodeURIComponent(aid)}`));
  /** Until the card of who is shown now is there, none. */
  const here = (): VisitorCard | undefined => (!card.error && card()?.aid === userid() ? card() : undefined);
  const ordersOf = createMemo(
    () => {
      const made = desk.orders.made[0]();
      const aid = userid();
      return aid ? { aid, made } : undefined;
    },
    undefined,
    // The row changes with every message; what is asked for does not.
    { equals: (before, now) => before?.aid === now?.aid && before?.made === now?.made },
  );
  const [orders] = createResource(ordersOf, async ({ aid }) => ({ aid, found: await desk.orders.of(aid, 5) }));
  const ordersHere = (): RoomOrder[] => (!orders.error && orders.latest?.aid === userid() ? (orders.latest?.found ?? []) : []);
  createEffect(() => {
    if (!props.drawer) return;
    const shut = (event: KeyboardEvent): void => void (event.key === 'Escape' && !document.querySelector('[role=dialog]') && shown.card[1](false));
    window.addEventListener('keydown', shut);
    onCleanup(() => window.removeEventListener('keydown', shut));
  });
  const erased = (): void => {
    void refetch();
    void desk.lists.refresh();
    void room()?.enterAgain();
  };
  const room = (): ReturnType<typeof desk.known> => desk.known(shown.roomid());
  const notes = (): { nick: string; msg: string; time: number }[] => (room()?.notes[0]() ?? []).slice(-3).reverse();

  return (
    <aside class="who" classList={{ drawer: props.drawer }} aria-label={t('visitor_card')} data-region="card">
      <h2 class="sr">{t('visitor_card')}</h2>
      <div class="id">
        <Face who="user" name={row()?.topic ?? ''} aid={userid() ?? ''} size="big" dot={room()?.online[0]() === undefined ? undefined : room()?.online[0]() ? 'on' : 'off'} />
        <div class="fx">
          <p class="card-name t16 b">
            <bdi class="cut">{row()?.topic ?? here()?.nick}</bdi>
            <Show when={row()?.vip}>
              <span class="tag">{t('vip')}</span>
            </Show>
          </p>
          <p class="t12 m cut">{userid()?.startsWith('v-') ? t('anonymous') : t('logged_in')}</p>
        </div>
        <Show when={props.drawer}>
          <IconButton icon="x" label={t('close')} onClick={() => shown.card[1](false)} />
        </Show>
      </div>
      <Show
        when={!card.error}
        fallback={
          <Show when={asRefusal(card.error).errcode !== 4004} fallback={<p class="blk m">{t('card_gone')}</p>}>
            <div class="blk" role="alert">
              <p class="m2">{t('card_silent')}</p>
              <button type="button" class="btn sm" onClick={() => void refetch()}>
                {t('again')}
              </button>
            </div>
          </Show>
        }
      >
        <Facts card={here()} row={row()} />
        <Tags card={here()} aid={userid()} set={(saved) => saved.aid === userid() && mutate(saved)} />
      </Show>
      <Consultation row={row()} />
      <Show when={ordersHere().length > 0}>
        <section class="blk">
          <h3>{t('card_orders')}</h3>
          <ul>
            <For each={ordersHere()}>
              {(order) => (
                <li class="pair">
                  <Link class="cut fx" to={{ section: 'orders', page: order.id }}>
                    <bdi>{order.title}</bdi>
                  </Link>
                  <span class="m t12 nw">
                    {order.chatid && order.chatid === row()?.chatid ? t('card_this_order') : shortTime(order.created, Date.now())}
                  </span>
                </li>
              )}
            </For>
          </ul>
        </section>
      </Show>
      <section class="blk">
        <h3>
          {t('card_notes')}
          <button type="button" class="link end" onClick={() => (shown.mode[1]('note'), shown.focusComposer[1]((n) => n + 1))}>
            {t('write_a_note')}
          </button>
        </h3>
        <For each={notes()} fallback={<p class="m">{t('card_no_notes')}</p>}>
          {(note) => (
            <p class="said-note">
              <span dir="auto">{note.msg}</span>
              <span class="m t12">
                <bdi>{note.nick}</bdi> {shortTime(note.time, Date.now())}
              </span>
            </p>
          )}
        </For>
      </section>
      <Show when={desk.may('admin') && userid()} keyed>
        {(aid) => (
          <section class="blk">
            <h3>{t('card_data')}</h3>
            <Suspense>
              <PersonData of={{ type: 'user', aid }} name={row()?.topic ?? ''} erased={erased} />
            </Suspense>
          </section>
        )}
      </Show>
    </aside>
  );
}

function Facts(props: { card: VisitorCard | undefined; row: Row | undefined }): JSX.Element {
  const facts = (): [string, string][] => {
    const { card, row } = props;
    const arrival = card?.arrival;
    const known: [string, unknown][] = [
      [t('card_id'), card?.aid],
      [t('card_account'), card?.account === card?.aid ? undefined : card?.account],
      [t('card_contact'), row?.left?.contact],
      // That somebody is a VIP stands beside the name.
      ...Object.entries(card?.attributes ?? {}).filter(([name]) => name !== 'vip'),
      [t('card_device'), arrival && `${t(arrival.atype === 'uwap' ? 'card_phone' : 'card_pc')}${arrival.browser ? ` · ${browserOf(arrival.browser)}` : ''}`],
      [t('card_page'), arrival?.page],
      [t('card_referrer'), arrival?.referrer],
      [t('card_ip'), arrival?.ip],
      [t('card_seen'), arrival && moment(arrival.time)],
    ];
    return known.filter(([, value]) => value !== undefined && value !== null && value !== '').map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]);
  };
  return (
    <section class="blk">
      <dl class="kv">
        <For each={facts()}>
          {([name, value]) => (
            <>
              <dt class="cut" title={name}>
                <bdi>{name}</bdi>
              </dt>
              <dd dir="auto" title={value}>
                {value}
              </dd>
            </>
          )}
        </For>
      </dl>
    </section>
  );
}

function Tags(props: { card: VisitorCard | undefined; aid: string | undefined; set: (card: VisitorCard) => void }): JSX.Element {
  const { desk } = useDesk();
  /** Who gets the tag that is being typed. */
  const [adding, setAdding] = createSignal<VisitorCard>();
  let input: HTMLInputElement | undefined;
  // By keys one comes to another visitor without leaving the field.
  createEffect(on(() => props.aid, (now, before) => now !== before && input?.form?.requestSubmit(), { defer: true }));

  async function save(card: VisitorCard, tags: string[]): Promise<void> {
    await desk.doing(async () => props.set(await desk.rest.send<VisitorCard>('PUT', `/visitors/${encodeURIComponent(card.aid)}/tags`, { tags })));
  }

  function add(event: SubmitEvent): void {
    event.preventDefault();
    const tag = String(new FormData(event.currentTarget as HTMLFormElement).get('tag') ?? '').trim();
    const begun = adding();
    setAdding(undefined);
    if (!begun) return;
    const card = props.card?.aid === begun.aid ? props.card : begun;
    if (tag && !card.tags.includes(tag)) void save(card, [...card.tags, tag]);
  }

  return (
    <section class="blk">
      <h3>{t('card_tags')}</h3>
      <div class="tags">
        <For each={props.card?.tags ?? []}>
          {(tag) => (
            <span class="tag">
              <bdi class="cut">{tag}</bdi>
              <button type="button" aria-label={t('card_remove_tag', { tag })} onClick={() => props.card && void save(props.card, props.card.tags.filter((other) => other !== tag))}>
                <Icon name="x" size="xs" />
              </button>
            </span>
          )}
        </For>
        <Show
          when={adding()}
          fallback={
            <button type="button" class="tag add" disabled={!props.card} onClick={() => setAdding(props.card)}>
              <Icon name="plus" size="xs" />
              {t('card_add_tag')}
            </button>
          }
        >
          <form onSubmit={add}>
            <input
              class="inp tag-name"
              name="tag"
              maxLength={50}
              aria-label={t('card_tag_name')}
              placeholder={t('card_tag_name')}
              ref={(field) => ((input = field), queueMicrotask(() => field.focus()))}
              onBlur={(event) => event.currentTarget.form?.requestSubmit()}
              onKeyDown={(event) => {
                if (event.key !== 'Escape') return;
                event.stopPropagation();
                event.currentTarget.value = '';
                setAdding(undefined);
              }}
            />
          </form>
        </Show>
      </div>
    </section>
  );
}

function Consultation(props: { row: Row | undefined }): JSX.Element {
  const { desk } = useDesk();
  const facts = (): [Key, string | undefined][] => {
    const { row } = props;
    if (!row?.chatid) return [];
    return [
      ['card_began', row.begun ? moment(row.begun) : undefined],
      ['card_ended', row.ended ? moment(row.ended) : undefined],
      ['card_agent', row.csid && desk.directory.nick(row.csid)],
      ['card_group', desk.directory.group(row.groupid) || undefined],
      ['card_rating', row.rateresult && t(`rate_${row.rateresult}` as Key)],
    ];
  };
  return (
    <Show when={facts().some(([, value]) => value)}>
      <section class="blk">
        <h3>{t('card_this')}</h3>
        <dl class="kv">
          <For each={facts().filter(([, value]) => value)}>
            {([name, value]) => (
              <>
                <dt>{t(name)}</dt>
                <dd>
                  <bdi>{value}</bdi>
                </dd>
              </>
            )}
          </For>
        </dl>
      </section>
    </Show>
  );
}

/** The browser's name and system out of its long description; the whole of it where neither is known. */
function browserOf(agent: string): string {
  const name = /MicroMessenger/.test(agent) ? 'WeChat' : (/(Edg|Firefox|Chrome|Safari)\b/.exec(agent)?.[1]?.replace('Edg', 'Edge') ?? '');
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(agent)?.[1]?.replace('Mac OS X', 'macOS') ?? '';
  return [name, system].filter(Boolean).join(', ') || agent.slice(0, 80);
}

// The visitor's work orders: what has become of them, and writing one.
import { createSignal, For, onCleanup, Show } from 'solid-js';
import type { Chat } from '../chat';
import type { Kept } from '../kept';
import { reason, type Refusal } from '../reason';
import { t } from '../text/say';
import { Failed, Field, Over } from './form';
import { addOrder, kindsOf, ordersOf, type Order, type OrderKind } from './orders';
import { Pictures, type Uploaded } from './Pictures';
import type { SheetProps } from './Sheets';

export function OrdersSheet(props: SheetProps) {
  const { chat } = props;
  const [orders, setOrders] = createSignal<Order[]>();
  const [kinds, setKinds] = createSignal<OrderKind[]>([]);
  const [failed, setFailed] = createSignal('');
  const [writing, setWriting] = createSignal(false);

  async function load(): Promise<void> {
    setFailed('');
    try {
      setKinds(await kindsOf(chat.company));
      setOrders(await ordersOf(chat));
    } catch (err) {
      setFailed(t('orders_failed', { reason: reason(err as Refusal) }));
    }
  }
  void load();
  chat.nodechat.on('order', load);
  onCleanup(() => chat.nodechat.off('order', load));
  return (
    <Over title={t(writing() ? 'order_write' : 'orders')} close={props.close}>
      <Show
        when={writing()}
        fallback={
          <>
            <Failed words={failed()} />
            <Show when={failed()}>
              <button class="btn" type="button" onClick={load}>
                {t('try_again')}
              </button>
            </Show>
            <Show when={orders()?.length === 0}>
              <p class="t14 m2 says">{t('orders_none')}</p>
            </Show>
            <ul class="orders">
              <For each={orders()}>{(order) => <OrderRow order={order} />}</For>
            </ul>
            <Show when={kinds().length > 0}>
              <button class="btn pri wide" type="button" onClick={() => setWriting(true)}>
                {t('order_write')}
              </button>
            </Show>
          </>
        }
      >
        <OrderForm
          chat={chat}
          kept={props.kept}
          kinds={kinds()}
          done={() => {
            setWriting(false);
            void load();
          }}
        />
      </Show>
    </Over>
  );
}

function OrderRow({ order }: { order: Order }) {
  return (
    <li class="cardm">
      <p class="head">
        <b class="fx" dir="auto">
          {order.title}
        </b>
        <span class="tag">{t(`order_${order.state}`)}</span>
      </p>
      <p class="words" dir="auto">
        {order.describe}
      </p>
      <Show when={order.feedbackConten}>
        <p class="trs" dir="auto">
          <span class="m">{t('order_answer')} </span>
          {order.feedbackConten}
        </p>
      </Show>
      <p class="t12 m">{order.submitTime.slice(0, 16)}</p>
    </li>
  );
}

const FIELDS = ['title', 'describe', 'phone'] as const;

function OrderForm(props: { chat: Chat; kept: Kept; kinds: OrderKind[]; done(): void }) {
  const { chat, kept } = props;
  const [values, setValues] = createSignal<Record<string, string>>({ discoveryTime: today(), businessType: props.kinds[0]?.key ?? '', ...draft(kept) });
  const [touched, touch] = createSignal<Record<string, boolean>>({});
  const [pictures, setPictures] = createSignal<Uploaded[]>([]);
  const [failed, setFailed] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const value = (name: string) => values()[name] ?? '';
  const put = (name: string, text: string) => {
    setValues({ ...values(), [name]: text });
    // Pictures and the choices are quickly made again; words are not.
    kept.set('order', JSON.stringify(Object.fromEntries(FIELDS.map((field) => [field, value(field)]))));
  };
  const missing = (name: string) => (touched()[name] && !value(name).trim() ? t('order_missing') : undefined);

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    touch(Object.fromEntries(FIELDS.map((name) => [name, true])));
    if (busy() || FIELDS.some((name) => !value(name).trim())) return;
    setBusy(true);
    try {
      await addOrder(chat, { ...values(), ...Object.fromEntries(pictures().map(({ path }, at) => [`faultPicUrl${at + 1}`, path])) });
      kept.set('order', null);
      props.done();
    } catch (err) {
      setFailed(t('call_failed', { reason: reason(err as Refusal) }));
    }
    setBusy(false);
  }
  const typed = (name: string) => (event: { currentTarget: { value: string } }) => put(name, event.currentTarget.value);
  const left = (name: string) => () => touch({ ...touched(), [name]: true });
  return (
    <form onSubmit={send} novalidate>
      <Field label={t('order_title')} name="title" wrong={missing('title')}>
        {(described) => <input id="title" class="field" value={value('title')} aria-describedby={described()} aria-invalid={Boolean(described())} onInput={typed('title')} onBlur={left('title')} maxlength="200" dir="auto" />}
      </Field>
      <Field label={t('order_kind')} name="businessType" wrong={undefined}>
        {(described) => (
          <select id="businessType" class="field" value={value('businessType')} aria-describedby={described()} aria-invalid={Boolean(described())} onInput={typed('businessType')} onBlur={left('businessType')}>
            <For each={props.kinds}>{({ key, text }) => <option value={key}>{text}</option>}</For>
          </select>
        )}
      </Field>
      <Field label={t('order_describe')} name="describe" wrong={missing('describe')}>
        {(described) => <textarea id="describe" class="field" value={value('describe')} aria-describedby={described()} aria-invalid={Boolean(described())} onInput={typed('describe')} onBlur={left('describe')} rows="4" maxlength="5000" dir="auto" />}
      </Field>
      <Field label={t('order_phone')} name="phone" wrong={missing('phone')}>
        {(described) => <input id="phone" class="field" value={value('phone')} aria-describedby={described()} aria-invalid={Boolean(described())} onInput={typed('phone')} onBlur={left('phone')} type="tel" maxlength="50" autocomplete="tel" />}
      </Field>
      <Field label={t('order_day')} name="discoveryTime" wrong={undefined}>
        {(described) => <input id="discoveryTime" class="field" value={value('discoveryTime')} aria-describedby={described()} aria-invalid={Boolean(described())} onInput={typed('discoveryTime')} onBlur={left('discoveryTime')} type="date" max={today()} required />}
      </Field>
      <Pictures chat={chat} pictures={pictures()} change={setPictures} busy={setBusy} failed={setFailed} />
      <Failed words={failed()} />
      <button class="btn pri wide" disabled={busy()}>
        {t('order_send')}
      </button>
    </form>
  );
}

/** What was written last time and not sent. */
function draft(kept: Kept): Record<string, string> {
  try {
    return Object(JSON.parse(kept.get('order') ?? '{}'));
  } catch {
    return {}; // cut off by a full disk: begun anew
  }
}

/** `yyyy-MM-dd` where the reader is. */
function today(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

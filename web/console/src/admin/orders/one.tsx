// One work order: its state and owner, what it says, its history, an answer to the visitor or a note to colleagues.
import { createResource, createSignal, For, Show, type JSX } from 'solid-js';
import { t, type Key } from '../../text/say';
import { moment } from '../../times';
import { holdsUnsaved } from '../../unsaved';
import { useDesk } from '../../view/desk-context';
import { Link } from '../../view/link';
import { Icon, IconButton } from '../../view/parts';
import { STATES, STEPS, type Kind, type Line, type Order } from './types';

export function OneOrder(props: { order: Order; kinds: Kind[]; changed: (order: Order) => void; close: () => void }): JSX.Element {
  const { desk } = useDesk();
  // Keyed by the order: this view lives and dies with it.
  const path = `/orders/${encodeURIComponent(props.order.id)}`;
  const [lines, { refetch }] = createResource(() => desk.rest.all<Line>(`${path}/lines`));
  const [pictures] = createResource(
    () => props.order.pictures,
    (paths) => Promise.all(paths.map((one) => desk.pictureUrl(one).catch(() => ''))),
  );
  const [text, setText] = createSignal('');
  holdsUnsaved(() => text().trim() !== '');
  const [open, setOpen] = createSignal(true);
  const [busy, setBusy] = createSignal(false);

  const change = async (deed: () => Promise<Order>): Promise<boolean> =>
    desk.doing(async () => {
      props.changed(await deed());
      await refetch();
    });

  async function say(event: Event): Promise<void> {
    event.preventDefault();
    const typed = text();
    const said = { text: typed.trim(), public: open() };
    if (!said.text || busy()) return;
    setBusy(true);
    // What was typed since is the beginning of the next one.
    if (await change(() => desk.rest.send<Order>('POST', `${path}/comments`, said))) setText((now) => (now.startsWith(typed) ? now.slice(typed.length) : now));
    setBusy(false);
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
            <select class="inp" value={props.order.state} onChange={({ currentTarget }) => void change(() => desk.rest.send<Order>('PATCH', path, { state: currentTarget.value })).then((done) => !done && (currentTarget.value = props.order.state))}>
              <For each={STATES.filter((state) => state === props.order.state || STEPS[props.order.state]?.includes(state))}>{(state) => <option value={state} selected={state === props.order.state}>{t(`order_${state}`)}</option>}</For>
            </select>
          </label>
          <label class="field">
            <span class="lab">{t('orders_owner')}</span>
            <select class="inp" disabled={props.order.state === 'closed'} value={props.order.owner ?? ''} onChange={({ currentTarget }) => void change(() => desk.rest.send<Order>('PATCH', path, { owner: currentTarget.value })).then((done) => !done && (currentTarget.value = props.order.owner ?? ''))}>
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
          <button type="submit" class="btn pri end" disabled={text().trim() === '' || busy()}>
            <Icon name="send" />
            {t(open() ? 'orders_answer' : 'save_note')}
          </button>
        </div>
      </form>
    </aside>
  );
}

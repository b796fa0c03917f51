// A product or an order that was put into the conversation: a picture, two lines, and where it leads.
import { createSignal, onMount, Show } from 'solid-js';
import type { Card as Shown } from '../../../ui/card';
import type { Chat } from '../chat';
import { t } from '../text/say';
import { Icon } from '../view/Icon';
import { withTicket } from './with-ticket';

export function Card({ card, chat }: { card: Shown; chat: Chat }) {
  const { kind, title, price, note, number, state, url } = card;
  const facts = (kind === 'order' ? [note, price] : [price, note]).filter(Boolean).join(t('comma'));
  return (
    <section class="cardm thing" aria-label={t(kind)}>
      <Show when={number || state}>
        <p class="of">
          <span class="fx cut" title={number} dir="auto">
            {number}
          </span>
          <b class="cut" dir="auto">
            {state}
          </b>
        </p>
      </Show>
      <div class="prod">
        <Show when={card.picture}>
          <Thumb path={card.picture} chat={chat} />
        </Show>
        <div class="fx">
          <p class="name" title={title} dir="auto">
            {title}
          </p>
          <Show when={facts}>
            <p class="t13 m2" dir="auto">
              {facts}
            </p>
          </Show>
          <Show when={url}>
            <a class="t13" href={url} target="_blank" rel="noopener noreferrer nofollow">
              {t(kind === 'order' ? 'see_order' : 'see_product')}
            </a>
          </Show>
        </div>
      </div>
    </section>
  );
}

/** Its place is kept, whether or not the picture comes. */
function Thumb({ path, chat }: { path: string; chat: Chat }) {
  const [address, setAddress] = createSignal<string>();
  const [broken, setBroken] = createSignal(false);
  onMount(async () => {
    try {
      // A ticket, because some companies show their pictures only with one.
      setAddress(path.includes('://') ? path : withTicket(await chat.nodechat.imageUrl(path), chat));
    } catch {
      setBroken(true);
    }
  });
  return (
    <span class="th">
      <Show when={!broken()} fallback={<Icon name="image" />}>
        <img src={address()} alt="" decoding="async" onError={() => setBroken(true)} />
      </Show>
    </span>
  );
}

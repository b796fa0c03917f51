// What a card shows to an agent: a product, an order, what a visitor said with a rating; or that it cannot be shown here.
import { createResource, createSignal, Show, type JSX } from 'solid-js';
import { cardOf, ratingOf, type Card, type Rating } from '../../../ui/card';
import { t } from '../text/say';
import { useDesk } from './desk-context';
import { Icon } from './parts';

export function Custom(props: { msg: unknown }): JSX.Element {
  const card = (): Card | undefined => cardOf(props.msg, location.origin);
  const rating = (): Rating | undefined => ratingOf(props.msg);
  return (
    <Show when={card()} fallback={<Show when={rating()} fallback={<div class="cardm unknown">{t('unknown_card')}</div>}>{(of) => <Receipt rating={of()} />}</Show>}>
      {(of) => <Thing card={of()} />}
    </Show>
  );
}

function Thing(props: { card: Card }): JSX.Element {
  const isOrder = (): boolean => props.card.kind === 'order';
  const facts = (): string => (isOrder() ? [props.card.note, props.card.price] : [props.card.price, props.card.note]).filter(Boolean).join(t('comma'));
  return (
    <div class="cardm thing">
      <Show when={props.card.number || props.card.state}>
        <p class="of">
          <span class="fx cut" title={props.card.number} dir="auto">
            {props.card.number}
          </span>
          <b class="cut" dir="auto">
            {props.card.state}
          </b>
        </p>
      </Show>
      <div class="prod">
        <Show when={props.card.picture}>
          <Thumb path={props.card.picture} />
        </Show>
        <div class="fx">
          <p class="name" title={props.card.title} dir="auto">
            {props.card.title}
          </p>
          <Show when={facts()}>
            <p class="t13 m2" dir="auto">
              {facts()}
            </p>
          </Show>
          <Show when={props.card.url}>
            <a class="t13" href={props.card.url} target="_blank" rel="noopener noreferrer nofollow">
              {t(isOrder() ? 'see_order' : 'see_product')}
            </a>
          </Show>
        </div>
      </div>
    </div>
  );
}

/** Its place is kept, whether or not the picture comes. */
function Thumb(props: { path: string }): JSX.Element {
  const { desk } = useDesk();
  const [broken, setBroken] = createSignal(false);
  const [url] = createResource(
    () => props.path,
    async (path) => (path.includes('://') ? path : desk.pictureUrl(path).catch(() => (setBroken(true), ''))),
  );
  return (
    <span class="th">
      <Show when={!broken()} fallback={<Icon name="image" />}>
        <img src={url() || undefined} alt="" decoding="async" onError={() => setBroken(true)} />
      </Show>
    </span>
  );
}

function Receipt(props: { rating: Rating }): JSX.Element {
  return (
    <div class="cardm receipt">
      <p class="b">{t(`rate_${props.rating.rateresult}`)}</p>
      <Show when={props.rating.tags.length > 0}>
        <p dir="auto">{props.rating.tags.join(t('comma'))}</p>
      </Show>
      <Show when={props.rating.text}>
        <p class="words" dir="auto">
          {props.rating.text}
        </p>
      </Show>
    </div>
  );
}

// What a page says in place of its rows: that they did not come, or that there are none.
import { Show, type JSX } from 'solid-js';
import { t } from '../text/say';
import { Icon } from '../view/parts';

export function Failed(props: { why: string; again: () => void }): JSX.Element {
  return (
    <div class="empty" role="alert">
      <Icon name="alert" size="lg" />
      <p class="b">{t('admin_silent')}</p>
      <p class="m">{props.why}</p>
      <button type="button" class="btn sm" onClick={() => props.again()}>
        <Icon name="retry" />
        {t('again')}
      </button>
    </div>
  );
}

/** `hint`: what one can do about it. */
export function Nothing(props: { fact: string; hint?: string }): JSX.Element {
  return (
    <div class="empty">
      <p class="b">
        <bdi>{props.fact}</bdi>
      </p>
      <Show when={props.hint}>
        <p class="m">{props.hint}</p>
      </Show>
    </div>
  );
}

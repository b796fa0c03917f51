// Asks once, in words, before the browser does, whether notifications may be shown.
import { Show, type JSX } from 'solid-js';
import type { Bell } from '../bell/bell';
import { t } from '../text/say';

export function NotifyAsk(props: { bell: Bell }): JSX.Element {
  return (
    <Show when={props.bell.mayAsk[0]()}>
      <div class="ask" role="region" aria-label={t('notify_allow')}>
        <p>{t('notify_ask')}</p>
        <div class="ask-deeds">
          <button type="button" class="btn bare sm" onClick={() => props.bell.later()}>
            {t('notify_later')}
          </button>
          <button type="button" class="btn sm" onClick={() => void props.bell.ask()}>
            {t('notify_allow')}
          </button>
        </div>
      </div>
    </Show>
  );
}

// One's place in the queue.
import { Show } from 'solid-js';
import type { Chat } from '../chat';
import { t } from '../text/say';

export function Queue(props: { chat: Chat; leave(): void }) {
  const waiting = () => {
    const now = props.chat.service();
    return now?.status === 'waiting' ? now : undefined;
  };
  const ahead = () => (waiting()?.position ?? 1) - 1;
  const wait = () => {
    const ms = waiting()?.wait_ms;
    if (ms === undefined) return '';
    return ms < 60_000 ? t('wait_short') : t('wait_minutes', { n: Math.round(ms / 60_000) });
  };
  return (
    <Show when={waiting()}>
      <div class="queue">
        <Show when={ahead() > 0}>
          <b class="place" aria-hidden="true">
            {ahead()}
          </b>
        </Show>
        <p class="fx" role="status">
          <b>
            <Show when={ahead() > 0} fallback={t('you_are_next')}>
              <span class="sr">{ahead()} </span>
              {t('ahead', { n: ahead() })}
            </Show>
          </b>
          <span class="t13 m2">{[wait(), t('place_kept')].filter(Boolean).join(' · ')}</span>
        </p>
        <Show when={waiting()!.unserved}>
          <button class="link-btn" type="button" onClick={props.leave}>
            {t('leave_message')}
          </button>
        </Show>
        <button class="link-btn" type="button" onClick={props.chat.end}>
          {t('give_up')}
        </button>
      </div>
    </Show>
  );
}

// The header: who serves, or the company.
import { Show, type JSX } from 'solid-js';
import type { Chat } from '../chat';
import { t } from '../text/say';
import { Face } from './Icon';

export function Top(props: { chat: Chat; children: JSX.Element }) {
  const { chat } = props;
  const agent = () => (chat.service()?.status === 'serving' ? chat.service()!.cs : undefined);
  const company = () => chat.room()?.topic ?? '';
  const state = () => {
    switch (chat.service()?.status) {
      case 'waiting':
        return t('in_queue');
      case 'left':
        return t('message_left');
      case 'offline':
        return t('nobody_there');
      case 'ended':
        return t('was_ended');
      default:
        return t(chat.profile()?.open === false ? 'closed' : chat.card() ? 'with_bot' : 'with_nobody');
    }
  };
  return (
    <header class="top">
      <Show when={company()}>
        <Face company={!agent()} name={agent()?.nick ?? company()} />
        <div class="fx">
          <h1 class="nm cut">
            <bdi>{agent()?.nick ?? company()}</bdi>
          </h1>
          <p class="st cut">
            <Show when={agent()} fallback={state()}>
              <span class={`dot ${chat.present() ? '' : 'off'}`} />
              <bdi class="cut">{company()}</bdi>
              <span class="nw">· {t(chat.present() ? 'online' : 'away')}</span>
            </Show>
          </p>
        </div>
        {props.children}
      </Show>
    </header>
  );
}

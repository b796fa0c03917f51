// What is being written on the other side: three dots for a person, the words themselves for a language model.
import { onCleanup, Show } from 'solid-js';
import type { Chat } from '../chat';
import { t } from '../text/say';
import { Face } from '../view/Icon';

const TYPING_MS = 5_000;

interface Piece {
  id: string;
  text?: string;
  done?: boolean;
  failed?: boolean;
}

export function Typing({ chat }: { chat: Chat }) {
  let timer = 0;
  const heard = ({ type }: { type: string }): void => {
    if (type !== 'cs') return;
    chat.setTyping(true);
    clearTimeout(timer);
    timer = window.setTimeout(() => chat.setTyping(false), TYPING_MS);
  };
  /** The whole comes as a message of the same id at the end. */
  const grows = ({ id, text = '', done, failed }: Piece): void => {
    const known = chat.items().find((item) => item.id === id);
    if (failed) chat.remove({ id });
    else if (known) chat.change({ ...known, msg: known.msg + text });
    else if (!done) chat.aside('company', 'text', text, id);
  };
  chat.nodechat.on('typing', heard).on('stream', grows);
  onCleanup(() => chat.nodechat.off('typing', heard).off('stream', grows));
  return (
    <Show when={chat.typing()}>
      <div class="msg in">
        <Face company={!chat.service()?.cs} name={chat.service()?.cs?.nick ?? chat.room()!.topic} />
        <div class="bub dots" role="img" aria-label={t('typing')}>
          <i />
          <i />
          <i />
        </div>
      </div>
    </Show>
  );
}

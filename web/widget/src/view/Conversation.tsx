// The conversation: who serves, the log, the composer, and what stands between them.
import { createEffect, createSignal, Show } from 'solid-js';
import type { Chat } from '../chat';
import type { Item } from '../items';
import type { Kept } from '../kept';
import { moreWords, speak, t } from '../text/say';
import { Composer } from './Composer';
import { Icon } from './Icon';
import { Log } from './Log';
import { Top } from './Top';

export type Parts = typeof import('../more/parts');

/** What lies over the conversation. */
export type Sheet = 'rate' | 'leave' | 'orders' | undefined;

export function Conversation(props: { chat: Chat; kept: Kept; tab: Kept }) {
  const { chat } = props;
  const [sheet, setSheet] = createSignal<Sheet>();
  const [quote, setQuote] = createSignal<Item>();
  const [parts, setParts] = createSignal<Parts>();
  let write: (text: string) => void;
  let toEnd: () => void;

  createEffect(() => parts()?.begin(chat, props.kept));
  createEffect(() => {
    const service = chat.service();
    if (service?.status === 'ended' && service.rate) setSheet('rate');
    if (service?.status === 'offline') setSheet('leave');
  });
  const load = (): unknown =>
    Promise.all([import('../more/parts'), moreWords()]).then(
      ([loaded, words]) => {
        speak(words.default);
        setParts(loaded);
      },
      () => setTimeout(load, 3_000), // the network went away in between
    );
  load();

  const orders = () => setSheet('orders');
  const idle = () => {
    const status = chat.service()?.status;
    return chat.room() && status !== 'serving' && status !== 'waiting';
  };
  return (
    <main class="v">
      <Top chat={chat}>{parts()?.Menu({ chat, orders })}</Top>
      {parts()?.Queue({ chat, leave: () => setSheet('leave') })}
      <Log chat={chat} parts={parts} quote={setQuote} edit={(text) => write(text)} toEnd={(go) => (toEnd = go)} />
      <Show when={idle()}>
        <div class="quick">
          <button class="btn" type="button" onClick={chat.human}>
            <Icon name="user" />
            {t('human')}
          </button>
          {parts()?.Quick({ chat, orders })}
        </div>
      </Show>
      {parts()?.Banner({ chat })}
      <Composer chat={chat} parts={parts} kept={props.kept} tab={props.tab} quote={quote()} unquote={() => setQuote(undefined)} sent={() => toEnd()} write={(put) => (write = put)} />
      <Show when={parts() && sheet()} keyed>
        {(kind) => parts()!.Sheets({ kind, chat, kept: props.kept, close: () => setSheet(undefined) })}
      </Show>
    </main>
  );
}

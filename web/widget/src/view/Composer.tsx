// Where one writes: grows from one line to six, and keeps what is not sent yet.
import { createSignal, onMount, Show, type Accessor } from 'solid-js';
import type { Chat } from '../chat';
import type { Item } from '../items';
import type { Kept } from '../kept';
import { t } from '../text/say';
import type { Parts } from './Conversation';
import { Icon } from './Icon';

const MOST_CHARACTERS = 10_000;

interface ComposerProps {
  chat: Chat;
  parts: Accessor<Parts | undefined>;
  kept: Kept;
  tab: Kept;
  quote: Item | undefined;
  unquote(): void;
  /** Something of one's own stands at the end now. */
  sent(): void;
  /** Gives out how to put words into the box from elsewhere. */
  write(put: (words: string) => void): void;
}

/** Words on a line of their own behind those that are there. */
export const behind = (before: string, words: string): string => (before.trim() ? `${before}\n${words}` : words);

export function Composer(props: ComposerProps) {
  const [text, setText] = createSignal(props.tab.get('draft')?.slice(1) ?? props.kept.get('draft') ?? '');
  let box!: HTMLTextAreaElement;
  const length = () => Array.from(text().trim()).length;
  const tooLong = () => length() > MOST_CHARACTERS;

  function change(next: string): void {
    setText(next);
    props.kept.set('draft', next);
    // What another tab writes or sends is not this one's; the sign in front says that it is known to be empty.
    props.tab.set('draft', `=${next}`);
    // The height of the words is known only once the box does not stretch them.
    box.style.height = 'auto';
    box.style.height = `${box.scrollHeight}px`;
  }

  function fill(next: string): void {
    box.value = next;
    change(next);
    box.focus();
  }

  function send(): void {
    const words = text().trim();
    if (!words || tooLong()) return;
    props.chat.say(words, props.quote?.id);
    props.unquote();
    fill('');
    props.sent();
  }

  function pressed(event: KeyboardEvent): void {
    // The Enter that ends an input method's composition is not one of ours; some say so only by their key code.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  }

  onMount(() => {
    props.write((words) => fill(behind(text(), words)));
    change(text());
    // On a phone the keyboard would cover half of what one came to read.
    if (matchMedia('(pointer: fine)').matches && parent === window) box.focus();
  });

  return (
    <footer class="cmp">
      <Show when={tooLong()}>
        <p class="too-long" role="alert">
          {t('too_long', { n: length(), limit: MOST_CHARACTERS })}
        </p>
      </Show>
      {props.parts()?.Above({ chat: props.chat, quote: () => props.quote, unquote: props.unquote })}
      <div class="panel">
        {props.parts()?.Tools({ chat: props.chat, kept: props.kept, box, text, sent: props.sent })}
        <textarea
          ref={box}
          class="box"
          rows="1"
          dir="auto"
          placeholder={t('write')}
          aria-label={t('write')}
          enterkeyhint="send"
          value={text()}
          onInput={(event) => change(event.currentTarget.value)}
          onKeyDown={pressed}
        />
        <button class="go" type="button" aria-label={t('send')} title={t('send')} disabled={!text().trim() || tooLong()} onMouseDown={(event) => event.preventDefault()} onClick={send}>
          <Icon name="send" />
        </button>
      </div>
    </footer>
  );
}

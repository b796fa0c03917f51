// A text as text, with its addresses as links, and folded when it is long.
import { createSignal, For, Show } from 'solid-js';
import { pieces } from '../links';
import { t } from '../text/say';

const FOLD_LINES = 20;
const FOLD_CHARACTERS = 700;

export function Words(props: { text: string }) {
  const [open, setOpen] = createSignal(false);
  const folded = () => !open() && (props.text.length > FOLD_CHARACTERS || props.text.split('\n').length > FOLD_LINES);
  return (
    <>
      <span class={`words ${folded() ? 'folded' : ''}`} dir="auto">
        <For each={pieces(props.text)}>
          {(piece) =>
            typeof piece === 'string' ? (
              piece
            ) : (
              <a class="link" href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
                {piece.text}
              </a>
            )
          }
        </For>
      </span>
      <Show when={folded()}>
        <button class="unfold" type="button" onClick={() => setOpen(true)}>
          {t('unfold')}
        </button>
      </Show>
    </>
  );
}

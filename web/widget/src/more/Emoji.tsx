// The emoji panel: a button among the tools, a grid that the arrow keys go through, and what is picked stands at the caret.
import { createSignal, For, onCleanup, onMount, Show } from 'solid-js';
import type { Kept } from '../kept';
import { t } from '../text/say';
import { COLUMNS, EMOJI, recentOf, step, used } from './emoji-list';
import { Tool } from './Tool';

const KEPT_AS = 'emoji';
const EDGE_PX = 8;

export function Emoji({ box, kept }: { box: HTMLTextAreaElement; kept: Kept }) {
  const [open, setOpen] = createSignal(false);
  let around!: HTMLDivElement;
  const close = (): void => {
    setOpen(false);
    box.focus();
  };
  /** Seen in front when the panel is opened the next time: nothing moves under the pointer. */
  function pick(emoji: string): void {
    kept.set(KEPT_AS, used(recentOf(kept.get(KEPT_AS)), emoji).join(' '));
    box.setRangeText(emoji, box.selectionStart, box.selectionEnd, 'end');
    box.dispatchEvent(new Event('input', { bubbles: true }));
  }
  return (
    <div
      ref={around}
      class="with-menu"
      onFocusOut={({ relatedTarget }) => relatedTarget && !around.contains(relatedTarget as Node) && setOpen(false)}
      onKeyDown={(event) => event.key === 'Escape' && open() && (event.preventDefault(), close())}
    >
      <Tool icon="smile" words={t('emoji')} use={() => setOpen(!open())} expanded={open()} />
      <Show when={open()}>
        <Panel recent={recentOf(kept.get(KEPT_AS))} pick={pick} outside={(target) => !around.contains(target) && setOpen(false)} />
      </Show>
    </div>
  );
}

function Panel(props: { recent: string[]; pick(emoji: string): void; outside(target: Node): void }) {
  const [at, setAt] = createSignal(0);
  const buttons: HTMLButtonElement[] = [];
  let panel!: HTMLDivElement;
  const pressed = ({ target }: Event): void => props.outside(target as Node);
  onMount(() => {
    // Beside a narrow window's tools there is not enough room to the right.
    const over = panel.getBoundingClientRect().right + EDGE_PX - innerWidth;
    if (over > 0) panel.style.marginInlineStart = `${-over}px`;
    buttons[0]!.focus();
    document.addEventListener('pointerdown', pressed);
  });
  onCleanup(() => document.removeEventListener('pointerdown', pressed));

  /** The recent ones are a row of their own, which may not be full. */
  const rows = [props.recent.length, ...Array.from({ length: Math.ceil(EMOJI.length / COLUMNS) }, (_, row) => Math.min(COLUMNS, EMOJI.length - row * COLUMNS))].filter(Boolean);
  function move(event: KeyboardEvent): void {
    const next = step(rows, at(), event.key);
    if (next === undefined) return;
    event.preventDefault();
    setAt(next);
    buttons[next]!.focus();
  }
  const grid = (from: number, list: string[]) => (
    <div class="emojis">
      <For each={list}>
        {(emoji, n) => (
          <button
            ref={(button) => (buttons[from + n()] = button)}
            type="button"
            tabindex={at() === from + n() ? 0 : -1}
            onMouseDown={(event) => event.preventDefault()}
            onFocus={() => setAt(from + n())}
            onClick={() => props.pick(emoji)}
          >
            {emoji}
          </button>
        )}
      </For>
    </div>
  );
  return (
    <div ref={panel} class="menu emoji" role="group" aria-label={t('emoji')} onKeyDown={move}>
      <Show when={props.recent.length}>
        <p class="t12 m">{t('emoji_recent')}</p>
        {grid(0, props.recent)}
      </Show>
      <p class="t12 m">{t('emoji_all')}</p>
      {grid(props.recent.length, EMOJI)}
    </div>
  );
}

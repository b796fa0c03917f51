// Going through the messages of a log by keys: one has the focus, and is quoted, copied or recalled by the button that it shows.
import { createSignal, type Accessor } from 'solid-js';
import { nextFrame } from './frames';

/** What each key presses in the message that is selected. */
const DEEDS: Record<string, string> = { Enter: '.do-quote', c: '.do-copy', Delete: '.do-recall' };

export interface Selecting {
  /** Id of the message that is selected. */
  selected: Accessor<string>;
  /** A message is drawn: what was selected and drawn anew has the focus again. */
  drawn(id: string, element: HTMLElement): Promise<void>;
  /** Selects the last one; false where there is none. */
  last(): boolean;
  /** For the log, which all of them are in. */
  pressed(event: KeyboardEvent): void;
  left(event: FocusEvent): void;
}

export function createSelecting(log: () => HTMLElement, leave: () => void): Selecting {
  const [selected, setSelected] = createSignal('');
  const messages = (): HTMLElement[] => [...log().querySelectorAll<HTMLElement>('.msg[data-message]')].sort((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top);
  const select = (message: HTMLElement | undefined): boolean => {
    if (!message) return false;
    setSelected(message.dataset['id'] ?? '');
    // Drawn so a moment later; the focus is wanted now.
    message.tabIndex = 0;
    message.focus({ preventScroll: true });
    message.scrollIntoView({ block: 'nearest' });
    return true;
  };
  return {
    selected,
    drawn: async (id, element) => {
      if (selected() !== id) return;
      // It is in the page by then.
      await nextFrame();
      if (selected() === id && document.activeElement === document.body) element.focus({ preventScroll: true });
    },
    last: () => select(messages().at(-1)),
    pressed(event) {
      const message = event.target as HTMLElement;
      if (event.altKey || event.shiftKey || !selected() || message.dataset['id'] !== selected()) return;
      const copies = event.ctrlKey || event.metaKey;
      // What is marked is what is copied.
      if (copies && (event.key !== 'c' || !getSelection()?.isCollapsed)) return;
      const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
      const deed = copies === (event.key === 'c') ? DEEDS[event.key] : undefined;
      if (step !== 0) {
        const all = messages();
        // Below the last one is the box.
        if (!select(all[all.indexOf(message) + step]) && step > 0) leave();
      } else if (event.key === 'Escape') leave();
      else if (deed) message.querySelector<HTMLElement>(deed)?.click();
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    // Without anything that has the focus instead, the message was only drawn anew, or the window left.
    left: ({ relatedTarget }) => {
      if (relatedTarget && !(relatedTarget as HTMLElement).closest(`[data-id="${CSS.escape(selected())}"]`)) setSelected('');
    },
  };
}

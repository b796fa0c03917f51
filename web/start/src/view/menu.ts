// A menu under a button: arrow keys, Home and End, Esc; the focus comes back to the button.
import { el, icon } from '../dom';

export interface Choice {
  icon: string;
  words: string;
  pick(): void;
}

export function menu(button: HTMLButtonElement, choices: () => Choice[]): void {
  let open: HTMLElement | null = null;
  button.setAttribute('aria-haspopup', 'menu');
  button.setAttribute('aria-expanded', 'false');

  const close = (refocus: boolean): void => {
    open?.remove();
    open = null;
    button.setAttribute('aria-expanded', 'false');
    document.removeEventListener('pointerdown', outside, true);
    if (refocus) button.focus();
  };
  const outside = (event: Event): void => {
    if (!open?.contains(event.target as Node) && !button.contains(event.target as Node)) close(false);
  };

  button.addEventListener('click', () => {
    if (open) return close(true);
    open = el('div', { class: 'menu', role: 'menu', 'aria-label': button.getAttribute('aria-label') });
    for (const choice of choices()) {
      const item = el('button', { class: 'it', role: 'menuitem', type: 'button', tabindex: -1 }, icon(choice.icon, 's'), el('span', {}, choice.words));
      item.addEventListener('click', () => {
        close(true);
        choice.pick();
      });
      open.append(item);
    }
    open.addEventListener('keydown', (event) => moveFocus(event, open, () => close(true)));
    button.after(open);
    button.setAttribute('aria-expanded', 'true');
    document.addEventListener('pointerdown', outside, true);
    open.querySelector<HTMLElement>('.it')?.focus();
  });
}

function moveFocus(event: KeyboardEvent, open: HTMLElement | null, close: () => void): void {
  const items = [...(open?.querySelectorAll<HTMLElement>('.it') ?? [])];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 };
  const next = to[event.key];
  if (next !== undefined) items[next % items.length]?.focus();
  else if (event.key === 'Escape' || event.key === 'Tab') close();
  else return;
  event.preventDefault();
}

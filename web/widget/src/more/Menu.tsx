// What one can do besides talking, while a consultation runs or is waited for; otherwise it stands in the quick row.
import { createSignal, Show } from 'solid-js';
import type { Chat } from '../chat';
import { t } from '../text/say';
import { Icon } from '../view/Icon';
import { ordersOffered } from './orders-offered';

const STEPS: Record<string, number> = { ArrowUp: -1, ArrowDown: 1 };

export function Menu(props: { chat: Chat; orders(): void }) {
  const [open, setOpen] = createSignal(false);
  let button!: HTMLButtonElement;
  const status = () => props.chat.service()?.status;
  const close = () => (setOpen(false), button.focus());

  function pressed(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
    if (event.key === 'Escape') return close();
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=menuitem]')];
    items.at((items.indexOf(document.activeElement as HTMLElement) + step) % items.length)?.focus();
  }

  const Item = ({ icon, words, use }: { icon: string; words: string; use(): void }) => (
    <button class="it" role="menuitem" type="button" onClick={() => (close(), use())}>
      <Icon name={icon} size="s" />
      {words}
    </button>
  );
  return (
    <Show when={status() === 'serving' || (status() === 'waiting' && ordersOffered())}>
      <div class="with-menu" onFocusOut={(event) => event.currentTarget.contains(event.relatedTarget as Node) || setOpen(false)} onKeyDown={pressed}>
        <button ref={button} class="ib xl" type="button" aria-label={t('more')} title={t('more')} aria-haspopup="menu" aria-expanded={open()} onClick={() => setOpen(!open())}>
          <Icon name="more" />
        </button>
        <Show when={open()}>
          <div ref={(menu) => queueMicrotask(() => menu.querySelector('button')!.focus())} class="menu" role="menu" aria-label={t('more')}>
            <Show when={ordersOffered()}>
              <Item icon="book" words={t('orders')} use={props.orders} />
            </Show>
            <Show when={status() === 'serving'}>
              <Item icon="leave" words={t('end')} use={props.chat.end} />
            </Show>
          </div>
        </Show>
      </div>
    </Show>
  );
}

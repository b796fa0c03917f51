// A dialog over everything else: the focus stays inside, Esc closes it.
import { Dialog } from '@kobalte/core/dialog';
import type { JSX } from 'solid-js';
import { t } from '../text/say';
import { Icon } from './parts';

export function Modal(props: { open: boolean; close: () => void; title: string; class?: string; children: JSX.Element }): JSX.Element {
  let content!: HTMLElement;
  return (
    <Dialog open={props.open} onOpenChange={(open) => !open && props.close()}>
      <Dialog.Portal>
        <Dialog.Overlay class="backdrop" />
        <div class="dialog-place">
          <Dialog.Content
            class={`dialog ${props.class ?? ''}`}
            ref={content}
            onOpenAutoFocus={(event) => {
              const first = content.querySelector<HTMLElement>('[data-first]');
              if (!first) return;
              event.preventDefault();
              first.focus();
            }}
          >
            <div class="dialog-head">
              <Dialog.Title class="t16 b cut">
                <bdi>{props.title}</bdi>
              </Dialog.Title>
              <Dialog.CloseButton class="ib" aria-label={t('close')} title={`${t('close')} (Esc)`}>
                <Icon name="x" />
              </Dialog.CloseButton>
            </div>
            {props.children}
          </Dialog.Content>
        </div>
      </Dialog.Portal>
    </Dialog>
  );
}

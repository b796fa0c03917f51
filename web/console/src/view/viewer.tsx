// A picture in full, with those before and behind it in the room.
import { createResource, Show, type JSX } from 'solid-js';
import { Dialog } from '@kobalte/core/dialog';
import type { Room } from '../desk/room';
import { t } from '../text/say';
import { useDesk } from './desk-context';
import { Icon, IconButton } from './parts';

export function Viewer(props: { room: Room; path: string | undefined; close: () => void; show: (path: string) => void }): JSX.Element {
  const { desk } = useDesk();
  const paths = (): string[] => props.room.seen().filter(({ mtype }) => mtype === 'image').map(({ msg }) => String(msg));
  const at = (): number => paths().indexOf(props.path ?? '');
  const step = (by: number): void => {
    const next = paths()[at() + by];
    if (next) props.show(next);
  };
  const [url] = createResource(
    () => props.path,
    (path) => desk.pictureUrl(path).catch(() => undefined),
  );
  return (
    <Dialog open={props.path !== undefined} onOpenChange={(open) => !open && props.close()}>
      <Dialog.Portal>
        <Dialog.Overlay class="backdrop dark-room" />
        <Dialog.Content
          class="viewer"
          aria-label={t('picture')}
          onKeyDown={(event: KeyboardEvent) => {
            if (event.key === 'ArrowLeft') step(-1);
            if (event.key === 'ArrowRight') step(1);
          }}
          onClick={(event: MouseEvent) => event.target === event.currentTarget && props.close()}
        >
          <Show when={url()}>{(source) => <img src={source()} alt={t('picture')} />}</Show>
          <Show when={at() > 0}>
            <IconButton icon="left" class="xl before" label={t('previous')} onClick={() => step(-1)} />
          </Show>
          <Show when={at() >= 0 && at() < paths().length - 1}>
            <IconButton icon="right" class="xl behind" label={t('next')} onClick={() => step(1)} />
          </Show>
          <Dialog.CloseButton class="ib xl shut" aria-label={t('close')}>
            <Icon name="x" />
          </Dialog.CloseButton>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog>
  );
}

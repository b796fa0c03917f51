// Up to four pictures that go with a form: uploaded as soon as they are picked, so that sending it takes no longer.
import { For, onCleanup, Show } from 'solid-js';
import type { Chat } from '../chat';
import type { Refusal } from '../reason';
import { t } from '../text/say';
import { Icon } from '../view/Icon';
import { fileReason } from './uploads';
import { withTicket } from './with-ticket';

export interface Uploaded {
  path: string;
  /** Of the local copy, or of what the service has when that is gone. */
  url: string;
}

interface PicturesProps {
  chat: Chat;
  pictures: Uploaded[];
  change(next: Uploaded[]): void;
  busy(is: boolean): void;
  failed(words: string): void;
}

const MOST = 4;

/** What was uploaded before the page was loaded anew; `paths` with blanks between them. */
export async function uploadedBefore(chat: Chat, paths: string | null): Promise<Uploaded[]> {
  const list = (paths ?? '').split(' ').filter(Boolean).slice(0, MOST);
  // Some companies show their pictures only with a ticket.
  const one = async (path: string): Promise<Uploaded> => ({ path, url: withTicket(await chat.nodechat.imageUrl(path), chat) });
  try {
    return await Promise.all(list.map(one));
  } catch {
    return []; // the service cannot be reached: the form is empty of pictures, and they can be picked again
  }
}

export function Pictures(props: PicturesProps) {
  let picker!: HTMLInputElement;
  onCleanup(() => props.pictures.forEach(({ url }) => URL.revokeObjectURL(url)));

  async function add(): Promise<void> {
    const files = Array.from(picker.files ?? []).slice(0, MOST - props.pictures.length);
    picker.value = '';
    props.busy(true);
    for (const file of files) {
      try {
        const { msg } = await props.chat.nodechat.upload(file, { kind: 'image' });
        props.change([...props.pictures, { path: msg, url: URL.createObjectURL(file) }]);
        props.failed('');
      } catch (err) {
        props.failed(fileReason(err as Refusal, file).reason!);
      }
    }
    props.busy(false);
  }
  return (
    <div class="row">
      <input ref={picker} hidden type="file" accept="image/*" multiple aria-label={t('order_add_picture')} onChange={add} />
      <p class="t14 b">{t('order_pictures')}</p>
      <div class="thumbs">
        <For each={props.pictures}>
          {(picture) => (
            <span class="thumb">
              <img src={picture.url} alt={t('picture')} />
              <button class="ib sm" type="button" aria-label={t('remove')} title={t('remove')} onClick={() => props.change(props.pictures.filter((other) => other !== picture))}>
                <Icon name="x" size="s" />
              </button>
            </span>
          )}
        </For>
        <Show when={props.pictures.length < MOST}>
          <button class="thumb add" type="button" onClick={() => picker.click()}>
            <Icon name="plus" />
            <span class="t12">{t('order_add_picture')}</span>
          </button>
        </Show>
      </div>
    </div>
  );
}

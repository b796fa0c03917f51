// A picture in the log: its place is kept before it has loaded, a click shows it large.
import { createSignal, onMount, Show } from 'solid-js';
import type { Item } from '../items';
import { t } from '../text/say';
import { Icon } from '../view/Icon';
import type { LogProps } from '../view/Log';
import { who } from './Quoted';
import { cancel, partOf } from './uploads';
import { view } from './viewer';
import { withTicket } from './with-ticket';

/** The sizes of pictures seen so far, so that the next time the place is right before anything has loaded. */
const known = new Map<string, readonly [width: number, height: number]>();

export function Picture({ item, log: { chat } }: { item: Item; log: LogProps }) {
  const path = String(item.msg ?? '');
  const { upload } = item;
  const [broken, setBroken] = createSignal(false);
  const [shape, setShape] = createSignal(upload ? ([upload.width, upload.height] as const) : (known.get(path) ?? ([3, 2] as const)));
  let image!: HTMLImageElement;
  let asked = false;
  if (upload && path) known.set(path, shape());

  async function load(byTicket = false): Promise<void> {
    setBroken(false);
    if (upload?.url) return void (image.src = upload.url);
    try {
      const url = await chat.nodechat.imageUrl(path);
      image.src = byTicket ? withTicket(url, chat) : url;
    } catch {
      setBroken(true); // the picture says so and can be asked for again
    }
  }
  /** Some companies show their pictures only to those who have a ticket. */
  function failed(): void {
    if (asked || upload?.url) return void setBroken(true);
    asked = true;
    void load(true);
  }
  function loaded(): void {
    setShape([image.naturalWidth, image.naturalHeight]);
    if (path) known.set(path, shape());
  }
  const ratio = () => Math.min(2, Math.max(0.5, shape()[0] / Math.max(1, shape()[1])));
  const width = () => Math.round(Math.min(240, Math.max(144, ratio() >= 1 ? 240 : 240 * ratio())));
  const uploading = () => item.state === 'uploading' && !path;
  onMount(() => load());
  return (
    <div class="uploading">
      <button
        class={`bub none pic ${broken() ? 'is-broken' : ''}`}
        type="button"
        style={{ width: `${width()}px`, 'aspect-ratio': String(ratio()) }}
        aria-label={broken() ? t('picture_broken') : t('picture_from', { who: who(item, chat.room()?.topic ?? '') })}
        onClick={() => (broken() ? ((asked = false), load()) : view(image))}
      >
        <img ref={image} alt="" decoding="async" draggable={false} onLoad={loaded} onError={failed} />
        <Show when={broken()}>
          <span class="hurt">
            <Icon name="image" />
            {t('picture_broken')}
          </span>
        </Show>
        <Show when={uploading()}>
          <Progress id={item.id} />
        </Show>
      </button>
      <Show when={uploading()}>
        <button class="ib cancel" type="button" aria-label={t('cancel')} title={t('cancel')} onClick={() => cancel(chat, item)}>
          <Icon name="x" size="s" />
        </button>
      </Show>
    </div>
  );
}

export function Progress(props: { id: string }) {
  return (
    <span class="bar" role="progressbar" aria-valuenow={Math.round(partOf(props.id) * 100)} aria-label={t('sending')}>
      <i style={{ transform: `scaleX(${partOf(props.id)})` }} />
    </span>
  );
}

// What a message says: text, picture, file, voice, video, or a card.
import type { Message } from 'nodechat';
import { createResource, createSignal, Match, Show, Switch, type JSX } from 'solid-js';
import { extension, sizeInWords, splitName } from '../../../start/src/demo/file';
import { Sound } from '../../../ui/sound';
import type { Uploading } from '../desk/room';
import { t } from '../text/say';
import { Custom } from './custom';
import { useDesk } from './desk-context';
import { Icon } from './parts';

const FOLD_LINES = 20;
const FOLD_CHARACTERS = 1_000;

export function Body(props: { message: Message; upload?: Uploading | undefined; quoted: JSX.Element; own: boolean; show: (path: string) => void }): JSX.Element {
  const { desk } = useDesk();
  const kind = (): string => props.message.mtype;
  return (
    <Switch fallback={<Custom msg={props.message.msg} />}>
      <Match when={kind() === 'text'}>
        <Words text={String(props.message.msg ?? '')} quoted={props.quoted} />
      </Match>
      <Match when={kind() === 'recalled'}>
        <div class="bub gone">{t(props.own ? 'recalled_own' : 'recalled')}</div>
      </Match>
      <Match when={kind() === 'image'}>
        <Picture message={props.message} upload={props.upload} show={props.show} />
      </Match>
      <Match when={kind() === 'file'}>
        <FileSheet message={props.message} upload={props.upload} />
      </Match>
      <Match when={kind() === 'voice' || kind() === 'video'}>
        <Sound kind={kind()} said={asObject(props.message.msg)} say={t} imageUrl={(path) => desk.pictureUrl(path)} fileUrl={(fileid) => desk.fileUrl(fileid)} />
      </Match>
    </Switch>
  );
}

function Words(props: { text: string; quoted: JSX.Element }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const long = (): boolean => props.text.length > FOLD_CHARACTERS || props.text.split('\n').length > FOLD_LINES;
  return (
    <div class="bub">
      {props.quoted}
      <span class="words" classList={{ folded: long() && !open() }} dir="auto">
        {props.text}
      </span>
      <Show when={long() && !open()}>
        <button type="button" class="unfold" onClick={() => setOpen(true)}>
          {t('show_all')}
        </button>
      </Show>
    </div>
  );
}

/** Sizes of pictures seen so far, so that the next time their place is right before anything has loaded. */
const sizes = new Map<string, [width: number, height: number]>();

function Picture(props: { message: Message; upload: Uploading | undefined; show: (path: string) => void }): JSX.Element {
  const { desk } = useDesk();
  const path = (): string => String(props.message.msg ?? '');
  const [broken, setBroken] = createSignal(false);
  const [tries, setTries] = createSignal(0);
  const [size, setSize] = createSignal(sizes.get(path()) ?? ([3, 2] as [number, number]));
  const [url] = createResource(
    () => [path(), tries()] as const,
    async ([of]) => (of ? desk.pictureUrl(of).catch(() => (setBroken(true), '')) : ''),
  );
  const source = (): string | undefined => props.upload?.url ?? (url() || undefined);
  const ratio = (): number => Math.min(2, Math.max(0.5, size()[0] / Math.max(1, size()[1])));
  const width = (): string => `${Math.round(ratio() >= 1 ? 216 : Math.max(144, 240 * ratio()))}px`;
  return (
    <button
      type="button"
      class="bub none pic"
      classList={{ 'is-broken': broken() }}
      style={{ width: width(), 'aspect-ratio': String(ratio()) }}
      aria-label={broken() ? t('picture_broken') : t('picture_from', { who: props.message.nick })}
      onClick={() => {
        if (!broken()) return path() && props.show(path());
        setBroken(false);
        setTries((n) => n + 1);
      }}
    >
      <Show when={source() && !broken()}>
        <img
          src={source()}
          alt={t('picture')}
          decoding="async"
          draggable={false}
          onLoad={({ currentTarget: image }) => {
            setSize([image.naturalWidth, image.naturalHeight]);
            if (path()) sizes.set(path(), [image.naturalWidth, image.naturalHeight]);
          }}
          onError={() => setBroken(true)}
        />
      </Show>
      <Show when={broken()}>
        <span class="hurt">
          <Icon name="image" />
          <span>{t('picture_broken')}</span>
        </span>
      </Show>
      <Show when={props.upload && props.upload.done < 1}>
        <Progress done={props.upload?.done ?? 0} />
      </Show>
    </button>
  );
}

function Progress(props: { done: number }): JSX.Element {
  return (
    <span class="bar">
      <i style={{ transform: `scaleX(${props.done})` }} />
    </span>
  );
}

function FileSheet(props: { message: Message; upload: Uploading | undefined }): JSX.Element {
  const { desk } = useDesk();
  const told = (): { fileid?: string; filename?: string; filesize?: number } => asObject(props.message.msg);
  const name = (): string => props.upload?.file.name ?? told().filename ?? '';
  const bytes = (): number | undefined => props.upload?.file.size ?? told().filesize;
  const inside = (): JSX.Element => (
    <>
      <span class="ext" aria-hidden="true">
        {extension(name())}
      </span>
      <span class="fx">
        <span class="name" dir="auto" title={name()}>
          <span class="cut">{splitName(name())[0]}</span>
          <span class="nw">{splitName(name())[1]}</span>
        </span>
        <span class="size">{bytes() === undefined ? '' : sizeInWords(bytes() ?? 0)}</span>
        <Show when={props.upload && props.upload.done < 1}>
          <Progress done={props.upload?.done ?? 0} />
        </Show>
      </span>
    </>
  );
  return (
    <Show when={told().fileid} fallback={<div class="bub file">{inside()}</div>}>
      {(fileid) => (
        <a class="bub file" href={desk.fileUrl(fileid())} download={name()} title={t('download', { name: name() })}>
          {inside()}
          <Icon name="download" size="s" />
        </a>
      )}
    </Show>
  );
}

/** Files and media come as an object, or as its JSON text from older pages. */
function asObject(msg: unknown): Record<string, never> {
  if (typeof msg === 'object' && msg !== null) return msg as Record<string, never>;
  try {
    return Object(JSON.parse(String(msg))) as Record<string, never>;
  } catch {
    return {}; // not JSON: a file without a name rather than raw text
  }
}

// A file, a voice message or a video in the log.
import { createSignal, onMount, Show, type Accessor } from 'solid-js';
import { extension, sizeInWords, splitName } from '../../../start/src/demo/file';
import type { Item } from '../items';
import { t } from '../text/say';
import { Icon } from '../view/Icon';
import type { LogProps } from '../view/Log';
import { Progress } from './Picture';
import { cancel } from './uploads';

interface Said {
  fileid?: string;
  filename?: string;
  filesize?: number;
  url?: string;
  val?: string;
  duration?: string | number;
}

export function File({ item, log: { chat } }: { item: Item; log: LogProps }) {
  const { fileid, filename, filesize } = asObject(item.msg);
  const name = item.upload?.file.name ?? filename ?? '';
  const bytes = item.upload?.file.size ?? filesize;
  const [start, ending] = splitName(name);
  const inside = (
    <>
      <span class="ext" aria-hidden="true">
        {extension(name)}
      </span>
      <span class="fx">
        <span class="name" dir="auto" title={name}>
          <span class="cut">{start}</span>
          <span class="nw">{ending}</span>
        </span>
        <Show when={item.state === 'uploading'} fallback={<span class="size">{bytes === undefined ? '' : sizeInWords(bytes)}</span>}>
          <Progress id={item.id} />
        </Show>
      </span>
    </>
  );
  if (item.state === 'uploading') {
    return (
      <div class="bub file">
        {inside}
        <button class="ib" type="button" aria-label={t('cancel')} title={t('cancel')} onClick={() => cancel(chat, item)}>
          <Icon name="x" size="s" />
        </button>
      </div>
    );
  }
  if (!fileid) return <div class="bub file">{inside}</div>;
  // With a ticket only while it is followed: some companies ask for one, and no copied link should carry it.
  const plain = chat.nodechat.fileUrl(fileid);
  const follow = (link: HTMLAnchorElement): void => {
    link.href = `${plain}&ticket=${encodeURIComponent(chat.ticket)}`;
    setTimeout(() => (link.href = plain));
  };
  return (
    <a class="bub file" href={plain} download={name} title={t('download', { name })} onClick={({ currentTarget }) => follow(currentTarget)}>
      {inside}
      <Icon name="download" size="s" />
    </a>
  );
}

export function Sound({ item, log: { chat } }: { item: Item; log: LogProps }) {
  const { url = '', val, duration } = asObject(item.msg);
  const [broken, setBroken] = createSignal(false);
  const [address, setAddress] = createSignal<string>();
  onMount(async () => {
    try {
      // A path is an image's kind of address, anything else is a file's id.
      const plain = url.includes('/') ? `${await chat.nodechat.imageUrl(url)}?` : `${chat.nodechat.fileUrl(url)}&`;
      setAddress(`${plain}ticket=${encodeURIComponent(chat.ticket)}`);
    } catch {
      setBroken(true); // said in the place of the player
    }
  });
  return (
    <Show when={!broken()} fallback={<div class="cardm unknown">{t('unknown_card')}</div>}>
      <div class={`bub ${item.mtype}`}>
        {item.mtype === 'video' ? (
          <video class="player" src={address()} controls preload="metadata" playsinline aria-label={t('video')} onError={() => setBroken(true)} />
        ) : (
          <Voice address={address} seconds={Number(duration)} failed={() => setBroken(true)} />
        )}
        <Show when={val}>
          <p class="trs" dir="auto">
            {val}
          </p>
        </Show>
      </div>
    </Show>
  );
}

/** Play, how far it is, seconds. */
function Voice(props: { address: Accessor<string | undefined>; seconds: number; failed(): void }) {
  const [playing, setPlaying] = createSignal(false);
  const [at, setAt] = createSignal(0);
  const [length, setLength] = createSignal(props.seconds || 0);
  let player!: HTMLAudioElement;
  const part = () => (length() ? Math.min(1, at() / length()) : 0);
  return (
    <div class="ctl">
      <button class="play" type="button" aria-label={t(playing() ? 'pause' : 'play')} onClick={() => (playing() ? player.pause() : void player.play().catch(props.failed))}>
        <Icon name={playing() ? 'pause' : 'play'} size="s" />
      </button>
      <span class="bar fx" aria-hidden="true">
        <i style={{ transform: `scaleX(${part()})` }} />
      </span>
      <span class="nw">{t('seconds', { n: Math.round(playing() ? at() : length()) })}</span>
      <audio
        ref={player}
        src={props.address()}
        preload="metadata"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => setAt(0)}
        onTimeUpdate={() => setAt(player.currentTime)}
        // A recording of a browser says that it has no end.
        onLoadedMetadata={() => !length() && Number.isFinite(player.duration) && setLength(player.duration)}
        onError={props.failed}
      />
    </div>
  );
}

/** Files and media come as an object, or as its JSON text from older pages. */
function asObject(msg: unknown): Said {
  if (typeof msg !== 'string') return Object(msg);
  try {
    return Object(JSON.parse(msg));
  } catch {
    return {}; // not JSON: shown as a file without a name rather than as raw text
  }
}

// A voice message or a video in the log, with what was recognised in it.
import { createSignal, onMount, Show, type JSX } from 'solid-js';

export interface Said {
  url?: string;
  val?: string;
  duration?: string | number;
}

/** In the words of the page that shows it. */
type Say = (key: 'play' | 'pause' | 'seconds' | 'video' | 'sound_broken', values?: { n: number }) => string;

interface Shown {
  kind: string;
  said: Said;
  say: Say;
  imageUrl(path: string): Promise<string>;
  fileUrl(fileid: string): string;
}

export function Sound(props: Shown): JSX.Element {
  const [broken, setBroken] = createSignal(false);
  const [address, setAddress] = createSignal<string>();
  const failed = (): undefined => void setBroken(true);
  onMount(async () => {
    const { url = '' } = props.said;
    // A path is an image's kind of address, anything else is a file's id.
    setAddress(url.includes('/') ? await props.imageUrl(url).catch(failed) : props.fileUrl(url));
  });
  return (
    <Show when={!broken()} fallback={<div class="cardm unknown">{props.say('sound_broken')}</div>}>
      <div class={`bub ${props.kind}`}>
        <Show when={props.kind === 'video'} fallback={<Voice address={address()} seconds={Number(props.said.duration) || 0} say={props.say} failed={failed} />}>
          <video class="player" src={address()} controls preload="metadata" playsinline aria-label={props.say('video')} onError={failed} />
        </Show>
        <Show when={props.said.val}>
          <p class="trs" dir="auto">
            {props.said.val}
          </p>
        </Show>
      </div>
    </Show>
  );
}

/** Play, how far it is, seconds. */
function Voice(props: { address: string | undefined; seconds: number; say: Say; failed: () => void }): JSX.Element {
  const [playing, setPlaying] = createSignal(false);
  const [at, setAt] = createSignal(0);
  const [measured, setMeasured] = createSignal(0);
  let player!: HTMLAudioElement;
  const length = (): number => props.seconds || measured();
  const part = (): number => (length() ? Math.min(1, at() / length()) : 0);
  const deed = (): 'play' | 'pause' => (playing() ? 'pause' : 'play');
  return (
    <div class="ctl">
      <button type="button" class="play" aria-label={props.say(deed())} onClick={() => (playing() ? player.pause() : void player.play().catch(props.failed))}>
        <svg class="i s" aria-hidden="true">
          <use href={`#i-${deed()}`} />
        </svg>
      </button>
      <span class="bar fx" aria-hidden="true">
        <i style={{ transform: `scaleX(${part()})` }} />
      </span>
      <span class="nw">{props.say('seconds', { n: Math.round(playing() ? at() : length()) })}</span>
      <audio
        ref={player}
        src={props.address}
        preload="metadata"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => setAt(0)}
        onTimeUpdate={() => setAt(player.currentTime)}
        // A recording of a browser says that it has no end.
        onLoadedMetadata={() => Number.isFinite(player.duration) && setMeasured(player.duration)}
        onError={props.failed}
      />
    </div>
  );
}

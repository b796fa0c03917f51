// A voice message or a video in the log, with what was recognised in it.
import { createEffect, createResource, createSignal, Show, type JSX } from 'solid-js';
import { t } from '../text/say';
import { useDesk } from './desk-context';
import { Icon } from './parts';

interface Said {
  url?: string;
  val?: string;
  duration?: string | number;
}

export function Sound(props: { kind: string; said: Said }): JSX.Element {
  const { desk } = useDesk();
  const [broken, setBroken] = createSignal(false);
  const [address] = createResource(
    () => props.said.url,
    // A path is an image's kind of address, anything else is a file's id.
    async (url) => (url.includes('/') ? desk.pictureUrl(url) : desk.fileUrl(url)),
  );
  const failed = (): void => void setBroken(true);
  createEffect(() => address.error && failed());
  return (
    <Show when={!broken()} fallback={<div class="cardm unknown">{t('sound_broken')}</div>}>
      <div class={`bub ${props.kind}`}>
        <Show when={props.kind === 'video'} fallback={<Voice address={address.error ? undefined : address()} seconds={Number(props.said.duration) || 0} failed={failed} />}>
          <video class="player" src={address.error ? undefined : address()} controls preload="metadata" aria-label={t('video')} onError={failed} />
        </Show>
        <Show when={props.said.val}>
          {(heard) => (
            <p class="trs" dir="auto">
              {heard()}
            </p>
          )}
        </Show>
      </div>
    </Show>
  );
}

/** Play, how far it is, seconds. */
function Voice(props: { address: string | undefined; seconds: number; failed: () => void }): JSX.Element {
  const [playing, setPlaying] = createSignal(false);
  const [at, setAt] = createSignal(0);
  const [measured, setMeasured] = createSignal(0);
  let player!: HTMLAudioElement;
  const length = (): number => props.seconds || measured();
  const part = (): number => (length() > 0 ? Math.min(1, at() / length()) : 0);
  return (
    <div class="ctl">
      <button type="button" class="play" aria-label={t(playing() ? 'pause' : 'play')} onClick={() => (playing() ? player.pause() : void player.play().catch(props.failed))}>
        <Icon name={playing() ? 'pause' : 'play'} size="s" />
      </button>
      <span class="bar fx" aria-hidden="true">
        <i style={{ transform: `scaleX(${part()})` }} />
      </span>
      <span class="nw">{t('seconds', { n: Math.round(playing() ? at() : length()) })}</span>
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

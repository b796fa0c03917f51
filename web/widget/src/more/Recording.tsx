// A voice message: recorded with a time and a way out, then sent like a file.
import { createSignal, Show } from 'solid-js';
import type { Chat } from '../chat';
import { t } from '../text/say';
import { Icon } from '../view/Icon';
import { sendVoice } from './uploads';

const LONGEST_S = 60;
/** What browsers record, with the ending under which the service knows it; the first that this one can. */
const KINDS = [
  ['audio/webm', 'webm'],
  ['audio/mp4', 'm4a'],
  ['audio/ogg', 'ogg'],
] as const;

const [seconds, setSeconds] = createSignal<number>();
/** The browser asks whether we may: a second press asks for nothing more. */
let starting = false;
let finish: (send: boolean) => void = () => {};

export const isRecording = (): boolean => seconds() !== undefined;

/** Browsers lend the microphone to pages over https only, and not all of them can record. */
export const canRecord = (): boolean => Boolean(navigator.mediaDevices) && kind() !== undefined;

const kind = () => (typeof MediaRecorder === 'undefined' ? undefined : KINDS.find(([type]) => MediaRecorder.isTypeSupported(type)));

export async function record(chat: Chat): Promise<void> {
  if (starting) return;
  starting = true;
  const [type, ending] = kind()!;
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    return chat.line(t('no_microphone')); // refused, or there is none
  } finally {
    starting = false;
  }
  const recorder = new MediaRecorder(stream, { mimeType: type });
  const pieces: Blob[] = [];
  const began = Date.now();
  let wanted = false;
  setSeconds(0);
  const ticking = setInterval(() => {
    setSeconds(Math.floor((Date.now() - began) / 1000));
    if (seconds()! >= LONGEST_S) finish(true);
  }, 250);
  finish = (send) => {
    wanted = send;
    recorder.stop();
  };
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  recorder.onstop = () => {
    clearInterval(ticking);
    setSeconds(undefined);
    // The sign that the microphone is on goes out with this.
    for (const track of stream.getTracks()) track.stop();
    const duration = Math.max(1, Math.round((Date.now() - began) / 1000));
    if (wanted) void sendVoice(chat, new File(pieces, `voice.${ending}`, { type }), duration);
  };
  recorder.start();
}

export function Recording(_: { chat: Chat }) {
  return (
    <Show when={isRecording()}>
      <div class="quoting recording" role="group" aria-label={t('voice')}>
        <i class="red" />
        <b role="timer">{clockOf(seconds() ?? 0)}</b>
        <span class="fx m">{t('recording', { n: LONGEST_S })}</span>
        <button class="btn bare" type="button" onClick={() => finish(false)}>
          {t('cancel')}
        </button>
        <button class="btn pri" type="button" ref={(button) => queueMicrotask(() => button.focus())} onClick={() => finish(true)}>
          <Icon name="send" />
          {t('send')}
        </button>
      </div>
    </Show>
  );
}

function clockOf(whole: number): string {
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

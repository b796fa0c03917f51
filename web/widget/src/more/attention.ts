// Calls somebody back to a page that is hidden: a sound, and the number of new messages in the title.
import { createEffect, onCleanup } from 'solid-js';
import type { ChatEvent } from 'nodechat';
import type { Chat } from '../chat';
import { t } from '../text/say';
import { host } from './host';

export function attention(chat: Chat): void {
  const { nodechat, room } = chat;
  let unread = 0;
  let last = -1;
  const draw = (): void => {
    const name = room()?.topic ?? t('page');
    document.title = unread ? `(${unread}) ${name}` : name;
    host.unread(unread);
  };
  createEffect(draw);
  // What came while nobody was here counts as well when one is not looking now.
  createEffect(() => {
    const now = room();
    if (!now || last >= 0) return;
    last = now.next_pos - 1;
    if (document.hidden) unread = now.chat_msgs.filter(({ type, pos }) => type !== 'usermsg' && pos !== undefined && pos > now.reads.user).length;
    draw();
  });
  host.talks(chat);
  const looked = (): void => {
    if (document.hidden) return;
    unread = 0;
    draw();
  };
  const heard = ({ data }: ChatEvent): void => {
    const seen = data.type === 'usermsg' || data.pos! <= last;
    last = Math.max(last, data.pos!);
    if (seen || !document.hidden) return;
    unread++;
    draw();
    // A browser lets a page sound only after its reader has touched it.
    if (navigator.userActivation?.hasBeenActive !== false) sound();
  };
  document.addEventListener('visibilitychange', looked);
  nodechat.on('chat', heard);
  onCleanup(() => {
    document.removeEventListener('visibilitychange', looked);
    nodechat.off('chat', heard);
  });
}

let context: AudioContext | undefined;

/** Two soft notes, made here: nothing to load. */
function sound(): void {
  try {
    context ??= new AudioContext();
    const now = context.currentTime;
    [660, 880].forEach((pitch, n) => {
      const tone = context!.createOscillator();
      const volume = context!.createGain();
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.08, now + n * 0.12);
      volume.gain.exponentialRampToValueAtTime(0.001, now + n * 0.12 + 0.2);
      tone.connect(volume).connect(context!.destination);
      tone.start(now + n * 0.12);
      tone.stop(now + n * 0.12 + 0.2);
    });
  } catch {
    // no sound here: the title says it all the same
  }
}

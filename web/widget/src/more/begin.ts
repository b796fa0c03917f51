// What begins when the conversation stands and its later parts are there, and ends when it is taken away.
import { createEffect, untrack } from 'solid-js';
import type { Chat } from '../chat';
import type { Kept } from '../kept';
import { setLogo } from '../view/Icon';
import { attention } from './attention';
import { host } from './host';
import { watchPast } from './past';
import { uploads } from './uploads';
import { viewport } from './viewport';

export function begin(chat: Chat, kept: Kept): void {
  untrack(() => {
    attention(chat);
    viewport();
    uploads(chat);
    watchPast(chat, kept);
    createEffect(() => void showLogo(chat, chat.profile()?.logo));
    createEffect(() => host.wear(chat.profile()?.accent ?? ''));
  });
}

/** The company's picture in place of its first letter, once it has loaded. Pages show nothing of other hosts. */
async function showLogo({ nodechat }: Chat, path = ''): Promise<void> {
  if (!path) return;
  try {
    const url = new URL(path.includes(':') ? path : await nodechat.imageUrl(path));
    if (url.origin !== location.origin) return;
    const image = new Image();
    image.src = url.href;
    await image.decode();
    setLogo(url.href);
  } catch {
    // the letter stays
  }
}

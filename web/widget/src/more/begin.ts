// What begins when the conversation stands and its later parts are there, and ends when it is taken away.
import { createEffect, untrack } from 'solid-js';
import { pictureOf } from '../../../ui/card';
import type { Chat } from '../chat';
import type { Kept } from '../kept';
import { setLogo } from '../view/Icon';
import { watchLife } from './alive';
import { attention } from './attention';
import { host } from './host';
import { watchOrders } from './orders-offered';
import { watchPast } from './past';
import { uploads } from './uploads';
import { viewport } from './viewport';
import { withTicket } from './with-ticket';

export function begin(chat: Chat, kept: Kept): void {
  untrack(() => {
    attention(chat);
    watchLife(chat);
    viewport();
    uploads(chat);
    watchPast(chat, kept);
    watchOrders(chat);
    createEffect(() => void showLogo(chat, chat.profile()?.logo));
    createEffect(() => host.wear(chat.profile()?.accent ?? ''));
  });
}

/** The company's picture in place of its first letter, once it has loaded. */
async function showLogo(chat: Chat, given = ''): Promise<void> {
  const logo = pictureOf(given, location.origin);
  if (!logo) return;
  try {
    const url = logo.includes('://') ? logo : await chat.nodechat.imageUrl(logo);
    // Some companies show their pictures only with a ticket; without one the browser has it from the visit before.
    setLogo(await loaded(url).catch(() => loaded(withTicket(url, chat))));
  } catch {
    // the letter stays
  }
}

async function loaded(url: string): Promise<string> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return url;
}

// What a host asks of the conversation, and what it hears of it: that something was said, never what.
import Nodechat, { type ChatEvent } from 'nodechat';
import type { FromPanel, Route } from '../../../loader/src/messages';
import type { Chat } from '../chat';
import { behind } from '../view/Composer';

/** Somebody who walks through a site quickly is told of where they stop. */
const WALK_MS = 1_000;

export interface Talk {
  card(card: object): void;
  /** Into the box, on a line of its own behind what is there, or said at once. */
  send(text: string, now: boolean): void;
  focus(): void;
  /** The visitor is on another page. */
  walked(): void;
}

export function talk(chat: Chat, tell: (message: FromPanel) => void, route: () => Route): Talk {
  let walking = 0;
  chat.nodechat.on('chat', ({ data }: ChatEvent) => {
    if (data.type === 'usermsg') tell({ nodechat: 'talked' });
    else tell({ nodechat: 'message', value: { from: data.aid === chat.company ? 'company' : 'agent', time: data.time } });
  });
  const ask = chat.nodechat.request.bind(chat.nodechat);
  chat.nodechat.request = (event, payload: { type?: string } = {}, options) => {
    const { group, agent } = route();
    return ask(event, payload.type === 'applycs' ? { ...payload, ...(group && { groupid: group }), ...(agent && { csid: agent }) } : payload, options);
  };

  return {
    card: (card) => chat.send({ ...chat.blank('custom'), msg: card }),
    send(text, now) {
      if (now) return chat.say(text);
      const box = document.querySelector<HTMLTextAreaElement>('.cmp textarea');
      // Asked for once more by the same button.
      if (!box || box.value.endsWith(text)) return;
      box.value = behind(box.value, text);
      box.dispatchEvent(new InputEvent('input', { bubbles: true }));
    },
    focus() {
      // On a phone the keyboard would cover half of what one came to read.
      if (matchMedia('(pointer: fine)').matches) document.querySelector<HTMLElement>('.cmp textarea')?.focus();
    },
    walked() {
      clearTimeout(walking);
      walking = window.setTimeout(tellPage, WALK_MS, chat);
    },
  };
}

/** The service hears of a page when a connection begins, so one begins for that; the conversation's own does not notice. */
function tellPage({ nodechat, ticket, service }: Chat): void {
  const { status } = service() ?? {};
  // With nobody who would look at it, the next connection of the conversation is early enough.
  if (!nodechat.connected || (status !== 'serving' && status !== 'waiting')) return;
  const end = (): void => messenger.close();
  const messenger = new Nodechat({ atype: nodechat.session!.atype, ticket, transports: ['websocket'], connect: end, error: end });
}

// The last consultation on this device: so that it can be continued and its rating changed, also after a reload.
import { createEffect, createSignal, onCleanup, untrack } from 'solid-js';
import type { Rating } from '../../../ui/card';
import type { Chat } from '../chat';
import { behindAll, isStored } from '../items';
import type { Kept } from '../kept';
import { reason, type Refusal } from '../reason';
import { t } from '../text/say';

export interface Past {
  aid: string;
  chatid: string;
  /** Who served last. */
  nick: string;
  from: number;
  to?: number;
  /** How it was has been asked here. */
  asked?: boolean | undefined;
  /** The last one given here. */
  rating?: (Rating & { time: number }) | undefined;
}

/** How long a rating may be changed. */
export const CHANGE_MS = 30 * 60_000;
/** A day is what companies allow unless they say otherwise; one that allows less says so when it is asked. */
const CONTINUE_MS = 86_400_000;

const [past, setPast] = createSignal<Past>();
let keep = (_: Past | undefined): void => {};

export { past };

export function changePast(next: Partial<Past>): void {
  const now = past();
  if (now) keep({ ...now, ...next });
}

export function watchPast(chat: Chat, kept: Kept): void {
  // Of whoever talked here before.
  setPast(undefined);
  keep = (next) => {
    setPast(next);
    kept.set('past', next ? JSON.stringify(next) : null);
  };
  createEffect(() => {
    const now = chat.service();
    if (!chat.room()) return;
    const known = past();
    const before = known?.aid === chat.aid ? known : read(kept, chat.aid);
    const same = before?.chatid === now?.chatid;
    if (now?.status === 'serving') {
      if (!same || before?.nick !== now.cs!.nick || before.to) keep({ ...begun(chat), ...(same && { from: before!.from, asked: before!.asked, rating: before!.rating }) });
    } else if (now?.status === 'ended' && same) {
      const asked = before!.asked || now.rate;
      if (!before!.to || asked !== before!.asked) keep({ ...before!, to: before!.to ?? Date.now(), asked });
    } else if (!now && before) show(chat, before);
  });
  // It ended while nobody looked: what would have been asked then is asked now.
  createEffect(() => {
    if (canRate(chat) && !past()!.asked && chat.service()!.rate === undefined) askRating(chat);
  });
  // Another tab of the same person has been asked, too, and has answered.
  const elsewhere = (): void => {
    const now = chat.room() && read(kept, chat.aid);
    setPast(now);
    const service = chat.service();
    if (now?.rating && service?.rate && service.chatid === now.chatid) chat.setService({ ...service, rate: false });
  };
  addEventListener('storage', elsewhere);
  onCleanup(() => removeEventListener('storage', elsewhere));
}

/** The last consultation is over, and the company would like to know how it was. */
export const canRate = (chat: Chat): boolean => isOver(chat) && !past()!.rating && Boolean(chat.profile()?.ask_rating);

/** The consultation that is known here is over. */
export const isOver = ({ service }: Chat): boolean => service()?.status === 'ended' && service()!.chatid === past()?.chatid;

export const askRating = (chat: Chat): unknown => chat.setService({ ...chat.service()!, rate: true });

function begun({ service, aid }: Chat): Past {
  const { chatid, cs } = service()!;
  return { aid: aid!, chatid: chatid!, nick: cs!.nick, from: Date.now() };
}

/** It ended before this page was opened, or while it was away. */
function show(chat: Chat, before: Past): void {
  // Of an end that nobody saw it is known only that nothing was said after it.
  const to = before.to ?? Math.max(before.from, untrack(chat.items).filter(isStored).at(-1)?.time ?? 0);
  if (before.to && Date.now() - to > CONTINUE_MS) return keep(undefined);
  keep({ ...before, to });
  const { rating } = before;
  // With words it stands in the history.
  if (rating && !rating.text && !rating.tags.length && Date.now() - rating.time < CHANGE_MS) showRating(chat, rating);
  chat.setService({ status: 'ended', chatid: before.chatid });
}

function read(kept: Kept, aid: string | undefined): Past | undefined {
  try {
    const found: Past | null = JSON.parse(kept.get('past') ?? 'null');
    return found && found.aid === aid ? found : undefined;
  } catch {
    return undefined; // cut off by a full disk: nothing to continue
  }
}

/** A rating without words is in no history: only here. */
export function showRating(chat: Chat, rating: Rating & { time: number }): void {
  chat.change({ ...chat.blank('rated'), id: `rated ${past()?.chatid}`, order: behindAll(chat.items()), state: 'sent', time: rating.time, msg: { kind: 'rating', ...rating } });
}

/** The conversation that has ended goes on, with the same person if that one is free. */
export async function goOn(chat: Chat): Promise<void> {
  try {
    chat.stands(await chat.nodechat.request('user', { type: 'reopen', roomid: chat.room()!.roomid, chatid: chat.service()!.chatid }));
  } catch (err) {
    const { errcode } = err as Refusal;
    // Too long ago: somebody is asked for anew.
    if (errcode === 4009 || errcode === 4004) return chat.human();
    chat.line(t('call_failed', { reason: reason(err as Refusal) }));
  }
}

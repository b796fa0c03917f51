// The line of the message that another one answers to; a click goes there.
import { createSignal } from 'solid-js';
import { sizeInWords } from '../../../start/src/demo/file';
import { cardOf } from '../../../ui/card';
import type { Item } from '../items';
import { reason, type Refusal } from '../reason';
import { t } from '../text/say';
import type { LogProps } from '../view/Log';
import { bring } from './bring';

export function Quoted(props: { id: string; log: LogProps }) {
  const { chat } = props.log;
  const [busy, setBusy] = createSignal(false);
  const item = () => chat.items().find(({ id }) => id === props.id);
  const words = () => {
    const quoted = item();
    if (!quoted) return t('quoted_earlier');
    return quoted.mtype === 'recalled' ? t('quoted_gone') : t('quoted', { who: who(quoted, chat.room()?.topic ?? ''), words: inOneLine(quoted) });
  };
  async function go(): Promise<void> {
    if (busy()) return;
    setBusy(true);
    try {
      if (!(await bring(chat, props.id))) chat.line(t('quoted_not_found'));
    } catch (err) {
      chat.line(t('call_failed', { reason: reason(err as Refusal) }));
    }
    setBusy(false);
  }
  return (
    <button class="quoted" type="button" dir="auto" aria-busy={busy()} onClick={go}>
      {words()}
    </button>
  );
}

export function who({ side, nick }: Item, company: string): string {
  return side === 'user' ? t('you') : side === 'company' ? company : nick;
}

/** A message in one line, whatever it is. */
export function inOneLine({ mtype, msg }: Item): string {
  if (mtype === 'text') return String(msg);
  if (mtype === 'file') return `[${t('file')}] ${msg?.filename ?? ''} ${msg?.filesize ? sizeInWords(msg.filesize) : ''}`;
  const card = mtype === 'custom' && cardOf(msg, location.origin);
  if (card) return `[${t(card.kind)}] ${card.title}`;
  return `[${t(mtype === 'voice' || mtype === 'video' ? mtype : mtype === 'image' ? 'picture' : 'unknown_card')}]`;
}

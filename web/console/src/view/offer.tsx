// A visitor whom a colleague hands over: the note, and how long there is to decide.
import { Show, type JSX } from 'solid-js';
import type { Row } from '../desk/wire';
import { t } from '../text/say';
import { ticking } from '../times';
import { useDesk } from './desk-context';

export function Offer(props: { row: Row }): JSX.Element {
  const { desk, shown } = useDesk();
  const now = ticking(500);
  const offer = (): ReturnType<(typeof desk.offers)[0]>[number] | undefined => desk.offers[0]().find(({ chatid }) => chatid === props.row.chatid);
  const who = (): string => desk.directory.nick(offer()?.from ?? props.row.csid ?? '');
  // After a reload, what the list says of it.
  const note = (): string | undefined => offer()?.msg ?? props.row.transfer?.msg;
  let group!: HTMLDivElement;
  async function answer(accept: boolean): Promise<void> {
    const log = group.parentElement?.querySelector<HTMLElement>('.log');
    if (!(await desk.answerOffer(props.row, accept))) return;
    // The buttons are gone with the focus: it goes on where one writes, or reads.
    if (accept) shown.focusComposer[1]((n) => n + 1);
    else log?.focus();
  }
  return (
    <div ref={group} class="offer" role="group" aria-label={t('offer_head', { who: who(), visitor: props.row.topic })}>
      <p class="b">
        <bdi>{t('offer_head', { who: who(), visitor: props.row.topic })}</bdi>
      </p>
      <Show when={note()}>
        {(msg) => (
          <p class="m2 say-note" dir="auto">
            {msg()}
          </p>
        )}
      </Show>
      <div class="deeds">
        <button type="button" class="btn pri sm" onClick={() => void answer(true)}>
          {t('accept')}
        </button>
        <button type="button" class="btn sm" onClick={() => void answer(false)}>
          {t('reject')}
        </button>
        <Show when={offer()}>
          {(known) => <span class="t12 m end">{t('seconds_left', { n: Math.max(0, Math.ceil((known().until - now()) / 1000)) })}</span>}
        </Show>
      </div>
    </div>
  );
}

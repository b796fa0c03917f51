// Whatever is said in another way than by a text.
import { Show } from 'solid-js';
import { cardOf, ratingOf } from '../../../ui/card';
import type { Item } from '../items';
import { t } from '../text/say';
import type { LogProps } from '../view/Log';
import { Card } from './Card';
import { File, Media } from './File';
import { Picture } from './Picture';
import { Questions } from './Questions';
import { Receipt } from './Rate';
import { lastWords } from './recall';

export function Body({ item, log }: { item: Item; log: LogProps }) {
  switch (item.mtype) {
    case 'questions':
      return (
        <>
          <div class="bub">{t('found')}</div>
          <Questions chat={log.chat} groups={item.msg} human={t('human')} />
        </>
      );
    case 'image':
      return <Picture item={item} log={log} />;
    case 'file':
      return <File item={item} log={log} />;
    case 'voice':
    case 'video':
      return <Media item={item} log={log} />;
    case 'recalled':
      return (
        <div class="bub gone">
          {t(item.side === 'user' ? 'recalled_own' : 'recalled')}
          <Show when={lastWords(item.id)}>
            {(words) => (
              <button class="link" type="button" onClick={() => log.edit(words())}>
                {t('edit_again')}
              </button>
            )}
          </Show>
        </div>
      );
    default:
      return <Custom item={item} log={log} />;
  }
}

/** A card; one that this page does not know says so, and never what is in it. */
function Custom({ item, log: { chat } }: { item: Item; log: LogProps }) {
  const { msg, side, time } = item;
  const card = cardOf(msg, location.origin);
  if (card) return <Card card={card} chat={chat} />;
  // An agent rates nobody.
  const rating = side === 'user' ? ratingOf(msg) : undefined;
  if (rating) return <Receipt rating={rating} time={time} chat={chat} />;
  return <div class="cardm unknown">{t('unknown_card')}</div>;
}

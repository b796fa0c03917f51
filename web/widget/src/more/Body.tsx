// Whatever is said in another way than by a text.
import type { Item } from '../items';
import { t } from '../text/say';
import type { LogProps } from '../view/Log';
import { Questions } from './Questions';

export function Body({ item, log }: { item: Item; log: LogProps }) {
  switch (item.mtype) {
    case 'questions':
      return (
        <>
          <div class="bub">{t('found')}</div>
          <Questions chat={log.chat} groups={item.msg} human={t('human')} />
        </>
      );
    case 'recalled':
      return <div class="bub gone">{t(item.side === 'user' ? 'recalled_own' : 'recalled')}</div>;
    default:
      return <div class="cardm unknown">{t('unknown_card')}</div>;
  }
}

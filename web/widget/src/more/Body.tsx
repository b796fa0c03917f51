// Whatever is said in another way than by a text.
import { Show } from 'solid-js';
import type { Item } from '../items';
import { t } from '../text/say';
import type { LogProps } from '../view/Log';
import { File, Sound } from './File';
import { Picture } from './Picture';
import { Questions } from './Questions';
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
      return <Sound item={item} log={log} />;
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
      return <div class="cardm unknown">{t('unknown_card')}</div>;
  }
}

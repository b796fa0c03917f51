// The sections beside the chats, loaded when one is opened.
import { Match, Switch, type JSX } from 'solid-js';
import { place } from '../place';
import { t } from '../text/say';
import { useDesk } from '../view/desk-context';
import { Board } from './board/board';
import { History } from './history';
import { NumbersPage } from './numbers';
import { Orders } from './orders/orders';
import { Questions } from './questions/questions';
import { pagesFor, sectionsFor } from './sections';
import { Settings } from './settings';
import { Unsaved } from './unsaved';

export default function Admin(): JSX.Element {
  const { desk } = useDesk();
  const section = (): string | undefined => sectionsFor(desk.session.role).find(({ name }) => name === place().section)?.name;
  return (
    <main class="admin" data-region="admin">
      <Switch
        fallback={
          <div class="empty">
            <p class="b">{t('not_for_you')}</p>
            <p class="m">{t('refused_forbidden')}</p>
          </div>
        }
      >
        <Match when={section() === 'board'}>
          <Board />
        </Match>
        <Match when={section() === 'numbers'}>
          <NumbersPage />
        </Match>
        <Match when={section() === 'history'}>
          <History />
        </Match>
        <Match when={section() === 'orders'}>
          <Orders />
        </Match>
        <Match when={section() === 'questions'}>
          <Questions />
        </Match>
        <Match when={section() === 'settings'}>
          <Settings pages={pagesFor(desk.session.role)} />
        </Match>
      </Switch>
      <Unsaved />
    </main>
  );
}

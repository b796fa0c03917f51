// The sections beside the chats, loaded when one is opened.
import { createMemo, For, Match, Show, Switch, type JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { goTo, place } from '../place';
import { t } from '../text/say';
import { useDesk } from '../view/desk-context';
import { Link } from '../view/link';
import { IconButton } from '../view/parts';
import { Account } from './account';
import { APPEARANCE } from './appearance/form';
import { Audit } from './audit';
import { Board } from './board/board';
import { BOT } from './bot';
import { DataPage } from './data-page';
import { History } from './history';
import { Install } from './install';
import { agents, blacklist, groups, keys, orderKinds, replies, webhooks, words } from './kinds';
import { NumbersPage } from './numbers';
import { Orders } from './orders/orders';
import { Questions } from './questions/questions';
import { pagesFor, sectionsFor } from './sections';
import { COMPANY, FILES, HOURS, SERVICE, SettingsForm, type Form } from './settings-form';
import { Things, type Kind } from './things';
import { Unsaved } from './unsaved';
import { admin } from '../text/admin';
import { install } from '../text/install';
import { learn } from '../text/texts';
import '../style/admin.css';

learn(admin);
learn(install);

const FORMS: Record<string, Form> = { company: COMPANY, appearance: APPEARANCE, hours: HOURS, service: SERVICE, files: FILES };
/** Pages that are neither a form of the company nor a table of things. */
const OTHERS: Record<string, () => JSX.Element> = { account: Account, bot: () => <SettingsForm form={BOT} />, data: DataPage, install: Install, audit: Audit };

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
          <Settings />
        </Match>
      </Switch>
      <Unsaved />
    </main>
  );
}

function Settings(): JSX.Element {
  const { desk } = useDesk();
  const pages = pagesFor(desk.session.role);
  const page = (): string => pages.find(({ name }) => name === place().page)?.name ?? '';
  // Whoever goes to where it is already loses nothing.
  const first = createMemo(() => page() || (matchMedia('(max-width: 767px)').matches ? '' : (pages[0]?.name ?? '')));
  // A kind has its own life: it is made once for each visit of its page.
  const kind = createMemo<Kind<never> | undefined>(() => {
    const makers: Record<string, () => unknown> = { agents: () => agents(desk), groups: () => groups(desk), kinds: () => orderKinds(desk), replies: () => replies(desk), blacklist: () => blacklist(desk), words: () => words(desk), webhooks: () => webhooks(desk), keys: () => keys(desk) };
    return makers[first()]?.() as Kind<never> | undefined;
  });
  return (
    <div class="settings" classList={{ 'has-page': !!page() }}>
      <nav class="pages" aria-label={t('rail_settings')}>
        {/* On a phone the pages have a page of their own. */}
        <h2 class="t16 b" aria-level={page() ? 2 : 1}>
          {t('rail_settings')}
        </h2>
        <For each={pages}>
          {({ name, title }) => (
            <Link to={{ section: 'settings', page: name }} current={first() === name}>
              {t(title)}
            </Link>
          )}
        </For>
      </nav>
      <div class="page">
        <Show when={page()}>
          <IconButton icon="left" class="back" label={t('rail_settings')} onClick={() => goTo({ section: 'settings' })} />
        </Show>
        <Switch>
          <Match when={FORMS[first()]}>{(form) => <SettingsForm form={form()} />}</Match>
          <Match when={kind()} keyed>{(of) => <Things kind={of} />}</Match>
          <Match when={OTHERS[first()]}>{(other) => <Dynamic component={other()} />}</Match>
        </Switch>
      </div>
    </div>
  );
}

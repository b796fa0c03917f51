// The pages on which a company is set up: forms, tables of things, and others.
import { createMemo, For, Match, Show, Switch, type JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { goTo, place } from '../place';
import { admin } from '../text/admin';
import { install } from '../text/install';
import { t } from '../text/say';
import { learn } from '../text/texts';
import { useOffice } from '../view/desk-context';
import { Link } from '../view/link';
import { IconButton } from '../view/parts';
import { Account } from './account';
import { APPEARANCE } from './appearance/form';
import { Audit } from './audit';
import { BOT } from './bot';
import { DataPage } from './data-page';
import { Install } from './install';
import { agents, blacklist, groups, keys, orderKinds, replies, webhooks, words } from './kinds';
import { Questions } from './questions/questions';
import type { Page } from './sections';
import { COMPANY, FILES, HOURS, SERVICE, SettingsForm, type Form } from './settings-form';
import { Things, type Kind } from './things';
import '../style/admin.css';

learn(admin);
learn(install);

const FORMS: Record<string, Form> = { company: COMPANY, appearance: APPEARANCE, hours: HOURS, service: SERVICE, files: FILES };
/** Pages that are neither a form of the company nor a table of things. */
const OTHERS: Record<string, () => JSX.Element> = { account: Account, bot: () => <SettingsForm form={BOT} />, data: DataPage, install: Install, audit: Audit, questions: Questions };

export function Settings(props: { pages: Page[] }): JSX.Element {
  const office = useOffice();
  const page = (): string => props.pages.find(({ name }) => name === place().page)?.name ?? '';
  // Whoever goes to where it is already loses nothing.
  const first = createMemo(() => page() || (matchMedia('(max-width: 767px)').matches ? '' : (props.pages[0]?.name ?? '')));
  // A kind has its own life: it is made once for each visit of its page.
  const kind = createMemo<Kind<never> | undefined>(() => {
    const makers: Record<string, () => unknown> = { agents: () => agents(office), groups: () => groups(office), kinds: () => orderKinds(office), replies: () => replies(office), blacklist: () => blacklist(office), words: () => words(office), webhooks: () => webhooks(office), keys: () => keys(office) };
    return makers[first()]?.() as Kind<never> | undefined;
  });
  return (
    <div class="settings" classList={{ 'has-page': !!page() }}>
      <nav class="pages" aria-label={t('rail_settings')}>
        {/* On a phone the pages have a page of their own. */}
        <h2 class="t16 b" aria-level={page() ? 2 : 1}>
          {t('rail_settings')}
        </h2>
        <For each={props.pages}>
          {({ name, title }) => (
            <Link to={{ ...place(), page: name }} current={first() === name}>
              {t(title)}
            </Link>
          )}
        </For>
      </nav>
      <div class="page">
        <Show when={page()}>
          <IconButton icon="left" class="back" label={t('rail_settings')} onClick={() => goTo({ ...place(), page: '' })} />
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

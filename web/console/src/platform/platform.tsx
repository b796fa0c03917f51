// The platform's side of the console: whoever has its key sees its companies, makes new ones and sets each up.
import { createMemo, createSignal, onCleanup, Show, type JSX } from 'solid-js';
import { Settings } from '../admin/settings';
import { OF_PLATFORM } from '../admin/sections';
import { Things } from '../admin/things';
import { Unsaved } from '../admin/unsaved';
import { Office } from '../desk/office';
import { place } from '../place';
import type { Session } from '../session/session';
import { platform } from '../text/platform';
import { t } from '../text/say';
import { learn } from '../text/texts';
import { leaving } from '../unsaved';
import { Around } from '../view/desk-context';
import { Link } from '../view/link';
import { Icon } from '../view/parts';
import { ToastStack } from '../view/toast-stack';
import { companies } from './companies';
import { keepKey, keptKey } from './key';
import { KeyDoor } from './key-door';
import '../style/platform.css';

learn(platform);

export default function Platform(props: { leave: () => void }): JSX.Element {
  const [key, setKey] = createSignal(keptKey());
  const [ended, setEnded] = createSignal(false);

  function enter(next: string): void {
    keepKey(next);
    setEnded(false);
    setKey(next);
  }

  function leave(): void {
    enter('');
    props.leave();
  }

  return (
    <Show when={key()} keyed fallback={<KeyDoor ended={ended()} done={enter} leave={() => props.leave()} />}>
      {(secret) => (
        <Inside
          secret={secret}
          leave={() => leaving(leave)}
          ended={() => {
            enter('');
            setEnded(true);
          }}
        />
      )}
    </Show>
  );
}

function Inside(props: { secret: string; leave: () => void; ended: () => void }): JSX.Element {
  const of = createMemo(() => place().of);
  // Each company is an office of its own; without one it is the platform's.
  const office = createMemo<Office>(() => {
    const company = of();
    const next = new Office(asOwner(props.secret, company), () => props.ended(), company || undefined);
    if (company) void next.directory.load();
    onCleanup(() => next.close());
    return next;
  });
  return (
    <Show when={office()} keyed>
      {(at) => (
        <Around.Provider value={at}>
          <div class="platform">
            <header class="platform-head">
              <span class="mk">
                <Icon name="chat" size="s" />
              </span>
              <nav class="fx cut" aria-label={t('platform')}>
                <Link to={{ section: 'platform' }} current={!of()}>
                  {t('platform')}
                </Link>
                <Show when={of()}>
                  <span aria-hidden="true">/</span>
                  <bdi class="b cut">{at.directory.company[0]()?.name ?? of()}</bdi>
                </Show>
              </nav>
              <button type="button" class="btn bare" onClick={() => props.leave()}>
                <Icon name="out" />
                {t('platform_leave')}
              </button>
            </header>
            <main class="admin">
              <Show when={of()} fallback={<Things kind={companies(at)} />}>
                <Settings pages={OF_PLATFORM} />
              </Show>
            </main>
            <Unsaved />
            <ToastStack />
          </div>
        </Around.Provider>
      )}
    </Show>
  );
}

/** The key may do what an owner may, and is nobody of the company. */
function asOwner(secret: string, companyid: string): Session {
  return { ticket: secret, companyid, aid: '', nick: '', role: 'owner' };
}

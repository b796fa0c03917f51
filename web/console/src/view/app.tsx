// The console as a whole: the door, or what is behind it for whoever has come in.
import { createEffect, createMemo, createSignal, lazy, Match, Show, Suspense, Switch, untrack, type JSX } from 'solid-js';
import { followTheme } from '../look';
import { goTo, place } from '../place';
import { asRefusal, inWords } from '../refusal';
import { forget, remembered, signInByToken, signOut, type Session } from '../session/session';
import { language, t, type Key } from '../text/say';
import { Inside } from './inside';
import { Icon } from './parts';
import { SignIn } from './sign-in';

const Setup = lazy(() => import('../setup/setup'));
const Platform = lazy(() => import('../platform/platform'));

export function App(): JSX.Element {
  const [session, setSession] = createSignal<Session>();
  const [state, setState] = createSignal<'looking' | 'setup' | 'outside' | 'inside' | 'silent'>('looking');
  const [reason, setReason] = createSignal<Key>();
  const [silence, setSilence] = createSignal('');

  followTheme();
  createEffect(() => (document.documentElement.lang = language() === 'zh' ? 'zh-CN' : 'en'));
  createEffect(() => {
    if (state() !== 'inside') document.title = t('title');
  });
  const platform = createMemo(() => place().section === 'platform');
  createEffect(() => !platform() && untrack(begin));

  async function begin(): Promise<void> {
    if (place().section === 'setup') return void setState('setup');
    setState('looking');
    const address = new URL(location.href);
    const token = address.searchParams.get('token');
    try {
      if (token) {
        // A token in the address would be in the history and in whatever is copied from the bar.
        address.searchParams.delete('token');
        history.replaceState(null, '', address);
        return enter(await signInByToken(token));
      }
      const before = await remembered();
      if (before) enter(before);
      else setState('outside');
    } catch (thrown) {
      const { errcode } = asRefusal(thrown);
      if (errcode === 4003 || errcode === 4001 || errcode === 4002) {
        forget();
        outside(token ? 'sign_in_token' : 'sign_in_ended');
      } else {
        setSilence(inWords(thrown));
        setState('silent');
      }
    }
  }

  function enter(who: Session): void {
    setSession(who);
    setReason(undefined);
    setState('inside');
  }

  function outside(why?: Key): void {
    setSession(undefined);
    setReason(why);
    setState('outside');
  }

  function leave(): void {
    const who = session();
    outside();
    // Should the server be away, the ticket ends by itself; this browser has forgotten it.
    if (who) void signOut(who).catch(() => {});
  }

  return (
    <Switch>
      <Match when={platform()}>
        <Suspense>
          <Platform leave={() => goTo({})} />
        </Suspense>
      </Match>
      <Match when={state() === 'silent'}>
        <main class="door">
          <div class="empty" role="alert">
            <Icon name="offline" size="lg" />
            <p>{silence()}</p>
            <button type="button" class="btn" onClick={() => void begin()}>
              <Icon name="retry" />
              {t('again')}
            </button>
          </div>
        </main>
      </Match>
      <Match when={state() === 'setup'}>
        <Suspense>
          <Setup
            done={(who) => {
              history.replaceState(null, '', '/console');
              goTo({});
              enter(who);
            }}
            leave={() => {
              goTo({});
              void begin();
            }}
          />
        </Suspense>
      </Match>
      <Match when={state() === 'outside'}>
        <SignIn reason={reason()} done={enter} />
      </Match>
      <Match when={state() === 'inside'}>
        <Show when={session()} keyed>
          {(who) => (
            <Inside
              session={who}
              leave={leave}
              ended={() => {
                forget();
                outside('sign_in_ended');
              }}
            />
          )}
        </Show>
      </Match>
    </Switch>
  );
}

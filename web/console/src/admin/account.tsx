// An agent's own account: its name, and its password where it has one here.
import { createResource, createSignal, Match, Show, Switch, type JSX } from 'solid-js';
import { asRefusal, inWords } from '../refusal';
import { Rest } from '../rest';
import { isPassword } from '../session/password';
import { PasswordHint } from '../session/password-hint';
import { t } from '../text/say';
import { holdsUnsaved } from '../unsaved';
import { useDesk } from '../view/desk-context';
import { Refused } from '../view/parts';
import { Field } from '../view/sign-in';
import { Failed } from './states';

interface Own {
  nick: string;
  /** Absent: comes by tokens of the host site. */
  login?: string;
}

export function Account(): JSX.Element {
  const { desk } = useDesk();
  const path = `/agents/${encodeURIComponent(desk.session.aid)}`;
  const [own, { mutate, refetch }] = createResource(() => desk.rest.get<Own>(path));
  return (
    <section class="settings-form own">
      <header class="admin-head">
        <div class="fx">
          <h1 class="t18 b">{t('own')}</h1>
          <p class="m t13">{t('own_about')}</p>
        </div>
      </header>
      <Switch>
        <Match when={own.error}>
          <Failed why={inWords(own.error)} again={() => void refetch()} />
        </Match>
        <Match when={own()}>
          {(now) => (
            <>
              <Name own={now()} path={path} saved={mutate} />
              <Show when={now().login} fallback={<p class="one-column m t13">{t('own_by_token')}</p>}>
                {(login) => <Password login={login()} nick={now().nick} />}
              </Show>
            </>
          )}
        </Match>
      </Switch>
    </section>
  );
}

function Name(props: { own: Own; path: string; saved: (own: Own) => void }): JSX.Element {
  const { desk } = useDesk();
  const [nick, setNick] = createSignal(props.own.nick);
  const [failure, setFailure] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const unsaved = (): boolean => nick().trim() !== props.own.nick;
  holdsUnsaved(unsaved);

  async function save(event: Event): Promise<void> {
    event.preventDefault();
    if (busy() || !unsaved() || nick().trim() === '') return;
    setBusy(true);
    setFailure('');
    try {
      props.saved(await desk.rest.send<Own>('PATCH', props.path, { nick: nick().trim() }));
      desk.toasts.say(t('saved'));
      await desk.directory.loadColleagues();
    } catch (thrown) {
      setFailure(inWords(thrown));
    }
    setBusy(false);
  }

  return (
    <form class="one-column" noValidate onSubmit={(event) => void save(event)}>
      <Refused words={failure()} />
      <Field label={t('agents_nick')} hint={t('own_nick_hint')} name="nickname" missing={nick().trim() === ''} value={nick()} set={setNick} most={200} />
      <div class="form-deeds">
        <button type="submit" class="btn pri" disabled={busy() || !unsaved() || nick().trim() === ''}>
          {t('save')}
        </button>
        <Show when={unsaved()}>
          <button type="button" class="btn bare" onClick={() => setNick(props.own.nick)}>
            {t('discard_changes')}
          </button>
          <span class="t12 warn">{t('unsaved')}</span>
        </Show>
      </div>
    </form>
  );
}

function Password(props: { login: string; nick: string }): JSX.Element {
  const { desk } = useDesk();
  const [old, setOld] = createSignal('');
  const [fresh, setFresh] = createSignal('');
  const [asked, setAsked] = createSignal(false);
  const [wrong, setWrong] = createSignal('');
  const [failure, setFailure] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  // Not for the former one, which browsers fill in by themselves.
  holdsUnsaved(() => fresh() !== '');

  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setAsked(true);
    setFailure('');
    const bad = (event.currentTarget as HTMLFormElement).querySelector<HTMLInputElement>('input[aria-invalid=true]');
    if (bad) return bad.focus();
    setBusy(true);
    try {
      // Not by the desk's own: a wrong password does not end the session.
      await new Rest(desk.session.ticket).send('PUT', '/me/password', { old: old(), new: fresh() });
      setOld('');
      setFresh('');
      setAsked(false);
      desk.toasts.say(t('own_password_changed'));
    } catch (thrown) {
      if (asRefusal(thrown).errcode === 4003) setWrong(t('own_password_wrong'));
      else setFailure(inWords(thrown));
    }
    setBusy(false);
  }

  return (
    <form class="one-column" noValidate aria-labelledby="own-password" onSubmit={(event) => void save(event)}>
      <h2 class="t16 b" id="own-password">
        {t('own_password')}
      </h2>
      <Refused words={failure()} />
      {/* For password managers, which keep it with the login. */}
      <input type="text" name="username" autocomplete="username" value={props.login} readOnly hidden />
      <Field label={t('own_password_old')} name="current-password" type="password" missing={asked() && old() === ''} wrong={wrong()} value={old()} set={(value) => (setOld(value), setWrong(''))} />
      <Field label={t('agents_new_password')} name="new-password" type="password" missing={asked() && fresh() === ''} invalid={asked() && !isPassword(fresh())} value={fresh()} set={setFresh}>
        {(id) => <PasswordHint id={id} password={fresh()} known={[props.login, props.nick]} />}
      </Field>
      <p class="hint">{t('own_password_hint')}</p>
      <div class="form-deeds">
        <button type="submit" class="btn pri" disabled={busy()}>
          {t('own_password_save')}
        </button>
      </div>
    </form>
  );
}

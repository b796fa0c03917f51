// The first set-up: whoever has the link that the server printed makes the company and is its owner.
import { createSignal, Match, onMount, Show, Switch, type JSX } from 'solid-js';
import { keep } from '../../../start/src/kept';
import { asRefusal, inWords } from '../refusal';
import { Rest } from '../rest';
import { isPassword } from '../session/password';
import { PasswordHint } from '../session/password-hint';
import { keepSession, type Session } from '../session/session';
import { language, speak, t, type Key } from '../text/say';
import { BEGIN_KEPT_AS } from '../view/begins';
import { Icon, Refused } from '../view/parts';
import { COMPANY_KEPT_AS, Field } from '../view/sign-in';

type State = 'looking' | 'open' | 'done' | 'used' | 'old' | 'half' | 'silent';

const SAID: Partial<Record<State, { fact: Key; hint: Key }>> = {
  done: { fact: 'setup_done', hint: 'setup_done_hint' },
  used: { fact: 'setup_used', hint: 'setup_done_hint' },
  old: { fact: 'setup_old', hint: 'setup_old_hint' },
  half: { fact: 'setup_half', hint: 'setup_half_hint' },
};

export default function Setup(props: { done: (session: Session) => void; leave: () => void }): JSX.Element {
  const rest = new Rest(undefined);
  const token = tokenOnce();
  const [state, setState] = createSignal<State>('looking');
  const [silence, setSilence] = createSignal('');
  onMount(() => void look());

  async function look(): Promise<void> {
    setState('looking');
    try {
      const { open } = await rest.get<{ open: boolean }>('/setup');
      setState(!open ? 'done' : token ? 'open' : 'half');
    } catch (thrown) {
      setSilence(inWords(thrown));
      setState('silent');
    }
  }

  /** The token was refused: by somebody else's set-up meanwhile, or by its age. */
  async function refused(): Promise<void> {
    await look();
    setState((now) => (now === 'done' ? 'used' : now === 'open' ? 'old' : now));
  }

  return (
    <main class="door">
      <Switch>
        <Match when={SAID[state()]}>
          {(said) => (
            <div class="empty" role="alert">
              <Icon name={state() === 'done' ? 'check' : 'alert'} size="lg" />
              <h1 class="t16 b">{t(said().fact)}</h1>
              <p class="m">{t(said().hint)}</p>
              <Show when={state() === 'done' || state() === 'used'}>
                <button type="button" class="btn pri" onClick={() => props.leave()}>
                  {t('setup_to_sign_in')}
                </button>
              </Show>
            </div>
          )}
        </Match>
        <Match when={state() === 'silent'}>
          <div class="empty" role="alert">
            <Icon name="offline" size="lg" />
            <p>{silence()}</p>
            <button type="button" class="btn" onClick={() => void look()}>
              <Icon name="retry" />
              {t('again')}
            </button>
          </div>
        </Match>
        <Match when={state() === 'open'}>
          <Form rest={rest} token={token} done={props.done} refused={() => void refused()} />
        </Match>
      </Switch>
    </main>
  );
}

function Form(props: { rest: Rest; token: string; done: (session: Session) => void; refused: () => void }): JSX.Element {
  const [name, setName] = createSignal('');
  const [nick, setNick] = createSignal('');
  const [login, setLogin] = createSignal('');
  const [password, setPassword] = createSignal('');
  /** The id that the server made of the name is another company’s. */
  const [taken, setTaken] = createSignal(false);
  const [companyid, setCompanyid] = createSignal('');
  const [asked, setAsked] = createSignal(false);
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal('');
  const missing = (value: string): boolean => asked() && value.trim() === '';
  const spaced = (): boolean => /\s/.test(login().trim());

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setAsked(true);
    setFailure('');
    const form = event.currentTarget as HTMLFormElement;
    const wrong = form.querySelector<HTMLInputElement>('input[aria-invalid=true]');
    if (wrong) return wrong.focus();
    setBusy(true);
    try {
      const locale = language() === 'zh' ? 'zh-CN' : 'en';
      const made = await props.rest.send<Session>('POST', '/setup', { token: props.token, name: name().trim(), ...(taken() && { companyid: companyid().trim() }), locale, nick: nick().trim(), login: login().trim(), password: password() });
      keep(COMPANY_KEPT_AS, made.companyid);
      keep(BEGIN_KEPT_AS, made.companyid);
      props.done(keepSession(made, false));
    } catch (thrown) {
      const { errcode } = asRefusal(thrown);
      if (errcode === 4003) return props.refused();
      if (errcode === 4009) setTaken(true);
      setFailure(errcode === 4009 ? t('setup_taken') : inWords(thrown));
      setBusy(false);
    }
  }

  return (
    <form class="door-form" onSubmit={(event) => void submit(event)} noValidate>
      <span class="mk">
        <Icon name="chat" />
      </span>
      <div>
        <h1>{t('setup_title')}</h1>
        <p class="m t13">{t('setup_about')}</p>
      </div>
      <Refused words={failure()} />
      <div class="field">
        <span class="lab" id="setup-language">
          {t('setup_language')}
        </span>
        <div class="switch" role="group" aria-labelledby="setup-language">
          <button type="button" lang="zh-CN" aria-pressed={language() === 'zh'} onClick={() => speak('zh')}>
            中文
          </button>
          <button type="button" lang="en" aria-pressed={language() === 'en'} onClick={() => speak('en')}>
            English
          </button>
        </div>
      </div>
      <Field label={t('setup_company')} hint={t('setup_company_hint')} name="organization" missing={missing(name())} value={name()} set={setName} focus most={200} />
      <Show when={taken()}>
        <Field label={t('setup_companyid')} hint={t('setup_companyid_hint')} name="companyid" missing={missing(companyid())} value={companyid()} set={setCompanyid} focus most={64} />
      </Show>
      <Field label={t('setup_nick')} hint={t('setup_nick_hint')} name="name" missing={missing(nick())} value={nick()} set={setNick} most={200} />
      <Field label={t('setup_login')} hint={t('setup_login_hint')} name="username" missing={missing(login())} wrong={spaced() ? t('setup_login_spaces') : ''} value={login()} set={setLogin} most={64} />
      <Field label={t('sign_in_password')} name="new-password" type="password" missing={missing(password())} value={password()} set={setPassword} invalid={asked() && !isPassword(password())}>
        {(id) => <PasswordHint id={id} password={password()} known={[name(), nick(), login()]} />}
      </Field>
      <button class="btn pri wide" type="submit" disabled={busy()}>
        {t('setup_go')}
      </button>
    </form>
  );
}

/** The token behind the `#`. It leaves the address, so that nobody copies it, and stays with this tab should the page be loaded again. */
function tokenOnce(): string {
  const token = location.hash.slice(1) || String((history.state as { token?: string } | null)?.token ?? '');
  history.replaceState({ token }, '', location.pathname);
  return token;
}

// The page on which an agent signs in.
import { createSignal, Show, type JSX } from 'solid-js';
import { keep, kept } from '../../../start/src/kept';
import { asRefusal, inWords } from '../refusal';
import { signIn, type Session } from '../session/session';
import { language, speak, t, type Key } from '../text/say';
import { Link } from './link';
import { Icon } from './parts';

/** The company of whoever was here last. */
export const COMPANY_KEPT_AS = 'nodechat.console.company';

/** `reason`: why one is here again. */
export function SignIn(props: { reason: Key | undefined; done: (session: Session) => void }): JSX.Element {
  const [company, setCompany] = createSignal(new URLSearchParams(location.search).get('company') ?? kept(COMPANY_KEPT_AS) ?? '');
  const [login, setLogin] = createSignal('');
  const [password, setPassword] = createSignal('');
  const [stay, setStay] = createSignal(false);
  const [busy, setBusy] = createSignal(false);
  const [asked, setAsked] = createSignal(false);
  const [failure, setFailure] = createSignal('');
  const missing = (value: string): boolean => asked() && value.trim() === '';

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setAsked(true);
    setFailure('');
    const empty = (event.currentTarget as HTMLFormElement).querySelector<HTMLInputElement>('input[required]:invalid');
    if (empty) return empty.focus();
    setBusy(true);
    let session: Session;
    try {
      session = await signIn({ companyid: company().trim(), login: login().trim(), password: password() }, stay());
    } catch (thrown) {
      setFailure(asRefusal(thrown).errcode === 4003 ? t('sign_in_wrong') : inWords(thrown));
      return void setBusy(false);
    }
    keep(COMPANY_KEPT_AS, company().trim());
    props.done(session);
  }

  return (
    <main class="door">
      <form class="door-form" onSubmit={(event) => void submit(event)} noValidate>
        <span class="mk">
          <Icon name="chat" />
        </span>
        <h1>{t('sign_in_title')}</h1>
        <Show when={failure() || props.reason}>
          <p class={`say ${failure() ? 'bad' : 'warn'}`} role="alert">
            <Icon name="alert" size="s" />
            {failure() || t(props.reason ?? 'sign_in_ended')}
          </p>
        </Show>
        <Field label={t('sign_in_company')} hint={t('sign_in_company_hint')} name="organization" missing={missing(company())} value={company()} set={setCompany} focus={!company()} />
        <Field label={t('sign_in_login')} name="username" missing={missing(login())} value={login()} set={setLogin} focus={!!company()} />
        <Field label={t('sign_in_password')} name="current-password" type="password" missing={missing(password())} value={password()} set={setPassword} />
        <label class="check">
          <input type="checkbox" checked={stay()} onChange={(event) => setStay(event.currentTarget.checked)} />
          <span>
            {t('sign_in_keep')}
            <span class="m t12">{t('sign_in_keep_hint')}</span>
          </span>
        </label>
        <button class="btn pri wide" type="submit" disabled={busy()}>
          {t('sign_in')}
        </button>
      </form>
      <div class="switch" role="group" aria-label={t('language')}>
        <button type="button" lang="zh-CN" aria-pressed={language() === 'zh'} onClick={() => speak('zh')}>
          中文
        </button>
        <button type="button" lang="en" aria-pressed={language() === 'en'} onClick={() => speak('en')}>
          English
        </button>
      </div>
      <Link to={{ section: 'platform' }} class="m t12">
        {t('sign_in_platform')}
      </Link>
    </main>
  );
}

interface FieldProps {
  label: string;
  hint?: string;
  /** What the browser fills it with, too. */
  name: string;
  type?: string;
  missing: boolean;
  /** What is wrong with it, in words. */
  wrong?: string;
  /** Wrong in a way that what stands below it says. */
  invalid?: boolean;
  value: string;
  set: (value: string) => void;
  focus?: boolean;
  most?: number;
  /** Stands below it in place of the hint. */
  children?: (id: string) => JSX.Element;
}

export function Field(props: FieldProps): JSX.Element {
  const id = `f-${props.name}`;
  const bad = (): boolean => props.missing || !!props.wrong || !!props.invalid;
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <input
        id={id}
        class="inp"
        classList={{ 'is-bad': bad() }}
        type={props.type ?? 'text'}
        name={props.name}
        autocomplete={props.name}
        autocapitalize="none"
        spellcheck={false}
        required
        value={props.value}
        maxLength={props.most}
        aria-invalid={bad()}
        aria-describedby={`${id}-hint`}
        ref={(element) => props.focus && queueMicrotask(() => element.focus())}
        onInput={(event) => props.set(event.currentTarget.value)}
      />
      <Show
        when={!props.missing && props.children}
        fallback={
          <p class="hint" classList={{ bad: bad() }} id={`${id}-hint`}>
            {props.missing ? t('sign_in_missing') : props.wrong || props.hint}
          </p>
        }
      >
        {(below) => below()(`${id}-hint`)}
      </Show>
    </div>
  );
}

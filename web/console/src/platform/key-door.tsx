// Asks for the platform's key.
import { createSignal, Show, type JSX } from 'solid-js';
import { asRefusal, inWords } from '../refusal';
import { Rest } from '../rest';
import { t } from '../text/say';
import { Icon, Refused } from '../view/parts';
import { Field } from '../view/sign-in';

export function KeyDoor(props: { ended: boolean; done: (key: string) => void; leave: () => void }): JSX.Element {
  const [key, setKey] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [asked, setAsked] = createSignal(false);
  const [failure, setFailure] = createSignal('');

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setAsked(true);
    setFailure('');
    const secret = key().trim();
    if (!secret || busy()) return;
    setBusy(true);
    try {
      await new Rest(secret).page('/companies', { limit: 1 });
    } catch (thrown) {
      setFailure(asRefusal(thrown).errcode === 4003 ? t('platform_key_wrong') : inWords(thrown));
      return void setBusy(false);
    }
    props.done(secret);
  }

  return (
    <main class="door">
      <form class="door-form" onSubmit={(event) => void submit(event)} noValidate>
        <span class="mk">
          <Icon name="chat" />
        </span>
        <div>
          <h1>{t('platform')}</h1>
          <p class="m">{t('platform_about')}</p>
        </div>
        <Refused words={failure()} />
        <Show when={props.ended && !failure()}>
          <p class="say warn" role="alert">
            <Icon name="alert" size="s" />
            {t('platform_key_ended')}
          </p>
        </Show>
        <Field label={t('platform_key')} hint={t('platform_key_hint')} name="off" type="password" missing={asked() && !key().trim()} value={key()} set={setKey} focus />
        <button class="btn pri wide" type="submit" disabled={busy()}>
          {t('platform_open')}
        </button>
        <button class="btn bare" type="button" onClick={() => props.leave()}>
          {t('platform_to_console')}
        </button>
      </form>
    </main>
  );
}

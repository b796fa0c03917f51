// What lies over the conversation for a moment; loaded when it is first needed.
import { createSignal, For, onMount, Show, type JSX } from 'solid-js';
import type { Chat } from '../chat';
import type { Kept } from '../kept';
import { reason } from '../reason';
import { t, type Key } from '../text/say';
import { Icon } from '../view/Icon';
import type { Sheet } from '../view/Conversation';

export interface SheetProps {
  kind: Sheet;
  chat: Chat;
  kept: Kept;
  close(): void;
}

export default function Sheets(props: SheetProps) {
  return (
    <Show when={props.kind === 'rate'} fallback={<Leave {...props} />}>
      <Rate {...props} />
    </Show>
  );
}

/** A dialog of the browser's own: it holds the focus and closes with Esc. */
function Over(props: { title: string; close(): void; children: JSX.Element }) {
  let dialog!: HTMLDialogElement;
  onMount(() => dialog.showModal());
  return (
    <dialog ref={dialog} class="sheet" aria-labelledby="sheet-title" onClose={props.close} onClick={(event) => event.target === dialog && dialog.close()}>
      <div class="inner">
        <div class="head">
          <h2 id="sheet-title" class="fx">
            {props.title}
          </h2>
          <button class="ib xl" type="button" aria-label={t('close')} title={t('close')} onClick={() => dialog.close()}>
            <Icon name="x" />
          </button>
        </div>
        {props.children}
      </div>
    </dialog>
  );
}

const RATES = ['RUBBISH', 'BAD', 'JUSTSOSO', 'GOOD', 'BEST'] as const;

function Rate(props: SheetProps) {
  const { chat } = props;
  const [chosen, choose] = createSignal<(typeof RATES)[number]>();
  const [failed, setFailed] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  // Of the consultation that was shown; another one may begin while the sheet is open.
  const { chatid } = chat.service()!;

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    if (!chosen() || busy()) return;
    setBusy(true);
    try {
      await chat.nodechat.request('user', { type: 'rate', roomid: chat.room()!.roomid, chatid, ratetype: 'HAND', rateresult: chosen() });
      chat.line(t('rated', { words: t(`rate_${chosen()!}`) }));
      close();
    } catch (err) {
      setFailed(t('call_failed', { reason: reason(err as object) }));
    }
    setBusy(false);
  }
  function close(): void {
    const now = chat.service();
    if (now?.chatid === chatid) chat.setService({ ...now!, rate: false });
    props.close();
  }
  return (
    <Over title={t('how_was_it')} close={close}>
      <form onSubmit={send}>
        <fieldset class="rates">
          <legend class="sr">{t('how_was_it')}</legend>
          <For each={RATES}>
            {(rate, at) => (
              <label>
                <input class="sr" type="radio" name="rate" value={rate} onChange={() => choose(rate)} />
                <b aria-hidden="true">{at() + 1}</b>
                <span>{t(`rate_${rate}`)}</span>
              </label>
            )}
          </For>
        </fieldset>
        <Failed words={failed()} />
        <button class="btn pri wide" disabled={!chosen() || busy()}>
          {t('rate_send')}
        </button>
      </form>
    </Over>
  );
}

function Leave(props: SheetProps) {
  const { chat, kept } = props;
  const [contact, setContact] = createSignal(kept.get('leave-contact') ?? '');
  const [words, setWords] = createSignal(kept.get('leave-words') ?? kept.get('draft') ?? '');
  const [touched, touch] = createSignal<Record<string, boolean>>({});
  const [failed, setFailed] = createSignal('');
  const [busy, setBusy] = createSignal(false);

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    touch({ contact: true, words: true });
    if (!contact().trim() || !words().trim() || busy()) return;
    setBusy(true);
    try {
      const left = await chat.nodechat.request('user', { type: 'leavemsg', roomid: chat.room()!.roomid, msg: words().trim(), contact: contact().trim() });
      kept.set('leave-words', null);
      chat.line(t('leave_done'));
      chat.setService(left);
      props.close();
    } catch (err) {
      setFailed(t('call_failed', { reason: reason(err as object) }));
    }
    setBusy(false);
  }
  const missing = (name: 'contact' | 'words', text: string): Key | undefined => (touched()[name] && !text.trim() ? `leave_${name}_missing` : undefined);
  return (
    <Over title={t('leave_title')} close={props.close}>
      <p class="m2 t14 says" dir="auto">
        {chat.service()?.msg || t('leave_away')}
      </p>
      <form onSubmit={send} novalidate>
        <Field label={t('leave_contact')} name="contact" missing={missing('contact', contact())}>
          {(described) => (
            <input
              id="contact"
              class="field"
              maxlength="200"
              autocomplete="tel"
              dir="auto"
              value={contact()}
              aria-describedby={described()}
              aria-invalid={Boolean(described())}
              onBlur={() => touch({ ...touched(), contact: true })}
              onInput={({ currentTarget: { value } }) => (setContact(value), kept.set('leave-contact', value))}
            />
          )}
        </Field>
        <Field label={t('leave_words')} name="words" missing={missing('words', words())}>
          {(described) => (
            <textarea
              id="words"
              class="field"
              rows="4"
              maxlength="10000"
              dir="auto"
              value={words()}
              aria-describedby={described()}
              aria-invalid={Boolean(described())}
              onBlur={() => touch({ ...touched(), words: true })}
              onInput={({ currentTarget: { value } }) => (setWords(value), kept.set('leave-words', value))}
            />
          )}
        </Field>
        <Failed words={failed()} />
        <button class="btn pri wide" disabled={busy()}>
          {t('leave_send')}
        </button>
        <p class="t12 m hint">{t('leave_kept')}</p>
      </form>
    </Over>
  );
}

function Field(props: { label: string; name: string; missing: Key | undefined; children: (described: () => string | undefined) => JSX.Element }) {
  const id = () => (props.missing ? `${props.name}-missing` : undefined);
  return (
    <div class="row">
      <label for={props.name}>{props.label}</label>
      {props.children(id)}
      <Show when={props.missing}>
        {(key) => (
          <p class="wrong" id={id()}>
            {t(key())}
          </p>
        )}
      </Show>
    </div>
  );
}

function Failed(props: { words: string }) {
  return (
    <Show when={props.words}>
      <p class="wrong" role="alert">
        {props.words}
      </p>
    </Show>
  );
}

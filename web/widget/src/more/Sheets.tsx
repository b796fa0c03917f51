// What lies over the conversation for a moment; loaded when it is first needed.
import { createSignal, For } from 'solid-js';
import type { Chat } from '../chat';
import type { Kept } from '../kept';
import { reason } from '../reason';
import { t, type Key } from '../text/say';
import type { Sheet } from '../view/Conversation';
import { OrdersSheet } from './Orders';
import { Failed, Field, Over } from './form';

export interface SheetProps {
  kind: Sheet;
  chat: Chat;
  kept: Kept;
  close(): void;
}

export default function Sheets(props: SheetProps) {
  if (props.kind === 'rate') return <Rate {...props} />;
  return props.kind === 'orders' ? <OrdersSheet {...props} /> : <Leave {...props} />;
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

// Leaving a message when nobody is there: when somebody will be, who one is, what it is about, and pictures of it.
import { createSignal, For } from 'solid-js';
import { reason } from '../reason';
import { locale, t, type Key } from '../text/say';
import { contactWrong } from './contact';
import { Failed, Field, Over } from './form';
import { hoursInWords } from './hours';
import { Pictures, uploadedBefore, type Uploaded } from './Pictures';
import type { SheetProps } from './Sheets';

type Name = 'name' | 'contact' | 'words';

export function LeaveSheet(props: SheetProps) {
  const { chat, kept } = props;
  const [values, setValues] = createSignal({ name: kept.get('leave-name') ?? '', contact: kept.get('leave-contact') ?? '', words: kept.get('leave-words') ?? kept.get('draft') ?? '' });
  const [left, setLeft] = createSignal<Partial<Record<Name, boolean>>>({});
  const [pictures, setPictures] = createSignal<Uploaded[]>([]);
  const [failed, setFailed] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const picked = (next: Uploaded[]): void => {
    setPictures(next);
    kept.set('leave-pictures', next.map(({ path }) => path).join(' '));
  };
  void uploadedBefore(chat, kept.get('leave-pictures')).then((before) => before.length && picked([...before, ...pictures()]));
  const put = (name: Name, value: string): void => {
    setValues({ ...values(), [name]: value });
    kept.set(`leave-${name}`, value);
  };

  const wrongWith: Record<Name, () => { key: Key; n?: number } | undefined> = {
    name: () => undefined,
    contact: () => contactWrong(values().contact),
    words: () => (values().words.trim() ? undefined : { key: 'leave_words_missing' }),
  };
  const wrong = (name: Name): string | undefined => {
    const found = left()[name] && wrongWith[name]();
    return found ? t(found.key, { n: found.n ?? 0 }) : undefined;
  };
  const typed = (name: Name) => (event: { currentTarget: { value: string } }) => put(name, event.currentTarget.value);
  const leaves = (name: Name) => () => setLeft({ ...left(), [name]: true });

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    setLeft({ contact: true, words: true });
    const first = (['contact', 'words'] as const).find((name) => wrongWith[name]());
    if (first) return document.getElementById(first)!.focus();
    if (busy()) return;
    setBusy(true);
    const { name, contact, words } = values();
    try {
      const contacts = [name, contact].map((text) => text.trim()).filter(Boolean);
      const now = await chat.nodechat.request('user', { type: 'leavemsg', roomid: chat.room()!.roomid, msg: words.trim(), contact: contacts.join(t('comma')).slice(0, 200) });
      for (const name of ['leave-words', 'leave-pictures']) kept.set(name, null);
      for (const { path } of pictures()) chat.send({ ...chat.blank('image'), msg: path });
      chat.line(t('leave_done'));
      chat.setService(now);
      props.close();
    } catch (err) {
      setFailed(t('call_failed', { reason: reason(err as object) }));
    }
    setBusy(false);
  }
  return (
    <Over title={t('leave_title')} close={props.close}>
      <div class="m2 t14 says" dir="auto">
        <p>{chat.service()?.msg || chat.profile()?.offline || t('leave_away')}</p>
        <For each={hoursInWords(chat.profile()?.hours ?? '', new Date(), locale())}>{(line) => <p>{line}</p>}</For>
      </div>
      <form onSubmit={send} novalidate>
        <Field label={t('leave_name')} name="name" wrong={wrong('name')}>
          {(described) => <input id="name" class="field" value={values().name} aria-describedby={described()} aria-invalid={Boolean(described())} onInput={typed('name')} onBlur={leaves('name')} maxlength="50" autocomplete="name" dir="auto" />}
        </Field>
        <Field label={t('leave_contact')} name="contact" wrong={wrong('contact')}>
          {(described) => <input id="contact" class="field" value={values().contact} aria-describedby={described()} aria-invalid={Boolean(described())} onInput={typed('contact')} onBlur={leaves('contact')} maxlength="140" autocomplete="tel" dir="auto" />}
        </Field>
        <Field label={t('leave_words')} name="words" wrong={wrong('words')}>
          {(described) => <textarea id="words" class="field" value={values().words} aria-describedby={described()} aria-invalid={Boolean(described())} onInput={typed('words')} onBlur={leaves('words')} rows="4" maxlength="10000" dir="auto" />}
        </Field>
        <Pictures chat={chat} pictures={pictures()} change={picked} busy={setBusy} failed={setFailed} />
        <Failed words={failed()} />
        <button class="btn pri wide" disabled={busy()}>
          {t('leave_send')}
        </button>
        <p class="t12 m hint">{t('leave_kept')}</p>
      </form>
    </Over>
  );
}

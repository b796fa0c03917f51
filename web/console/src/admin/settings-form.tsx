// The company's own settings: forms that are saved each by itself, with what is not saved marked.
import { createResource, createSignal, For, Match, Show, Switch, type JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import type { Company } from '../desk/wire';
import { inWords } from '../refusal';
import type { Role } from '../session/session';
import { t, type Key } from '../text/say';
import { day } from '../times';
import { holdsUnsaved } from '../unsaved';
import { useOffice } from '../view/desk-context';
import { Modal } from '../view/modal';
import { Refused } from '../view/parts';
import { FieldInput, type Draft, type Field } from './fields';
import { DAYS, readHours, writeHours, type Day } from './hours';
import { goesBefore, keepsLess } from './retention';
import { Failed } from './states';

type Whole = Company & { anonymous: boolean; private_files: boolean; origins: string[] };

/** `T`: what the server keeps. */
export interface Form<T = Whole> {
  title: Key;
  about: Key;
  /** Who may save it. */
  least?: Role;
  fields: () => Field[];
  read: (now: T) => Draft;
  write: (draft: Draft) => object;
  /** Where it is; the company when it is not said. */
  path?: string;
  method?: 'PUT' | 'PATCH';
  /** What is asked before something is saved that cannot be undone. */
  sure?: (before: Draft, after: Draft) => { title: string; text: string; deed: string } | undefined;
  /** What stands below. */
  foot?: () => JSX.Element;
  /** What stands beside it and follows what is typed. */
  beside?: (props: { draft: Draft; kept: T }) => JSX.Element;
}

const setting = (name: string, kind: Field['kind'], more: Partial<Field> = {}): Field => ({ name, kind, label: t(`set_${name}` as Key), ...more });

/** Fields that are settings of the same name. */
export function ofSettings(fields: () => Field[]): Pick<Form, 'fields' | 'read' | 'write'> {
  return {
    fields,
    read: ({ settings }) => Object.fromEntries(fields().map(({ name }) => [name, settings[name] ?? ''])),
    write: (draft) => ({ settings: draft }),
  };
}

export const COMPANY: Form = {
  title: 'set_company',
  about: 'set_company_about',
  fields: () => [
    setting('name', 'text', { max: 200, required: true }),
    setting('locale', 'choice', { options: () => ['zh-CN', 'en'].map((value) => ({ value, label: value === 'en' ? 'English' : '简体中文' })) }),
    setting('anonymous', 'switch'),
    setting('private_files', 'switch'),
    setting('origins', 'area', { hint: 'set_origins_hint', mono: true }),
  ],
  read: ({ name, anonymous, private_files, origins, settings }) => ({ name, anonymous, private_files, origins: origins.join('\n'), locale: settings.locale ?? '' }),
  write: ({ name, anonymous, private_files, origins, locale }) => ({
    name: String(name).trim(),
    anonymous,
    private_files,
    origins: String(origins).split('\n').map((line) => line.trim()).filter(Boolean),
    settings: { locale },
  }),
};

export const HOURS: Form = {
  title: 'set_hours',
  about: 'set_hours_about',
  fields: () => [
    setting('always', 'switch'),
    ...DAYS.map((day): Field => ({ name: day, kind: 'text', label: t(`day_${day}`), mono: true, when: ({ always }) => always !== true })),
    setting('dates', 'area', { hint: 'set_dates_hint', mono: true }),
    setting('zone', 'text', { hint: 'set_zone_hint', mono: true }),
  ],
  read: ({ settings }) => {
    const { always, days, dates } = readHours(String(settings.hours ?? ''));
    return { always, ...days, dates, zone: settings.zone ?? '' };
  },
  write: (draft) => {
    const days = Object.fromEntries(DAYS.map((day) => [day, String(draft[day] ?? '')])) as Record<Day, string>;
    return { settings: { hours: writeHours({ always: draft.always === true, days, dates: String(draft.dates ?? '') }), zone: draft.zone } };
  },
};

export const SERVICE: Form = {
  title: 'set_service',
  about: 'set_service_about',
  ...ofSettings(() => [
    setting('agent_cap', 'number', { required: true }),
    setting('answer_limit_seconds', 'number', { hint: 'zero_no_limit', required: true }),
    setting('transfer_limit_seconds', 'number', { required: true }),
    setting('wait_limit_seconds', 'number', { hint: 'zero_never', required: true }),
    setting('idle_seconds', 'number', { hint: 'zero_never', required: true }),
    setting('idle_notice_seconds', 'number', { required: true }),
    setting('grace_seconds', 'number', { required: true }),
    setting('reopen_seconds', 'number', { required: true }),
    setting('ask_rating', 'switch'),
    setting('typing_preview', 'switch'),
  ]),
};

export const FILES: Form = {
  title: 'set_files',
  about: 'set_files_about',
  ...ofSettings(() => [
    setting('file_max_bytes', 'number', { hint: 'zero_server', required: true }),
    setting('image_max_bytes', 'number', { hint: 'zero_server', required: true }),
    setting('upload_kinds', 'area', { hint: 'set_upload_kinds_hint', mono: true }),
  ]),
};

const keptSince = (draft: Draft): string => day(goesBefore(Number(draft.keep_days), Date.now()));

export const RETENTION: Form = {
  title: 'set_data',
  about: 'set_data_about',
  ...ofSettings(() => [
    setting('keep_days', 'number', {
      required: true,
      says: (draft) => (Number(draft.keep_days) > 0 ? t('keep_for_days', { n: Number(draft.keep_days), date: keptSince(draft) }) : t('keep_for_ever')),
    }),
  ]),
  sure: (before, after) => (keepsLess(Number(before.keep_days), Number(after.keep_days)) ? { title: t('keep_less_sure', { date: keptSince(after) }), text: t('keep_less'), deed: t('keep_less_it', { date: keptSince(after) }) } : undefined),
};

export function SettingsForm<T = Whole>(props: { form: Form<T> }): JSX.Element {
  const office = useOffice();
  const [kept, { mutate, refetch }] = createResource(
    () => props.form.path ?? '/company',
    (path) => office.rest.get<T>(path),
  );
  return (
    <>
      <section class="settings-form">
        <header class="admin-head">
          <div class="fx">
            <h1 class="t18 b">{t(props.form.title)}</h1>
            <p class="m t13">{t(props.form.about)}</p>
          </div>
        </header>
        <Switch>
          <Match when={kept.error}>
            <Failed why={inWords(kept.error)} again={() => void refetch()} />
          </Match>
          <Match when={kept()}>
            {(now) => (
              <Show when={props.form} keyed>
                {(form) => <Filled form={form} kept={now()} saved={(next) => (mutate(() => next), form.path === undefined && void office.directory.loadCompany())} />}
              </Show>
            )}
          </Match>
        </Switch>
      </section>
      {props.form.foot?.()}
    </>
  );
}

function Filled<T>(props: { form: Form<T>; kept: T; saved: (kept: T) => void }): JSX.Element {
  const office = useOffice();
  const { form } = props;
  const before = (): Draft => form.read(props.kept);
  const [draft, setDraft] = createSignal<Draft>(before());
  const [failure, setFailure] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [asked, setAsked] = createSignal<{ title: string; text: string; deed: string }>();
  const mayWrite = office.may(form.least ?? 'admin');
  const unsaved = (): boolean => JSON.stringify(draft()) !== JSON.stringify(before());
  holdsUnsaved(unsaved);
  const fields = (): Field[] => form.fields().filter(({ when }) => !when || when(draft()));
  const missing = ({ required, name }: Field): boolean => !!required && String(draft()[name] ?? '').trim() === '';

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (busy() || !unsaved() || fields().some(missing)) return;
    const sure = form.sure?.(before(), draft());
    if (sure) setAsked(sure);
    else await save();
  }

  async function save(): Promise<void> {
    setAsked(undefined);
    setBusy(true);
    setFailure('');
    try {
      const next = await office.rest.send<T>(form.method ?? 'PATCH', form.path ?? '/company', form.write(draft()));
      props.saved(next);
      setDraft(form.read(next));
      office.toasts.say(t('saved'));
    } catch (thrown) {
      setFailure(inWords(thrown));
    }
    setBusy(false);
  }

  return (
    <div classList={{ 'with-beside': !!form.beside }}>
      <form class="one-column" noValidate onSubmit={(event) => void submit(event)} onKeyDown={(event) => (event.ctrlKey || event.metaKey) && event.code === 'KeyS' && void submit(event)}>
        <Refused words={failure()} />
        <For each={fields().map(({ name }) => name)}>
          {(name) => {
            const field = (): Field => form.fields().find((other) => other.name === name) as Field;
            return (
              <>
                <Show when={field().head}>{(head) => <h2 class="t16 b">{t(head())}</h2>}</Show>
                <FieldInput field={field()} draft={draft()} missing={missing(field())} disabled={!mayWrite} set={(value) => setDraft((all) => ({ ...all, [name]: value }))} />
              </>
            );
          }}
        </For>
        <Show when={mayWrite}>
          <div class="form-deeds">
            <button type="submit" class="btn pri" disabled={busy() || !unsaved()}>
              {t('save')}
            </button>
            <Show when={unsaved()}>
              <button type="button" class="btn bare" onClick={() => setDraft(before())}>
                {t('discard_changes')}
              </button>
              <span class="t12 warn">{t('unsaved')}</span>
            </Show>
          </div>
        </Show>
        <Modal open={!!asked()} close={() => setAsked(undefined)} title={asked()?.title ?? ''}>
          <p class="m2">{asked()?.text}</p>
          <div class="dialog-deeds">
            <button type="button" class="btn bare" onClick={() => setAsked(undefined)}>
              {t('cancel')}
            </button>
            <button type="button" class="btn danger-fill" onClick={() => void save()}>
              {asked()?.deed}
            </button>
          </div>
        </Modal>
      </form>
      <Show when={form.beside}>{(beside) => <Dynamic component={beside()} draft={draft()} kept={props.kept} />}</Show>
    </div>
  );
}

// Things of one kind: a table of all, and an editor beside it. What kind it is, a description says.
import { createEffect, createMemo, createResource, createSignal, For, Match, on, onCleanup, onMount, Show, Switch, type JSX } from 'solid-js';
import { useOffice } from '../view/desk-context';
import { Icon, IconButton, Refused } from '../view/parts';
import { Modal } from '../view/modal';
import { inWords } from '../refusal';
import { t, type Key } from '../text/say';
import { holdsUnsaved, leaving } from '../unsaved';
import { FieldInput, type Draft, type Field } from './fields';
import { Failed, Nothing } from './states';

export interface Column<T> {
  title: Key;
  cell: (thing: T) => JSX.Element;
  /** `num` at the right, `soft` in grey. */
  class?: string;
}

export interface Kind<T> {
  title: Key;
  /** One line about what these are for. */
  about: Key;
  empty: Key;
  make?: Key;
  id: (thing: T) => string;
  name: (thing: T) => string;
  load: () => Promise<T[]>;
  columns: Column<T>[];
  fields: (thing: T | undefined) => Field[];
  /** The values of the fields at the beginning. */
  draft: (thing: T | undefined) => Draft;
  /** Makes or changes one; what it answers is said on the screen once, such as a secret. */
  save: (thing: T | undefined, draft: Draft) => Promise<string | undefined>;
  remove?: (thing: T) => Promise<unknown>;
  mayWrite: (thing: T | undefined) => boolean;
  /** What else there is to do with all of them. */
  tools?: () => JSX.Element;
  /** What stands below the table, and below the editor while one is open. */
  foot?: (editing?: { thing: T | undefined; draft: () => Draft }) => JSX.Element;
  /** What else there is to do with one. */
  more?: (thing: T, reload: () => void) => JSX.Element;
}

export function Things<T>(props: { kind: Kind<T> }): JSX.Element {
  const [things, { refetch }] = createResource(
    () => props.kind,
    (kind) => kind.load(),
  );
  const [open, setOpen] = createSignal<string>();
  const [sought, setSought] = createSignal('');
  const [secret, setSecret] = createSignal('');
  createEffect(on(() => props.kind, () => (setOpen(undefined), setSought('')), { defer: true }));

  const shown = createMemo(() => {
    const what = sought().trim().toLowerCase();
    const all = things.error ? [] : (things() ?? []);
    return what ? all.filter((thing) => JSON.stringify(thing).toLowerCase().includes(what)) : all;
  });
  const thing = (): T | undefined => (things.error ? undefined : things()?.find((other) => props.kind.id(other) === open()));
  const mayMake = (): Key | undefined => (props.kind.mayWrite(undefined) ? props.kind.make : undefined);

  function go(to: string | undefined): void {
    if (to !== open()) leaving(() => setOpen(to));
  }

  onMount(() => {
    const press = (event: KeyboardEvent): void => {
      if (!event.altKey || event.code !== 'KeyN' || !mayMake()) return;
      event.preventDefault();
      if (!document.querySelector('[role=dialog]')) go('');
    };
    window.addEventListener('keydown', press);
    onCleanup(() => window.removeEventListener('keydown', press));
  });

  return (
    <div class="things" classList={{ 'has-editor': open() !== undefined }}>
      <section class="table-side" aria-label={t(props.kind.title)}>
        <header class="admin-head">
          <div class="fx">
            <h1 class="t18 b">{t(props.kind.title)}</h1>
            <p class="m t13">{t(props.kind.about)}</p>
          </div>
          <div class="find">
            <Icon name="search" size="s" />
            <input type="search" aria-label={t('admin_search')} placeholder={t('admin_search')} value={sought()} onInput={(event) => setSought(event.currentTarget.value)} />
          </div>
          {props.kind.tools?.()}
          <Show when={mayMake()}>
            {(make) => (
              <button type="button" class="btn pri" onClick={() => go('')}>
                <Icon name="plus" />
                {t(make())}
              </button>
            )}
          </Show>
        </header>
        <Show when={secret()}>
          <div class="once" role="status">
            <p>{t('shown_once')}</p>
            <code class="mono">{secret()}</code>
            <IconButton icon="x" class="sm" label={t('close')} onClick={() => setSecret('')} />
          </div>
        </Show>
        <Switch>
          <Match when={things.error}>
            <Failed why={inWords(things.error)} again={() => void refetch()} />
          </Match>
          <Match when={things() && shown().length === 0}>
            <Nothing fact={sought() ? t('search_nothing', { what: sought() }) : t(props.kind.empty)} />
          </Match>
          <Match when={true}>
            <div class="table-box">
              <table class="table" aria-busy={things.loading}>
                <thead>
                  <tr>
                    <For each={props.kind.columns}>{(column) => <th class={column.class}>{t(column.title)}</th>}</For>
                  </tr>
                </thead>
                <tbody>
                  <For each={shown()}>
                    {(one) => (
                      <tr classList={{ on: open() === props.kind.id(one) }} onClick={() => go(props.kind.id(one))}>
                        <For each={props.kind.columns}>
                          {(column, at) => (
                            <td class={column.class} data-title={t(column.title)}>
                              <Show when={at() === 0} fallback={column.cell(one)}>
                                <button type="button" class="cell-open">
                                  {column.cell(one)}
                                </button>
                              </Show>
                            </td>
                          )}
                        </For>
                      </tr>
                    )}
                  </For>
                </tbody>
              </table>
            </div>
          </Match>
        </Switch>
        <Show when={open() === undefined}>{props.kind.foot?.()}</Show>
      </section>
      <Show when={open() !== undefined && (open() === '' || thing()) ? `thing ${open()}` : undefined} keyed>
        {(_) => (
          <Editor
            kind={props.kind}
            thing={thing()}
            close={() => go(undefined)}
            done={(told) => {
              setSecret(told ?? '');
              setOpen(undefined);
              void refetch();
            }}
            reload={() => void refetch()}
          />
        )}
      </Show>
    </div>
  );
}

function Editor<T>(props: { kind: Kind<T>; thing: T | undefined; close: () => void; done: (told?: string) => void; reload: () => void }): JSX.Element {
  const office = useOffice();
  // Keyed by the thing: this editor lives and dies with it.
  const { kind, thing } = props;
  const before = kind.draft(thing);
  const [draft, setDraft] = createSignal<Draft>(before);
  const [failure, setFailure] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [asked, setAsked] = createSignal(false);
  const [sure, setSure] = createSignal(false);
  const fields = createMemo(() => kind.fields(thing).filter(({ when }) => !when || when(draft())));
  const unsaved = (): boolean => JSON.stringify(draft()) !== JSON.stringify(before);
  holdsUnsaved(unsaved);
  const mayWrite = kind.mayWrite(thing);
  const missing = ({ required, name }: Field): boolean => !!required && String(draft()[name] ?? '').trim() === '';

  async function save(event?: Event): Promise<void> {
    event?.preventDefault();
    setAsked(true);
    if (busy() || fields().some(missing)) return;
    setBusy(true);
    setFailure('');
    try {
      props.done(await kind.save(thing, draft()));
      office.toasts.say(t('saved'));
    } catch (thrown) {
      setFailure(inWords(thrown));
      setBusy(false);
    }
  }

  async function remove(): Promise<void> {
    setSure(false);
    if (thing && (await office.doing(() => kind.remove?.(thing) ?? Promise.resolve()))) props.done();
  }

  const title = (): string => (thing ? kind.name(thing) : t(kind.make ?? kind.title));
  return (
    <form
      class="editor"
      aria-label={title()}
      noValidate
      onSubmit={(event) => void save(event)}
      onKeyDown={(event) => {
        if ((event.ctrlKey || event.metaKey) && event.code === 'KeyS') void save(event);
        if (event.key === 'Escape' && !sure()) props.close();
      }}
    >
      <header class="admin-head">
        <h2 class="t16 b cut fx">
          <bdi>{title()}</bdi>
        </h2>
        <Show when={unsaved()}>
          <span class="t12 warn nw">{t('unsaved')}</span>
        </Show>
        <IconButton icon="x" label={t('close')} onClick={() => props.close()} />
      </header>
      <div class="editor-body">
        <Refused words={failure()} />
        <For each={fields()}>
          {(field, at) => <FieldInput field={field} draft={draft()} first={at() === 0} missing={asked() && missing(field)} disabled={!mayWrite} set={(value) => setDraft((all) => ({ ...all, [field.name]: value }))} />}
        </For>
        {thing && kind.more?.(thing, props.reload)}
      </div>
      <Show when={mayWrite}>
        <footer class="editor-deeds">
          <Show when={thing && kind.remove}>
            <button type="button" class="btn bare danger" onClick={() => setSure(true)}>
              <Icon name="bin" />
              {t('remove')}
            </button>
          </Show>
          <button type="button" class="btn bare end" onClick={() => (unsaved() ? setDraft(before) : props.close())}>
            {t(unsaved() ? 'discard_changes' : 'close')}
          </button>
          <button type="submit" class="btn pri" disabled={busy() || (!unsaved() && !!thing)}>
            {t('save')}
          </button>
        </footer>
      </Show>
      {kind.foot?.({ thing, draft })}
      <Modal open={sure()} close={() => setSure(false)} title={t('remove_sure', { name: title() })}>
        <p class="m2">{t('remove_hint')}</p>
        <div class="dialog-deeds">
          <button type="button" class="btn bare" onClick={() => setSure(false)}>
            {t('cancel')}
          </button>
          <button type="button" class="btn danger-fill" onClick={() => void remove()}>
            <bdi class="cut">{t('remove_it', { name: title() })}</bdi>
          </button>
        </div>
      </Modal>
    </form>
  );
}

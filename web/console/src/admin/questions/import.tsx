// Taking a CSV file in: choosing it, seeing line by line what it would do, and saving all of it at once.
import { createMemo, createSignal, For, Match, onMount, Show, Switch, type JSX } from 'solid-js';
import { asRefusal, inWords } from '../../refusal';
import { language, t, type Key } from '../../text/say';
import { holdsUnsaved, leaving } from '../../unsaved';
import { useOffice } from '../../view/desk-context';
import { Modal } from '../../view/modal';
import { Icon, IconButton, Refused } from '../../view/parts';
import { download } from '../download';
import { Nothing } from '../states';
import { decode, type Encoding } from './bytes';
import { nameOf, read, template, type Read } from './csv';
import { plan, type Plan } from './plan';
import type { Entry, Fate, Present } from './types';

const FILE_MOST_BYTES = 8 * 1024 * 1024;
const ROWS = 200;
const FATES: Fate[] = ['wrong', 'added', 'changed', 'removed', 'same'];
const TONES: Record<Fate, string> = { wrong: 'bad-tag', added: 'ok-tag', changed: '', removed: 'warn-tag', same: 'soft-tag' };

interface Opened extends Read {
  name: string;
  encoding: Encoding;
  /** The questions that the file is laid against. */
  present: Present[];
}

export default function Import(props: { close: () => void }): JSX.Element {
  const office = useOffice();
  const [opened, setOpened] = createSignal<Opened>();
  const [failure, setFailure] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [over, setOver] = createSignal(false);
  holdsUnsaved(() => !!opened());
  let chooser!: HTMLInputElement;

  async function open(file: File | undefined): Promise<void> {
    if (!file) return;
    setFailure('');
    setBusy(true);
    try {
      const next = await opening(file);
      if (typeof next === 'string') setFailure(next);
      else setOpened(next);
    } catch (thrown) {
      setFailure(inWords(thrown));
    }
    setBusy(false);
  }

  /** The file beside the questions that are there, or why it is none. */
  async function opening(file: File): Promise<Opened | string> {
    if (file.size > FILE_MOST_BYTES) return t('csv_too_large', { most: FILE_MOST_BYTES / 1024 / 1024 });
    const decoded = decode(new Uint8Array(await file.arrayBuffer()));
    if (!decoded) return t('csv_no_text');
    const found = read(decoded.text);
    if ('missing' in found) return t('csv_no_columns', { columns: found.missing.map((column) => nameOf(column, language())).join(language() === 'zh' ? '、' : ', ') });
    if (found.lines.length + found.wrong.length === 0) return t('csv_no_lines');
    return { ...found, name: file.name, encoding: decoded.encoding, present: await office.rest.all<Present>('/questions') };
  }

  return (
    <section class="table-side import" aria-label={t('csv_title')}>
      <header class="admin-head">
        <IconButton icon="left" label={t('questions')} onClick={() => leaving(props.close)} />
        <div class="fx">
          <h1 class="t18 b">{t('csv_title')}</h1>
          <p class="m t13">
            <Show when={opened()} fallback={t('csv_about')}>
              {(file) => <bdi>{t('csv_read_as', { name: file().name, encoding: file().encoding, n: file().lines.length + file().wrong.length })}</bdi>}
            </Show>
          </p>
        </div>
        <Show when={opened()}>
          <button type="button" class="btn" onClick={() => setOpened(undefined)}>
            {t('csv_another')}
          </button>
        </Show>
      </header>
      <Show when={failure()}>
        <p class="say bad pad" role="alert">
          <Icon name="alert" size="s" />
          <bdi>{failure()}</bdi>
        </p>
      </Show>
      <Show
        when={opened()}
        keyed
        fallback={
          <div
            class="drop"
            classList={{ over: over() }}
            onDragOver={(event) => (event.preventDefault(), setOver(true))}
            onDragLeave={() => setOver(false)}
            onDrop={(event) => {
              event.preventDefault();
              setOver(false);
              void open(event.dataTransfer?.files[0]);
            }}
          >
            <p class="b">{t('csv_drop')}</p>
            <p class="m t13">{t('csv_columns')}</p>
            <div class="drop-deeds">
              <button type="button" class="btn pri" disabled={busy()} ref={(button) => onMount(() => button.focus())} onClick={() => chooser.click()}>
                {t('csv_choose')}
              </button>
              <button type="button" class="btn" onClick={() => download(new Blob([template(language())], { type: 'text/csv;charset=utf-8' }), `${t('csv_template_name')}.csv`)}>
                <Icon name="download" />
                {t('csv_template')}
              </button>
            </div>
            <input
              ref={chooser}
              type="file"
              hidden
              accept=".csv,.txt,.tsv,text/csv,text/plain,text/tab-separated-values"
              aria-label={t('csv_choose')}
              onChange={(event) => {
                void open(event.currentTarget.files?.[0]);
                event.currentTarget.value = '';
              }}
            />
          </div>
        }
      >
        {(file) => <Preview file={file} refresh={setOpened} done={() => props.close()} />}
      </Show>
    </section>
  );
}

function Preview(props: { file: Opened; refresh: (file: Opened) => void; done: () => void }): JSX.Element {
  const office = useOffice();
  const [drop, setDrop] = createSignal(false);
  const [sure, setSure] = createSignal(false);
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal('');
  const [rows, setRows] = createSignal(ROWS);
  // Keyed by the file: this preview lives and dies with it.
  const { file } = props;
  const kept = plan(file.present, file.lines, file.wrong, false);
  const now = createMemo<Plan>(() => (drop() ? plan(file.present, file.lines, file.wrong, true) : kept));
  const [fate, setFate] = createSignal<Fate | ''>(kept.counts.wrong > 0 ? 'wrong' : '');
  const shown = createMemo<Entry[]>(() => now().entries.filter((entry) => !fate() || entry.fate === fate()));
  const fates = (): (Fate | '')[] => ['', ...FATES.filter((name) => now().counts[name] > 0)];
  const changes = (): number => now().counts.added + now().counts.changed + now().counts.removed;

  async function save(): Promise<void> {
    setSure(false);
    setBusy(true);
    setFailure('');
    try {
      const present = await office.rest.all<Present>('/questions');
      if (stamp(present) !== stamp(file.present)) {
        office.toasts.say(t('csv_moved'));
        return props.refresh({ ...file, present });
      }
      await office.rest.send('PUT', '/questions', { questions: now().topics });
      office.toasts.say(t('csv_done', { added: now().counts.added, changed: now().counts.changed }));
      props.done();
    } catch (thrown) {
      const { errcode, errmsg = '' } = asRefusal(thrown);
      setFailure(errcode === 4002 && /too large/.test(errmsg) ? t('csv_too_much') : inWords(thrown));
      setBusy(false);
    }
  }

  return (
    <>
      <div class="tabs4" role="tablist" aria-label={t('csv_fate')}>
        <For each={fates()}>
          {(name) => (
            <button type="button" role="tab" aria-selected={fate() === name} onClick={() => (setFate(name), setRows(ROWS))}>
              {t(name ? (`csv_${name}` as Key) : 'tab_every')}
              <span>{name ? now().counts[name] : now().entries.length}</span>
            </button>
          )}
        </For>
      </div>
      <div class="table-box">
        <Switch>
          <Match when={shown().length === 0}>
            <Nothing fact={t('csv_nothing')} />
          </Match>
          <Match when={true}>
            <table class="table still">
              <thead>
                <tr>
                  <th class="num">{t('csv_line')}</th>
                  <th>{t('csv_fate')}</th>
                  <th>{t('questions_title')}</th>
                  <th>{t('questions_question')}</th>
                  <th>{t('csv_what')}</th>
                </tr>
              </thead>
              <tbody>
                <For each={shown().slice(0, rows())}>
                  {(entry) => (
                    <tr>
                      <td class="num" data-title={t('csv_line')}>{entry.number ?? '–'}</td>
                      <td>
                        <span class={`tag ${TONES[entry.fate]}`}>{t(`csv_${entry.fate}` as Key)}</span>
                      </td>
                      <td>
                        <bdi class="one-line">{entry.topic || '–'}</bdi>
                      </td>
                      <td>
                        <bdi class="one-line" title={entry.question}>
                          {entry.question || '–'}
                        </bdi>
                      </td>
                      <td class="wide" classList={{ soft: entry.fate !== 'wrong', bad: entry.fate === 'wrong' }}>
                        <bdi class="one-line" title={words(entry)}>
                          {words(entry)}
                        </bdi>
                      </td>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
            <Show when={shown().length > rows()}>
              <button type="button" class="btn sm pad" onClick={() => setRows((n) => n + ROWS)}>
                {t('csv_more', { n: shown().length - rows() })}
              </button>
            </Show>
          </Match>
        </Switch>
      </div>
      <footer class="import-foot">
        <Refused words={failure()} />
        <Show when={file.present.length > 0}>
          <label class="check">
            <input type="checkbox" role="switch" class="sw" checked={drop()} disabled={kept.counts.wrong > 0} onChange={(event) => (setDrop(event.currentTarget.checked), setFate(''))} />
            <span>
              {t('csv_drop_others')}
              <span class="m t12">{t(kept.counts.wrong > 0 ? 'csv_drop_after' : 'csv_drop_hint')}</span>
            </span>
          </label>
        </Show>
        <span class="end m t13" role="status">
          {now().counts.wrong > 0 ? t('csv_left_out', { n: now().counts.wrong }) : ''}
        </span>
        <button type="button" class="btn pri" disabled={busy() || changes() === 0} onClick={() => (now().counts.removed > 0 ? setSure(true) : void save())}>
          {changes() === 0 ? t('csv_no_changes') : t('csv_save', { n: changes() })}
        </button>
      </footer>
      <Modal open={sure()} close={() => setSure(false)} title={t('csv_sure', { n: now().counts.removed })}>
        <p class="m2">{t('remove_hint')}</p>
        <div class="dialog-deeds">
          <button type="button" class="btn bare" onClick={() => setSure(false)}>
            {t('cancel')}
          </button>
          <button type="button" class="btn danger-fill" onClick={() => void save()}>
            {t('csv_drop_save', { n: now().counts.removed })}
          </button>
        </div>
      </Modal>
    </>
  );
}

/** What there is to know of the line: why it is wrong, what changes, or the answer that is new. */
function words({ fate, why, answer }: Entry): string {
  const reason = why ? t(why.key, why.values) : '';
  if (fate === 'wrong' || fate === 'changed') return reason;
  return [reason, answer].filter(Boolean).join(' · ');
}

/** Says which questions these are, and which version of each. */
function stamp(present: Present[]): string {
  return JSON.stringify(present.map(({ id, changed }) => [id, changed]));
}

// Where one writes: a reply or a note, kept as a draft for each room; canned replies behind a slash; pictures and files.
import type { Message } from 'nodechat';
import { createEffect, createMemo, createSignal, Match, on, onCleanup, onMount, Show, Switch, untrack, type JSX } from 'solid-js';
import { LIMITS_BYTES, PICTURES, sizeInWords } from '../../../start/src/demo/file';
import { textOf } from '../desk/desk';
import type { Room } from '../desk/room';
import type { CannedReply, Row } from '../desk/wire';
import { joined } from '../desk/writing';
import { keysOf } from '../keyboard';
import { filled, fitting, slashed } from '../log/canned';
import { takeLast } from '../log/recalled';
import { t } from '../text/say';
import { Canned } from './canned';
import { useDesk } from './desk-context';
import { Icon, IconButton } from './parts';

/** Of a message and of a note. */
const MOST_CHARACTERS = 10_000;
const MOST_LINES = 6;
const LINE_PX = 22;
/** A sign of typing travels once a second at most. */
const TYPING_MS = 1_500;

export function Composer(props: { room: Room; row: Row | undefined }): JSX.Element {
  const { desk, shown } = useDesk();
  // Keyed by the room: this view lives and dies with it.
  const { room } = props;
  const { writing } = room;
  writing.reopen();
  const text = (): string => writing.draft[0]().text;
  const note = (): string => writing.draft[0]().note;
  const setText = (text: string): void => writing.write({ text });
  const [chosen, setChosen] = createSignal(0);
  const [shut, setShut] = createSignal(false);
  const [dragging, setDragging] = createSignal(false);
  let box!: HTMLTextAreaElement;
  let pictures!: HTMLInputElement;
  let files!: HTMLInputElement;
  let typedAt = 0;
  let gone = false;
  onCleanup(() => (gone = true));

  const me = desk.session.aid;
  // A memo, because the row changes with every message and measuring the box for each of them is dear.
  const state = createMemo((): 'free' | 'waiting' | 'other' => {
    const { row } = props;
    if (row?.status === 'waiting') return 'waiting';
    if (row?.status === 'serving' && row.csid !== me && !row.offered) return 'other';
    return 'free';
  });
  const mode = (): 'reply' | 'note' => (state() === 'free' ? shown.mode[0]() : 'note');
  /** While somebody else has the visitor, the box is there only for a note that was asked for. */
  const open = (): boolean => state() === 'free' || shown.mode[0]() === 'note';
  const value = (): string => (mode() === 'note' ? note() : text());
  const setValue = (next: string): void => (mode() === 'note' ? writing.write({ note: next }) : setText(next));
  // What is within it in units of UTF-16 is within it in characters: the usual case is not counted.
  const tooLong = (): number | undefined => {
    const n = value().length > MOST_CHARACTERS ? Array.from(value()).length : 0;
    return n > MOST_CHARACTERS ? n : undefined;
  };
  const mayGo = (): boolean => value().trim() !== '' && !tooLong() && (mode() === 'reply' || writing.draft[0]().saving === '');

  createEffect(on(shown.focusComposer[0], () => queueMicrotask(() => box?.focus()), { defer: true }));
  createEffect(on(shown.chooseFile[0], () => files?.click(), { defer: true }));
  createEffect(
    on(
      shown.written[0],
      (written) => {
        if (!written) return;
        setText(joined(untrack(text), written));
        shown.written[1]('');
      },
      { defer: true },
    ),
  );
  createEffect(() => {
    value();
    if (!open() || !box) return;
    box.style.height = 'auto';
    box.style.height = `${Math.min(box.scrollHeight, MOST_LINES * LINE_PX + 8)}px`;
  });
  onMount(() => untrack(() => matchMedia('(pointer: fine)').matches && box?.focus()));

  const sought = createMemo(() => (mode() === 'reply' && !shut() ? slashed(text()) : null));
  const found = createMemo<CannedReply[]>(() => (sought() === null ? [] : fitting(desk.directory.replies[0](), sought() ?? '')));
  createEffect(on(sought, () => setChosen(0)));
  const names = (): Record<string, string> => ({ visitor: props.row?.topic ?? '', agent: desk.nick(), company: desk.directory.company[0]()?.name ?? '' });
  const say = (reply: CannedReply): string => filled(reply.text, names()).map((part) => part.text).join('');
  const quoted = createMemo(() => {
    const isIt = ({ id }: Message): boolean => id === shown.quote[0]();
    return room.seen().find(isIt) ?? room.messages[0]().find(isIt);
  });

  function fill(reply: CannedReply, at: 'box' | 'visitor'): void {
    if (at === 'box') setText(say(reply));
    else {
      send(say(reply));
      setText('');
    }
    box.focus();
  }

  function send(what: string): void {
    const quote = shown.quote[0]();
    room.say({ type: 'text', msg: what, ...(quote && quoted() && { quote }) });
    shown.quote[1](undefined);
  }

  async function submit(): Promise<void> {
    if (!mayGo()) return;
    if (mode() === 'reply') {
      send(text());
      return setText('');
    }
    const saved = await writing.save((note) => desk.note(room.roomid, note));
    // By now another room may be open, or the next note begun.
    if (gone) return;
    if (saved && note() === '' && state() === 'free') shown.mode[1]('reply');
    box?.focus();
  }

  async function takeOver(row: Row): Promise<void> {
    if ((await desk.takeOver(row)) && !gone && note() === '') shown.mode[1]('reply');
  }

  function pressed(event: KeyboardEvent): void {
    // An input method's Enter chooses a word; Safari says so by the code alone.
    if (event.isComposing || event.keyCode === 229 || event.altKey) return;
    const replies = found();
    if (sought() !== null && event.key === 'Escape') return stop(event, () => setShut(true));
    if (sought() !== null && replies.length > 0) {
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (step !== 0) return stop(event, () => setChosen((at) => (at + step + replies.length) % replies.length));
      const reply = replies[chosen()];
      if (event.key === 'Enter' && reply) return stop(event, () => fill(reply, event.ctrlKey || event.metaKey ? 'visitor' : 'box'));
    }
    if (event.key === 'Escape') {
      if (shown.quote[0]()) return stop(event, () => shown.quote[1](undefined));
      return stop(event, () => box.blur());
    }
    if (event.key === 'ArrowUp' && value() === '' && !event.shiftKey && !event.ctrlKey && !event.metaKey) return stop(event, back);
    if (event.key === 'Enter' && !event.shiftKey) return stop(event, () => void submit());
  }

  /** What was just recalled, to be written again; else to the messages. */
  function back(): void {
    const recalled = mode() === 'reply' ? takeLast(room.roomid) : undefined;
    if (recalled) shown.write(recalled);
    else shown.selectMessage[1]((n) => n + 1);
  }

  function typed(): void {
    setShut(false);
    setValue(box.value);
    if (mode() !== 'reply' || box.value === '' || state() !== 'free' || props.row?.status !== 'serving') return;
    const now = Date.now();
    if (now - typedAt < TYPING_MS) return;
    typedAt = now;
    desk.nodechat.emit('typing', { roomid: room.roomid });
  }

  function add(list: Iterable<File>): void {
    for (const file of list) {
      const kind = PICTURES.includes(file.type) && file.size <= LIMITS_BYTES.image ? 'image' : 'file';
      if (file.size === 0) desk.toasts.say(`${file.name}: ${t('refused_empty_file')}`);
      else if (file.size > LIMITS_BYTES[kind]) desk.toasts.say(`${file.name}: ${t('refused_too_large', { size: sizeInWords(file.size), limit: sizeInWords(LIMITS_BYTES[kind]) })}`);
      else room.upload(file, kind);
    }
  }

  const takesFiles = (): boolean => mode() === 'reply' && state() === 'free';

  return (
    <div class="cmpbox" data-region="composer">
      <Switch>
        <Match when={state() === 'waiting'}>
          <p class="instead">
            <span class="fx">{t('in_queue')}</span>
            <NoteButton />
            <button type="button" class="btn pri sm" onClick={() => props.row && void shown.take(props.row)}>
              {t('take')}
            </button>
          </p>
        </Match>
        <Match when={state() === 'other'}>
          <p class="instead">
            <span class="fx">
              <bdi>{t('served_by_other', { who: desk.directory.nick(props.row?.csid ?? '') })}</bdi>
            </span>
            <NoteButton />
            <Show when={desk.may('supervisor')}>
              <button type="button" class="btn sm" onClick={() => props.row && void takeOver(props.row)}>
                {t('take_over')}
              </button>
            </Show>
          </p>
        </Match>
        <Match when={props.row?.status === 'closed' && mode() === 'reply'}>
          <p class="hint ended">{t('ended_state')}</p>
        </Match>
      </Switch>
      <Show when={open()}>
        <div
          class="cmp"
          classList={{ 'is-note': mode() === 'note', 'is-drag': dragging() }}
          onDragOver={(event) => takesFiles() && event.dataTransfer?.types.includes('Files') && (event.preventDefault(), setDragging(true))}
          onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && setDragging(false)}
          onDrop={(event) => {
            setDragging(false);
            if (!takesFiles() || !event.dataTransfer) return;
            event.preventDefault();
            add(event.dataTransfer.files);
          }}
        >
          <Show when={sought() !== null}>
            <Canned replies={found()} chosen={chosen()} names={names()} choose={(reply) => fill(reply, 'box')} hover={setChosen} />
          </Show>
          <div class="modes" role="tablist" aria-label={t('composer')}>
            <Show when={state() === 'free'}>
              <button type="button" role="tab" aria-selected={mode() === 'reply'} title={keysOf('mode')} onClick={() => (shown.mode[1]('reply'), box.focus())}>
                {t('mode_reply')}
              </button>
            </Show>
            <button type="button" role="tab" aria-selected={mode() === 'note'} title={keysOf('mode')} onClick={() => (shown.mode[1]('note'), box.focus())}>
              {t('mode_note')}
            </button>
          </div>
          <Show when={mode() === 'reply' && quoted()}>
            {(message) => (
              <div class="quoting">
                <span class="qt cut">
                  <bdi>
                    {message().nick}: {textOf(message())}
                  </bdi>
                </span>
                <IconButton icon="x" class="sm" label={t('quote_off')} onClick={() => shown.quote[1](undefined)} />
              </div>
            )}
          </Show>
          <textarea
            ref={box}
            rows={1}
            dir="auto"
            data-first
            aria-label={t(mode() === 'note' ? 'mode_note' : 'mode_reply')}
            aria-controls={sought() === null ? undefined : 'canned'}
            aria-activedescendant={sought() !== null && found().length > 0 ? `canned-${chosen()}` : undefined}
            placeholder={dragging() ? t('drop_here') : t(mode() === 'note' ? 'write_note' : 'write_reply')}
            value={value()}
            onInput={typed}
            onKeyDown={pressed}
            onPaste={(event) => {
              const pasted = event.clipboardData?.files;
              if (!takesFiles() || !pasted || pasted.length === 0) return;
              event.preventDefault();
              add(pasted);
            }}
          />
          <div class="tools">
            <Show
              when={mode() === 'reply'}
              fallback={
                <span class="t12 only">
                  <Icon name="lock" size="xs" />
                  {t('note_only')}
                </span>
              }
            >
              <IconButton icon="image" label={t('add_image')} onClick={() => pictures.click()} />
              <IconButton icon="clip" label={t('add_file')} keys={keysOf('file')} onClick={() => files.click()} />
              <IconButton icon="bolt" label={t('canned')} keys="/" onClick={() => (setShut(false), text() === '' && setText('/'), box.focus())} disabled={text() !== '' && sought() === null} />
            </Show>
            <Show when={tooLong()} fallback={<span class="end t12 m how">{t('new_line_hint')}</span>}>
              {(n) => (
                <span class="end t12 bad" role="alert">
                  {t('too_long', { n: n(), limit: MOST_CHARACTERS })}
                </span>
              )}
            </Show>
            <button type="button" class="btn send" classList={{ pri: mode() === 'reply', 'pri-note': mode() === 'note' }} disabled={!mayGo()} onClick={() => void submit()}>
              {t(mode() === 'note' ? 'save_note' : 'send')}
              <kbd>Enter</kbd>
            </button>
          </div>
          <input ref={pictures} type="file" hidden multiple accept={PICTURES.join(',')} data-kind="image" onChange={({ currentTarget }) => (add(currentTarget.files ?? []), (currentTarget.value = ''))} />
          <input ref={files} type="file" hidden multiple data-kind="file" onChange={({ currentTarget }) => (add(currentTarget.files ?? []), (currentTarget.value = ''))} />
        </div>
      </Show>
    </div>
  );
}

function NoteButton(): JSX.Element {
  const { shown } = useDesk();
  return (
    <button type="button" class="btn bare sm" aria-pressed={shown.mode[0]() === 'note'} onClick={() => shown.mode[1]((mode) => (mode === 'note' ? 'reply' : 'note'))}>
      {t('write_a_note')}
    </button>
  );
}

function stop(event: Event, then: () => void): void {
  event.preventDefault();
  event.stopPropagation();
  then();
}

// One line of the log: a day, the line before what is new, the folded part of the bot, a note, a message, one on its way.
import { createSignal, Match, onCleanup, Show, Switch, type JSX } from 'solid-js';
import type { Message } from 'nodechat';
import { sizeInWords } from '../../../start/src/demo/file';
import { textOf } from '../desk/desk';
import type { Pending, Room } from '../desk/room';
import { forget, recalledText, remember, WRITE_AGAIN_MS } from '../log/recalled';
import type { LogRow, Quoted } from '../log/rows';
import { inWords, isHopeless } from '../refusal';
import { t } from '../text/say';
import { clockOf, dayOf } from '../times';
import { Body } from './body';
import { useDesk } from './desk-context';
import { Face, Icon, IconButton } from './parts';
import type { Selecting } from './select';

export interface LogDeeds {
  room: Room;
  /** Whether the bot's part that begins at this position is unfolded. */
  botOpen(at: number): boolean;
  toggleBot(at: number): void;
  /** Id of the message that is tinted for a moment. */
  lit(): string;
  selecting: Selecting;
  show(path: string): void;
  goTo(id: string): void;
  quote(id: string): void;
}

export function LogLine(props: { row: LogRow; deeds: LogDeeds }): JSX.Element {
  // A row is another object whenever anything in it is another.
  const { row, deeds } = props;
  switch (row.kind) {
    case 'day':
      return <p class="day">{dayOf(row.time, Date.now())}</p>;
    case 'new':
      return <p class="new">{t('new_line')}</p>;
    case 'bot':
      return (
        <div class="bots">
          <Icon name="bot" size="s" />
          <span class="fx cut">
            <bdi>{t('bot_part', { n: row.count, first: row.first })}</bdi>
          </span>
          <button type="button" class="btn bare sm" aria-expanded={deeds.botOpen(row.at)} onClick={() => deeds.toggleBot(row.at)}>
            {t(deeds.botOpen(row.at) ? 'fold' : 'unfold')}
          </button>
        </div>
      );
    case 'note':
      return (
        <div class="msg in">
          <Face who="cs" name={row.note.nick} />
          <div class="col">
            <div class="ln">
              <div class="note">
                <p class="nh">
                  <Icon name="lock" size="xs" />
                  <bdi class="b">{row.note.nick}</bdi>
                  {t('note_head')}
                </p>
                <p dir="auto" class="words">
                  {row.note.msg}
                </p>
              </div>
              <span class="meta">{clockOf(row.note.time)}</span>
            </div>
          </div>
        </div>
      );
    case 'message':
      return <Said row={row} deeds={deeds} />;
    case 'pending':
      return <OnItsWay pending={row.pending} head={row.head} quoted={row.quoted} deeds={deeds} />;
  }
}

function Said(props: { row: LogRow & { kind: 'message' }; deeds: LogDeeds }): JSX.Element {
  const { desk } = useDesk();
  const { message, from, head, tail, read, quoted } = props.row;
  const { selecting } = props.deeds;
  const out = from === 'own' || from === 'colleague';
  const face = (): JSX.Element =>
    from === 'visitor' ? <Face who="user" name={message.nick} aid={message.aid} /> : from === 'bot' ? <Face who="company" name={message.nick} /> : from === 'colleague' ? <Face who="cs" name={message.nick} /> : null;
  const gone = message.mtype === 'recalled';
  async function recall(): Promise<void> {
    // Before it is asked for: the line is drawn anew by the event, which comes before the answer.
    if (message.mtype === 'text') remember(props.deeds.room.roomid, message.id, String(message.msg));
    if (!(await desk.recall(props.deeds.room.roomid, message.id))) forget(message.id);
  }
  return (
    <div
      class={`msg ${out ? 'out' : 'in'} ${from}`}
      classList={{ cont: !head, lit: props.deeds.lit() === message.id }}
      data-id={message.id}
      data-message
      role="article"
      aria-label={`${message.nick}, ${clockOf(message.time)}: ${textOf(message)}`}
      // Never nothing: it is given the focus before it is known to be the selected one.
      tabindex={selecting.selected() === message.id ? 0 : -1}
      ref={(element) => void selecting.drawn(message.id, element)}
    >
      {face()}
      <div class="col">
        <Show when={head && from === 'colleague'}>
          <bdi class="who">{message.nick}</bdi>
        </Show>
        <div class="ln">
          <Body message={message} quoted={<Quote of={quoted} deeds={props.deeds} />} show={props.deeds.show} own={from === 'own'} />
          <Show when={tail || read}>
            <span class="meta">
              <Show when={tail}>{clockOf(message.time)}</Show>
              <Show when={from === 'bot'}>
                <Icon name="bot" size="xs" />
              </Show>
              <Show when={out && read} fallback={<Show when={out && tail && from === 'own'}><Icon name="check" size="xs" /></Show>}>
                <Icon name="checks" size="xs" />
                {t('read')}
              </Show>
            </span>
          </Show>
          <Show when={!gone}>
            <span class="deeds">
              <IconButton icon="quote" class="sm do-quote" label={t('quote')} onClick={() => props.deeds.quote(message.id)} />
              <Show when={message.mtype === 'text'}>
                <IconButton icon="copy" class="sm do-copy" label={t('copy')} onClick={() => void copy(String(message.msg), (said) => desk.toasts.say(said))} />
              </Show>
              <Show when={from === 'own'}>
                <IconButton icon="back" class="sm do-recall" label={t('recall')} onClick={() => void recall()} />
              </Show>
            </span>
          </Show>
          <Show when={gone && from === 'own' && recalledText(message.id)}>
            {(text) => <WriteAgain text={text()} roomid={props.deeds.room.roomid} />}
          </Show>
        </div>
      </div>
    </div>
  );
}

function WriteAgain(props: { text: string; roomid: string }): JSX.Element {
  const { shown } = useDesk();
  const [there, setThere] = createSignal(true);
  const timer = window.setTimeout(() => setThere(false), WRITE_AGAIN_MS);
  onCleanup(() => window.clearTimeout(timer));
  return (
    <Show when={there()}>
      <button type="button" class="link t12 m2" onClick={() => shown.write(props.text)}>
        {t('write_again')}
      </button>
    </Show>
  );
}

function OnItsWay(props: { pending: Pending; head: boolean; quoted: Quoted | undefined; deeds: LogDeeds }): JSX.Element {
  const { desk } = useDesk();
  const { pending } = props;
  const [late, setLate] = createSignal(false);
  const timer = window.setTimeout(() => setLate(true), 300);
  onCleanup(() => window.clearTimeout(timer));
  const away = (): boolean => desk.line[0]() !== 'up';
  const message = { id: pending.id, mtype: pending.type, msg: pending.msg, nick: desk.nick() } as Message;
  return (
    <div class="msg out own" classList={{ cont: !props.head, 'is-failed': pending.state === 'failed', 'is-uploading': pending.state === 'uploading' }} data-id={pending.id}>
      <div class="col">
        <div class="ln">
          <Body message={message} upload={pending.upload} quoted={<Quote of={props.quoted} deeds={props.deeds} />} show={props.deeds.show} own />
          <Switch>
            <Match when={pending.state === 'failed'}>
              <span class="meta bad">
                <span class="words">{t('not_sent', { reason: inWords(pending.refusal) })}</span>
                <Show when={!isHopeless(pending.refusal)}>
                  <button type="button" class="link" onClick={() => props.deeds.room.again(pending.id)}>
                    {t('send_again')}
                  </button>
                </Show>
                <button type="button" class="link" onClick={() => props.deeds.room.discard(pending.id)}>
                  {t('discard')}
                </button>
              </span>
            </Match>
            <Match when={pending.state === 'uploading'}>
              <span class="meta">
                <Show when={away()} fallback={`${sizeInWords((pending.upload?.file.size ?? 0) * (pending.upload?.done ?? 0))} / ${sizeInWords(pending.upload?.file.size ?? 0)}`}>
                  <Icon name="clock" size="xs" />
                  {t('waits_for_network')}
                </Show>
                <IconButton icon="x" class="sm" label={t('cancel')} onClick={() => props.deeds.room.discard(pending.id)} />
              </span>
            </Match>
            <Match when={away()}>
              <span class="meta">
                <Icon name="clock" size="xs" />
                {t('waits_for_network')}
              </span>
            </Match>
            <Match when={late()}>
              <span class="meta">
                <Icon name="clock" size="xs" />
                {t('sending')}
              </span>
            </Match>
          </Switch>
        </div>
      </div>
    </div>
  );
}

function Quote(props: { of: Quoted | undefined; deeds: LogDeeds }): JSX.Element {
  return (
    <Show when={props.of}>
      {(of) => (
        <button type="button" class="qt cut" onClick={() => props.deeds.goTo(of().id)}>
          <bdi>{of().message ? (of().message?.mtype === 'recalled' ? t('quote_recalled') : `${of().message?.nick}: ${textOf(of().message as Message)}`) : t('quote_gone')}</bdi>
        </button>
      )}
    </Show>
  );
}

async function copy(text: string, say: (said: string) => void): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(t('copied'));
  } catch {
    say(t('copy_failed')); // no clipboard on plain http beyond localhost
  }
}

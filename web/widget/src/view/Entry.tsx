// One thing in the log: a message with its bubble, time and mark, a card, or a sentence in the middle.
import { createMemo, Show } from 'solid-js';
import { clock } from '../../../start/src/demo/times';
import type { Row } from '../rows';
import { locale, t } from '../text/say';
import { Words } from './Words';
import { Face, Icon } from './Icon';
import type { LogProps } from './Log';

interface EntryProps {
  row: Extract<Row, { kind: 'item' }>;
  log: LogProps;
}

export function Entry(props: EntryProps) {
  const item = () => props.row.item;
  const said = createMemo(item, undefined, { equals: (a, b) => a.msg === b.msg && a.mtype === b.mtype && a.upload === b.upload });
  // Made anew only when it says something else: a picture or a playing voice outlives its marks.
  const content = createMemo(() => {
    const item = said();
    if (item.mtype !== 'text') return props.log.parts()?.Body({ item, log: props.log });
    return (
      <div class="bub">
        {item.quote && props.log.parts()?.Quoted({ id: item.quote, log: props.log })}
        <Words text={String(item.msg)} />
      </div>
    );
  });
  const own = () => item().side === 'user';
  const name = () => (item().side === 'company' ? (props.log.chat.room()?.topic ?? item().nick) : item().nick);
  return (
    <Show
      when={item().side !== 'line'}
      fallback={
        <p class="sys">
          <span>{clock(item().time, locale())}</span> <span>{item().msg}</span>
        </p>
      }
    >
      <div class={`msg ${own() ? 'out' : 'in'} is-${item().state} ${props.row.first ? '' : 'cont'} ${item().order < Infinity ? '' : 'is-rising'}`} data-id={item().id}>
        <Show when={!own()}>
          <Face company={item().side === 'company'} name={name()} />
        </Show>
        <div class="col">
          <Show when={props.row.first}>
            <bdi class="sr">{own() ? t('you') : name()}</bdi>
          </Show>
          <div class="ln">
            {content()}
            {props.log.parts()?.Actions({ item, log: props.log })}
            {meta(props)}
          </div>
        </div>
      </div>
    </Show>
  );
}

function meta({ row: { item, mark, last }, log: { chat, parts } }: EntryProps) {
  const time = last && item.order < Infinity && clock(item.time, locale());
  switch (mark) {
    case 'failed':
      return parts()?.Failed({ item, chat });
    case undefined:
      return time && <p class="meta">{time}</p>;
    default:
      return (
        <p class={`meta ${mark === 'sending' ? 'is-late' : ''}`}>
          <Icon name={MARKS[mark]} size="xs" />
          {t(mark === 'uploading' ? 'sending' : mark)} {time}
        </p>
      );
  }
}

const MARKS = { sending: 'clock', waiting: 'clock', uploading: 'clock', sent: 'check', read: 'checks' };

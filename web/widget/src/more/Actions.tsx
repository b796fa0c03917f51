// What can be done with a message: quote it, copy it, take it back. Shown under the pointer, with the focus, or
// after a touch.
import { createSignal, onCleanup, Show, type Accessor } from 'solid-js';
import type { Item } from '../items';
import { t } from '../text/say';
import type { LogProps } from '../view/Log';
import { Icon } from '../view/Icon';
import { Helped } from './Helped';
import { RECALL_MS, takeBack } from './recall';

export function Actions(props: { item: Accessor<Item>; log: LogProps }) {
  const { item, log } = props;
  const said = () => item().state === 'sent' && Number.isInteger(item().order) && item().mtype !== 'recalled';
  const [young, setYoung] = createSignal(Date.now() - item().time < RECALL_MS);
  const timer = setTimeout(() => setYoung(false), Math.max(0, item().time + RECALL_MS - Date.now()));
  onCleanup(() => clearTimeout(timer));
  const copy = () => navigator.clipboard?.writeText(String(item().msg)).catch(() => undefined); // refused: the words can still be selected
  return (
    <>
    <Show when={said()}>
      <div class="acts">
        <Act icon="reply" words={t('quote')} act={() => log.quote(item())} />
        <Show when={item().mtype === 'text' && navigator.clipboard}>
          <Act icon="copy" words={t('copy')} act={copy} />
        </Show>
        <Show when={item().side === 'user' && young()}>
          <Act icon="retry" words={t('take_back')} act={() => takeBack(log.chat, item())} />
        </Show>
      </div>
    </Show>
    {item().side === 'company' && item().mtype === 'text' && <Helped item={item()} chat={log.chat} />}
    </>
  );
}

function Act(props: { icon: string; words: string; act(): void }) {
  return (
    <button class="ib sm" type="button" aria-label={props.words} title={props.words} onClick={() => props.act()}>
      <Icon name={props.icon} size="s" />
    </button>
  );
}

// How many wait and for how long, above one's own rooms. It may stand there a while after the last has gone, because rows would move up.
import { Show, type JSX } from 'solid-js';
import { urgency } from '../desk/order';
import { keysOf } from '../keyboard';
import { t } from '../text/say';
import { stopwatch } from '../times';
import { useDesk } from './desk-context';

export function QueueStrip(props: { now: number }): JSX.Element {
  const { desk, shown } = useDesk();
  const { waiting, waitingCount } = desk.lists;
  const nobody = (): boolean => waiting[0]().length === 0;
  const longest = (): number => props.now - Math.min(...waiting[0]().map(({ begun, lsttime }) => begun ?? lsttime));
  return (
    <div class="wait">
      <div class="fx">
        <p class="t13 b">{t('queue_count', { n: waitingCount[0]() })}</p>
        {/* Its line is kept, or the strip would be lower. */}
        <Show when={!nobody()} fallback={<p class="t12">&nbsp;</p>}>
          <p class={`t12 ${urgency(longest()) || 'm'}`}>{t('queue_longest', { time: stopwatch(longest()) })}</p>
        </Show>
      </div>
      {/* Not `disabled`: that would take the focus from it without a word. */}
      <button type="button" class="btn sm" aria-disabled={nobody()} onClick={() => void shown.takeNext()}>
        {t('take_next')}
        <kbd>{keysOf('take')}</kbd>
      </button>
    </div>
  );
}

// One square for each seat, filled where it is taken; more than one can count at a glance are said in figures.
import { For, Show, type JSX } from 'solid-js';
import { t } from '../../text/say';

const MOST = 24;

export function Seats(props: { all: number; free: number }): JSX.Element {
  const taken = (): number => props.all - props.free;
  return (
    <Show when={props.all > 0 && props.all <= MOST} fallback={<span class="nw">{props.all > 0 ? `${taken()} / ${props.all}` : '–'}</span>}>
      <span class="seats" role="img" aria-label={t('board_taken', { n: taken(), all: props.all })} title={t('board_taken', { n: taken(), all: props.all })}>
        <For each={Array.from({ length: props.all }, (_, at) => at < taken())}>{(isTaken) => <i classList={{ taken: isTaken }} />}</For>
      </span>
    </Show>
  );
}

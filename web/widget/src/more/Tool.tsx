// A button among the composer's tools.
import { Icon } from '../view/Icon';

/** `expanded`: of a button that opens something. */
export function Tool(props: { icon: string; words: string; use(): void; expanded?: boolean }) {
  return (
    <button class="ib tool" type="button" aria-label={props.words} title={props.words} aria-expanded={props.expanded} onClick={() => props.use()}>
      <Icon name={props.icon} />
    </button>
  );
}

// A link to another place of the console: followed here, or in a tab of its own.
import type { JSX } from 'solid-js';
import { addressOf, goTo, type Place } from '../place';

export function Link(props: { to: Partial<Place> & { section: string }; class?: string; title?: string; current?: boolean; children: JSX.Element }): JSX.Element {
  return (
    <a
      href={addressOf({ of: '', page: '', room: '', ...props.to })}
      class={props.class}
      title={props.title}
      aria-current={props.current ? 'page' : undefined}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        goTo(props.to);
      }}
    >
      {props.children}
    </a>
  );
}

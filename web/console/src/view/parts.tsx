// Small parts that every view uses: icons, faces, names.
import { Show, type JSX } from 'solid-js';
import { initial, tint } from '../../../start/src/view/face';

/** An icon of the sprites; `size` is a class: nothing 20 px, `s` 16, `xs` 14, `lg` 24. */
export function Icon(props: { name: string; size?: string }): JSX.Element {
  return (
    <svg class={`i ${props.size ?? ''}`} aria-hidden="true">
      <use href={`#i-${props.name}`} />
    </svg>
  );
}

/** A circle is a visitor, a rounded square is staff, a square with one sharp corner is the company. */
export function Face(props: { who: 'user' | 'cs' | 'company'; name: string; aid?: string; size?: string; dot?: string | undefined }): JSX.Element {
  const shape = (): string => (props.who === 'user' ? tint(props.aid ?? props.name) : props.who === 'cs' ? 'cs' : 'co');
  return (
    <span class={`av ${shape()} ${props.size ?? ''}`} aria-hidden="true">
      {initial(props.name)}
      <Show when={props.dot}>
        <i class={`dot ${props.dot}`} />
      </Show>
    </span>
  );
}

export function IconButton(props: { icon: string; label: string; keys?: string; class?: string; pressed?: boolean; disabled?: boolean; onClick: (event: MouseEvent) => void }): JSX.Element {
  return (
    <button
      type="button"
      class={`ib ${props.class ?? ''}`}
      aria-label={props.label}
      title={props.keys ? `${props.label} (${props.keys})` : props.label}
      aria-pressed={props.pressed}
      disabled={props.disabled}
      onClick={(event) => props.onClick(event)}
    >
      <Icon name={props.icon} />
    </button>
  );
}

/** Why something was not taken, in words; nothing while there are none. */
export function Refused(props: { words: string }): JSX.Element {
  return (
    <Show when={props.words}>
      <p class="say bad" role="alert">
        <Icon name="alert" size="s" />
        {props.words}
      </p>
    </Show>
  );
}

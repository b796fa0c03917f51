// An icon of the sprite in the page, and the faces of those who speak.
import { createSignal, Show } from 'solid-js';

/** Address of the company's logo, once it is known to be there. */
export const [logo, setLogo] = createSignal('');

/** `size`: nothing for 20 px, `s` 16, `xs` 14. */
export function Icon(props: { name: string; size?: 's' | 'xs' }) {
  return (
    <svg class={`i ${props.size ?? ''}`} aria-hidden="true">
      <use href={`#i-${props.name}`} />
    </svg>
  );
}

/** Faces: a rounded square is staff, a square with one sharp corner is the company itself. */
export function Face(props: { company: boolean; name: string }) {
  return (
    <span class={props.company ? 'av co' : 'av cs'} aria-hidden="true">
      <Show when={props.company && logo()} fallback={initial(props.name)}>
        <img src={logo()} alt="" />
      </Show>
    </span>
  );
}

/** The first letter that a person would name, whatever the script. */
function initial(name: string): string {
  const text = name.trim();
  const { Segmenter } = Intl;
  // Old WebViews know no segments; there a letter is a code point.
  const [letter] = Segmenter ? Array.from(new Segmenter().segment(text), ({ segment }) => segment) : Array.from(text);
  return letter?.toUpperCase() ?? '?';
}

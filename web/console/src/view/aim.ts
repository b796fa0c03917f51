// Whether somebody aims at a part of the page: the mouse is in it, or something in it has the focus.
import { createSignal, type Accessor } from 'solid-js';

/** `at`: the ref of that part. */
export function createAim(): { aiming: Accessor<boolean>; at: (part: HTMLElement) => void } {
  const [aiming, setAiming] = createSignal(false);
  const at = (part: HTMLElement): void => {
    part.addEventListener('pointerenter', ({ pointerType }) => pointerType === 'mouse' && setAiming(true));
    // A button that was clicked has the focus, too: who goes away with the mouse aims no more.
    part.addEventListener('pointerleave', () => setAiming(part.querySelector(':focus-visible') !== null));
    part.addEventListener('focusin', () => setAiming(true));
    part.addEventListener('focusout', ({ relatedTarget }) => !part.contains(relatedTarget as Node | null) && !part.matches(':hover') && setAiming(false));
  };
  return { aiming, at };
}

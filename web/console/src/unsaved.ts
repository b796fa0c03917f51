// What is typed and not saved: whoever goes elsewhere is asked before it is lost.
import { createSignal, onCleanup } from 'solid-js';

const [holders, setHolders] = createSignal<(() => boolean)[]>([]);
const [asked, setAsked] = createSignal<() => void>();

/** Where somebody wants to go who has not saved. */
export { asked };

/** For as long as the component lives. */
export function holdsUnsaved(holds: () => boolean): void {
  setHolders((all) => [...all, holds]);
  onCleanup(() => setHolders((all) => all.filter((other) => other !== holds)));
}

export function isUnsaved(): boolean {
  return holders().some((holds) => holds());
}

/** Goes there at once, or when that was answered with `discard`. */
export function leaving(go: () => void): void {
  if (isUnsaved()) setAsked(() => go);
  else go();
}

export function stay(): void {
  setAsked(undefined);
}

export function discard(): void {
  const go = asked();
  setAsked(undefined);
  go?.();
}

// Out of the console the browser asks.
window.addEventListener('beforeunload', (event) => isUnsaved() && event.preventDefault());

// What changes faster than a screen can show is drawn once a frame.
import { createEffect, createSignal, on, onCleanup, untrack, type Accessor } from 'solid-js';

/** Follows the source: the first change at once, more of them in the same frame together with the next one. */
export function oncePerFrame<T>(source: Accessor<T>): Accessor<T> {
  const [drawn, draw] = createSignal(untrack(source));
  let frame = 0;
  createEffect(
    on(
      source,
      (now) => {
        if (frame !== 0) return;
        draw(() => now);
        frame = requestAnimationFrame(() => {
          frame = 0;
          draw(() => untrack(source));
        });
      },
      { defer: true },
    ),
  );
  onCleanup(() => cancelAnimationFrame(frame));
  return drawn;
}

/** When the frame after the next one is drawn: what was set now stands in the page by then. */
export function nextFrame(): Promise<void> {
  return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn())));
}

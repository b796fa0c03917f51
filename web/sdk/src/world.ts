// What nodechat.js takes from its surroundings: timers, randomness, callbacks that may throw.

/** Handed in, so that tests own time and chance. */
export interface World {
  /** Runs `then` once after `ms`; the answer takes it back. */
  after(ms: number, then: () => void): () => void;
  /** From 0 up to, not including, 1. */
  random(): number;
}

export const page: World = {
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

/** Milliseconds before attempt number `attempt` (from 1): doubling, spread out, never before `retryAfter`. */
export function backOff(world: World, attempt: number, retryAfter = 0): number {
  const step = Math.min(500 * 2 ** Math.min(attempt - 1, 10), 10_000);
  const spread = step * (0.5 + world.random() / 2);
  // A crowd that was told the same time must not come back in the same instant.
  return retryAfter > 0 ? retryAfter + world.random() * Math.min(step, retryAfter) : spread;
}

/** Calls a function of the page. What it throws goes to the console, not into the library's own order of things. */
export function callPage<A extends unknown[]>(fn: ((...args: A) => void) | undefined, ...args: A): void {
  try {
    fn?.(...args);
  } catch (thrown) {
    setTimeout(() => {
      throw thrown;
    });
  }
}

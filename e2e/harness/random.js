// Randomness that can be repeated: every random choice of a test comes from one printed seed.

/** The seed of this run: `NODECHAT_SEED`, or a new one. Print it, so that a failure can be run again. */
export function seedOfThisRun() {
  return Number(process.env.NODECHAT_SEED ?? Math.floor(Math.random() * 2 ** 31));
}

/** mulberry32: a small generator with a 32-bit state, good enough to choose moments and rooms. */
export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** A number in [0, 1). */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer in [low, high]. */
  between(low, high) {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick(list) {
    return list[this.between(0, list.length - 1)];
  }
}

// Chance that falls the same way in every run.

/** Numbers from 0 to 1, the same sequence for the same seed. */
export function chance(seed: number): () => number {
  return () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
}

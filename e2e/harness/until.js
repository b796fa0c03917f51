// Waits for a condition with a deadline: the only way in which these tests wait.

const LOOK_AGAIN_MS = 15;

/** Resolves with the first truthy answer of `check`; rejects with a sentence naming `what` when the deadline passes. */
export async function until(what, check, deadlineMs = 10_000) {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const answer = await check();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${deadlineMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

/** The promise's own outcome, or a rejection naming `what` when it takes longer than the deadline. */
export function within(what, promise, deadlineMs = 10_000) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${deadlineMs} ms in vain: ${what}`)), deadlineMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

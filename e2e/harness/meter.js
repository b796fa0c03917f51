// How long a page keeps the processor busy.

/** Answers a function that tells how many milliseconds the page's main thread has worked so far. Chromium only. */
export async function meter(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
  };
}

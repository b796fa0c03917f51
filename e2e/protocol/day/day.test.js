// A whole day over the public interface: three companies, thirty agents, many visitors. What was written down meanwhile is what the server shows at its end.
import assert from 'node:assert/strict';
import { Day } from '../../day/day.js';
import { Random, seedOfThisRun } from '../../harness/random.js';
import { openStage } from '../../harness/stage.js';

const VISITORS = Number(process.env.NODECHAT_DAY_VISITORS ?? 120);
const seed = seedOfThisRun();
const stage = await openStage();

stage.story(`a day of ${VISITORS} visitors is in the histories, lists and numbers as it was (NODECHAT_SEED=${seed})`, async (_, context) => {
  const day = new Day(stage, { visitors: VISITORS, random: new Random(seed) });
  await day.opens();
  const from = performance.now();
  await day.passes();
  context.diagnostic(`day: ${((performance.now() - from) / 1000).toFixed(1)} s, ${JSON.stringify(day.figures())}`);
  const faults = await day.faults();
  assert.deepEqual(faults.slice(0, 20), [], `${faults.length} differences`);
});

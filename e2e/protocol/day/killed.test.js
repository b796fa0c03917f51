// The server, or with two nodes either of them, is killed again and again in the middle of a day: the same queue in the same order, the same
// assignments, graces that go on, no rating lost; and at the end everything is in histories, lists and numbers as it was.
import assert from 'node:assert/strict';
import { Day } from '../../day/day.js';
import { Killer } from '../../day/killer.js';
import { Random, seedOfThisRun } from '../../harness/random.js';
import { openStage } from '../../harness/stage.js';

const VISITORS = Number(process.env.NODECHAT_DAY_VISITORS ?? 120);
const KILLS = Number(process.env.NODECHAT_DAY_KILLS ?? 3);
const seed = seedOfThisRun();
const stage = await openStage();

stage.story(`${KILLS} kills in a day of ${VISITORS} visitors change nothing that was so (NODECHAT_SEED=${seed})`, async (_, context) => {
  const random = new Random(seed);
  const day = new Day(stage, { visitors: VISITORS, random });
  await day.opens();
  const from = performance.now();
  const killer = new Killer(day, { kills: KILLS, random });
  const [stops] = await Promise.all([killer.strikes(), day.passes()]);
  context.diagnostic(`killed: ${((performance.now() - from) / 1000).toFixed(1)} s, ${JSON.stringify({ ...day.figures(), ...killer.figures() })}`);
  const faults = [...stops(), ...(await day.faults())];
  assert.deepEqual(faults.slice(0, 20), [], `${faults.length} differences`);
});

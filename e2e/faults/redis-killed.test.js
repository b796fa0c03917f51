// Redis dies and comes back, with nothing of what it knew: meanwhile everybody hears everything, at most three seconds later.
import { moment } from '../harness/crowd.js';
import { everyNodeServes, faultStory } from './fault.js';

const TOLD_WITHIN_MS = 3_000;

await faultStory(
  'Redis is killed and restarted',
  async ({ stage, ground, crowd, random }) => {
    await ground.redis.kill();
    await crowd.goesOn();
    await everyNodeServes(stage, TOLD_WITHIN_MS);
    await moment(random.between(0, 2_000));
    await ground.redis.start();
  },
  { toldWithinMs: TOLD_WITHIN_MS },
);

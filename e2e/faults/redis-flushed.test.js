// Redis forgets everything while it runs.
import { faultStory } from './fault.js';

await faultStory('Redis forgets everything (FLUSHALL)', ({ ground }) => ground.redis.flushAll(), { toldWithinMs: 3_000 });

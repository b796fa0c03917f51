// SIGSTOP of a node for half a minute, and its return: all its connections are still there, and nothing of what it believes is true any more.
import { moment } from '../harness/crowd.js';
import { faultStory } from './fault.js';

const FROZEN_MS = 30_000;

await faultStory('a node is frozen for 30 seconds', async ({ house, crowd, random }) => {
  const node = random.pick(house.nodes);
  node.freeze();
  try {
    const thaw = moment(FROZEN_MS);
    await crowd.goesOn(100);
    await thaw;
  } finally {
    node.thaw();
  }
});

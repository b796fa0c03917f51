// SIGKILL of a node, and its return.
import { moment } from '../harness/crowd.js';
import { faultStory } from './fault.js';

await faultStory('a node is killed', async ({ house, crowd, random }) => {
  const node = random.pick(house.nodes);
  await node.kill();
  await crowd.goesOn();
  await moment(random.between(0, 2_000));
  await node.start();
});

// SIGKILL at random moments while twenty clients talk in ten rooms: nothing acknowledged is lost, doubled, moved; no position is missing.
import { Crowd, moment } from '../../harness/crowd.js';
import { Random, seedOfThisRun } from '../../harness/random.js';
import { openStage } from '../../harness/stage.js';

const KILLS = Number(process.env.NODECHAT_KILLS ?? 10);
const seed = seedOfThisRun();
const stage = await openStage();

stage.story(`acked messages survive ${KILLS} kills, each once, in one order (NODECHAT_SEED=${seed})`, async (_, context) => {
  const random = new Random(seed);
  const crowd = await Crowd.gather(stage, { rooms: 10, random });
  try {
    for (let kill = 0; kill < KILLS; kill += 1) {
      await crowd.goesOn();
      await moment(random.between(0, 400));
      const node = random.pick(stage.server.nodes);
      await node.kill();
      await node.start();
    }
    await crowd.goesOn();
    await crowd.settles();
  } finally {
    crowd.hushes();
  }
  await crowd.verdict(`kill-${seed}`, context);
});

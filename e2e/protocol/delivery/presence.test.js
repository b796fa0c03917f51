// Whether an agent is there is known at every node, and forgotten when the last page is gone.
import assert from 'node:assert/strict';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage();

stage.story('an agent is online while one page of theirs is open, wherever it is', async () => {
  const { visitor, agent } = await stage.conversation();
  const status = async () => (await visitor.joins(visitor.roomid)).members.find(({ aid }) => aid === agent.aid).status;
  await until('the agent is seen', async () => (await status()) === 'O');
  const tab = stage.tabOf(agent);
  await tab.connects();
  await agent.hangsUp();
  await tab.joins(visitor.roomid);
  await tab.says('one page is still open');
  await visitor.hears('one page is still open');
  assert.equal(await status(), 'O');
  await tab.hangsUp();
  await until('the agent is gone', async () => (await status()) === 'F');
});

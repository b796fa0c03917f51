// Earlier messages, page by page, as the documented snippet walks: no gap, no repeat.
import assert from 'node:assert/strict';
import { openStage } from '../../harness/stage.js';

const stage = await openStage();
const range = (from, to) => Array.from({ length: to - from }, (_, n) => from + n);
const positions = (messages) => messages.map(({ pos }) => pos);

async function roomOf(count) {
  const conversation = await stage.conversation();
  await conversation.agent.saysAll(range(0, count).map((n) => `number ${n}`));
  return conversation;
}

stage.story('join shows the newest ten and where they begin', async () => {
  for (const [count, begin] of [[0, 0], [1, 0], [9, 0], [10, 0], [11, 1], [37, 27]]) {
    const { visitor, roomid } = await roomOf(count);
    const room = await visitor.joins(roomid);
    assert.deepEqual([positions(room.chat_msgs), room.msg_pos, room.next_pos], [range(begin, count), begin, count], `${count} messages`);
    if (count > 0) assert.equal(room.lsttime, room.chat_msgs.at(-1).time);
  }
});

for (const count of [37, 30, 10, 11, 3]) {
  stage.story(`the documented walk back through ${count} messages meets each once`, async () => {
    const { visitor, roomid } = await roomOf(count);
    const room = await visitor.joins(roomid);
    let seen = positions(room.chat_msgs);
    for (let turn = 0; turn < 6; turn += 1) {
      const page = await visitor.pagesBack((room.msg_pos = room.msg_pos - 10));
      seen = [...positions(page), ...seen];
    }
    assert.deepEqual(seen, range(0, count));
  });
}

stage.story('a page begins where it is asked to, and a negative start gives what is left', async () => {
  const { visitor } = await roomOf(25);
  const pages = [[0, undefined, 0, 10], [3, undefined, 3, 13], [20, undefined, 20, 25], [25, undefined, 0, 0], [1e6, undefined, 0, 0], [-3, undefined, 0, 7], [-9, undefined, 0, 1],
    [-10, undefined, 0, 0], [-11, undefined, 0, 0], [5, 1, 5, 6], [5, 100, 5, 25], [-50, 60, 0, 10]];
  for (const [start, limit, from, to] of pages) assert.deepEqual(positions(await visitor.pagesBack(start, limit)), range(from, to), `start ${start} limit ${limit}`);
});

stage.story('a start or a limit that is none is invalid', async () => {
  const { visitor, roomid } = await roomOf(1);
  const wrong = [{ start: '0' }, { start: 1.5 }, { start: {} }, { start: [] }, { start: true }, { start: 1e300 }, { start: 0, limit: 0 }, { start: 0, limit: 101 }, { start: 0, limit: -1 }, { start: 0, limit: '10' }, { start: 0, limit: 2.5 }];
  for (const fields of wrong) assert.equal((await visitor.isRefused('user', { type: 'viewchat', roomid, ...fields })).errcode, 4002, JSON.stringify(fields));
});

stage.story('one may page without having joined', async () => {
  const { visitor, roomid } = await roomOf(3);
  const tab = stage.tabOf(visitor);
  await tab.connects();
  assert.deepEqual(positions((await tab.gets('user', { type: 'viewchat', roomid, start: 0 })).chat_msgs), [0, 1, 2]);
});

// Supervisors hear any room of their company without being seen, and step in.
import assert from 'node:assert/strict';
import { openStage } from '../../harness/stage.js';

const stage = await openStage();

async function supervisor(login) {
  const made = await stage.server.command('agent', 'create', '--company', 'c1', '--login', login, '--role', 'supervisor');
  return stage.agent('组长', { aid: made.trim().split('\n')[0] });
}

stage.story('a supervisor watches without being a member, and neither speaks nor reads for the agents', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const boss = await supervisor('boss');
  await boss.connects();
  await visitor.says('before');
  const { data } = await boss.manages('watch', { roomid });
  assert.deepEqual(data.chat_msgs.map(({ msg }) => msg), ['before']);
  boss.roomid = roomid;
  await visitor.says('meanwhile');
  await boss.hears('meanwhile');
  for (const [event, payload] of [['chat', { roomid, type: 'text', msg: 'x' }], ['mkread', { roomid }], ['typing', { roomid }]]) {
    assert.equal((await boss.isRefused(event, payload)).errcode, 4003, event);
  }
  const { members } = await visitor.joins(roomid);
  assert.ok(members.every(({ aid }) => aid !== boss.aid));
  assert.deepEqual(visitor.noticed('presence').filter(({ aid }) => aid === boss.aid), []);
  await boss.manages('unwatch', { roomid });
  await visitor.says('alone again');
  await agent.hears('alone again');
  await boss.manages('watch', { roomid });
  assert.equal(boss.heard().filter(({ msg }) => msg === 'alone again').length, 0);
});

stage.story('a supervisor takes over, and all three know', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const { chatid } = await visitor.applies({ csid: agent.aid });
  assert.equal((await visitor.isTold('serving')).cs.aid, agent.aid);
  const boss = await supervisor('boss2');
  await boss.connects();
  await boss.manages('watch', { roomid });
  await boss.manages('takeOver', { roomid, chatid });
  await boss.notices('assign', (assigned) => assigned.chatid === chatid);
  for (const person of [visitor, agent, boss]) assert.equal((await person.isTold('transferred')).cs.aid, boss.aid);
  await boss.joins(roomid);
  await boss.says('我来');
  await visitor.hears('我来');
  assert.deepEqual((await agent.gets('list', { type: 'selfUser' })).rooms, []);
});

// What a visitor leaves when nobody is there: an item with an owner as soon as agents come, and a message of the room, once each.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage();
let companies = 0;

async function alone() {
  const companyid = `left${(companies += 1)}`;
  await stage.company(companyid, 'Shop');
  const visitor = await stage.visitor('小明', { companyid });
  await visitor.connects();
  await visitor.joins();
  return { companyid, visitor, roomid: visitor.roomid };
}

const leave = (roomid, msg, extra = {}) => ({ type: 'leavemsg', roomid, msg, contact: '138', ...extra });

stage.story('a message that is left stands in the room, and the agent who gets the item sees it there', async () => {
  const { companyid, visitor, roomid } = await alone();
  const tab = stage.tabOf(visitor);
  await tab.connects();
  await tab.joins(roomid);
  const left = await visitor.gets('user', leave(roomid, '请回电'));
  assert.deepEqual([left.status, left.success, left.pos, left.dup], ['left', true, 0, undefined]);
  const heard = await tab.hears('请回电');
  assert.deepEqual([heard.id, heard.pos, heard.type, heard.mtype, heard.aid, heard.nick], [left.id, 0, 'usermsg', 'text', visitor.aid, '小明']);
  const agent = await stage.agent('客服', { companyid });
  await agent.connects();
  assert.equal((await agent.notices('assign')).chatid, left.chatid);
  assert.deepEqual((await agent.joins(roomid)).chat_msgs.map(({ msg, pos }) => [msg, pos]), [['请回电', 0]]);
  const [row] = (await agent.gets('list', { type: 'selfUser' })).rooms;
  assert.deepEqual([row.left, row.c], [{ msg: '请回电', contact: '138' }, 1]);
  await agent.says('已回电');
  await visitor.hears('已回电');
});

stage.story('however often it is tried, at whichever node, it is left and said once', async () => {
  const { companyid, visitor, roomid } = await alone();
  const tab = stage.tabOf(visitor);
  await tab.connects();
  const id = randomUUID();
  const answers = await Promise.all([visitor, tab, visitor, tab, visitor].map((page) => page.gets('user', leave(roomid, '请回电', { id }))));
  for (const answer of answers) assert.deepEqual([answer.chatid, answer.id, answer.pos, answer.time], [answers[0].chatid, id, 0, answers[0].time]);
  assert.equal(answers.filter(({ dup }) => !dup).length, 1);
  const second = await visitor.gets('user', leave(roomid, '谢谢'));
  assert.deepEqual([second.chatid, second.pos], [answers[0].chatid, 1]);
  assert.equal((await visitor.isRefused('user', leave(roomid, 'something else', { id }))).errcode, 4009);
  const stranger = await stage.visitor('别人', { companyid });
  await stranger.connects();
  await stranger.joins();
  assert.equal((await stranger.isRefused('user', leave(stranger.roomid, '请回电', { id }))).errcode, 4002);
  assert.equal((await visitor.isRefused('user', leave(roomid, 'x', { id: 'no uuid' }))).errcode, 4002);
  const agent = await stage.agent('客服', { companyid });
  await agent.connects();
  await agent.notices('assign');
  const { rooms } = await agent.gets('list', { type: 'selfUser' });
  assert.deepEqual(rooms.map(({ roomid: of, left }) => [of, left.msg]), [[roomid, '请回电\n谢谢']]);
  // Also when an agent has it.
  assert.equal((await visitor.gets('user', leave(roomid, '请回电', { id }))).dup, true);
  assert.equal((await visitor.isRefused('user', leave(roomid, 'another one'))).errcode, 4009);
  assert.deepEqual((await visitor.history()).map(({ msg }) => msg), ['请回电', '谢谢']);
});

stage.story('what was acknowledged before a kill is in the queue and in the room after it, and a retry is the same', async () => {
  const { companyid, visitor, roomid } = await alone();
  const agent = await stage.agent('客服', { companyid });
  await agent.connects();
  await agent.manages('setStatus', { status: 'F' });
  const ids = Array.from({ length: 20 }, () => randomUUID());
  const acknowledged = new Map();
  for (const [n, id] of ids.entries()) {
    // Whoever is killed meanwhile answers nothing: those are tried again below.
    visitor.gets('user', leave(roomid, `留言${n}`, { id })).then(({ pos }) => acknowledged.set(id, pos), () => undefined);
  }
  await until('some are acknowledged', () => acknowledged.size > 2);
  await stage.server.kill();
  await stage.server.start();
  await visitor.hangsUp();
  await until('the agent is back', () => agent.link.isOpen);
  await until('all that is in the queue is in the room, though nobody has tried again', async () => {
    const { rooms: [row] } = await agent.gets('list', { type: 'rooms', view: 'waiting' });
    const said = (await agent.history(roomid)).map(({ msg }) => msg);
    return said.length >= acknowledged.size && JSON.stringify(said.sort()) === JSON.stringify(row.left.msg.split('\n').sort());
  }, 20_000);
  const back = stage.tabOf(visitor);
  await back.connects();
  await back.joins(roomid);
  for (const [n, id] of ids.entries()) {
    const { pos } = await back.gets('user', leave(roomid, `留言${n}`, { id }));
    if (acknowledged.has(id)) assert.equal(pos, acknowledged.get(id));
  }
  const said = await back.history();
  assert.deepEqual(said.map(({ id }) => id).sort(), [...ids].sort(), 'each once');
  await agent.manages('setStatus', { status: 'O' });
  await agent.notices('assign');
  const [row, ...others] = (await agent.gets('list', { type: 'selfUser' })).rooms;
  assert.deepEqual([others, row.left.msg.split('\n').sort()], [[], said.map(({ msg }) => msg).sort()]);
});

stage.story('what was taken back is shown nowhere any more', async () => {
  const { companyid, visitor, roomid } = await alone();
  const { id } = await visitor.gets('user', leave(roomid, '密码是123'));
  await visitor.gets('user', leave(roomid, '请回电'));
  await visitor.gets('recall', { roomid, id });
  const agent = await stage.agent('客服', { companyid });
  await agent.connects();
  await agent.notices('assign');
  const [row] = (await agent.gets('list', { type: 'selfUser' })).rooms;
  assert.deepEqual(row.left, { msg: '请回电', contact: '138' });
  assert.deepEqual((await agent.joins(roomid)).chat_msgs.map(({ mtype, msg }) => [mtype, msg]), [['recalled', null], ['text', '请回电']]);
});

// What is taken back leaves its place and nothing else, on every way to it; what agents note down no visitor ever gets.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { openStage } from '../../harness/stage.js';

const stage = await openStage();

stage.story('what is taken back is gone for everybody, on every way to it', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const first = await visitor.says('my card is 4111');
  await visitor.says('hello');
  assert.deepEqual(await visitor.gets('recall', { roomid, id: first.id }), { success: true, pos: 0 });
  for (const person of [visitor, agent]) {
    assert.deepEqual(await person.notices('recall'), { roomid, id: first.id, pos: 0, recalls: 1 });
  }
  const gone = ({ id, pos, mtype, msg }) => ({ id, pos, mtype, msg });
  const expected = { id: first.id, pos: 0, mtype: 'recalled', msg: null };
  const joined = await agent.joins(roomid, { since: 0 });
  assert.deepEqual(gone(joined.chat_msgs[0]), expected);
  assert.deepEqual(gone(joined.missed[0]), expected);
  assert.equal(joined.recalls, 1);
  assert.deepEqual(gone((await agent.pagesBack(0))[0]), expected);
  const { body } = await stage.api.get('msg/list', { ticket: visitor.ticket, roomid });
  assert.deepEqual(gone(body.msgs.at(-1)), expected);
  // Again, and a retry of the message itself: nothing happens anew.
  await visitor.gets('recall', { roomid, id: first.id });
  const again = await visitor.says('my card is 4111', { id: first.id });
  assert.deepEqual([again.pos, again.dup], [0, true]);
  await agent.says('end');
  await visitor.hears('end');
  assert.equal(visitor.noticed('recall').length, 1);
});

stage.story('nobody takes back what is not theirs', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const { id } = await visitor.says('mine');
  const stranger = await stage.visitor('别人');
  await stranger.connects();
  await stranger.joins();
  assert.equal((await agent.isRefused('recall', { roomid, id })).errcode, 4003);
  assert.equal((await stranger.isRefused('recall', { roomid, id })).errcode, 4003);
  assert.equal((await stranger.isRefused('recall', { roomid: stranger.roomid, id })).errcode, 4004);
  assert.equal((await visitor.isRefused('recall', { roomid, id: randomUUID() })).errcode, 4004);
  assert.equal((await visitor.isRefused('recall', { roomid })).errcode, 4001);
  assert.equal((await visitor.isRefused('recall', { roomid, id: 'x' })).errcode, 4002);
  assert.deepEqual(visitor.noticed('recall'), []);
});

stage.story('whoever was away learns what was taken back meanwhile', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const first = await agent.says('one');
  const second = await agent.says('two');
  await agent.gets('recall', { roomid, id: first.id });
  const { recalls, next_pos: since } = await visitor.joins(roomid);
  assert.equal(recalls, 1);
  await visitor.hangsUp();
  await agent.gets('recall', { roomid, id: second.id });
  await visitor.connects();
  const back = await visitor.joins(roomid, { since, recalls });
  assert.deepEqual(back.recalled, [{ id: second.id, pos: 1 }]);
  assert.equal(back.gap, undefined);
  assert.deepEqual((await visitor.joins(roomid, { since, recalls: 2 })).recalled, []);
  assert.equal((await visitor.joins(roomid, { since, recalls: 9 })).gap, true, 'a number that cannot be');
  assert.equal((await visitor.isRefused('join', { roomid, recalls: -1 })).errcode, 4002);
});

stage.story('a quote names a message of the same room and is shown with the message', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const { id } = await visitor.says('when?');
  const other = await stage.conversation();
  const elsewhere = await other.visitor.says('elsewhere');
  const answer = await agent.says('tomorrow', { quote: id });
  assert.equal((await visitor.hears('tomorrow')).quote, id);
  assert.equal((await agent.pagesBack(1))[0].quote, id);
  for (const quote of [elsewhere.id, randomUUID(), 'x']) {
    assert.equal((await agent.isRefused('chat', { roomid, type: 'text', msg: 'no', quote })).errcode, 4002);
  }
  await agent.gets('recall', { roomid, id: answer.id });
  assert.equal('quote' in (await agent.pagesBack(1))[0], false);
});

stage.story('agents note things down for each other, once each, in one order, and find them again', async () => {
  const { agent, roomid } = await stage.conversation();
  const colleague = await stage.agent('客服二');
  await colleague.connects();
  await colleague.joins(roomid);
  const id = randomUUID();
  const first = await agent.gets('note', { roomid, id, msg: 'careful' });
  assert.deepEqual([first.success, first.id, first.number], [true, id, 0]);
  assert.equal((await agent.gets('note', { roomid, id, msg: 'careful' })).dup, true);
  assert.equal((await agent.isRefused('note', { roomid, id, msg: 'other' })).errcode, 4009);
  const told = await colleague.notices('note');
  assert.deepEqual([told.roomid, told.data.number, told.data.msg, told.data.aid], [roomid, 0, 'careful', agent.aid]);
  await colleague.hangsUp();
  await agent.gets('note', { roomid, msg: 'still careful' });
  await colleague.connects();
  assert.equal((await colleague.joins(roomid)).notes, 2);
  const { notes } = await colleague.gets('notes', { roomid, from: 1 });
  assert.deepEqual(notes.map(({ number, msg }) => [number, msg]), [[1, 'still careful']]);
  assert.equal((await agent.isRefused('note', { roomid })).errcode, 4001);
  assert.equal((await agent.isRefused('notes', { roomid, limit: 0 })).errcode, 4002);
});

stage.story('no visitor gets a note, in any answer or event', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const SECRET = `secret-${randomUUID()}`;
  await agent.gets('note', { roomid, msg: SECRET });
  await agent.notices('note');
  const answers = [];
  const tries = [
    ['note', { roomid, msg: 'mine' }], ['notes', { roomid }], ['notes', { roomid, from: 0, limit: 500 }], ['note', { roomid, type: 'list' }],
    ['join', { roomid, since: 0, recalls: 0, notes: 0 }], ['join', { companyid: visitor.companyid, notes: 0 }], ['user', { type: 'viewchat', roomid, start: -5, limit: 100 }],
    ['user', { type: 'notes', roomid }], ['list', { type: 'allUser' }], ['list', { type: 'selfUser' }], ['list', { type: 'notes', roomid }], ['list', { type: 'unreads' }],
    ['mgr', { type: 'notes', roomid }], ['mgr', { type: 'allStatus' }], ['chat', { roomid, type: 'text', msg: 'hi' }], ['chat', { roomid, type: 'note', msg: 'hi' }],
    ['mkread', { roomid }], ['query', { roomid, queryId: 'x', queryTitle: 'x' }], ['typing', { roomid, text: 'x' }],
  ];
  for (const [event, payload] of tries) answers.push(await visitor.asks(event, payload));
  for (const [event, payload] of tries.slice(0, 3)) assert.equal((await visitor.isRefused(event, payload)).errcode, 4003, event);
  answers.push((await stage.api.get('msg/list', { ticket: visitor.ticket, roomid, size: 100 })).body);
  for (const path of [`messages/search?text=${SECRET}`, 'messages/export', `messages/export?roomid=${encodeURIComponent(roomid)}&format=html`, 'erasures/1']) {
    const reply = await fetch(`${stage.server.url}/api/v1/${path}`, { headers: { authorization: `Bearer ${visitor.ticket}` } });
    assert.equal(reply.status, 403, path);
    answers.push(await reply.text());
  }
  await visitor.hangsUp();
  await agent.gets('note', { roomid, msg: `${SECRET} again` });
  await visitor.connects();
  const back = await visitor.joins(roomid, { since: 0, recalls: 0 });
  answers.push(back);
  assert.equal('notes' in back, false, 'not even how many there are');
  await agent.gets('note', { roomid, msg: `${SECRET} once more` });
  await agent.says('end');
  await visitor.hears('end');
  const all = JSON.stringify([answers, visitor.link.journal.entries]);
  assert.equal(all.includes(SECRET), false);
  assert.deepEqual(visitor.noticed('note'), []);
  const mark = await stage.api.get('msg/list', { ticket: agent.ticket, roomid, size: 100 });
  assert.equal(JSON.stringify(mark.body).includes(SECRET), false, 'they are no messages');
});

// What a message looks like, of every kind, live, in the history and in `msg/list`.
import assert from 'node:assert/strict';
import { png } from '../../harness/pictures.js';
import { openStage } from '../../harness/stage.js';

const stage = await openStage();

stage.story('a message carries who said it, what and when', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const { id, pos, time } = await visitor.says('你好');
  const message = await agent.hears('你好');
  assert.deepEqual(message, { id, pos, time, type: 'usermsg', mtype: 'text', aid: visitor.aid, mid: message.mid, nick: '小明', msg: '你好' });
  assert.deepEqual(await agent.pagesBack(0), [message]);
  assert.deepEqual((await agent.joins(roomid)).chat_msgs, [message]);
});

stage.story('members are those who came in, each side with its topic', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const seen = await visitor.joins(roomid);
  assert.deepEqual(seen.members.map(({ type, aid, nick }) => [type, aid, nick]).sort(), [['cs', agent.aid, '客服一'], ['user', visitor.aid, '小明']]);
  assert.equal(seen.topic, 'Shop One');
  assert.equal((await agent.joins(roomid)).topic, '小明');
});

stage.story('shopid and companyid mean the same room, the company’s own name wins', async () => {
  const visitor = await stage.visitor();
  await visitor.connects();
  const byCompany = await visitor.gets('join', { companyid: 'c1' });
  const byShop = await visitor.gets('join', { shopid: 'c1', shopname: 'Not my name' });
  assert.deepEqual([byShop.roomid, byShop.data.topic], [byCompany.roomid, 'Shop One']);
  assert.equal((await visitor.gets('join', { roomid: '', companyid: 'c1' })).roomid, byCompany.roomid, 'an empty roomid is none');
  assert.equal((await visitor.isRefused('join', {})).errcode, 4001);
  assert.equal((await visitor.isRefused('join', { roomid: '' })).errcode, 4001);
});

stage.story('mtype is another name of type, and wins', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  await visitor.gets('chat', { roomid, mtype: 'text', msg: 'by mtype' });
  await visitor.gets('chat', { roomid, type: 'image', mtype: 'text', msg: 'by both' });
  assert.deepEqual([(await agent.hears('by mtype')).mtype, (await agent.hears('by both')).mtype], ['text', 'text']);
});

stage.story('images and files are those that were uploaded', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const { body: image } = await stage.api.uploadImage(visitor.ticket, png(), 'cat.png');
  await visitor.gets('chat', { roomid, type: 'image', msg: image.data });
  assert.equal((await agent.hears(image.data)).mtype, 'image');

  const { body: file } = await stage.api.uploadFile(visitor.ticket, Buffer.from('hello'), '报告.txt', 'text/plain');
  const named = { fileid: file.fileid, filename: '报告.txt' };
  await visitor.gets('chat', { roomid, type: 'file', msg: named });
  await visitor.gets('chat', { roomid, type: 'file', msg: JSON.stringify(named) });
  await visitor.gets('chat', { roomid, type: 'file', msg: { ...named, filesize: 1 } });
  const { chat_msgs: stored } = await visitor.gets('user', { type: 'viewchat', roomid, start: 1 });
  assert.deepEqual(stored.map(({ mtype, msg }) => [mtype, msg]), Array(3).fill(['file', { ...named, filesize: 5 }]), 'the size is the server’s own knowledge');

  for (const [type, msg] of [['image', '2018-11-08/never.png'], ['image', '../secret'], ['file', { fileid: 'never', filename: 'x' }], ['file', 'no json'], ['file', { filename: 'x' }], ['image', { path: image.data }], ['file', 7]]) {
    const err = await visitor.isRefused('chat', { roomid, type, msg });
    assert.ok([4001, 4002].includes(err.errcode), `${type} ${JSON.stringify(msg)}: ${err.errcode}`);
  }
  assert.equal((await visitor.history()).length, 4);
});

stage.story('custom is any object, as it was', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const card = { 商品: '茶', price: 12.5, nested: { list: [1, null, true, 'x'] } };
  const { id } = await visitor.gets('chat', { roomid, type: 'custom', msg: card });
  assert.deepEqual((await agent.hears(({ id: heard }) => heard === id)).msg, card);
});

stage.story('text of 10,000 characters goes, of 10,001 it does not', async () => {
  const { visitor, roomid } = await stage.conversation();
  for (const letter of ['x', '中', '👋']) {
    assert.equal((await visitor.says(letter.repeat(10_000))).success, true, letter);
    assert.equal((await visitor.isRefused('chat', { roomid, type: 'text', msg: letter.repeat(10_001) })).errcode, 4002, letter);
  }
  assert.deepEqual((await visitor.history()).map(({ msg }) => msg), ['x', '中', '👋'].map((letter) => letter.repeat(10_000)));
});

stage.story('msg/list pages through the history, newest first', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  await agent.saysAll(Array.from({ length: 25 }, (_, n) => `number ${n}`));
  const list = async (query) => (await stage.api.get('msg/list', { ticket: visitor.ticket, roomid, ...query })).body;
  const first = await list({});
  assert.equal(first.errcode, 0);
  assert.deepEqual(first.msgs.map(({ msg }) => msg), Array.from({ length: 10 }, (_, n) => `number ${24 - n}`));
  const { utype, type, roomid: room, time, mtype, nick, aid } = first.msgs[0];
  assert.deepEqual({ utype, type, room, mtype, nick, aid }, { utype: 'csmsg', type: undefined, room: roomid, mtype: 'text', nick: '客服一', aid: agent.aid });
  assert.match(time, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  assert.deepEqual((await list({ page: 3 })).msgs.map(({ msg }) => msg), ['number 4', 'number 3', 'number 2', 'number 1', 'number 0']);
  assert.equal((await list({ page: 4 })).msgs.length, 0);
  assert.equal((await list({ size: 100 })).msgs.length, 25);
  const byForm = await stage.api.form('msg/list', { ticket: visitor.ticket, roomid });
  assert.deepEqual(byForm.body, first);
});

stage.story('msg/list chooses by kind and by day, both days included', async () => {
  const { visitor, roomid } = await stage.conversation();
  await visitor.says('a text');
  await visitor.gets('chat', { roomid, type: 'custom', msg: { a: 1 } });
  const list = async (query) => (await stage.api.get('msg/list', { ticket: visitor.ticket, roomid, ...query })).body;
  assert.deepEqual((await list({ mtype: 'custom' })).msgs.map(({ msg }) => msg), [{ a: 1 }]);
  const { time } = (await list({})).msgs[0];
  const today = time.slice(0, 10);
  assert.equal((await list({ fTimeStr: today, tTimeStr: today })).msgs.length, 2);
  assert.equal((await list({ tTimeStr: '2000-01-01' })).msgs.length, 0);
  assert.equal((await list({ fTimeStr: '2999-01-01' })).msgs.length, 0);
});

stage.story('msg/list refuses what is none', async () => {
  const { visitor, roomid } = await stage.conversation();
  const code = async (query) => (await stage.api.get('msg/list', query)).body.errcode;
  assert.equal(await code({ roomid }), 4003, 'no ticket');
  assert.equal(await code({ roomid, ticket: 'false' }), 4003);
  assert.equal(await code({ ticket: visitor.ticket }), 4001);
  for (const wrong of [{ page: 0 }, { page: -1 }, { page: 'x' }, { size: 0 }, { size: 101 }, { size: 'x' }, { fTimeStr: '2018-13-40' }, { tTimeStr: 'yesterday' }, { mtype: 'nothing' }]) {
    assert.equal(await code({ roomid, ticket: visitor.ticket, ...wrong }), 4002, JSON.stringify(wrong));
  }
});

// Contract B1: what a message and a member look like, whole, live and in every answer.
import assert from 'node:assert/strict';
import { png } from '../../harness/pictures.js';
import { aText, aTime, CLOCK, isWhole, UUID } from '../../harness/shape.js';
import { openStage } from '../../harness/stage.js';

const stage = await openStage();

/** The message with this receipt as sockets hear it. */
const message = (person, receipt, mtype, msg) => ({
  id: receipt.id, pos: receipt.pos, type: person.type === 'cs' ? 'csmsg' : 'usermsg', mtype,
  aid: person.aid, mid: person.aid, nick: person.nick, time: receipt.time, msg,
});

stage.story('a message of each mtype has its own msg, in the event, in join, in viewchat and in msg/list', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const { body: image } = await stage.api.uploadImage(visitor.ticket, png(), 'cat.png');
  const { body: file } = await stage.api.uploadFile(visitor.ticket, Buffer.from('hello'), '报告.txt', 'text/plain');
  const kinds = {
    text: ['你好', '你好'],
    image: [image.data, image.data],
    file: [{ fileid: file.fileid, filename: '报告.txt' }, { fileid: file.fileid, filename: '报告.txt', filesize: 5 }],
    voice: [{ val: '退款', url: file.fileid, duration: '7' }, { val: '退款', url: file.fileid, duration: '7' }],
    video: [{ url: file.fileid, duration: '12' }, { url: file.fileid, duration: '12' }],
    custom: [{ subType: 'card', price: 12.5, list: [null, true] }, { subType: 'card', price: 12.5, list: [null, true] }],
  };
  const said = [];
  for (const [mtype, [msg, expected]] of Object.entries(kinds)) {
    const receipt = await visitor.gets('chat', { roomid, type: mtype, msg });
    isWhole(receipt, { success: true, id: UUID, pos: said.length, time: aTime }, mtype);
    const whole = message(visitor, receipt, mtype, expected);
    const fits = ({ data }) => data.id === receipt.id;
    for (const person of [agent, visitor]) assert.deepEqual(await person.notices('chat', fits), { roomid, data: whole }, `${mtype} as ${person.nick} hears it`);
    said.push(whole);
  }
  assert.deepEqual((await agent.joins(roomid)).chat_msgs, said);
  assert.deepEqual(await agent.gets('user', { type: 'viewchat', roomid, start: 0 }), { roomid, chat_msgs: said });
  const { body } = await stage.api.get('msg/list', { ticket: agent.ticket, roomid });
  const recorded = ({ type, time, ...rest }) => ({ ...rest, utype: type, roomid, time: CLOCK });
  isWhole(body, { errcode: 0, msgs: said.map(recorded).reverse() });
});

stage.story('what an agent says is a csmsg', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const receipt = await agent.says('您好');
  assert.deepEqual(await visitor.notices('chat'), { roomid, data: message(agent, receipt, 'text', '您好') });
});

stage.story('aid, mid, account and nick are those that the host site gave', async () => {
  const visitor = await stage.visitor('安', { aid: 'b1-ann' });
  const { body: named } = await stage.api.token(await stage.key('c1'), { type: 'user', aid: 'b1-ann', mid: 'member-7', account: 'ann@site', nick: '安', companyid: 'c1' });
  const { body: come } = await stage.api.ticket(named.token);
  visitor.ticket = come.ticket;
  isWhole(await visitor.connects(), { aid: 'b1-ann', mid: 'member-7', account: 'ann@site', nick: '安', type: 'user', atype: 'uweb', companyid: 'c1', time: aTime, epoch: aText });
  const { members } = await visitor.joins();
  assert.deepEqual(members, [{ type: 'user', aid: 'b1-ann', mid: 'member-7', account: 'ann@site', nick: '安' }]);
  const { id, pos, time } = await visitor.says('hi');
  assert.deepEqual((await visitor.notices('chat')).data, { id, pos, time, type: 'usermsg', mtype: 'text', aid: 'b1-ann', mid: 'member-7', nick: '安', msg: 'hi' });
});

stage.story('a member is a user or a cs, and an agent has a status: O online, B busy, F offline', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const member = (person, status) => ({ type: person.type, aid: person.aid, mid: person.aid, account: person.aid, nick: person.nick, ...(status && { status }) });
  const seen = async () => (await visitor.joins(roomid)).members.sort((a, b) => b.type.localeCompare(a.type));
  assert.deepEqual(await seen(), [member(visitor), member(agent, 'O')]);
  for (const status of ['B', 'F', 'O']) {
    assert.deepEqual(await agent.manages('setStatus', { status }), { success: true });
    assert.deepEqual(await seen(), [member(visitor), member(agent, status)]);
  }
  await agent.hangsUp();
  await visitor.notices('presence', ({ aid, online }) => aid === agent.aid && !online);
  assert.deepEqual(await seen(), [member(visitor), member(agent, 'F')]);
});

stage.story('ratings are BEST, GOOD, JUSTSOSO, BAD and RUBBISH, given AUTO or by HAND', async () => {
  const companyid = 'b1-rates';
  await stage.company(companyid, 'Shop');
  const [agent, visitor] = [await stage.agent('客服', { companyid }), await stage.visitor('小明', { companyid })];
  await agent.connects();
  await visitor.connects();
  const { roomid } = await visitor.joins();
  const { chatid } = await visitor.applies();
  await agent.manages('endChat', { roomid, chatid });
  for (const ratetype of ['AUTO', 'HAND']) {
    for (const rateresult of ['BEST', 'GOOD', 'JUSTSOSO', 'BAD', 'RUBBISH']) {
      assert.deepEqual(await visitor.gets('user', { type: 'rate', roomid, chatid, ratetype, rateresult }), { success: true });
      assert.deepEqual(await agent.isTold('rated', (told) => told.rateresult === rateresult), { roomid, chatid, type: 'rated', rateresult });
      const { rooms } = await agent.gets('list', { type: 'rooms', view: 'closed', rating: rateresult });
      assert.deepEqual(rooms.map(({ chatid: id, rateresult: rate }) => [id, rate]), [[chatid, rateresult]]);
    }
  }
  for (const wrong of [{ rateresult: 'best' }, { rateresult: 'BEST', ratetype: 'hand' }]) {
    assert.equal((await visitor.isRefused('user', { type: 'rate', roomid, chatid, ...wrong })).errcode, 4002);
  }
});

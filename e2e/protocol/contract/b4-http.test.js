// Contract B4: each HTTP path, by GET with a query, by POST of a form and of JSON, answers the same whole thing.
import assert from 'node:assert/strict';
import { png } from '../../harness/pictures.js';
import { Rest } from '../../harness/rest.js';
import { CLOCK, isWhole, UUID } from '../../harness/shape.js';
import { openStage } from '../../harness/stage.js';

const stage = await openStage();
const FILE = /^[0-9a-f]{32}$/;
const PATH = /^\d{4}-\d\d-\d\d\/onlinechat_[0-9a-f]{32}\.png$/;
let companies = 0;

/** A company of its own with an agent in a group and a visitor. */
async function shop() {
  const companyid = `http${(companies += 1)}`;
  const rest = new Rest(stage.server.url, await stage.company(companyid, 'Shop'));
  const made = await rest.post('/agents', { login: 'bob', password: 'correct horse', nick: '客服一', role: 'agent' });
  const group = await rest.post('/groups', { name: '售后', members: [made.body.data.aid] });
  return { companyid, rest, agent: made.body.data, group: group.body.data, visitor: await stage.visitor('小明', { companyid }) };
}

/** Asks in every way that there is, and answers what all of them gave. */
async function everyWay(path, params) {
  const given = Object.fromEntries(Object.entries(params).map(([key, value]) => [key, String(value)]));
  const answers = [await stage.api.get(path, given), await stage.api.form(path, given), await stage.api.post(path, params)];
  for (const { status, body } of answers) {
    assert.equal(status, 200);
    assert.deepEqual(body, answers[0].body, path);
  }
  return answers[0].body;
}

stage.story('msg/list: {msgs}, newest first, with page, size, mtype, fTimeStr and tTimeStr', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const one = await visitor.says('一');
  const two = await agent.says('二', { quote: one.id });
  const card = await visitor.gets('chat', { roomid, type: 'custom', msg: { a: 1 } });
  const by = (person) => ({ utype: person === agent ? 'csmsg' : 'usermsg', aid: person.aid, mid: person.aid, nick: person.nick, roomid, time: CLOCK });
  const expected = [
    { id: card.id, pos: 2, ...by(visitor), mtype: 'custom', msg: { a: 1 } },
    { id: two.id, pos: 1, ...by(agent), mtype: 'text', msg: '二', quote: one.id },
    { id: one.id, pos: 0, ...by(visitor), mtype: 'text', msg: '一' },
  ];
  const { ticket } = visitor;
  const all = await everyWay('msg/list', { ticket, roomid });
  isWhole(all, { errcode: 0, msgs: expected });
  isWhole(await everyWay('msg/list', { ticket, roomid, page: 2, size: 2 }), { errcode: 0, msgs: expected.slice(2) });
  isWhole(await everyWay('msg/list', { ticket, roomid, mtype: 'text' }), { errcode: 0, msgs: expected.slice(1) });
  const [first, last] = [all.msgs.at(-1), all.msgs[0]].map(({ time }) => time.slice(0, 10));
  isWhole(await everyWay('msg/list', { ticket, roomid, fTimeStr: first, tTimeStr: last }), { errcode: 0, msgs: expected });
  isWhole(await everyWay('msg/list', { ticket, roomid, tTimeStr: '2018-11-08' }), { errcode: 0, msgs: [] });
});

stage.story('userChat/saveRate: {errcode}, and the last rating of a chatid counts', async () => {
  const { companyid, visitor } = await shop();
  const agent = await stage.agent('客服', { companyid });
  await agent.connects();
  await visitor.connects();
  const { roomid } = await visitor.joins();
  const { chatid } = await visitor.applies();
  await visitor.gets('user', { type: 'endcs', roomid, chatid });
  const asked = { ticket: visitor.ticket, chatid, roomid, ratetype: 'HAND', companyid };
  for (const rateresult of ['BAD', 'GOOD']) assert.deepEqual(await everyWay('userChat/saveRate', { ...asked, rateresult }), { errcode: 0 });
  const { rooms } = await agent.gets('list', { type: 'rooms', view: 'closed' });
  assert.deepEqual(rooms.map((row) => [row.chatid, row.rateresult]), [[chatid, 'GOOD']]);
});

stage.story('csGroup/list: data of {id, name}; csMg/getCsMgByGroup: with csMg of {id, nickname}', async () => {
  const { companyid, agent, group, visitor } = await shop();
  const asked = { ticket: visitor.ticket, companyid };
  assert.deepEqual(await everyWay('csGroup/list', asked), { errcode: 0, data: [{ id: group.id, name: '售后' }] });
  assert.deepEqual(await everyWay('csMg/getCsMgByGroup', asked), { errcode: 0, data: [{ id: group.id, name: '售后', csMg: [{ id: agent.aid, nickname: '客服一' }] }] });
});

stage.story('file/loadPicture: {success, picUrl}, without a ticket', async () => {
  const ways = [(url) => fetch(url), (url) => fetch(url, { method: 'POST' })];
  for (const { url } of stage.server.nodes) {
    for (const way of ways) {
      const response = await way(`${url}/onlinechat/api/file/loadPicture`);
      assert.deepEqual(await response.json(), { errcode: 0, success: true, picUrl: `${url}/onlinechat/api/file/picture/` });
    }
  }
});

stage.story('file/uploadImage: data is a path, and picUrl with the path behind it shows the image', async () => {
  const { ticket } = await stage.visitor();
  const bytes = png(8, 6);
  const { body } = await stage.api.uploadImage(ticket, bytes, 'a.png');
  isWhole(body, { errcode: 0, success: true, data: PATH, width: 8, height: 6 });
  const shown = await fetch(await stage.api.pictureUrl(body.data));
  assert.deepEqual([shown.status, shown.headers.get('content-type')], [200, 'image/png']);
});

stage.story('file/uploadFile: fileid, filename, filesize; file/downLoadFile: the bytes with the original name', async () => {
  const { ticket } = await stage.visitor();
  const { body } = await stage.api.uploadFile(ticket, Buffer.from('hello'), '报告.txt', 'text/plain');
  isWhole(body, { errcode: 0, success: true, fileid: FILE, filename: '报告.txt', filesize: 5 });
  const url = `${stage.server.url}/onlinechat/api/file/downLoadFile`;
  const id = body.fileid;
  const ways = [fetch(`${url}?id=${id}`), fetch(url, { method: 'POST', body: new URLSearchParams({ id }) }), fetch(url, { method: 'POST', body: JSON.stringify({ id }) })];
  for (const response of await Promise.all(ways)) {
    assert.deepEqual([response.status, await response.text()], [200, 'hello']);
    assert.ok(response.headers.get('content-disposition').includes(encodeURIComponent('报告.txt')), response.headers.get('content-disposition'));
  }
});

stage.story('pubType/getBusinessType: data of {key, text}, with a ticket or a companyid', async () => {
  const { companyid, rest, visitor } = await shop();
  assert.deepEqual(await everyWay('pubType/getBusinessType', { companyid }), { errcode: 0, data: [] });
  await rest.put('/work-order-kinds/repair', { text: '报修' });
  const expected = { errcode: 0, data: [{ key: 'repair', text: '报修' }] };
  assert.deepEqual(await everyWay('pubType/getBusinessType', { companyid }), expected);
  assert.deepEqual(await everyWay('pubType/getBusinessType', { ticket: visitor.ticket }), expected);
});

stage.story('fault/add: {errcode, faultId}; fault/list: every documented field, feedbackConten as it is spelt', async () => {
  const { companyid, rest, visitor } = await shop();
  const { body: image } = await stage.api.uploadImage(visitor.ticket, png(), 'a.png');
  const pictures = Object.fromEntries([1, 2, 3, 4].map((n) => [`faultPicUrl${n}`, image.data]));
  const fault = { ticket: visitor.ticket, companyid, title: '打印机', phone: '13800000000', describe: '冒烟了', businessType: 'repair', discoveryTime: '2018-11-08 09:30:00', submitter: visitor.aid };
  const ways = [await stage.api.get('fault/add', fault), await stage.api.form('fault/add', fault), await stage.api.post('fault/add', { ...fault, ...pictures })];
  const ids = ways.map(({ body }) => {
    isWhole(body, { errcode: 0, faultId: UUID });
    return body.faultId;
  });
  assert.equal((await rest.post(`/orders/${ids[2]}/comments`, { text: '明天来', public: true })).status, 201);
  assert.equal((await rest.patch(`/orders/${ids[2]}`, { state: 'accepted' })).status, 200);
  const none = { faultPicUrl1: '', faultPicUrl2: '', faultPicUrl3: '', faultPicUrl4: '' };
  const listed = (faultId, rest) => ({ faultId, title: '打印机', describe: '冒烟了', ...none, feedbackConten: '', state: 'new', submitTime: CLOCK, submitter: visitor.aid, ...rest });
  const expected = [listed(ids[2], { ...pictures, feedbackConten: '明天来', state: 'accepted' }), listed(ids[1]), listed(ids[0])];
  const asked = { ticket: visitor.ticket, companyid, submitter: visitor.aid };
  const all = await everyWay('fault/list', asked);
  isWhole(all, { errcode: 0, data: expected });
  const times = all.data.map(({ submitTime }) => submitTime);
  isWhole(await everyWay('fault/list', { ...asked, createtimestart: times.at(-1), createtimeend: times[0] }), { errcode: 0, data: expected });
  isWhole(await everyWay('fault/list', { ...asked, createtimeend: '2018-11-08' }), { errcode: 0, data: [] });
});

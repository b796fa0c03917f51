// Work orders: as they are documented, from a room with one call, heard of by their visitor on whatever node, and nobody else's.
import assert from 'node:assert/strict';
import { png } from '../../harness/pictures.js';
import { Rest } from '../../harness/rest.js';
import { openStage } from '../../harness/stage.js';

const stage = await openStage();
const other = await stage.company('c2', 'Shop Two');

const FAULT = { companyid: 'c1', title: '打印机', phone: '13800000000', describe: '冒烟了', businessType: 'repair', discoveryTime: '2018-11-08 09:30:00' };

const rest = async (companyid = 'c1') => new Rest(stage.server.url, await stage.key(companyid));

/** Writes one down as its visitor; answers its id. */
async function adds(person, extra = {}) {
  const { body } = await stage.api.post('fault/add', { ...FAULT, ticket: person.ticket, submitter: person.aid, ...extra });
  assert.equal(body.errcode, 0, JSON.stringify(body));
  return body.faultId;
}

async function lists(person, extra = {}) {
  const { body } = await stage.api.get('fault/list', { companyid: 'c1', ticket: person.ticket, submitter: person.aid, ...extra });
  assert.equal(body.errcode, 0, JSON.stringify(body));
  return body.data;
}

stage.story('a visitor writes one down and finds it again with every documented field', async () => {
  const visitor = await stage.visitor();
  const uploaded = await stage.api.uploadImage(visitor.ticket, png(), 'a.png');
  const faultId = await adds(visitor, { faultPicUrl2: uploaded.body.data });
  const [fault, ...more] = await lists(visitor);
  assert.deepEqual(more, []);
  assert.match(fault.submitTime, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  assert.deepEqual(fault, { faultId, title: '打印机', describe: '冒烟了', faultPicUrl1: uploaded.body.data, faultPicUrl2: '', faultPicUrl3: '', faultPicUrl4: '', feedbackConten: '', state: 'new', submitTime: fault.submitTime, submitter: visitor.aid });
  const day = fault.submitTime.slice(0, 10);
  assert.equal((await lists(visitor, { createtimestart: day, createtimeend: day })).length, 1);
  assert.equal((await lists(visitor, { createtimeend: '2018-11-08' })).length, 0);
});

stage.story('kinds are told to everybody, and a company that has named some takes no other', async () => {
  const visitor = await stage.visitor();
  const none = await stage.api.get('pubType/getBusinessType', { companyid: 'c2' });
  assert.deepEqual(none.body, { errcode: 0, data: [] });
  const api = await rest('c2');
  const made = await api.put('/work-order-kinds/repair', { text: '报修' });
  const { body } = await stage.api.get('pubType/getBusinessType', { companyid: 'c2' });
  assert.deepEqual(body.data, [{ key: 'repair', text: '报修' }], JSON.stringify(made.body));
  const own = await stage.visitor('小红', { companyid: 'c2' });
  const wrong = await stage.api.post('fault/add', { ...FAULT, companyid: 'c2', ticket: own.ticket, submitter: own.aid, businessType: 'advice' });
  assert.equal(wrong.body.errcode, 4002);
  assert.equal((await stage.api.get('pubType/getBusinessType', { ticket: visitor.ticket })).body.errcode, 0);
});

stage.story('what is missing or wrong has its code, and is not stored', async () => {
  const visitor = await stage.visitor();
  const refused = async (extra) => (await stage.api.post('fault/add', { ...FAULT, ticket: visitor.ticket, submitter: visitor.aid, ...extra })).body.errcode;
  for (const key of ['title', 'phone', 'describe', 'businessType', 'discoveryTime', 'submitter']) assert.equal(await refused({ [key]: '' }), 4001, key);
  assert.equal(await refused({ faultPicUrl1: '2018-11-08/onlinechat_0123456789abcdef0123456789abcdef.png' }), 4002);
  assert.equal(await refused({ faultPicUrl1: '../../etc/passwd' }), 4002);
  assert.equal(await refused({ discoveryTime: 'yesterday' }), 4002);
  assert.equal(await refused({ ticket: 'nobody' }), 4003);
  assert.deepEqual(await lists(visitor), []);
});

stage.story('a picture of another company is none', async () => {
  const [visitor, stranger] = [await stage.visitor(), await stage.visitor('隔壁', { companyid: 'c2' })];
  const foreign = await stage.api.uploadImage(stranger.ticket, png(), 'a.png');
  const { body } = await stage.api.post('fault/add', { ...FAULT, ticket: visitor.ticket, submitter: visitor.aid, faultPicUrl1: foreign.body.data });
  assert.equal(body.errcode, 4002);
});

stage.story('answers reach the visitor in the list and by an event; notes reach nobody', async () => {
  const visitor = await stage.visitor();
  await visitor.connects();
  const second = await stage.tabOf(visitor);
  await second.connects();
  const faultId = await adds(visitor);
  await visitor.notices('order', (told) => told.faultId === faultId && told.state === 'new');
  const api = await rest();
  assert.equal((await api.post(`/orders/${faultId}/comments`, { text: '可能是骗子' })).status, 201);
  assert.equal((await api.post(`/orders/${faultId}/comments`, { text: '明天来', public: true })).status, 201);
  const told = await visitor.notices('order', (event) => event.feedbackConten !== '');
  assert.deepEqual(told, { faultId, companyid: 'c1', title: '打印机', state: 'new', feedbackConten: '明天来', submitter: visitor.aid, time: told.time });
  await second.notices('order', (event) => event.feedbackConten === '明天来');
  assert.equal((await lists(visitor))[0].feedbackConten, '明天来');
  assert.equal(JSON.stringify(visitor.noticed('order')).includes('骗子'), false);
});

stage.story('one goes from state to state, and its history says who did what', async () => {
  const visitor = await stage.visitor();
  const agent = await stage.agent();
  await agent.connects();
  const faultId = await adds(visitor);
  const api = new Rest(stage.server.url, agent.ticket);
  const moves = async (state) => (await api.patch(`/orders/${faultId}`, { state })).body;
  assert.equal((await moves('solved')).errcode, 4009);
  for (const state of ['accepted', 'in_progress', 'solved', 'closed']) assert.equal((await moves(state)).data?.state, state);
  assert.equal((await moves('in_progress')).errcode, 4009);
  const one = (await api.get(`/orders/${faultId}`)).body.data;
  assert.deepEqual([one.state, one.owner, one.submitter], ['closed', agent.aid, visitor.aid]);
  const second = await adds(visitor);
  const owned = (aid) => api.patch(`/orders/${second}`, { owner: aid });
  assert.equal((await owned('nobody')).body.errcode, 4002);
  assert.equal((await owned(agent.aid)).body.data.owner, agent.aid);
  assert.equal((await owned('')).body.data.owner, null);
  const lines = (await api.get(`/orders/${faultId}/lines`)).body.data;
  assert.deepEqual(lines.map(({ what, by_id, to }) => [what, by_id, to]), [['created', visitor.aid, undefined], ['owner', agent.aid, agent.aid], ['state', agent.aid, 'accepted'], ['state', agent.aid, 'in_progress'], ['state', agent.aid, 'solved'], ['state', agent.aid, 'closed']]);
});

stage.story('an agent makes one from a room with one call, over the socket and over REST', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  await visitor.says('打印机坏了');
  await visitor.says('一直冒烟');
  const path = (await stage.api.uploadImage(visitor.ticket, png(), 'smoke.png')).body.data;
  await visitor.gets('chat', { roomid, type: 'image', msg: path });
  const { success, faultId } = await agent.manages('addOrder', { roomid });
  assert.equal(success, true);
  const [fault] = await lists(visitor);
  assert.deepEqual([fault.faultId, fault.title, fault.describe, fault.faultPicUrl1], [faultId, '打印机坏了', '打印机坏了\n一直冒烟', path]);
  const api = new Rest(stage.server.url, agent.ticket);
  const made = await api.post('/orders', { roomid, title: '换新' }, { 'idempotency-key': `order-${faultId}` });
  assert.deepEqual([made.status, made.body.data.title, made.body.data.roomid, made.body.data.submitter], [201, '换新', roomid, visitor.aid]);
  const again = await api.post('/orders', { roomid, title: '换新' }, { 'idempotency-key': `order-${faultId}` });
  assert.equal(again.body.data.id, made.body.data.id);
  assert.equal((await lists(visitor)).length, 2);
});

stage.story('a board is listed, filtered and counted page by page', async () => {
  const companyid = 'board';
  await stage.company(companyid, 'Board');
  const visitor = await stage.visitor('小明', { companyid });
  const api = await rest(companyid);
  for (let n = 0; n < 5; n += 1) await adds(visitor, { companyid, title: `t${n}` });
  const titles = [];
  let cursor = '';
  do {
    const { body } = await api.get(`/orders?limit=2${cursor && `&cursor=${cursor}`}`);
    titles.push(...body.data.map(({ title }) => title));
    cursor = body.next ?? '';
  } while (cursor);
  assert.deepEqual(titles, ['t4', 't3', 't2', 't1', 't0']);
  const [first] = (await api.get('/orders')).body.data;
  assert.equal((await api.patch(`/orders/${first.id}`, { state: 'accepted' })).status, 200);
  assert.deepEqual((await api.get('/orders?state=accepted')).body.data.map(({ title }) => title), ['t4']);
  assert.deepEqual((await api.get('/orders/counts')).body.data, { new: 4, accepted: 1, in_progress: 0, solved: 0, closed: 0, unowned: 5 });
});

stage.story('nobody sees or changes what is not theirs', async () => {
  const [visitor, neighbour, stranger] = [await stage.visitor(), await stage.visitor('隔壁'), await stage.visitor('外人', { companyid: 'c2' })];
  const foreignAgent = await stage.agent('外人客服', { companyid: 'c2' });
  const agent = await stage.agent();
  await neighbour.connects();
  const faultId = await adds(visitor);
  for (const person of [neighbour, stranger, foreignAgent]) {
    const asked = await stage.api.get('fault/list', { companyid: 'c1', ticket: person.ticket, submitter: visitor.aid });
    assert.equal(asked.body.errcode, 4003, person.nick);
    const added = await stage.api.post('fault/add', { ...FAULT, ticket: person.ticket, submitter: visitor.aid });
    assert.equal(added.body.errcode, 4003, person.nick);
  }
  const asAgent = await stage.api.get('fault/list', { companyid: 'c1', ticket: agent.ticket, submitter: visitor.aid });
  assert.equal(asAgent.body.data[0].faultId, faultId);
  const absent = '0191d8b0-7c1e-7aaa-8bbb-0123456789ab';
  for (const secret of [other, foreignAgent.ticket]) {
    const api = new Rest(stage.server.url, secret);
    for (const call of [(id) => api.get(`/orders/${id}`), (id) => api.get(`/orders/${id}/lines`), (id) => api.patch(`/orders/${id}`, { state: 'closed' }), (id) => api.post(`/orders/${id}/comments`, { text: 'x', public: true })]) {
      const [there, nowhere] = [await call(faultId), await call(absent)];
      assert.equal(there.status, 404);
      assert.deepEqual([there.status, there.body], [nowhere.status, nowhere.body]);
    }
    assert.equal((await api.get('/orders')).body.data.some(({ id }) => id === faultId), false);
  }
  for (const person of [visitor, stranger]) assert.equal((await new Rest(stage.server.url, person.ticket).get('/orders')).status, 403);
  assert.deepEqual(neighbour.noticed('order'), []);
  assert.equal((await lists(visitor))[0].state, 'new');
});

stage.story('a visitor cannot make one from a room, nor an agent from another company’s', async () => {
  const { visitor, roomid } = await stage.conversation();
  await visitor.says('x');
  const foreign = await stage.agent('外人客服', { companyid: 'c2' });
  await foreign.connects();
  for (const person of [visitor, foreign]) assert.equal((await person.isRefused('mgr', { type: 'addOrder', roomid })).errcode, 4003);
  const { status } = await new Rest(stage.server.url, other).post('/orders', { roomid });
  assert.equal(status, 403);
  assert.deepEqual(await lists(visitor), []);
});

// Webhooks: what happens arrives signed and in order, again after a failure and a restart, at nobody else's.
import assert from 'node:assert/strict';
import { isSigned, Receiver } from '../../harness/receiver.js';
import { Rest } from '../../harness/rest.js';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage({ env: { NODECHAT_WEBHOOK_PRIVATE_ADDRESSES: 'true' } });
let companies = 0;

/** A company of its own with a receiver that is told of these. */
async function subscribed(...events) {
  const companyid = `hook${(companies += 1)}`;
  const api = new Rest(stage.server.url, await stage.company(companyid, 'Shop'));
  const receiver = await new Receiver().open();
  stage.closesWith(() => receiver.close());
  const { status, body } = await api.post('/webhooks', { url: receiver.url, events });
  assert.equal(status, 201, JSON.stringify(body));
  return { companyid, api, receiver, webhook: body.data };
}

const fault = (visitor, extra = {}) => ({ companyid: visitor.companyid, title: 't', phone: '1', describe: 'd', businessType: 'b', discoveryTime: '2018-11-08', submitter: visitor.aid, ticket: visitor.ticket, ...extra });

stage.story('a work order is told, signed with the secret that was shown once', async () => {
  const { companyid, api, receiver, webhook } = await subscribed('order');
  const visitor = await stage.visitor('小明', { companyid });
  const { faultId } = (await stage.api.post('fault/add', fault(visitor))).body;
  const request = await receiver.hears('order.created');
  assert.deepEqual(request.told.data, { businessType: 'b', by: 'visitor', by_id: visitor.aid, faultId, state: 'new', title: 't', userid: visitor.aid });
  assert.equal(request.told.companyid, companyid);
  assert.match(request.told.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.match(webhook.secret, /^whsec_/);
  assert.equal(isSigned(request, webhook.secret), true);
  assert.equal(isSigned({ ...request, body: `${request.body} ` }, webhook.secret), false);
  assert.equal((await api.get(`/webhooks/${webhook.id}`)).body.data.secret, undefined);
  const renewed = (await api.post(`/webhooks/${webhook.id}/secret`)).body.data;
  await api.post(`/orders/${faultId}/comments`, { text: 'hello', public: true });
  const both = await receiver.hears('order.answered');
  assert.deepEqual([isSigned(both, webhook.secret), isSigned(both, renewed.secret)], [true, true]);
});

stage.story('messages are told to those who ask for them, in the order of the room', async () => {
  const { companyid, receiver } = await subscribed('message');
  const visitor = await stage.visitor('小明', { companyid });
  await visitor.connects();
  await visitor.joins();
  const said = Array.from({ length: 20 }, (_, n) => `m${n}`);
  await visitor.saysAll(said);
  await receiver.hears('message.created', ({ data }) => data.message.msg === 'm19');
  assert.deepEqual(receiver.got.map(({ body }) => JSON.parse(body).data.message.msg), said);
  assert.equal(JSON.parse(receiver.got[0].body).data.roomid, visitor.roomid);
});

stage.story('a consultation is told from asking to rating', async () => {
  const { companyid, receiver } = await subscribed('consultation', 'assignment', 'rating', 'status');
  const agent = await stage.agent('客服一', { companyid });
  await agent.connects();
  await receiver.hears('status.came');
  const visitor = await stage.visitor('小明', { companyid });
  await visitor.connects();
  await visitor.joins();
  const { chatid } = await visitor.applies();
  const asked = await receiver.hears('consultation.asked');
  assert.deepEqual([asked.told.data.chatid, asked.told.data.roomid, asked.told.data.userid], [chatid, visitor.roomid, visitor.aid]);
  assert.equal((await receiver.hears('assignment.assigned')).told.data.csid, agent.aid);
  await visitor.gets('user', { type: 'endcs', roomid: visitor.roomid, chatid });
  await receiver.hears('consultation.ended');
  await visitor.gets('user', { type: 'rate', roomid: visitor.roomid, chatid, ratetype: 'HAND', rateresult: 'GOOD' });
  const { told } = await receiver.hears('rating.given');
  const { ratetype, rateresult, csid } = told.data;
  assert.deepEqual({ ratetype, rateresult, csid }, { ratetype: 'HAND', rateresult: 'GOOD', csid: agent.aid });
});

stage.story('what fails is kept, and told after the server has come back', async () => {
  const { companyid, api, receiver, webhook } = await subscribed('order');
  const visitor = await stage.visitor('小明', { companyid });
  receiver.status = 503;
  await stage.api.post('fault/add', fault(visitor));
  const first = await receiver.hears('order.created');
  const log = await until('the failure is in the log', async () => (await api.get(`/webhooks/${webhook.id}/deliveries`)).body.data.find(({ attempts }) => attempts > 0));
  assert.deepEqual([log.state, log.status, log.type], ['waiting', 503, 'order.created']);
  await stage.server.kill();
  receiver.status = 200;
  await stage.server.start();
  const back = new Rest(stage.server.url, await stage.key(companyid));
  assert.equal((await back.post(`/webhooks/${webhook.id}/deliveries/${log.number}/replay`)).status, 200);
  await until('it is told again', () => receiver.got.length > 1);
  assert.equal(receiver.got.at(-1).headers['webhook-id'], first.headers['webhook-id']);
  await until('it is delivered', async () => (await back.get(`/webhooks/${webhook.id}/deliveries`)).body.data[0].state === 'delivered');
});

stage.story('one that is off or removed hears nothing; a test comes at once', async () => {
  const { companyid, api, receiver, webhook } = await subscribed('order');
  const visitor = await stage.visitor('小明', { companyid });
  assert.equal((await api.post(`/webhooks/${webhook.id}/test`)).status, 200);
  await receiver.hears('webhook.test');
  assert.equal((await api.patch(`/webhooks/${webhook.id}`, { on: false })).body.data.on, false);
  await stage.api.post('fault/add', fault(visitor));
  assert.equal((await api.patch(`/webhooks/${webhook.id}`, { on: true })).body.data.on, true);
  await stage.api.post('fault/add', fault(visitor, { title: 'heard' }));
  const { told } = await receiver.hears('order.created');
  assert.equal(told.data.title, 'heard');
  assert.equal((await api.delete(`/webhooks/${webhook.id}`)).status, 200);
  assert.equal((await api.get(`/webhooks/${webhook.id}`)).status, 404);
});

stage.story('no webhook of another company is seen, changed or told', async () => {
  const first = await subscribed('order');
  const second = await subscribed('order');
  const visitor = await stage.visitor('小明', { companyid: first.companyid });
  await stage.api.post('fault/add', fault(visitor));
  await first.receiver.hears('order.created');
  const absent = '0191d8b0-7c1e-7aaa-8bbb-0123456789ab';
  const { api } = second;
  for (const call of [(id) => api.get(`/webhooks/${id}`), (id) => api.patch(`/webhooks/${id}`, { on: false }), (id) => api.delete(`/webhooks/${id}`), (id) => api.post(`/webhooks/${id}/secret`), (id) => api.post(`/webhooks/${id}/test`), (id) => api.get(`/webhooks/${id}/deliveries`), (id) => api.post(`/webhooks/${id}/deliveries/1/replay`)]) {
    const [there, nowhere] = [await call(first.webhook.id), await call(absent)];
    assert.equal(there.status, 404);
    assert.deepEqual([there.status, there.body], [nowhere.status, nowhere.body]);
  }
  assert.deepEqual((await api.get('/webhooks')).body.data.map(({ id }) => id), [second.webhook.id]);
  const agent = await stage.agent('客服一', { companyid: first.companyid });
  assert.equal((await new Rest(stage.server.url, agent.ticket).get('/webhooks')).status, 403);
  assert.deepEqual(second.receiver.got, []);
});

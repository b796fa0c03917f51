// Contract C5: visitors who are logged in nowhere.
import assert from 'node:assert/strict';
import { aText, isWhole } from '../../harness/shape.js';
import { openStage } from '../../harness/stage.js';

const ORIGIN = 'https://shop.example';
const stage = await openStage();
await stage.server.command('company', 'create', '--id', 'listed', '--name', 'Listed', '--anonymous', '--origin', ORIGIN);
const narrow = await openStage({ env: { NODECHAT_VISITOR_PER_MINUTE: '2' } });

const AID = /^v-/;
const refused = { errcode: 4003, errmsg: aText };

stage.story('visitor {companyid} answers {errcode, ticket, visitor, data}, in every way of asking', async () => {
  const ways = [stage.api.get('visitor', { companyid: 'demo' }), stage.api.form('visitor', { companyid: 'demo' }), stage.api.post('visitor', { companyid: 'demo' }), stage.api.post('visitor', { shopid: 'demo' })];
  const people = (await Promise.all(ways)).map(({ body }) => {
    isWhole(body, { errcode: 0, ticket: /^ncx_/, visitor: /^ncv_/, data: { aid: AID, mid: AID, account: '', nick: aText } });
    return body.data.aid;
  });
  assert.equal(new Set(people).size, 4, 'each a new person');
});

stage.story('with the secret of last time it is the same person again', async () => {
  const { body: first } = await stage.api.visitor({ companyid: 'demo' });
  const { body: again } = await stage.api.visitor({ companyid: 'demo', visitor: first.visitor });
  isWhole(again, { errcode: 0, ticket: (ticket) => /^ncx_/.test(ticket) && ticket !== first.ticket, visitor: first.visitor, data: first.data });
});

stage.story('a company that does not allow them, or is not there, is 4003', async () => {
  for (const companyid of ['c1', 'nowhere']) isWhole((await stage.api.visitor({ companyid })).body, refused, companyid);
  isWhole((await stage.api.visitor({})).body, { errcode: 4001, errmsg: aText });
});

stage.story('an origin that the company does not list is 4003', async () => {
  const from = async (origin) => (await stage.api.post('visitor', { companyid: 'listed' }, { origin })).body;
  isWhole(await from(ORIGIN), { errcode: 0, ticket: aText, visitor: aText, data: { aid: AID, mid: AID, account: '', nick: aText } });
  for (const origin of ['https://evil.example', 'http://shop.example', 'null']) isWhole(await from(origin), refused, origin);
});

narrow.story('one address gets so many a minute: the next is 4029 with retry_after, status 429 with Retry-After', async () => {
  const node = narrow.server.nodes[0];
  const asked = () => fetch(`${node.url}/onlinechat/api/visitor?companyid=demo`);
  const answers = [];
  for (let n = 0; n < 3; n += 1) answers.push(await asked());
  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 429]);
  isWhole(await answers[2].json(), { errcode: 4029, errmsg: aText, retry_after: (ms) => Number.isInteger(ms) && ms > 0 && ms <= 60_000 });
  assert.match(answers[2].headers.get('retry-after'), /^\d+$/);
});

stage.story('token with visitor beside aid joins the two: room and history become the named person’s', async () => {
  const { body: before } = await stage.api.visitor({ companyid: 'demo' });
  const guest = Object.assign(await stage.visitor('访客', { companyid: 'demo' }), { ticket: before.ticket, aid: before.data.aid });
  await guest.connects();
  await guest.joins();
  const { id, time } = await guest.says('登录之前');
  await guest.hangsUp();
  const { body: named } = await stage.api.token(await stage.key('demo'), { type: 'user', aid: 'c5-wang', nick: '王先生', companyid: 'demo', visitor: before.visitor });
  const { body: come } = await stage.api.ticket(named.token);
  const wang = Object.assign(await stage.visitor('王先生', { companyid: 'demo', aid: 'c5-wang' }), { ticket: come.ticket });
  await wang.connects();
  const { roomid, chat_msgs: [said] } = await wang.joins();
  assert.equal(roomid, '/U2S_c5-wang#demo');
  isWhole(said, { id, pos: 0, type: 'usermsg', mtype: 'text', aid: aText, mid: aText, nick: aText, time, msg: '登录之前' });
});

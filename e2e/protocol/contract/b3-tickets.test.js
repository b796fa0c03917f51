// Contract B3: the host site gets a token for its person, the page a ticket for the token.
import assert from 'node:assert/strict';
import { aText, aTime, isWhole } from '../../harness/shape.js';
import { openStage } from '../../harness/stage.js';

const stage = await openStage();
await stage.server.command('company', 'create', '--id', 'mall', '--name', 'Mall', '--users', 'platform');
const platform = (await stage.server.command('apikey', 'create', '--platform')).trim();

const TOKEN = /^nct_/;
const TICKET = /^ncx_/;
const refused = { errcode: 4003, errmsg: aText };
let people = 0;

const person = (extra = {}) => ({ type: 'user', aid: `b3-${(people += 1)}`, mid: 'm-1', account: 'ann@site', nick: '安', companyid: 'c1', ...extra });
const known = ({ aid, mid, account, nick }) => ({ aid, mid, account, nick });

/** A token for the person, taken as given. */
async function token(asked, key) {
  const { body } = await stage.api.token(key ?? (await stage.key('c1')), asked);
  isWhole(body, { errcode: 0, token: TOKEN, expires_in: 300 });
  return body.token;
}

stage.story('POST token with a key and a JSON body answers {errcode, token, expires_in}', async () => {
  await token(person({ attributes: { vip: true } }));
  await token(person({ attributes: '{"vip":true}' }));
  await token(person({ mid: undefined, account: undefined, companyid: undefined }));
  await token(person({ companyid: undefined, shopid: 'c1' }));
});

stage.story('ticket answers {errcode, ticket, data} to GET and POST, in the query, a form and JSON', async () => {
  const ways = { query: (token) => stage.api.get('ticket', { token }), form: (token) => stage.api.form('ticket', { token }), json: (token) => stage.api.post('ticket', { token }) };
  for (const [way, fetched] of Object.entries(ways)) {
    const ann = person();
    isWhole((await fetched(await token(ann))).body, { errcode: 0, ticket: TICKET, data: known(ann) }, way);
  }
});

stage.story('an agent’s ticket also says shopid', async () => {
  const bob = person({ type: 'cs' });
  const { body } = await stage.api.ticket(await token(bob));
  isWhole(body, { errcode: 0, ticket: TICKET, data: { ...known(bob), shopid: 'c1' }, shopid: 'c1' });
});

stage.story('mid, account and nick are the aid where they are left out', async () => {
  const { aid } = person();
  const { body } = await stage.api.ticket(await token({ type: 'user', aid }));
  isWhole(body, { errcode: 0, ticket: TICKET, data: { aid, mid: aid, account: aid, nick: aid } });
});

stage.story('a second use of a token and an unknown one are 4003', async () => {
  const used = await token(person());
  await stage.api.ticket(used);
  isWhole((await stage.api.ticket(used)).body, refused);
  isWhole((await stage.api.ticket('nct_unknown')).body, refused);
});

stage.story('a key names its own company’s people and nobody else’s', async () => {
  const key = await stage.key('c1');
  for (const asked of [person({ companyid: 'mall' }), person({ companyid: 'nowhere' })]) isWhole((await stage.api.token(key, asked)).body, refused, asked.companyid);
  isWhole((await stage.api.token(await stage.key('mall'), person({ companyid: 'mall' }))).body, refused, 'users of a platform’s company are the platform’s to name');
  isWhole((await stage.api.token(platform, person())).body, refused, 'own users are the company’s to name');
});

stage.story('the platform names users who may consult every company of the platform, and no other', async () => {
  const { body } = await stage.api.ticket(await token(person({ companyid: undefined }), platform));
  const buyer = Object.assign(await stage.visitor('买家'), { ticket: body.ticket, aid: body.data.aid });
  isWhole(await buyer.connects(), { ...body.data, type: 'user', atype: 'uweb', time: aTime, epoch: aText });
  assert.equal((await buyer.gets('join', { companyid: 'mall' })).roomid, `/U2S_${buyer.aid}#mall`);
  isWhole(await buyer.isRefused('join', { companyid: 'c1' }), refused);
});

stage.story('a ticket that is revoked opens nothing any more', async () => {
  const visitor = await stage.visitor();
  const { body } = await stage.api.post('ticket/revoke', { ticket: visitor.ticket }, { authorization: `Bearer ${await stage.key('c1')}` });
  assert.deepEqual(body, { errcode: 0 });
  isWhole((await stage.api.get('msg/list', { ticket: visitor.ticket, roomid: `/U2S_${visitor.aid}#c1` })).body, refused);
  isWhole(await visitor.isTurnedAway(), refused);
});

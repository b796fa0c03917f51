// What agents know of a visitor besides the talk: how it came, what the host site says, tags, notes, what was before; and lists by tag.
import assert from 'node:assert/strict';
import { Rest } from '../../harness/rest.js';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage();
const key = async (companyid = 'c1') => new Rest(stage.server.url, await stage.key(companyid));
let companies = 0;

stage.story('a visitor’s card shows how it came, what was before, notes and tags, over REST and over a socket alike', async () => {
  const companyid = `card${(companies += 1)}`;
  const rest = new Rest(stage.server.url, await stage.company(companyid, 'Shop'));
  const agent = await stage.agent('客服', { companyid });
  await agent.connects();
  const visitor = await stage.visitor('小明', { companyid });
  await visitor.connects({
    arrival: { page: 'https://shop.example/shoes?id=7&token=secret#top', referrer: 'https://search.example/?q=shoes' },
    headers: { 'user-agent': 'Mozilla/5.0 (X11) Firefox/144.0' },
  });
  await visitor.joins();
  const { roomid } = visitor;
  const { chatid } = await visitor.applies();
  await visitor.isTold('serving');
  await agent.joins(roomid);
  await agent.gets('note', { roomid, msg: '老顾客' });
  await agent.manages('endChat', { roomid, chatid });
  await visitor.isTold('ended');
  await visitor.gets('user', { type: 'rate', roomid, chatid, rateresult: 'GOOD' });
  await rest.put(`/visitors/${visitor.aid}/tags`, { tags: ['vip', '鞋'] });
  const again = await visitor.applies();
  const card = await until('it is written down how the visitor came', async () => {
    const { body } = await rest.get(`/visitors/${visitor.aid}`);
    return body.data.arrival && body.data;
  });
  const { arrival } = card;
  assert.deepEqual([arrival.page, arrival.referrer, arrival.ip], ['https://shop.example/shoes?id=7', 'https://search.example/?q=shoes', '127.0.0.1']);
  assert.deepEqual([arrival.atype, arrival.browser], ['uweb', 'Mozilla/5.0 (X11) Firefox/144.0']);
  assert.ok(Math.abs(arrival.time - Date.now()) < 600_000);
  assert.deepEqual(card.tags, ['vip', '鞋']);
  assert.deepEqual(card.notes.map(({ msg, aid }) => [msg, aid]), [['老顾客', agent.aid]]);
  assert.deepEqual(card.consultations.map((one) => [one.chatid, one.status, one.csid, one.ended_by, one.rateresult]), [
    [again.chatid, 'serving', agent.aid, undefined, undefined],
    [chatid, 'closed', agent.aid, 'cs', 'GOOD'],
  ]);
  assert.deepEqual(await agent.manages('card', { roomid }), card);
});

stage.story('an old client tells its page in the query, and long or strange ones keep nobody out', async () => {
  const rest = await key();
  const arrived = async ({ aid }) =>
    until('it is written down', async () => (await rest.get(`/visitors/${aid}`)).body.data?.arrival);
  const old = await stage.visitor();
  await old.connects({ client: '2.5.0', arrival: { page: 'https://shop.example/old' } });
  assert.equal((await arrived(old)).page, 'https://shop.example/old');
  const long = await stage.visitor();
  await long.connects({ arrival: { page: `https://shop.example/${'x'.repeat(9_000)}`, referrer: 7 } });
  const { page, referrer } = await arrived(long);
  assert.deepEqual([page.length, referrer], [500, null]);
  const quiet = await stage.visitor();
  await quiet.connects();
  assert.deepEqual((await arrived(quiet)).page, null);
});

stage.story('a card is the company’s own', async () => {
  await stage.company('c2', 'Shop Two');
  const { visitor, roomid } = await stage.conversation();
  const foreigner = await stage.agent('外客服', { companyid: 'c2' });
  await foreigner.connects();
  assert.equal((await foreigner.isRefused('mgr', { type: 'card', roomid })).errcode, 4003);
  assert.equal((await visitor.isRefused('mgr', { type: 'card', roomid })).errcode, 4003);
  assert.equal((await (await key('c2')).get(`/visitors/${visitor.aid}`)).status, 404);
});

stage.story('what a visitor of the platform tells one company is nothing to another, also when it turns to both', async () => {
  for (const id of ['m1', 'm2']) await stage.server.command('company', 'create', '--id', id, '--name', id, '--users', 'platform');
  const platform = (await stage.server.command('apikey', 'create', '--platform')).trim();
  const buyer = await stage.visitor('买家');
  const named = await stage.api.token(platform, { type: 'user', aid: buyer.aid, nick: '买家' });
  buyer.ticket = (await stage.api.ticket(named.body.token)).body.ticket;
  await buyer.connects({ arrival: { page: 'https://m1.example/secret' } });
  const card = async (id) => (await (await key(id)).get(`/visitors/${buyer.aid}`)).body;
  await buyer.gets('join', { companyid: 'm1', page: 'https://m1.example/shoes#x', referrer: 'https://m1.example/' });
  const { arrival } = await until('the first shop knows', async () => {
    const { data } = await card('m1');
    return data?.arrival && data;
  });
  assert.deepEqual([arrival.page, arrival.referrer, arrival.ip], ['https://m1.example/shoes', 'https://m1.example/', '127.0.0.1']);
  assert.equal((await card('m2')).errcode, 4004);
  await buyer.gets('join', { companyid: 'm2' });
  const other = await until('the second shop knows', async () => (await card('m2')).data?.arrival);
  assert.deepEqual([other.page, other.referrer, other.ip], [null, null, '127.0.0.1']);
  assert.equal((await card('m1')).data.arrival.page, 'https://m1.example/shoes');
});

stage.story('lists by tag keep to pages, searches and views', async () => {
  const companyid = `card${(companies += 1)}`;
  const rest = new Rest(stage.server.url, await stage.company(companyid, 'Shop'));
  const agent = await stage.agent('客服', { companyid });
  await agent.connects();
  await agent.manages('setStatus', { status: 'B' });
  const visitors = [];
  for (let n = 0; n < 6; n += 1) {
    const visitor = await stage.visitor(`访客${n}`, { companyid });
    await visitor.connects();
    await visitor.joins();
    visitor.chatid = (await visitor.applies()).chatid;
    visitors.push(visitor);
    if (n % 2 === 0) await rest.put(`/visitors/${visitor.aid}/tags`, { tags: ['大客户'] });
  }
  const rooms = (query) => agent.gets('list', { type: 'rooms', tag: '大客户', ...query });
  const names = (page) => page.rooms.map(({ topic }) => topic);
  assert.deepEqual(names(await rooms({})), ['访客4', '访客2', '访客0']);
  const first = await rooms({ limit: 2 });
  assert.deepEqual(names(first), ['访客4', '访客2']);
  assert.deepEqual(names(await rooms({ limit: 2, cursor: first.next })), ['访客0']);
  assert.deepEqual(names(await rooms({ search: '客2' })), ['访客2']);
  assert.deepEqual(names(await rooms({ search: '客3' })), []);
  const waiting = await rooms({ view: 'waiting', limit: 2 });
  assert.deepEqual(waiting.rooms.map(({ topic, position }) => [topic, position]), [['访客0', 1], ['访客2', 3]]);
  assert.deepEqual(names(await rooms({ view: 'waiting', cursor: waiting.next })), ['访客4']);
  for (const { roomid, chatid } of visitors.slice(0, 5)) await agent.manages('serveChat', { roomid, chatid });
  assert.deepEqual(names(await rooms({ view: 'mine' })), ['访客0', '访客2', '访客4']);
  for (const { roomid, chatid } of visitors.slice(0, 3)) await agent.manages('endChat', { roomid, chatid });
  assert.deepEqual(names(await rooms({ view: 'closed' })), ['访客2', '访客0']);
  const closed = await rooms({ view: 'closed', limit: 1 });
  assert.deepEqual(names(await rooms({ view: 'closed', limit: 1, cursor: closed.next })), ['访客0']);
  assert.deepEqual(names(await rooms({ view: 'closed', search: '客0' })), ['访客0']);
  assert.deepEqual(names(await agent.gets('list', { type: 'rooms', tag: 'nobody has it' })), []);
});

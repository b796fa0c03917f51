// A company's history is found, handed out and erased, and nobody else's.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Person } from '../../harness/person.js';
import { Rest } from '../../harness/rest.js';
import { openStage } from '../../harness/stage.js';
import { temporaryFolder } from '../../harness/tidy.js';
import { until } from '../../harness/until.js';

const stage = await openStage();

const call = async (key, path, body) => {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const reply = await fetch(`${stage.server.url}/api/v1/${path}`, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers });
  return { status: reply.status, type: reply.headers.get('content-type'), bytes: Buffer.from(await reply.arrayBuffer()) };
};
const json = ({ bytes }) => JSON.parse(bytes.toString());
const query = (fields) => new URLSearchParams(fields);

/** More than one page of whatever reads it. */
async function talks(person, count, words) {
  for (let from = 0; from < count; from += 30) await person.saysAll(Array.from({ length: 30 }, (_, at) => `${words} ${from + at}`));
}

stage.story('what was said is found by its words soon, and not what was taken back', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  await visitor.says('我想退款，订单4711');
  const oh = await visitor.says('退款退款 <b>');
  await agent.says('退款三天到账');
  const key = await stage.key('c1');
  const search = async (fields) => json(await call(key, `messages/search?${query({ roomid, ...fields })}`)).data;
  await until('it is indexed', async () => (await search({ text: '退款' })).length === 3);
  assert.deepEqual((await search({ text: '退款' })).map(({ pos }) => pos), [2, 1, 0]);
  assert.deepEqual((await search({ text: '退款', order: 'rank' })).map(({ pos }) => pos)[0], 1);
  const [found] = await search({ text: '4711' });
  assert.deepEqual([found.aid, found.snippet.text, found.snippet.ranges], [visitor.aid, '我想退款，订单4711', [[7, 11]]]);
  assert.deepEqual((await search({ text: '退款', side: 'cs', aid: agent.aid })).map(({ pos }) => pos), [2]);
  const first = json(await call(key, `messages/search?${query({ roomid, text: '退款', limit: 2 })}`));
  const second = json(await call(key, `messages/search?${query({ roomid, text: '退款', limit: 2, cursor: first.next })}`));
  assert.deepEqual([...first.data, ...second.data].map(({ pos }) => pos), [2, 1, 0]);
  assert.equal(second.next, undefined);
  await visitor.gets('recall', { roomid, id: oh.id });
  assert.deepEqual((await search({ text: '退款' })).map(({ pos }) => pos), [2, 0], 'at once');
  const other = await stage.company('c-search', 'Other');
  assert.deepEqual(json(await call(other, `messages/search?${query({ text: '退款' })}`)).data, []);
  assert.deepEqual(json(await call(other, `messages/search?${query({ text: '退款', roomid })}`)).data, []);
  assert.equal((await call(other, `messages/search?${query({ text: '退款', companyid: 'c1' })}`)).status, 403);
  assert.equal((await call('nck_none', 'messages/search?text=x')).status, 401);
});

stage.story('a room is handed out in three forms, none of which runs anything', async () => {
  const { visitor, roomid } = await stage.conversation();
  await visitor.says('=HYPERLINK("http://evil.example")');
  await visitor.says('<script>alert(1)</script>');
  await talks(visitor, 510, 'line');
  const key = await stage.key('c1');
  const exported = (format, more = {}) => call(key, `messages/export?${query({ roomid, format, ...more })}`);
  const csv = await exported('csv');
  assert.equal(csv.bytes.subarray(0, 3).toString('hex'), 'efbbbf');
  const text = csv.bytes.toString();
  assert.equal(text.includes(',"\'=HYPERLINK('), true);
  assert.equal(text.split('\r\n').length, 1 + 512 + 1);
  const html = (await exported('html')).bytes.toString();
  assert.equal(html.includes('<script'), false);
  assert.equal(html.match(/<tr>/g).length, 513);
  const xlsx = await exported('xlsx');
  assert.equal(xlsx.bytes.subarray(0, 2).toString(), 'PK');
  assert.equal(xlsx.bytes.includes('line 509'), true);
  assert.equal((await exported('pdf')).status, 400);
  assert.equal((await exported('csv', { to: 1 })).bytes.toString().split('\r\n').length, 2, 'nothing was said so early');
  const period = await call(key, `messages/export?${query({ from: 0 })}`);
  assert.equal(period.bytes.toString().includes('line 509'), true);
  const other = await stage.company('c-export', 'Other');
  assert.equal((await call(other, `messages/export?${query({ roomid })}`)).bytes.toString().split('\r\n').length, 2);
});

stage.story('one consultation is handed out to agents, with notes to those who may see them', async () => {
  const companyid = 'c-chat';
  const key = await stage.company(companyid, 'Chat');
  const [visitor, agent] = [await stage.visitor('小明', { companyid }), await stage.agent('客服一', { companyid })];
  for (const person of [visitor, agent]) await person.connects();
  const { roomid } = await visitor.joins();
  await visitor.says('before it began');
  await agent.joins(roomid);
  const { chatid } = await visitor.applies();
  await agent.notices('assign');
  await visitor.says('=help');
  const running = await call(agent.ticket, `messages/export?${query({ chatid })}`);
  assert.equal(running.bytes.toString().includes('=help'), true);
  await agent.gets('note', { roomid, msg: '老客户' });
  await agent.says('done');
  await visitor.gets('user', { type: 'endcs', roomid, chatid });
  const ended = Date.now();
  await until('another moment has come', () => Date.now() > ended);
  await visitor.says('after it had ended');
  const later = (await call(agent.ticket, `messages/export?${query({ chatid })}`)).bytes.toString();
  assert.deepEqual(later.split('\r\n').slice(1, -1).map((line) => line.split(',').slice(6, 8)), [['text', '"\'=help"'], ['text', 'done']]);
  const noted = (await call(agent.ticket, `messages/export?${query({ chatid, notes: true })}`)).bytes.toString();
  assert.deepEqual(noted.split('\r\n').slice(1, -1).map((line) => line.split(',').slice(6, 8)), [['text', '"\'=help"'], ['note', '老客户'], ['text', 'done']]);
  for (const [format, media] of [['csv', 'text/csv'], ['html', 'text/html'], ['xlsx', 'application/vnd.openxml']]) {
    const { status, type, bytes } = await call(key, `messages/export?${query({ chatid, notes: true, format })}`);
    assert.deepEqual([status, type.startsWith(media), bytes.includes('老客户')], [200, true, true], format);
  }
  const scoped = async (...scopes) => json(await call(key, 'api-keys', { name: 'x', scopes })).data.secret;
  const [exporter, confidant, other] = [await scoped('exports:read'), await scoped('exports:read', 'consultations:read'), await stage.company('c-chat2', 'Other')];
  const statusOf = async (secret, fields) => (await call(secret, `messages/export?${query(fields)}`)).status;
  assert.deepEqual([await statusOf(exporter, { chatid }), await statusOf(exporter, { chatid, notes: true }), await statusOf(confidant, { chatid, notes: true })], [200, 403, 200]);
  assert.deepEqual([await statusOf(agent.ticket, { roomid }), await statusOf(agent.ticket, {})], [403, 403], 'more than one takes a supervisor');
  assert.deepEqual([await statusOf(visitor.ticket, { chatid }), await statusOf(other, { chatid }), await statusOf(other, { chatid: 'x' }), await statusOf(key, { chatid, roomid })], [403, 404, 404, 400]);
  const [foreign, unknown] = [await call(other, `messages/export?${query({ chatid })}`), await call(other, `messages/export?${query({ chatid: '0191d8b0-7c1e-7aaa-8bbb-0123456789ab' })}`)];
  assert.equal(foreign.bytes.toString(), unknown.bytes.toString());
});

stage.story('everything of one person goes with one call, over a kill', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const { body: file } = await stage.api.uploadFile(visitor.ticket, Buffer.from('%PDF-1.4 my papers'), 'papers.pdf');
  await visitor.gets('chat', { roomid, type: 'file', msg: { fileid: file.fileid } });
  await talks(visitor, 450, 'private');
  await agent.gets('note', { roomid, msg: 'private note' });
  const key = await stage.key('c1');
  const asked = await call(key, 'erasures', { aid: visitor.aid });
  assert.equal(asked.status, 202);
  const { number } = json(asked).data;
  await stage.server.kill();
  await stage.server.start();
  const state = async () => json(await call(key, `erasures/${number}`)).data;
  await until('it is erased', async () => (await state()).finished !== undefined);
  assert.deepEqual([(await state()).messages, (await state()).files], [451, 1]);
  await agent.hangsUp();
  await agent.connects({ via: stage.server.url });
  const { next_pos, chat_msgs } = await agent.joins(roomid);
  assert.equal(next_pos, 451);
  assert.equal(chat_msgs.every(({ mtype, msg, nick }) => mtype === 'recalled' && msg === null && nick === ''), true);
  assert.deepEqual((await agent.gets('notes', { roomid })).notes, []);
  await until('the file is gone', async () => (await fetch(stage.api.fileUrl(file.fileid))).status !== 200);
  assert.deepEqual(json(await call(key, `messages/search?${query({ roomid, text: 'private' })}`)).data, []);
  const other = await stage.company('c-erase', 'Other');
  assert.equal((await call(other, `erasures/${number}`)).status, 404);
});

stage.story('everything of one person is handed out with one call, and what is erased is in it no more', async () => {
  const companyid = 'c-person';
  const key = await stage.company(companyid, 'Person');
  const rest = new Rest(stage.server.url, key);
  const [visitor, agent] = [await stage.visitor('小明', { companyid }), await stage.agent('客服一', { companyid })];
  await visitor.connects();
  const { roomid } = await visitor.joins();
  const left = await visitor.gets('user', { type: 'leavemsg', roomid, msg: '请回电', contact: '13800138000' });
  await agent.connects();
  await agent.notices('assign');
  await agent.joins(roomid);
  const { body: file } = await stage.api.uploadFile(visitor.ticket, Buffer.from('%PDF-1.4 my papers'), '../papers.pdf');
  await visitor.gets('chat', { roomid, type: 'file', msg: { fileid: file.fileid } });
  await talks(visitor, 600, 'line');
  await agent.gets('note', { roomid, msg: 'not theirs' });
  await rest.put('/work-order-kinds/refund', { text: '退款' });
  assert.equal((await rest.post('/orders', { submitter: visitor.aid, title: '退款', describe: '三天', kind: 'refund' })).status, 201);
  assert.equal((await rest.put(`/visitors/${visitor.aid}/tags`, { tags: ['vip'] })).status, 200);
  const exported = async (secret = key) => {
    const reply = await call(secret, `visitors/${visitor.aid}/export`);
    return { ...reply, parts: reply.status === 200 ? unzipped(reply.bytes) : {} };
  };
  const { type, parts } = await exported();
  assert.equal(type, 'application/zip');
  assert.deepEqual(Object.keys(parts), ['person.json', 'consultations.json', 'orders.json', 'messages.csv', `files/${file.fileid}`]);
  assert.deepEqual(JSON.parse(parts['person.json']).tags, ['vip']);
  assert.deepEqual(JSON.parse(parts['consultations.json']).map(({ chatid, left }) => [chatid, left]), [[left.chatid, { msg: '请回电', contact: '13800138000' }]]);
  assert.deepEqual(JSON.parse(parts['orders.json']).map(({ title, history }) => [title, history.length > 0]), [['退款', true]]);
  assert.equal(parts['messages.csv'].split('\r\n').length, 1 + 602 + 1, 'what was left, the file, and the talk');
  assert.ok(!parts['messages.csv'].includes('not theirs'));
  assert.equal(parts[`files/${file.fileid}`], '%PDF-1.4 my papers');
  assert.deepEqual((await rest.all('/audit', { act: 'person.export' })).map(({ subject }) => subject), [visitor.aid]);
  assert.equal((await exported(agent.ticket)).status, 403, 'an agent has no business with all of it');
  assert.equal((await call(await stage.company('c-person2', 'Other'), `visitors/${visitor.aid}/export`)).status, 404);

  const asked = await rest.post('/erasures', { aid: visitor.aid });
  await until('it is erased', async () => (await rest.get(`/erasures/${asked.body.data.number}`)).body.data.finished !== undefined);
  const { parts: after } = await exported();
  const known = JSON.parse(after['person.json']);
  assert.deepEqual([known.nick, known.tags, known.arrival, Object.keys(after).length], ['', [], null, 4]);
  assert.ok(!/小明|line \d|退款|三天|请回电|138001/.test(Object.values(after).join('')), Object.values(after).join('').slice(0, 500));
});

stage.story('an agent goes with its account, its name and its words, and the last owner stays', async () => {
  const companyid = 'c-agent';
  const key = await stage.company(companyid, 'Shop Agent');
  const rest = new Rest(stage.server.url, key);
  const account = async (login, role) => {
    const { body } = await rest.post('/agents', { login, password: 'correct horse', role });
    const session = await rest.as().post('/sessions', { companyid, login, password: 'correct horse' });
    return { aid: body.data.aid, ticket: session.body.data.ticket };
  };
  const [boss, ann] = [await account('boss', 'owner'), await account('ann', 'agent')];
  const last = await rest.post('/erasures', { aid: boss.aid, type: 'cs' });
  assert.deepEqual([last.status, last.body.errcode], [409, 4009], 'the last owner');
  assert.equal((await rest.as(ann.ticket).post('/erasures', { aid: boss.aid, type: 'cs' })).status, 403);
  assert.equal((await rest.as(ann.ticket).post('/canned-replies', { shortcut: 'own', text: 'mine', personal: true })).status, 201);
  assert.equal((await rest.post('/canned-replies', { shortcut: 'all', text: 'ours' })).status, 201);

  const visitor = await stage.visitor('小明', { companyid });
  const agent = await stage.agent('Ann', { companyid, aid: 'host-ann' });
  await visitor.connects();
  await agent.connects();
  const { roomid } = await visitor.joins();
  await agent.joins(roomid);
  await visitor.says('question');
  const { body: file } = await stage.api.uploadFile(agent.ticket, Buffer.from('%PDF-1.4 my papers'), 'papers.pdf');
  await agent.says('answer');
  await agent.gets('chat', { roomid, type: 'file', msg: { fileid: file.fileid } });
  await agent.gets('note', { roomid, msg: 'private note' });

  const finished = (number) => until('it is erased', async () => (({ data }) => data.finished !== undefined && data)((await rest.get(`/erasures/${number}`)).body));
  const stays = await rest.post('/erasures', { aid: ann.aid, type: 'cs', keep_messages: true });
  const kept = await finished(stays.body.data.number);
  assert.deepEqual([kept.type, kept.messages, kept.files], ['cs', 0, 0]);
  const asked = await rest.post('/erasures', { aid: 'host-ann', type: 'cs' });
  assert.equal(asked.status, 202);
  await until('every connection of hers has ended', async () => (await new Rest(stage.server.url, agent.ticket).get('/me')).status === 401);
  const done = await finished(asked.body.data.number);
  assert.deepEqual([done.messages, done.files], [2, 1]);
  assert.equal((await rest.as(ann.ticket).get('/me')).status, 401);
  assert.equal((await rest.as().post('/sessions', { companyid, login: 'ann', password: 'correct horse' })).status, 401);
  assert.deepEqual((await rest.all('/agents')).map(({ aid }) => aid), [boss.aid]);
  assert.deepEqual((await rest.all('/canned-replies')).map(({ shortcut }) => shortcut), ['all']);
  assert.deepEqual((await visitor.history()).map(({ pos, mtype, msg, nick }) => [pos, mtype, msg, nick]), [[0, 'text', 'question', '小明'], [1, 'recalled', null, 'Shop Agent'], [2, 'recalled', null, 'Shop Agent']]);
  await until('the file is gone', async () => (await fetch(stage.api.fileUrl(file.fileid))).status !== 200);
  const acts = (await rest.all('/audit', { act: 'agent.erase' })).map(({ subject, note }) => [subject, note]);
  assert.deepEqual(acts.slice(-2), [['host-ann', ''], [ann.aid, 'its words stay']]);
  assert.equal((await rest.post('/erasures', { aid: 'x', keep_messages: true })).body.errcode, 4002);
  assert.equal((await rest.post('/erasures', { aid: 'x', type: 'robot' })).body.errcode, 4002);
});

stage.story('a person of the platform goes at one company by its key, at all by the platform’s, over a kill', async () => {
  const platform = new Rest(stage.server.url, (await stage.server.command('apikey', 'create', '--platform')).trim());
  const shops = ['p-one', 'p-two'];
  for (const id of shops) assert.equal((await platform.post('/companies', { id, name: id, owner: { login: 'boss', password: 'correct horse' } })).status, 201);
  const { body: token } = await stage.api.token(platform.secret, { type: 'user', aid: 'market-1', nick: '小红' });
  const { body: admitted } = await stage.api.ticket(token.token);
  const visitor = stage.keeps(new Person({ url: stage.server.url, type: 'user', aid: 'market-1', nick: '小红', ticket: admitted.ticket }));
  await visitor.connects();
  for (const companyid of shops) {
    await visitor.joins(undefined, { companyid });
    await talks(visitor, 30, 'private');
  }
  const bosses = Object.fromEntries(await Promise.all(shops.map(async (companyid) => {
    const { body } = await platform.as().post('/sessions', { companyid, login: 'boss', password: 'correct horse' });
    return [companyid, platform.as(body.data.ticket)];
  })));
  const said = async (companyid) => {
    const csv = await call(bosses[companyid].secret, `messages/export?${query({ roomid: `/U2S_market-1#${companyid}` })}`);
    return csv.bytes.toString().split('\r\n').slice(1, -1).map((line) => line.split(',')).map(([, , pos, , , nick, kind]) => [Number(pos), nick, kind]);
  };
  const places = (nick, kind) => Array.from({ length: 30 }, (_, pos) => [pos, nick, kind]);
  const finished = (rest, number) => until('it is erased', async () => (await rest.get(`/erasures/${number}`)).body.data.finished !== undefined);

  const here = await bosses['p-one'].post('/erasures', { aid: 'market-1' });
  assert.equal(here.status, 202);
  await finished(bosses['p-one'], here.body.data.number);
  assert.deepEqual(await said('p-one'), places('', 'recalled'));
  assert.deepEqual(await said('p-two'), places('小红', 'text'));
  assert.equal((await visitor.says('still here')).success, true, 'what the platform knows of it is the platform’s');

  const everywhere = await platform.post('/erasures', { aid: 'market-1' });
  assert.equal(everywhere.status, 202, everywhere.text);
  const { number } = everywhere.body.data;
  await stage.server.kill();
  await stage.server.start();
  await finished(platform, number);
  assert.deepEqual(await said('p-two'), [...places('', 'recalled'), [30, '', 'recalled']]);
  assert.equal((await visitor.isTurnedAway({ via: stage.server.url })).errcode, 4003, 'and so is its ticket');
  assert.equal((await bosses['p-two'].get(`/erasures/${number}`)).status, 404, 'it is the platform’s');
  assert.equal((await platform.post('/erasures', { aid: 'boss', type: 'cs' })).body.errcode, 4001, 'an agent is of a company');
  for (const companyid of shops) {
    const [line] = (await bosses[companyid].get('/audit', { act: 'person.erase' })).body.data;
    assert.deepEqual([line.subject, line.actor_kind, line.note], ['market-1', 'platform', 'everywhere']);
  }
});

/** The parts of an archive by their names, read by somebody else than who has written it. */
function unzipped(bytes) {
  const path = join(temporaryFolder(), 'archive.zip');
  writeFileSync(path, bytes);
  const script = 'import json, sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(json.dumps({n: z.read(n).decode() for n in z.namelist()}))';
  return JSON.parse(execFileSync('python3', ['-c', script, path], { maxBuffer: 64 << 20 }).toString());
}

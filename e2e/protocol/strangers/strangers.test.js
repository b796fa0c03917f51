// Nothing of one user or company opens for another, over every event and endpoint, and asking does not tell what exists.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { png } from '../../harness/pictures.js';
import { openStage } from '../../harness/stage.js';

const stage = await openStage();
await stage.company('c2', 'Shop Two');

/** Who asks, whose room it is, and a room that does not exist but would look the same. */
async function meetings() {
  const first = await stage.conversation();
  const second = await stage.conversation({ companyid: 'c2' });
  await first.visitor.says('a secret of the first');
  await second.visitor.says('a secret of the second');
  const neighbour = await stage.visitor('隔壁', {});
  await neighbour.connects();
  await neighbour.joins();
  return [
    { who: 'a visitor of the same company', asker: neighbour, existing: first.roomid, absent: `/U2S_${randomUUID()}#c1`, host: first },
    { who: 'a visitor of another company', asker: second.visitor, existing: first.roomid, absent: `/U2S_${randomUUID()}#c1`, host: first },
    { who: 'an agent of another company', asker: second.agent, existing: first.roomid, absent: `/U2S_${randomUUID()}#c1`, host: first },
    { who: 'the same visitor with another company', asker: first.visitor, existing: `/U2S_${first.visitor.aid}#c2`, absent: `/U2S_${first.visitor.aid}#c3`, host: first },
  ];
}

/** Every request that names a room, each as a stranger would try it. */
const requests = {
  join: (roomid) => ['join', { roomid }],
  'join with since': (roomid) => ['join', { roomid, since: 0 }],
  chat: (roomid) => ['chat', { roomid, type: 'text', msg: 'let me in' }],
  'chat with mtype': (roomid) => ['chat', { roomid, mtype: 'custom', msg: { a: 1 }, id: randomUUID() }],
  viewchat: (roomid) => ['user', { type: 'viewchat', roomid, start: 0 }],
  'viewchat with limit': (roomid) => ['user', { type: 'viewchat', roomid, start: -5, limit: 100 }],
  mkread: (roomid) => ['mkread', { roomid }],
  'mkread with pos': (roomid) => ['mkread', { roomid, pos: 0 }],
};

/** Requests of later parts of the contract: a stranger never gets through, whether they exist yet (4003) or not (3100, or 4002 for an unknown `type`). */
const laterRequests = {
  typing: (roomid) => ['typing', { roomid, text: 'x' }],
  looking: (roomid) => ['looking', { roomid }],
  recall: (roomid, id) => ['recall', { roomid, id }],
  note: (roomid) => ['note', { roomid, msg: 'x' }],
  query: (roomid) => ['query', { roomid, queryId: '1', queryTitle: 'x' }],
  applycs: (roomid) => ['user', { type: 'applycs', roomid }],
  endcs: (roomid, id) => ['user', { type: 'endcs', roomid, chatid: id }],
  serveChat: (roomid, id) => ['mgr', { type: 'serveChat', roomid, chatid: id }],
  transfer: (roomid) => ['mgr', { type: 'transfer', roomid, tocsid: 'x', msg: 'x' }],
  remove: (roomid) => ['mgr', { type: 'remove', roomid }],
};

stage.story('no event opens the room of somebody else, existing or not', async () => {
  for (const { who, asker, existing, absent, host } of await meetings()) {
    const before = await host.agent.history(host.roomid);
    for (const [name, request] of Object.entries(requests)) {
      const there = await asker.isRefused(...request(existing));
      const nowhere = await asker.isRefused(...request(absent));
      assert.equal(there.errcode, 4003, `${name} by ${who}: ${JSON.stringify(there)}`);
      assert.deepEqual(there, nowhere, `${name} by ${who} tells whether the room exists`);
    }
    for (const [name, request] of Object.entries(laterRequests)) {
      const there = await asker.isRefused(...request(existing, before[0].id));
      const nowhere = await asker.isRefused(...request(absent, randomUUID()));
      assert.ok([3100, 4002, 4003].includes(there.errcode), `${name} by ${who}: ${JSON.stringify(there)}`);
      assert.deepEqual(there, nowhere, `${name} by ${who} tells whether the room exists`);
    }
    assert.deepEqual(await host.agent.history(host.roomid), before, `${who} changed nothing`);
  }
});

stage.story('leaving a room one may not see is the same success as leaving any room', async () => {
  for (const { asker, existing, absent } of await meetings()) {
    assert.deepEqual(await asker.asks('leave', { roomid: existing }), await asker.asks('leave', { roomid: absent }));
  }
});

stage.story('a stranger who tried hears nothing of the room afterwards', async () => {
  for (const { asker, existing, host } of await meetings()) {
    for (const request of Object.values(requests)) await asker.asks(...request(existing));
    const roomid = host.roomid;
    await host.agent.says('only for us', { roomid });
    await host.visitor.hears('only for us', { roomid });
    await host.agent.gets('mkread', { roomid });
    if (asker === host.visitor) continue;
    await asker.asks('mkread', { roomid: asker.roomid });
    assert.deepEqual(asker.heard(roomid), []);
    assert.deepEqual(asker.noticed('mkread').filter((mark) => mark.roomid === roomid), []);
  }
});

stage.story('a room name that only looks like one’s own opens nothing', async () => {
  const { visitor, roomid } = await stage.conversation();
  const { aid } = visitor;
  const stranger = await stage.visitor('隔壁', { aid: `${aid}2` });
  await stranger.connects();
  const tricks = [roomid, roomid.toUpperCase(), ` ${roomid}`, `${roomid} `, `${roomid}/`, `//U2S_${aid}#c1`, `/U2S_${aid}%23c1`, `/U2S_${aid}#c1#c1`, `/U2S_${aid}2#c1/../U2S_${aid}#c1`, `U2S_${aid}#c1`, `/U2S_%#c1`, '/U2S_*#c1', '/U2S_#c1', '/', '#', '*', '__proto__', 'constructor'];
  for (const trick of tricks) {
    for (const [name, request] of Object.entries(requests)) {
      const err = await stranger.isRefused(...request(trick));
      assert.ok([4002, 4003].includes(err.errcode), `${name} ${trick}: ${JSON.stringify(err)}`);
    }
  }
  assert.deepEqual((await visitor.history()).length, 0);
});

stage.story('an aid with a # in it does not lead into another company or another’s room', async () => {
  const { visitor } = await stage.conversation();
  const named = await stage.api.token(await stage.key('c2'), { type: 'user', aid: `${visitor.aid}#c1`, nick: 'trick', companyid: 'c2' });
  if (named.body.errcode !== 0) {
    assert.equal(named.body.errcode, 4002);
    return;
  }
  const trickster = await stage.visitor('trick', { companyid: 'c2', aid: `${visitor.aid}#c1` });
  await trickster.connects();
  for (const request of Object.values(requests)) assert.equal((await trickster.isRefused(...request(visitor.roomid))).errcode, 4003);
});

stage.story('a user of one company cannot go to another, existing or not', async () => {
  const visitor = await stage.visitor();
  await visitor.connects();
  for (const field of ['companyid', 'shopid']) {
    const there = await visitor.isRefused('join', { [field]: 'c2' });
    assert.equal(there.errcode, 4003);
    assert.deepEqual(there, await visitor.isRefused('join', { [field]: 'nowhere' }));
  }
});

stage.story('an agent learns that a room of its own company does not exist, and joins no own room', async () => {
  const agent = await stage.agent();
  await agent.connects();
  assert.equal((await agent.isRefused('join', { roomid: `/U2S_${randomUUID()}#c1` })).errcode, 4004);
  const [err] = await agent.asks('join', { companyid: 'c1' });
  assert.ok(err, 'an agent is no visitor of its own shop');
});

stage.story('msg/list opens for nobody else, existing or not', async () => {
  for (const { who, asker, existing, absent } of await meetings()) {
    const there = await stage.api.get('msg/list', { ticket: asker.ticket, roomid: existing });
    const nowhere = await stage.api.get('msg/list', { ticket: asker.ticket, roomid: absent });
    assert.equal(there.body.errcode, 4003, who);
    assert.deepEqual([there.status, there.body], [nowhere.status, nowhere.body], who);
  }
});

stage.story('a message of another room cannot be claimed by its id', async () => {
  const mine = await stage.conversation();
  const theirs = await stage.conversation({ companyid: 'c2' });
  const { id } = await theirs.visitor.says('theirs');
  const known = await mine.visitor.isRefused('chat', { roomid: mine.roomid, type: 'text', msg: 'theirs', id });
  assert.equal(known.errcode, 4002);
  assert.doesNotMatch(JSON.stringify(known), /pos|theirs|U2S/);
  const quoted = await mine.visitor.asks('chat', { roomid: mine.roomid, type: 'text', msg: 'look', quote: id });
  const invented = await mine.visitor.asks('chat', { roomid: mine.roomid, type: 'text', msg: 'look', quote: randomUUID() });
  assert.deepEqual(quoted[0]?.errcode, invented[0]?.errcode, 'a quote does not tell whether the message exists');
  assert.doesNotMatch(JSON.stringify(await mine.visitor.history()), /theirs/);
});

stage.story('uploads of one company are nothing in the messages of another', async () => {
  const mine = await stage.conversation();
  const theirs = await stage.visitor('他们', { companyid: 'c2' });
  const { body: image } = await stage.api.uploadImage(theirs.ticket, png(), 'a.png');
  const { body: file } = await stage.api.uploadFile(theirs.ticket, Buffer.from('x'), 'a.txt', 'text/plain');
  const chat = (type, msg) => mine.visitor.isRefused('chat', { roomid: mine.roomid, type, msg });
  const invented = { image: '2018-11-08/onlinechat_00000000000000000000000000000000.png', file: randomUUID() };
  assert.deepEqual(await chat('image', image.data), await chat('image', invented.image));
  assert.deepEqual(await chat('file', { fileid: file.fileid, filename: 'a.txt' }), await chat('file', { fileid: invented.file, filename: 'a.txt' }));
  assert.equal((await chat('image', image.data)).errcode, 4002);
  assert.equal((await mine.visitor.history()).length, 0);
});

stage.story('the key of one company names nobody of another, existing or not', async () => {
  const key = await stage.key('c1');
  for (const type of ['user', 'cs']) {
    const there = await stage.api.token(key, { type, aid: 'x', nick: 'x', companyid: 'c2' });
    const nowhere = await stage.api.token(key, { type, aid: 'x', nick: 'x', companyid: 'nowhere' });
    assert.equal(there.body.errcode, 4003);
    assert.deepEqual([there.status, there.body], [nowhere.status, nowhere.body]);
  }
});

stage.story('the same aid in two companies is two people', async () => {
  const here = await stage.visitor('甲', { aid: 'same' });
  const there = await stage.visitor('乙', { aid: 'same', companyid: 'c2' });
  await Promise.all([here.connects(), there.connects()]);
  await here.joins();
  await there.joins();
  await here.says('for c1 only');
  assert.notEqual(here.roomid, there.roomid);
  assert.deepEqual(await there.history(), []);
  assert.equal((await there.isRefused('join', { roomid: here.roomid })).errcode, 4003);
});

stage.story('pages of an origin that the company does not list are served by no call', async () => {
  await stage.server.command('company', 'create', '--id', 'listed', '--name', 'Listed', '--anonymous', '--origin', 'https://shop.example');
  const visitor = await stage.visitor('小明', { companyid: 'listed' });
  await visitor.connects();
  const { roomid } = await visitor.joins();
  const { ticket } = visitor;
  const from = async (origin) => {
    const headers = origin ? { origin } : {};
    const form = new FormData();
    form.append('cmFile', new Blob([png()], { type: 'image/png' }), 'a.png');
    const upload = await fetch(`${stage.server.url}/onlinechat/api/file/uploadImage?${new URLSearchParams({ ticket })}`, { method: 'POST', body: form, headers });
    const list = await stage.api.get('msg/list', { ticket, roomid }, headers);
    const visit = await stage.api.post('visitor', { companyid: 'listed' }, headers);
    return [(await upload.json()).errcode, list.body.errcode, visit.body.errcode];
  };
  assert.deepEqual(await from('https://elsewhere.example'), [4003, 4003, 4003]);
  assert.deepEqual(await from('https://shop.example'), [0, 0, 0]);
  assert.deepEqual(await from(undefined), [0, 0, 0], 'what is no page shows its ticket alone');
});

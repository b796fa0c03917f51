// Nothing of one company can be reached from another: every call of the served OpenAPI, with the other's ids.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Rest } from '../../harness/rest.js';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage();

const QUESTION = { title: 'theirs', items: [{ title: 'their question', answer: 'their answer' }] };

/** For each noun with an id in its path: how one is made, and what a good body of its calls is. A new noun needs a line. */
const NOUNS = {
  agents: { make: { login: 'victim', password: 'correct horse' }, id: 'aid', bodies: { patch: { nick: 'x' }, 'password put': { new: 'another horse' } } },
  groups: { make: { name: 'their group' }, bodies: { put: { name: 'x' } } },
  'api-keys': { make: { name: 'their key', scopes: ['agents:read'] } },
  'canned-replies': { make: { shortcut: 'theirs', text: 'their words' }, bodies: { put: { shortcut: 'x', text: 'x' } }, query: { roomid: '/U2S_victim#c2' } },
  'work-order-kinds': { put: { text: 'their kind' }, key: 'their-kind', ownKeys: true },
  'sensitive-words': { key: 'theirword' },
  blacklist: { make: { aid: 'their-enemy' }, bodies: { put: { reason: 'x' } } },
  orders: { make: { submitter: 'u1', title: 't', describe: 'd', kind: 'their-kind' }, bodies: { patch: { title: 'x' }, 'comments post': { text: 'x' } } },
  questions: { make: QUESTION, bodies: { put: QUESTION } },
  visitors: { key: 'their-visitor', bodies: { 'tags put': { tags: ['x'] } } },
  companies: { key: 'c2' },
  // Made by a visitor, in the story.
  consultations: {},
  erasures: { make: { aid: 'their-former-visitor' }, id: 'number' },
  webhooks: { make: { url: 'https://hooks.example/their', events: ['message'] }, bodies: { patch: { on: false } } },
};

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

stage.story('every call with another company’s ids is refused as one with unknown ids, and changes nothing', async () => {
  await stage.company('c2', 'Shop Two');
  const [ours, theirs] = [new Rest(stage.server.url, await stage.key('c1')), new Rest(stage.server.url, await stage.key('c2'))];
  const admin = await ours.post('/agents', { login: 'admin', password: 'correct horse', role: 'admin' });
  const { body: session } = await ours.as().post('/sessions', { companyid: 'c1', login: 'admin', password: 'correct horse' });
  assert.equal(admin.status, 201);
  const visitor = await stage.visitor('小明', { companyid: 'c2', aid: NOUNS.visitors.key });
  await visitor.connects();
  await visitor.joins();
  const { chatid } = await visitor.gets('user', { type: 'leavemsg', roomid: visitor.roomid, msg: '请回电', contact: '138' });
  const ids = { ...(await furnish(theirs)), consultations: chatid };
  const document = await (await fetch(`${stage.server.url}/openapi.json`)).json();
  // What was said is found a moment later; from then on nothing changes by itself.
  await until('their message is indexed', async () => (await theirs.get('/messages/search')).body.data.length === 1);
  const before = await everything(theirs, document);

  let calls = 0;
  for (const caller of [ours, ours.as(session.data.ticket)]) {
    for (const { path, method, noun } of operations(document)) {
      const { ownKeys, bodies = {}, query = {}, put } = NOUNS[noun] ?? {};
      const action = path.split('/').slice(4).filter((part) => !part.startsWith('{'))[0];
      const body = ['post', 'put', 'patch'].includes(method) ? (bodies[action ? `${action} ${method}` : method] ?? put ?? {}) : undefined;
      const ask = (id, company) => caller.call(method.toUpperCase(), path.slice('/api/v1'.length).replace(/\{[^}]+\}/, encodeURIComponent(id)).replace(/\{[^}]+\}/, '1'), { body, query: { ...query, ...company } });
      if (path.includes('{') && !(ownKeys && method === 'put')) {
        const [foreign, unknown] = [await ask(ids[noun]), await ask(noun === 'sensitive-words' ? 'nobodysword' : unknownLike(ids[noun]))];
        const what = `${method} ${path} answers ${foreign.text}`;
        assert.ok([4003, 4004].includes(foreign.body.errcode), what);
        assert.deepEqual([foreign.status, foreign.body], [unknown.status, unknown.body], what);
        calls += 1;
      }
      // Whatever else a call would say: another company is out of reach, and so is one that is not there.
      const id = ids[noun] ?? 'x';
      const open = document.paths[path][method].security?.some((needed) => Object.keys(needed).length === 0);
      if (open) continue;
      const [foreign, unknown] = [await ask(id, { companyid: 'c2' }), await ask(id, { companyid: 'nowhere' })];
      assert.deepEqual([foreign.status, foreign.body.errcode], [403, 4003], `${method} ${path}?companyid=c2 answers ${foreign.text}`);
      assert.deepEqual(foreign.body, unknown.body);
      calls += 1;
    }
  }
  assert.ok(calls > 100, `${calls} calls`);
  assert.deepEqual(await everything(theirs, document), before);

  const seen = JSON.stringify(await everything(ours, document));
  for (const [noun, id] of Object.entries(ids)) assert.ok(!seen.includes(`"${id}"`), `our ${noun} show theirs`);
});

stage.story('ids of another company in a body or a query find nothing', async () => {
  await stage.company('c3', 'Shop Three');
  const [ours, theirs] = [new Rest(stage.server.url, await stage.key('c1')), new Rest(stage.server.url, await stage.key('c3'))];
  const { body: group } = await theirs.post('/groups', { name: 'theirs' });
  const { body: agent } = await theirs.post('/agents', { login: 'theirs', password: 'correct horse' });
  const alike = async (ask, foreign) => {
    const unknown = unknownLike(foreign);
    const [one, other] = [await ask(foreign), await ask(unknown)];
    // What was asked for may be said again.
    assert.deepEqual([one.status, one.text], [other.status, other.text.replaceAll(unknown, foreign)]);
    return one;
  };
  assert.equal((await alike((id) => ours.post('/groups', { name: 'a', fallback: id }), group.data.id)).body.errcode, 4002);
  assert.equal((await alike((aid) => ours.post('/groups', { name: 'b', members: [aid] }), agent.data.aid)).body.errcode, 4002);
  assert.deepEqual((await alike((id) => ours.get('/agents', { group: id }), group.data.id)).body.data, []);
  assert.deepEqual((await alike((aid) => ours.get('/audit', { actor: aid }), agent.data.aid)).body.data, []);
  assert.equal((await ours.as().post('/sessions', { companyid: 'c1', login: 'theirs', password: 'correct horse' })).status, 401);
});

/** One thing of each noun; their ids. */
async function furnish(rest) {
  const ids = {};
  for (const [noun, { make, put, key, id = 'id' }] of Object.entries(NOUNS)) {
    if (make) {
      const made = await rest.post(`/${noun}`, make);
      assert.equal(made.body.errcode, 0, `${noun}: ${made.text}`);
      ids[noun] = made.body.data[id];
    } else if (put) {
      assert.equal((await rest.put(`/${noun}/${key}`, put)).status, 200);
      ids[noun] = key;
    }
  }
  assert.equal((await rest.put('/sensitive-words', { words: [{ word: NOUNS['sensitive-words'].key, treatment: 'mask' }] })).status, 200);
  return { ...ids, companies: NOUNS.companies.key, visitors: NOUNS.visitors.key, 'sensitive-words': NOUNS['sensitive-words'].key };
}

function* operations(document) {
  for (const [path, item] of Object.entries(document.paths)) {
    const noun = path.split('/')[3];
    const withId = path.split('/')[4]?.startsWith('{');
    assert.ok(!withId || NOUNS[noun], `the noun of ${path} is to be entered in this test`);
    for (const method of METHODS) if (item[method]) yield { path, method, noun };
  }
}

/** Every list and every thing that can be asked for without an id, as it is now. */
async function everything(rest, document) {
  const found = {};
  for (const { path, method } of operations(document)) {
    if (method !== 'get' || path.includes('{') || NOT_LISTED.has(path)) continue;
    const { body } = await rest.get(path.slice('/api/v1'.length), { ...(takesLimit(document, path) && { limit: 100 }) });
    if (body.errcode === 0) found[path] = body.data;
  }
  // Being asked is remembered.
  for (const key of found['/api/v1/api-keys'] ?? []) delete key.last_used;
  return found;
}

/** A file, not JSON. */
const NOT_LISTED = new Set(['/api/v1/messages/export']);

function takesLimit(document, path) {
  return document.paths[path].get.parameters?.some(({ name }) => name === 'limit');
}

/** An id of the same form that nothing has. */
function unknownLike(id) {
  if (typeof id === 'number') return id + 1_000_000;
  const prefix = /^[a-z]-(?=[0-9a-f]{8}-)/.exec(id)?.[0] ?? '';
  if (/^[0-9a-f]{16}$/.test(id)) return '0123456789abcdef';
  return /[0-9a-f]{8}-[0-9a-f]{4}-/.test(id) ? prefix + randomUUID() : `${id}-x`;
}

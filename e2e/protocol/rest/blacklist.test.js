// Whom a company does not want to hear, and what it does not want to see: from the next moment on, at every node.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Api } from '../../harness/api.js';
import { Rest } from '../../harness/rest.js';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage();
const key = async () => new Rest(stage.server.url, await stage.key('c1'));

/** What a company's list says, taken back behind the story. */
async function ban(rest, entry) {
  const made = await rest.post('/blacklist', entry);
  assert.equal(made.status, 201, made.text);
  stage.closesWith(() => rest.delete(`/blacklist/${made.body.data.id}`));
  return made.body.data;
}

stage.story('a new entry ends the visitor’s connections at every node, and it does not come back', async () => {
  const rest = await key();
  const visitor = await stage.visitor();
  const tabs = [visitor, ...stage.server.nodes.map(() => stage.tabOf(visitor))];
  for (const tab of tabs) await tab.connects();
  await visitor.joins();
  const other = await stage.visitor();
  await other.connects();
  await other.joins();
  const { body: named } = await stage.api.token(rest.secret, { type: 'user', aid: visitor.aid, nick: 'n', companyid: 'c1' });
  const { id } = await ban(rest, { aid: visitor.aid, reason: '辱骂' });
  // Each comes back by itself, and is turned away.
  for (const tab of tabs) {
    const { args } = await tab.link.journal.find('is turned away', ({ name }) => name === 'refused', 5_000);
    assert.equal(args[0].errcode, 4003);
  }
  assert.equal((await stage.api.ticket(named.token)).body.errcode, 4003, 'no ticket');
  assert.equal((await stage.api.get('msg/list', { roomid: `/U2S_${visitor.aid}#c1`, ticket: visitor.ticket })).body.errcode, 4003);
  await other.says('nobody else notices');
  assert.equal((await rest.delete(`/blacklist/${id}`)).body.errcode, 0);
  for (const { url } of stage.server.nodes) {
    const ticket = visitor.ticket;
    await until('this node lets it in again', async () => (await new Api(url).get('msg/list', { roomid: `/U2S_${visitor.aid}#c1`, ticket })).body.errcode === 0);
    await stage.tabOf(visitor).connects({ via: url });
  }
});

stage.story('an entry that means the caller, everybody or nobody is refused', async () => {
  const rest = await key();
  const [visitor, agent] = [await stage.visitor(), await stage.agent()];
  await visitor.connects();
  await agent.connects();
  // The caller’s own address would be a slip: a program elsewhere says it.
  const refused = await rest.post('/blacklist', { ip: '127.0.0.0/8' });
  assert.deepEqual([refused.status, refused.body.errcode], [400, 4002]);
  for (const wrong of [{}, { aid: 'a', ip: '203.0.113.1' }, { ip: 'x' }, { ip: '0.0.0.0/0' }, { aid: 'a', expires: 1 }]) {
    assert.equal((await rest.post('/blacklist', wrong)).status, 400, JSON.stringify(wrong));
  }
  await visitor.joins();
  await agent.joins(visitor.roomid);
});

stage.story('an entry ends by itself', async () => {
  const rest = await key();
  const visitor = await stage.visitor();
  const entry = await ban(rest, { aid: visitor.aid, expires: Date.now() + 3_000 });
  assert.equal((await rest.post('/blacklist', { aid: visitor.aid })).status, 409, 'nobody is on it twice');
  assert.equal((await stage.tabOf(visitor).isTurnedAway({ via: rest.url })).errcode, 4003);
  await until('its time has come', () => Date.now() > entry.expires);
  await visitor.connects();
});

stage.story('a word is masked or refused, and a repetition finds what was said', async () => {
  const rest = await key();
  const [masked, refused] = [`坏${randomUUID().slice(0, 4)}`, `糟${randomUUID().slice(0, 4)}`];
  const words = [{ word: masked, treatment: 'mask' }, { word: refused, treatment: 'refuse' }];
  assert.equal((await rest.put('/sensitive-words', { words })).body.errcode, 0);
  const { visitor, agent } = await stage.conversation();
  const stars = '*'.repeat([...masked].length);
  for (const person of [visitor, agent]) {
    await until('its node knows the words', async () => {
      const { pos } = await person.says(`a${masked}b`);
      return (await person.pagesBack(pos, 1))[0].msg === `a${stars}b`;
    });
    await until('its node knows all of them', () => person.says(`this is ${refused.toUpperCase()}!`).then(() => false, ({ err }) => err.errcode === 4002));
  }
  const id = randomUUID();
  const first = await visitor.says(`once ${masked}`, { id });
  for (const { word } of words) assert.equal((await rest.delete(`/sensitive-words/${encodeURIComponent(word)}`)).body.errcode, 0);
  await until('the words are gone', async () => (await visitor.pagesBack((await visitor.says(masked)).pos, 1))[0].msg === masked);
  const again = await visitor.says(`once ${masked}`, { id });
  assert.deepEqual([again.pos, again.dup], [first.pos, true]);
});

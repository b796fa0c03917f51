// Who comes in: one-time tokens, tickets, anonymous visitors.
import assert from 'node:assert/strict';
import { openStage } from '../../harness/stage.js';
import { Person } from '../../harness/person.js';

const stage = await openStage();

stage.story('a token is good for one ticket', async () => {
  const key = await stage.key('c1');
  const { body: named } = await stage.api.token(key, { type: 'user', aid: 'u1', mid: 'm1', account: 'ming', nick: '小明', companyid: 'c1' });
  assert.equal(named.errcode, 0);
  assert.equal(named.expires_in, 300);
  const { body: first } = await stage.api.ticket(named.token);
  assert.equal(first.errcode, 0);
  assert.deepEqual(first.data, { aid: 'u1', mid: 'm1', account: 'ming', nick: '小明' });
  assert.equal((await stage.api.ticket(named.token)).body.errcode, 4003, 'a second use');
  assert.equal((await stage.api.ticket('nothing')).body.errcode, 4003, 'an unknown token');
  assert.equal((await stage.api.get('ticket')).body.errcode, 4001, 'no token');
});

stage.story('one token used at once by many gives one ticket', async () => {
  const { body: named } = await stage.api.token(await stage.key('c1'), { type: 'user', aid: 'u2', nick: 'n', companyid: 'c1' });
  const answers = await Promise.all(Array.from({ length: 10 }, () => stage.api.ticket(named.token)));
  assert.deepEqual(answers.map(({ body }) => body.errcode).sort(), [0, ...Array(9).fill(4003)]);
});

stage.story('a ticket may be fetched by query, form or JSON', async () => {
  const key = await stage.key('c1');
  for (const fetched of [(token) => stage.api.ticket(token), (token) => stage.api.form('ticket', { token }), (token) => stage.api.post('ticket', { token })]) {
    const { body } = await stage.api.token(key, { type: 'cs', aid: 'a1', nick: '客服', companyid: 'c1' });
    const { body: answer } = await fetched(body.token);
    assert.deepEqual([answer.errcode, answer.data.aid, answer.data.shopid ?? answer.shopid], [0, 'a1', 'c1']);
  }
});

stage.story('a token is given to a key only, and only for what the key may name', async () => {
  const key = await stage.key('c1');
  const person = { type: 'user', aid: 'u1', nick: '小明', companyid: 'c1' };
  for (const wrong of ['', 'false', `${key}x`, key.slice(0, -1)]) assert.equal((await stage.api.token(wrong, person)).body.errcode, 4003);
  assert.equal((await stage.api.post('token', person)).body.errcode, 4003, 'no key at all');
  assert.equal((await stage.api.token(key, { ...person, companyid: 'c2' })).body.errcode, 4003, 'another company');
  assert.equal((await stage.api.token(key, { ...person, aid: undefined })).body.errcode, 4001);
  assert.equal((await stage.api.token(key, { ...person, aid: '' })).body.errcode, 4001);
  for (const fields of [{ type: 'boss' }, { aid: 'x'.repeat(129) }, { aid: 'a\0b' }, { aid: {} }, { nick: {} }, { aid: 'line\nbreak' }]) {
    assert.equal((await stage.api.token(key, { ...person, ...fields })).body.errcode, 4002, JSON.stringify(fields));
  }
});

stage.story('a ticket works for many connections and survives a restart', async () => {
  const visitor = await stage.visitor();
  await visitor.connects();
  const tab = stage.tabOf(visitor);
  assert.equal((await tab.connects()).aid, visitor.aid);
  await Promise.all([visitor.hangsUp(), tab.hangsUp()]);
  await stage.server.stop();
  await stage.server.start();
  assert.equal((await visitor.connects({ via: stage.server.url })).aid, visitor.aid);
});

stage.story('an atype that does not fit the account is invalid, each that fits is good', async () => {
  const visitor = await stage.visitor();
  const agent = await stage.agent();
  for (const [person, good, bad] of [[visitor, ['uweb', 'uwap'], ['cweb', 'cwap', 'nothing']], [agent, ['cweb', 'cwap'], ['uweb', 'uwap', 'nothing']]]) {
    for (const atype of good) {
      assert.equal((await person.connects({ atype })).atype, atype);
      await person.hangsUp();
    }
    for (const atype of bad) {
      assert.equal((await person.isTurnedAway({ atype })).errcode, 4002, `${person.type} as ${atype}`);
      await person.hangsUp();
    }
  }
});

stage.story('an anonymous visitor is the same person again with the secret of last time', async () => {
  const { body: first } = await stage.api.visitor({ companyid: 'demo' });
  assert.equal(first.errcode, 0);
  const { body: again } = await stage.api.visitor({ companyid: 'demo', visitor: first.visitor });
  assert.equal(again.data.aid, first.data.aid);
  const { body: other } = await stage.api.visitor({ companyid: 'demo' });
  assert.notEqual(other.data.aid, first.data.aid);
  const { body: guess } = await stage.api.visitor({ companyid: 'demo', visitor: first.data.aid });
  assert.notEqual(guess.data?.aid, first.data.aid, 'the aid is not the secret');

  const visitor = anonymous(first);
  try {
    await visitor.connects();
    assert.equal((await visitor.joins()).roomid, `/U2S_${first.data.aid}#demo`);
    assert.equal((await visitor.says('你好')).pos, 0);
  } finally {
    await visitor.hangsUp();
  }
});

stage.story('anonymous visitors are for companies that allow them, and asking does not tell which exist', async () => {
  const closed = await stage.api.visitor({ companyid: 'c1' });
  const nowhere = await stage.api.visitor({ companyid: 'nowhere' });
  assert.equal(closed.body.errcode, 4003);
  assert.deepEqual([closed.status, closed.body], [nowhere.status, nowhere.body]);
  assert.equal((await stage.api.visitor({})).body.errcode, 4001);
});

stage.story('when the anonymous visitor logs in, room and history become the named person’s', async () => {
  const { body: before } = await stage.api.visitor({ companyid: 'demo' });
  const visitor = anonymous(before);
  await visitor.connects();
  await visitor.joins();
  await visitor.says('said before the login');
  await visitor.hangsUp();

  const key = await stage.key('demo');
  const { body: named } = await stage.api.token(key, { type: 'user', aid: 'named-1', nick: '王先生', companyid: 'demo', visitor: before.visitor });
  const { body: come } = await stage.api.ticket(named.token);
  const person = new Person({ url: stage.server.url, type: 'user', aid: 'named-1', nick: '王先生', companyid: 'demo', ticket: come.ticket });
  try {
    await person.connects();
    const room = await person.joins();
    assert.deepEqual(room.chat_msgs.map(({ msg }) => msg), ['said before the login']);
    assert.equal((await person.says('and after')).pos, 1);
  } finally {
    await person.hangsUp();
  }
});

function anonymous({ ticket, data }) {
  return new Person({ url: stage.server.url, type: 'user', aid: data.aid, nick: data.nick, companyid: 'demo', ticket });
}

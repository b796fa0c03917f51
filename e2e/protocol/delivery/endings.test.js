// Connections that have to go do so at every node within five seconds: those of a revoked ticket, those of an anonymous visitor who has a name now.
import assert from 'node:assert/strict';
import { openStage } from '../../harness/stage.js';
import { Person } from '../../harness/person.js';

const GONE_WITHIN_MS = 5_000;
const stage = await openStage();

stage.story('a revoked ticket ends the connections that were let in with it, wherever they are', async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const tabs = [visitor, stage.tabOf(visitor), stage.tabOf(visitor)];
  for (const tab of tabs.slice(1)) {
    await tab.connects();
    await tab.joins(roomid);
  }
  const { body } = await stage.api.post('ticket/revoke', { ticket: visitor.ticket }, { authorization: `Bearer ${await stage.key('c1')}` });
  assert.equal(body.errcode, 0);
  for (const tab of tabs) {
    await tab.link.journal.find('the connection ends', ({ name }) => name === 'disconnect', GONE_WITHIN_MS);
    assert.equal((await tab.link.journal.find('it is not let in again', ({ name }) => name === 'refused', GONE_WITHIN_MS)).args[0].errcode, 4003);
  }
  assert.equal((await agent.says('I am still here')).success, true);
  assert.equal(agent.link.opened, 1);
});

stage.story('who was anonymous and has a name now is told so wherever the page is open', async () => {
  const { body: before } = await stage.api.visitor({ companyid: 'demo' });
  const tabs = stage.server.nodes.map(({ url }) => stage.tabOf(new Person({ url, type: 'user', aid: before.data.aid, nick: before.data.nick, companyid: 'demo', ticket: before.ticket })));
  for (const tab of tabs) {
    await tab.connects();
    await tab.joins();
  }
  await tabs[0].says('said before the login');

  const { body: named } = await stage.api.token(await stage.key('demo'), { type: 'user', aid: 'named-1', nick: '王先生', companyid: 'demo', visitor: before.visitor });
  const { body: come } = await stage.api.ticket(named.token);
  assert.equal(come.errcode, 0);
  for (const tab of tabs) await tab.link.journal.find('the connection ends', ({ name }) => name === 'disconnect', GONE_WITHIN_MS);
});

// What happens at once, on one node or on two, happens once: a message with its id, a ticket for its token.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Api } from '../../harness/api.js';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const MESSAGES = Number(process.env.NODECHAT_RACES ?? 2_000);
const TOKENS = MESSAGES / 2;
const CONNECTIONS = 16;
const TOKENS_AT_ONCE = 10;
const stage = await openStage();
const upTo = (count) => Array.from({ length: count }, (_, n) => n);

stage.story(`${MESSAGES} messages, each sent at once over ${CONNECTIONS} connections, are ${MESSAGES} messages with ${CONNECTIONS} equal receipts`, async () => {
  const { visitor, agent, roomid } = await stage.conversation();
  const tabs = upTo(CONNECTIONS).map(() => stage.tabOf(visitor));
  await Promise.all(tabs.map((tab) => tab.connects()));
  await Promise.all(tabs.map((tab) => tab.joins(roomid)));
  for (const turn of upTo(MESSAGES)) {
    const id = randomUUID();
    const receipts = await Promise.all(tabs.map((tab) => tab.says(`race ${turn}`, { id })));
    const told = receipts.map(({ dup, ...receipt }) => receipt);
    assert.deepEqual([told[0].id, told[0].pos, receipts.filter(({ dup }) => !dup).length], [id, turn, 1]);
    for (const receipt of told) assert.deepEqual(receipt, told[0]);
  }
  await until('the agent has heard all', () => agent.heard().length >= MESSAGES);
  const texts = upTo(MESSAGES).map((turn) => `race ${turn}`);
  assert.deepEqual(agent.heard().map(({ msg }) => msg), texts, 'told once each');
  assert.deepEqual((await agent.history()).map(({ msg }) => msg), texts, 'stored once each');
});

stage.story(`${TOKENS} tokens, each exchanged at once on both nodes, are good for one ticket each`, async () => {
  const key = await stage.key('c1');
  const desks = [stage.server.next(), stage.server.next()].map(({ url }) => new Api(url));
  const exchange = async (n) => {
    const { body: named } = await stage.api.token(key, { type: 'user', aid: `racer-${n}`, nick: 'n', companyid: 'c1' });
    const answers = await Promise.all(desks.map((desk) => desk.ticket(named.token)));
    assert.deepEqual(answers.map(({ body }) => body.errcode).sort(), [0, 4003]);
  };
  for (let done = 0; done < TOKENS; done += TOKENS_AT_ONCE) await Promise.all(upTo(TOKENS_AT_ONCE).map((n) => exchange(done + n)));
});

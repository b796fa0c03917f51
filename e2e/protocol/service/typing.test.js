// What a visitor is typing is shown to agents, as soon as and as long as their company wants it, on every node, and to nobody else.
import assert from 'node:assert/strict';
import { Rest } from '../../harness/rest.js';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage();

/** Types until it is this socket's turn. */
const types = (person, payload) => until('it is this socket’s turn to type', async () => (await person.asks('typing', payload))[0] === null);

/** Types again and again until each of them has heard what fits. */
const typesUntil = (person, payload, listeners, fits) =>
  until('everybody has heard it', async () => {
    await person.asks('typing', payload);
    return listeners.every((listener) => listener.noticed('typing').some(fits));
  });

stage.story('a preview reaches agents on every node once the company wants it, and no visitor', async () => {
  const companyid = 'preview';
  const rest = new Rest(stage.server.url, await stage.company(companyid, 'Shop'));
  const { visitor, agent, roomid } = await stage.conversation({ companyid });
  const [colleague, tab] = [await stage.agent('同事', { companyid }), stage.tabOf(visitor)];
  const neighbour = await stage.visitor('隔壁', { companyid });
  // At another node, where there is one.
  colleague.url = stage.server.nodes.find(({ url }) => url !== agent.url)?.url ?? agent.url;
  for (const person of [colleague, tab, neighbour]) await person.connects();
  await colleague.joins(roomid);
  await tab.joins(roomid);
  await neighbour.joins();
  assert.equal(new Set([agent.url, colleague.url]).size, Math.min(2, stage.server.nodes.length));
  const agents = [agent, colleague];

  await types(visitor, { roomid, text: 'not yet' });
  for (const listener of agents) assert.deepEqual(await listener.notices('typing'), { roomid, aid: visitor.aid, type: 'user' });

  assert.equal((await rest.patch('/company', { settings: { typing_preview: true } })).body.errcode, 0);
  await typesUntil(visitor, { roomid, text: '我想退' }, agents, ({ text }) => text === '我想退');
  await types(visitor, { roomid, text: '长'.repeat(2_000) });
  for (const listener of agents) assert.equal((await listener.notices('typing', ({ text }) => text?.startsWith('长'))).text, '长'.repeat(500));
  await typesUntil(agent, { roomid, text: 'for colleagues' }, [colleague], ({ type, text }) => type === 'cs' && text === 'for colleagues');
  for (const listener of [visitor, tab]) assert.deepEqual(await listener.notices('typing'), { roomid, aid: agent.aid, type: 'cs' });

  assert.equal((await rest.patch('/company', { settings: { typing_preview: false } })).body.errcode, 0);
  const before = agents.map((listener) => listener.noticed('typing').length);
  await until('nobody sees it any more', async () => {
    await visitor.asks('typing', { roomid, text: 'still?' });
    return agents.every((listener, n) => listener.noticed('typing').slice(before[n]).some(({ text }) => text === undefined));
  });
  await visitor.says('behind it all');
  for (const listener of [tab, ...agents]) await listener.hears('behind it all');
  assert.deepEqual(tab.noticed('typing').filter(({ text }) => text !== undefined), []);
  assert.deepEqual(neighbour.noticed('typing'), []);
});

stage.story('what is typed is at most once a second, and only a text', async () => {
  const { visitor, roomid } = await stage.conversation();
  const answers = await Promise.all(Array.from({ length: 5 }, () => visitor.asks('typing', { roomid, text: 'x' })));
  assert.deepEqual(answers.map(([err]) => err?.errcode ?? 0), [0, 4029, 4029, 4029, 4029]);
  assert.equal((await visitor.isRefused('typing', { roomid, text: 7 })).errcode, 4002);
  assert.equal((await visitor.isRefused('typing', { text: 'x' })).errcode, 4001);
});

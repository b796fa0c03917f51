// Two hundred visitors ask in the same instant: as many are served as there are seats, the others know their places.
import assert from 'node:assert/strict';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const AGENTS = Number(process.env.NODECHAT_QUEUE_AGENTS ?? 20);
const CAP = 5;
const VISITORS = Number(process.env.NODECHAT_QUEUE_VISITORS ?? 2 * AGENTS * CAP);
const stage = await openStage();
const upTo = (count) => Array.from({ length: count }, (_, n) => n);

stage.story(`${VISITORS} ask at once for ${AGENTS} agents: full seats, every place once, and each end moves all who wait`, async () => {
  const companyid = 'full';
  await stage.company(companyid, 'Shop', { agent_cap: CAP });
  const agents = await Promise.all(upTo(AGENTS).map((n) => stage.agent(`客服${n}`, { companyid })));
  await Promise.all(agents.map((agent) => agent.connects()));
  const visitors = await Promise.all(upTo(VISITORS).map((n) => stage.visitor(`访客${n}`, { companyid })));
  await Promise.all(visitors.map((visitor) => visitor.connects()));
  await Promise.all(visitors.map((visitor) => visitor.joins()));
  await Promise.all(visitors.map((visitor) => visitor.applies()));

  const given = () => agents.flatMap((agent) => agent.noticed('assign'));
  const seats = AGENTS * CAP;
  const served = Math.min(seats, VISITORS);
  await until('all seats are taken', () => given().length >= served);
  assert.equal(new Set(given().map(({ roomid }) => roomid)).size, served, 'nobody is given away twice');
  for (const agent of agents) assert.ok(agent.noticed('assign').length <= CAP);

  const place = (visitor) => visitor.told('waiting').at(-1)?.position;
  const waiting = () => visitors.filter((visitor) => visitor.told('serving').length === 0);
  const places = () => waiting().map(place).sort((a, b) => a - b);
  const dense = () => upTo(VISITORS - served).map((n) => n + 1);
  await until('everybody knows a place', () => JSON.stringify(places()) === JSON.stringify(dense()));

  const first = waiting().find((visitor) => place(visitor) === 1);
  if (!first) return;
  const order = waiting().sort((a, b) => place(a) - place(b));
  const [{ roomid, chatid }] = agents[0].noticed('assign');
  await agents[0].manages('endChat', { roomid, chatid });
  await first.isTold('serving', ({ cs }) => cs.aid === agents[0].aid);
  const behind = order.slice(1);
  await until('all behind move up by one', () => behind.every((visitor, n) => place(visitor) === n + 1));
  for (const visitor of behind) {
    const told = visitor.told('waiting').map(({ position }) => position);
    assert.equal(new Set(told.slice(-2)).size, Math.min(2, told.length), 'a place is told when it is another one');
  }
});

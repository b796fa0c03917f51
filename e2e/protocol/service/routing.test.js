// Who gets whom: business hours, priority, the agent asked for and the one of last time, groups and their stand-ins, caps; told to real clients.
import assert from 'node:assert/strict';
import { Rest } from '../../harness/rest.js';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage();
let companies = 0;

async function house(agents, settings = {}) {
  const companyid = `routing${(companies += 1)}`;
  const key = await stage.company(companyid, 'Shop', settings);
  const crew = [];
  for (let n = 0; n < agents; n += 1) {
    const agent = await stage.agent(`客服${n}`, { companyid });
    await agent.connects();
    crew.push(agent);
  }
  const asks = async (nick, wish = {}, person) => {
    const visitor = person ?? (await stage.visitor(nick, { companyid }));
    await visitor.connects();
    await visitor.joins();
    return Object.assign(visitor, { asked: await visitor.applies(wish) });
  };
  return { companyid, key, rest: new Rest(stage.server.url, key), crew, agent: crew[0], asks };
}

/** A visitor of whom the host site says more. */
async function visitorWith(companyid, key, attributes) {
  const visitor = await stage.visitor('贵宾', { companyid });
  const { body } = await stage.api.token(key, { type: 'user', aid: visitor.aid, nick: '贵宾', companyid, attributes });
  visitor.ticket = (await stage.api.ticket(body.token)).body.ticket;
  return visitor;
}

stage.story('outside of business hours nobody waits, and what the company says is read; inside again it is served', async () => {
  const { rest, asks, agent } = await house(1, { offline: '我们下班了' });
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => `${day} closed`).join('\n');
  assert.equal((await rest.patch('/company', { settings: { hours: days } })).body.errcode, 0);
  const visitor = await asks('小明');
  const { asked } = visitor;
  assert.deepEqual([asked.status, asked.msg, asked.chatid], ['offline', '我们下班了', undefined]);
  assert.equal((await rest.patch('/company', { settings: { hours: '' } })).body.errcode, 0);
  await until('it is open again', async () => (await visitor.applies()).status === 'serving');
  assert.equal((await agent.notices('assign')).roomid, visitor.roomid);
});

stage.story('whom the host site calls a VIP goes before everybody but those who lost their agent', async () => {
  const { companyid, key, agent, asks } = await house(1);
  await agent.manages('setStatus', { status: 'B' });
  const first = await asks('第一');
  const star = await asks('贵宾', {}, await visitorWith(companyid, key, { vip: true }));
  assert.equal(star.asked.position, 1);
  await first.isTold('waiting', ({ position }) => position === 2);
  const { rooms } = await agent.gets('list', { type: 'rooms', view: 'waiting' });
  assert.deepEqual(rooms.map(({ userid, vip }) => [userid, vip]), [[star.aid, true], [first.aid, undefined]]);
});

stage.story('the agent asked for serves, and next time the one of last time', async () => {
  const { crew: [one, two, three], asks } = await house(3);
  const visitor = await asks('小明', { csid: three.aid });
  assert.equal(visitor.asked.cs.aid, three.aid);
  await three.manages('endChat', { roomid: visitor.roomid, chatid: visitor.asked.chatid });
  const again = await visitor.applies();
  assert.deepEqual([again.cs.aid, again.chatid === visitor.asked.chatid], [three.aid, false]);
  assert.deepEqual([one, two].flatMap((agent) => agent.noticed('assign')), []);
});

stage.story('a group that nobody is there of has a stand-in, and the cap of an agent is used the moment it is raised', async () => {
  const { rest, crew: [one, two], asks } = await house(2, { agent_cap: 1 });
  const { body: standIn } = await rest.post('/groups', { name: '总机', members: [two.aid] });
  const { body: sales } = await rest.post('/groups', { name: '销售', members: [one.aid], fallback: standIn.data.id });
  await one.manages('setStatus', { status: 'F' });
  const first = await asks('第一', { groupid: sales.data.id });
  assert.equal(first.asked.cs.aid, two.aid);
  const second = await asks('第二', { groupid: sales.data.id });
  assert.deepEqual([second.asked.status, second.asked.position], ['waiting', 1]);
  assert.equal((await rest.patch(`/agents/${two.aid}`, { cap: 2 })).body.errcode, 0);
  await second.isTold('serving', ({ cs }) => cs.aid === two.aid);
});

stage.story('all agents’ statuses are told, also of those who are not there, and what their pages count is noted down', async () => {
  const { companyid, rest, crew: [one, two] } = await house(2);
  const absent = await stage.agent('休息', { companyid });
  await two.manages('setStatus', { status: 'B' });
  assert.deepEqual(await one.manages('allStatus'), { allCs: { [one.aid]: 0, [two.aid]: 1, [absent.aid]: 2 } });
  assert.deepEqual(await two.manages('setWaitCount', { c: 7 }), { success: true });
  for (const [c, code] of [[-1, 4002], [1.5, 4002], ['many', 4002], [1e9, 4002], [undefined, 4001]]) assert.equal((await two.isRefused('mgr', { type: 'setWaitCount', c })).errcode, code, `${c}`);
  const { body } = await rest.get('/stats/now');
  const staff = Object.fromEntries(body.data.staff.map(({ csid, status, serving, cap, wait_count }) => [csid, [status, serving, cap, wait_count]]));
  assert.deepEqual(staff, { [one.aid]: ['O', 0, 10, undefined], [two.aid]: ['B', 0, 10, 7] });
});

// Numbers: what a day says afterwards is what has happened in it.
import assert from 'node:assert/strict';
import { Rest } from '../../harness/rest.js';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage();

const today = (zone = 'Asia/Shanghai') => new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(new Date());

stage.story('a consultation is counted for its agent, with what was said in it', async () => {
  const companyid = 'counted';
  const api = new Rest(stage.server.url, await stage.company(companyid, 'Shop'));
  const agent = await stage.agent('客服一', { companyid });
  await agent.connects();
  const visitor = await stage.visitor('小明', { companyid });
  await visitor.connects();
  await visitor.joins();
  const from = today();
  const { chatid } = await visitor.applies();
  await agent.joins(visitor.roomid);
  const { data: now } = (await api.get('/stats/now')).body;
  assert.deepEqual([now.waiting, now.serving, now.agents, now.free_seats], [0, 1, 1, 9]);
  await visitor.says('hi');
  await agent.says('hello');
  await visitor.says('bye');
  await visitor.gets('user', { type: 'endcs', roomid: visitor.roomid, chatid });
  await visitor.gets('user', { type: 'rate', roomid: visitor.roomid, chatid, rateresult: 'GOOD', ratetype: 'HAND' });
  const numbers = async (by) => (await api.get(`/stats?from=${from}&to=${today()}${by ? `&by=${by}` : ''}`)).body.data;
  const row = await until('the rating is counted', async () => (await numbers('agent')).find(({ csid, ratings }) => csid === agent.aid && ratings[1] === 1));
  assert.deepEqual([row.assigned, row.answered, row.ended, row.messages, row.transferred, row.ratings], [1, 1, 1, 3, 0, [0, 1, 0, 0, 0]]);
  const [sum] = await numbers();
  assert.deepEqual([sum.asked, sum.assigned, sum.ended, sum.abandoned, sum.day, sum.csid], [1, 1, 1, 0, undefined, undefined]);
  assert.ok((await numbers('day')).every(({ day }) => day === from || day === today()));
  assert.equal((await api.get(`/stats?from=${from}&to=2018-01-01`)).body.errcode, 4002);
  assert.equal((await new Rest(stage.server.url, await stage.key('c1')).get(`/stats?from=${from}&to=${today()}`)).body.data.length, 0);
  assert.equal((await new Rest(stage.server.url, agent.ticket).get('/stats/now')).status, 403);
});

stage.story('each group and each agent stands as it is, at once and for whoever watches', async () => {
  const companyid = 'standing';
  const api = new Rest(stage.server.url, await stage.company(companyid, 'Shop'));
  const [one, two] = await Promise.all(['甲', '乙'].map((nick) => stage.agent(nick, { companyid })));
  for (const agent of [one, two]) await agent.connects();
  await two.manages('setStatus', { status: 'B' });
  const made = async (name, members) => (await api.post('/groups', { name, members })).body.data.id;
  const [sales, repair] = [await made('销售', [one.aid]), await made('维修', [one.aid, two.aid])];
  await api.patch(`/agents/${one.aid}`, { cap: 1 });
  const visitors = [];
  for (const nick of ['小明', '小红', '小刚']) {
    const visitor = await stage.visitor(nick, { companyid });
    await visitor.connects();
    await visitor.joins();
    await visitor.applies({ groupid: sales });
    visitors.push(visitor);
  }
  const { data: now } = (await api.get('/stats/now')).body;
  assert.deepEqual(now.staff.map(({ csid, status, serving, cap }) => [csid, status, serving, cap]).sort(), [[one.aid, 'O', 1, 1], [two.aid, 'B', 0, 10]].sort());
  const of = (standing, groupid) => standing.groups.find((group) => group.groupid === groupid);
  const { waiting_since, ...rest } = of(now, sales);
  assert.deepEqual(rest, { groupid: sales, waiting: 2, serving: 1, seats: 1, free_seats: 0 });
  assert.equal(waiting_since, now.waiting_since);
  assert.deepEqual(of(now, repair), { groupid: repair, waiting: 0, serving: 0, seats: 1, free_seats: 0 });
  assert.equal(now.groups.length, 2, 'everybody asked for a group');

  const [boss] = (await stage.server.command('agent', 'create', '--company', companyid, '--login', 'boss', '--role', 'supervisor')).split('\n');
  const supervisor = await stage.agent('组长', { companyid, aid: boss });
  await supervisor.connects();
  await supervisor.manages('setStatus', { status: 'B' });
  await supervisor.manages('wallboard');
  // More seats give the next one away, and are told.
  await api.patch(`/agents/${one.aid}`, { cap: 4 });
  const next = await supervisor.notices('wallboard', (standing) => of(standing, sales).free_seats === 1);
  assert.deepEqual(of(next, sales), { groupid: sales, waiting: 0, serving: 3, seats: 4, free_seats: 1 });
  // So is one that gives nobody away, whichever node has taken it.
  for (const cap of [5, 6]) {
    await api.patch(`/agents/${one.aid}`, { cap });
    await supervisor.notices('wallboard', (standing) => of(standing, sales).free_seats === cap - 3);
  }
});

stage.story('the last two hours are told in steps of five minutes', async () => {
  const companyid = 'paced';
  const api = new Rest(stage.server.url, await stage.company(companyid, 'Shop'));
  const recent = async () => (await api.get('/stats/recent')).body.data;
  assert.ok((await recent()).every(({ asked, waiting }) => asked === 0 && waiting === 0), 'nothing has happened yet');
  const agent = await stage.agent('客服一', { companyid });
  await agent.connects();
  await api.patch(`/agents/${agent.aid}`, { cap: 1 });
  const visitors = [];
  for (const nick of ['小明', '小红', '小刚']) {
    const visitor = await stage.visitor(nick, { companyid });
    await visitor.connects();
    await visitor.joins();
    visitors.push([visitor, (await visitor.applies()).chatid]);
  }
  // A step may have ended in between.
  const sum = (steps) => steps.reduce((all, { asked }) => all + asked, 0);
  const steps = await recent();
  assert.deepEqual([steps.length, sum(steps), steps.at(-1).waiting, steps[0].waiting], [25, 3, 2, 0]);
  steps.slice(1).forEach(({ time }, before) => assert.equal(time - steps[before].time, 300_000));
  assert.ok(steps.at(-1).time <= Date.now() && Date.now() < steps.at(-1).time + 300_000 + 60_000);
  const [gone, chatid] = visitors[2];
  await gone.gets('user', { type: 'endcs', roomid: gone.roomid, chatid });
  const after = await recent();
  assert.deepEqual([sum(after), after.at(-1).waiting], [3, 1]);
  assert.equal((await new Rest(stage.server.url, agent.ticket).get('/stats/recent')).status, 403);
});

stage.story('a consultation that goes on is given, answered and ended anew, and the time between is no service', async () => {
  const companyid = 'resumed';
  const api = new Rest(stage.server.url, await stage.company(companyid, 'Shop'));
  const agent = await stage.agent('客服一', { companyid });
  await agent.connects();
  const visitor = await stage.visitor('小明', { companyid });
  await visitor.connects();
  await visitor.joins();
  const [day, from] = [today(), Date.now()];
  const { chatid } = await visitor.applies();
  await agent.joins(visitor.roomid);
  await agent.says('hello');
  await visitor.gets('user', { type: 'endcs', roomid: visitor.roomid, chatid });
  const between = Date.now();
  await until('some time has gone by', () => Date.now() > between + 2 * (between - from) + 500);
  const again = Date.now();
  await visitor.gets('user', { type: 'reopen', roomid: visitor.roomid, chatid });
  await agent.says('what else?');
  await visitor.gets('user', { type: 'endcs', roomid: visitor.roomid, chatid });
  const served = between - from + (Date.now() - again);
  const [row] = (await api.get(`/stats?from=${day}&to=${today()}&by=agent&csid=${agent.aid}`)).body.data;
  assert.deepEqual([row.assigned, row.answered, row.ended, row.messages], [2, 2, 2, 2]);
  assert.ok(row.served_ms <= served + 2, `${row.served_ms} ms of service in ${served} ms`);
});

stage.story('whoever has a consultation again has to answer again, whoever has said something in between', async () => {
  const companyid = 'back-again';
  const api = new Rest(stage.server.url, await stage.company(companyid, 'Shop'));
  const [one, two] = [await stage.agent('甲', { companyid }), await stage.agent('乙', { companyid })];
  await one.connects();
  const visitor = await stage.visitor('小明', { companyid });
  await visitor.connects();
  await visitor.joins();
  const day = today();
  const { chatid } = await visitor.applies();
  await two.connects();
  const { roomid } = visitor;
  for (const agent of [one, two]) await agent.joins(roomid);
  await one.says('您好');
  await two.says('我也在');
  await one.manages('transfer', { roomid, tocsid: two.aid, msg: '' });
  await two.notices('assign', ({ type }) => type === 'transfer');
  // What it said before was help; now it accepts by answering.
  await two.says('我来处理');
  assert.equal((await visitor.isTold('transferred')).cs.aid, two.aid);
  await two.manages('transfer', { roomid, tocsid: one.aid, msg: '' });
  await one.notices('assign', ({ type }) => type === 'transfer');
  await one.manages('acceptTransfer', { roomid, chatid });
  await visitor.isTold('transferred', ({ cs }) => cs.aid === one.aid);
  await two.says('再见');
  await one.says('还是我');
  await visitor.gets('user', { type: 'endcs', roomid, chatid });
  const rows = (await api.get(`/stats?from=${day}&to=${today()}&by=agent`)).body.data;
  const answered = (agent) => rows.filter(({ csid }) => csid === agent.aid).reduce((sum, row) => sum + row.answered, 0);
  assert.deepEqual([answered(one), answered(two)], [2, 1]);
});

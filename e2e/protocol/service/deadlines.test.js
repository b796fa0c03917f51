// What happens by itself: a grace that ends, a transfer that nobody accepts, an agent who does not answer, a consultation in which nothing is said;
// and what does not happen, because somebody came back in time.
import assert from 'node:assert/strict';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage();
let companies = 0;

async function served({ agents = 1, settings = {} }) {
  const companyid = `due${(companies += 1)}`;
  await stage.company(companyid, 'Shop', settings);
  const crew = [];
  for (let n = 0; n < agents; n += 1) {
    const agent = await stage.agent(`客服${n}`, { companyid });
    await agent.connects();
    crew.push(agent);
  }
  const visitor = await stage.visitor('小明', { companyid });
  await visitor.connects();
  await visitor.joins();
  const { chatid } = await visitor.applies();
  const { cs } = await visitor.isTold('serving');
  const agent = crew.find(({ aid }) => aid === cs.aid);
  return { companyid, crew, agent, colleague: crew.find((other) => other !== agent), visitor, chatid, roomid: visitor.roomid };
}

stage.story('an agent’s reload and a short absence lose nothing', async () => {
  const { agent, visitor, chatid } = await served({ agents: 2, settings: { grace_seconds: 20 } });
  await agent.hangsUp();
  const seen = stage.tabOf(agent);
  await visitor.notices('presence', ({ aid, online }) => aid === agent.aid && !online).catch(() => undefined);
  await visitor.says('are you there?');
  await seen.connects();
  const { rooms } = await seen.gets('list', { type: 'selfUser' });
  assert.deepEqual(rooms.map((row) => [row.chatid, row.c]), [[chatid, 1]]);
  assert.deepEqual(visitor.told('waiting'), []);
  assert.equal(visitor.told('serving').length, 1);
});

stage.story('an agent’s status survives a reload', async () => {
  const { agent } = await served({ settings: { grace_seconds: 20 } });
  await agent.manages('setStatus', { status: 'B' });
  await agent.hangsUp();
  const back = stage.tabOf(agent);
  await back.connects();
  assert.deepEqual(await back.manages('allStatus'), { allCs: { [agent.aid]: 1 } });
});

stage.story('one of two tabs that closes is nobody who goes', async () => {
  const { agent, visitor, chatid } = await served({ agents: 2, settings: { grace_seconds: 0 } });
  const tab = stage.tabOf(agent);
  await tab.connects();
  await agent.hangsUp();
  await tab.joins(visitor.roomid);
  await tab.says('still here');
  await visitor.hears('still here');
  const { rooms } = await tab.gets('list', { type: 'selfUser' });
  assert.deepEqual(rooms.map((row) => row.chatid), [chatid]);
});

stage.story('after the grace others serve, and the queue’s head is who lost its agent', async () => {
  const { agent, colleague, visitor, chatid } = await served({ agents: 2, settings: { grace_seconds: 1, agent_cap: 1 } });
  const other = await stage.visitor('第二', { companyid: visitor.companyid });
  const third = await stage.visitor('第三', { companyid: visitor.companyid });
  for (const person of [other, third]) {
    await person.connects();
    await person.joins();
    await person.applies();
  }
  assert.equal((await other.isTold('serving')).cs.aid, colleague.aid);
  assert.equal((await third.isTold('waiting')).position, 1);
  await agent.hangsUp();
  assert.equal((await visitor.isTold('waiting')).position, 1);
  await third.isTold('waiting', ({ position }) => position === 2);
  const [{ chatid: otherChat }] = colleague.noticed('assign');
  await colleague.manages('endChat', { roomid: other.roomid, chatid: otherChat });
  await visitor.isTold('serving', (told) => told.chatid === chatid && told.cs.aid === colleague.aid);
  await third.isTold('waiting', ({ position }) => position === 1);
});

stage.story('a transfer that nobody accepts goes back, and all three are as before', async () => {
  const { agent, colleague, visitor, chatid, roomid } = await served({ agents: 2, settings: { transfer_limit_seconds: 1 } });
  await agent.manages('transfer', { roomid, tocsid: colleague.aid, msg: '帮忙' });
  await colleague.notices('assign', ({ type }) => type === 'transfer');
  for (const person of [agent, colleague]) {
    const rejected = await person.isTold('rejected');
    assert.deepEqual([rejected.chatid, rejected.csid, rejected.reason], [chatid, colleague.aid, 'late']);
  }
  assert.equal((await colleague.isRefused('mgr', { type: 'acceptTransfer', roomid, chatid })).errcode, 4009);
  assert.deepEqual((await agent.gets('list', { type: 'selfUser' })).rooms.map((row) => row.chatid), [chatid]);
  assert.equal(visitor.told('transferred').length, 0);
});

stage.story('who does not answer in time loses it to the next', async () => {
  const { agent, colleague, visitor, chatid } = await served({ agents: 2, settings: { answer_limit_seconds: 1 } });
  await agent.isTold('lost');
  await visitor.isTold('serving', ({ cs }) => cs.aid === colleague.aid);
  await colleague.joins(visitor.roomid);
  await colleague.says('我在');
  await visitor.hears('我在');
  assert.deepEqual((await colleague.gets('list', { type: 'selfUser' })).rooms.map((row) => row.chatid), [chatid]);
});

stage.story('a consultation in which nothing is said ends after it was announced', async () => {
  const { agent, visitor, chatid } = await served({ settings: { idle_seconds: 1, idle_notice_seconds: 1 } });
  await agent.joins(visitor.roomid);
  await agent.says('还有什么可以帮您？');
  for (const person of [visitor, agent]) {
    const idle = await person.isTold('idle');
    assert.ok(idle.at > Date.now() - 5_000);
    const ended = await person.isTold('ended');
    assert.deepEqual([ended.chatid, ended.by], [chatid, 'idle']);
  }
});

stage.story('whoever waits for long is offered to leave a message', async () => {
  const companyid = `due${(companies += 1)}`;
  await stage.company(companyid, 'Shop', { wait_limit_seconds: 1, typing_preview: true });
  const agent = await stage.agent('客服', { companyid });
  await agent.connects();
  await agent.manages('setStatus', { status: 'B' });
  const visitor = await stage.visitor('小明', { companyid });
  await visitor.connects();
  await visitor.joins();
  const { chatid, status } = await visitor.applies();
  assert.equal(status, 'waiting');
  assert.equal((await visitor.isTold('unserved')).chatid, chatid);
  await agent.joins(visitor.roomid);
  await visitor.gets('typing', { roomid: visitor.roomid, text: '我想退' });
  assert.equal((await agent.notices('typing')).text, '我想退');
  await until('the wait is over', async () => {
    await agent.manages('serveChat', { roomid: visitor.roomid, chatid });
    return visitor.told('serving').length > 0;
  });
});

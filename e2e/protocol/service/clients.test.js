// A whole consultation with each official client, on both sides.
import assert from 'node:assert/strict';
import { jsVersions, pythonVersions } from '../../harness/person.js';
import { openStage } from '../../harness/stage.js';

const stage = await openStage();
let companies = 0;

for (const client of [...jsVersions, ...pythonVersions.map((version) => `python ${version}`)]) {
  stage.story(`${client} asks, is served, writes, ends and rates`, async () => {
    const companyid = `client${(companies += 1)}`;
    await stage.company(companyid, 'Shop');
    const [agent, visitor] = [await stage.agent('客服', { companyid }), await stage.visitor('小明', { companyid })];
    await agent.connects({ client });
    await visitor.connects({ client });
    await visitor.joins();
    const { chatid } = await visitor.applies();
    const { roomid } = await agent.notices('assign', (assigned) => assigned.chatid === chatid);
    assert.equal((await visitor.isTold('serving')).cs.aid, agent.aid);
    await agent.joins(roomid);
    await visitor.gets('typing', { roomid });
    assert.equal((await agent.notices('typing')).aid, visitor.aid);
    await agent.says('您好');
    await visitor.hears('您好');
    assert.deepEqual(await agent.manages('endChat', { roomid, chatid }), { success: true });
    assert.equal((await visitor.isTold('ended')).by, 'cs');
    await visitor.gets('user', { type: 'rate', roomid, chatid, rateresult: 'BEST' });
    assert.equal((await agent.isTold('rated')).rateresult, 'BEST');
    assert.equal((await visitor.isRefused('mgr', { type: 'allStatus' })).errcode, 4003);
  });
}

// Every official client hears every event of parts A to C, whole.
import assert from 'node:assert/strict';
import { jsVersions, pythonVersions } from '../../harness/person.js';
import { aText, aTime, isWhole, UUID } from '../../harness/shape.js';
import { openStage } from '../../harness/stage.js';

const stage = await openStage();
let companies = 0;

for (const client of [...jsVersions, ...pythonVersions.map((version) => `python ${version}`)]) {
  stage.story(`${client} hears session, assign, service, chat, mkread, typing, recall, note, order, wallboard and presence`, async () => {
    const companyid = `all${(companies += 1)}`;
    await stage.company(companyid, 'Shop', { typing_preview: true });
    const [aid] = (await stage.server.command('agent', 'create', '--company', companyid, '--login', 'boss', '--role', 'supervisor')).split('\n');
    const [agent, visitor] = [await stage.agent('客服', { companyid, aid }), await stage.visitor('小明', { companyid })];
    const known = (person) => ({ aid: person.aid, mid: person.aid, account: person.aid, nick: person.nick });
    for (const person of [agent, visitor]) isWhole(await person.connects({ client }), { ...known(person), type: person.type, atype: person.atype, companyid, time: aTime, epoch: aText });
    const { roomid } = await visitor.joins();

    isWhole(await agent.manages('wallboard'), { success: true });
    isWhole(await agent.notices('wallboard'), { companyid, waiting: 0, messages_left: 0, serving: 0, agents: 1, free_seats: 10, staff: [{ csid: agent.aid, nick: agent.nick, status: 'O', serving: 0, cap: 10 }], groups: [] });
    const { chatid } = await visitor.applies();
    isWhole(await agent.notices('assign'), { type: 'assign', roomid, userid: visitor.aid, topic: '小明', lsttime: aTime, chatid });
    for (const person of [agent, visitor]) isWhole(await person.isTold('serving'), { roomid, chatid, type: 'serving', cs: { type: 'cs', ...known(agent), status: 'O' } });

    await agent.joins(roomid);
    const { id, pos, time } = await agent.says('您好 👋🏽');
    const { account, ...sender } = known(agent);
    const said = { roomid, data: { id, pos, type: 'csmsg', mtype: 'text', ...sender, time, msg: '您好 👋🏽' } };
    for (const person of [agent, visitor]) assert.deepEqual(await person.notices('chat'), said);
    await visitor.reads();
    assert.deepEqual(await agent.notices('mkread'), { roomid, type: 'user', time, pos });
    await visitor.gets('typing', { roomid, text: '我想' });
    assert.deepEqual(await agent.notices('typing'), { roomid, aid: visitor.aid, type: 'user', text: '我想' });
    await agent.gets('recall', { roomid, id });
    for (const person of [agent, visitor]) assert.deepEqual(await person.notices('recall'), { roomid, id, pos, recalls: 1 });
    const note = await agent.gets('note', { roomid, msg: '小心' });
    assert.deepEqual(await agent.notices('note'), { roomid, data: { number: 0, id: note.id, ...sender, time: note.time, msg: '小心' } });
    const { faultId } = await agent.manages('addOrder', { roomid, title: '打印机', describe: '冒烟了' });
    isWhole(await visitor.notices('order'), { faultId: UUID, companyid, title: '打印机', state: 'new', feedbackConten: '', submitter: visitor.aid, time: aTime });
    assert.equal((await visitor.notices('order')).faultId, faultId);
    await visitor.hangsUp();
    assert.deepEqual(await agent.notices('presence', ({ online }) => !online), { roomid, aid: visitor.aid, type: 'user', online: false });
  });
}

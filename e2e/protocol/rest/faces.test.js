// How a company presents itself: what anybody may ask of it, and who decides over it.
import assert from 'node:assert/strict';
import { Rest } from '../../harness/rest.js';
import { aText, isWhole } from '../../harness/shape.js';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage();
const narrow = await openStage({ env: { NODECHAT_PUBLIC_PER_MINUTE: '2' } });

const USUAL = {
  companyid: 'c1', name: 'Shop One', logo: '', locale: 'zh-CN', welcome: '', offline: '', open: true, hours: '', anonymous: false, ask_rating: true,
  accent: '', launcher_side: 'right', launcher_text: '', launcher_gap: 24,
};
const refused = { errcode: 4003, errmsg: aText };

stage.story('company {companyid} shows a company to whoever asks, in every way of asking', async () => {
  const { api } = stage;
  for (const asked of [api.get('company', { companyid: 'c1' }), api.form('company', { companyid: 'c1' }), api.post('company', { shopid: 'c1' })]) {
    isWhole((await asked).body, { errcode: 0, data: USUAL });
  }
  const fromAPage = await api.post('company', { companyid: 'c1', host: 'https://shop.example' }, { origin: 'https://shop.example' });
  isWhole(fromAPage.body, { errcode: 0, data: USUAL });
});

stage.story('a company that is not there is refused as a visitor is who may not come in', async () => {
  const asVisitor = await stage.api.visitor({ companyid: 'nowhere' });
  const asked = await stage.api.get('company', { companyid: 'nowhere' });
  isWhole(asked.body, refused);
  assert.deepEqual([asked.status, asked.body], [asVisitor.status, asVisitor.body]);
  isWhole((await stage.api.get('company')).body, { errcode: 4001, errmsg: aText });
  isWhole((await stage.api.get('company', { companyid: 'no company#' })).body, { errcode: 4002, errmsg: aText });
});

stage.story('what admins set is what pages are told, on every node', async () => {
  const rest = new Rest(stage.server.url, await stage.company('dressed', 'Dressed'));
  const settings = { accent: '#2563eb', launcher_side: 'left', launcher_text: '聊一聊', launcher_gap: 0, hours: '2020-01-01 closed', welcome: '您好', locale: 'en', ask_rating: false };
  const { body } = await rest.patch('/company', { anonymous: true, settings });
  for (const [name, value] of Object.entries(settings)) assert.equal(body.data.settings[name], value, name);
  for (const { url } of stage.server.nodes) {
    const shown = async () => (await (await fetch(`${url}/onlinechat/api/company?companyid=dressed`)).json()).data;
    await until('every node knows', async () => (await shown()).accent === '#2563eb');
    isWhole(await shown(), { ...USUAL, companyid: 'dressed', name: 'Dressed', anonymous: true, ...settings });
  }
  for (const wrong of [{ accent: 'red' }, { accent: '#fff' }, { launcher_side: 'top' }, { launcher_text: 'x'.repeat(41) }, { launcher_gap: 201 }, { launcher_gap: '24' }]) {
    assert.equal((await rest.patch('/company', { settings: wrong })).body.errcode, 4002, JSON.stringify(wrong));
  }
});

narrow.story('one address may ask so often a minute: the next is 4029', async () => {
  const { url } = narrow.server.nodes[0];
  const asked = () => fetch(`${url}/onlinechat/api/company?companyid=c1`);
  const answers = [await asked(), await asked(), await asked()];
  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 429]);
  assert.equal((await answers[2].json()).errcode, 4029);
});

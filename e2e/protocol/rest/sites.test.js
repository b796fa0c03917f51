// On which pages a company shows itself, as the pages tell when they ask for its face.
import assert from 'node:assert/strict';
import { Rest } from '../../harness/rest.js';
import { aTime, isWhole } from '../../harness/shape.js';
import { openStage } from '../../harness/stage.js';

const stage = await openStage();

stage.story('pages that show a company are listed for its admins, whichever was there last first', async () => {
  const rest = new Rest(stage.server.url, await stage.company('shown', 'Shown'));
  await stage.company('other', 'Other');
  assert.deepEqual((await rest.get('/sites')).body, { errcode: 0, data: [] });
  const shows = async (host, headers) => assert.equal((await stage.api.post('company', { companyid: 'shown', ...host }, headers)).body.errcode, 0);
  await shows({ host: 'https://shop.example' });
  await shows({ host: 'https://Shop.example:8443' });
  // None of these is the origin of a page that somebody could go to.
  for (const host of ['null', 'file://', 'https://shop.example/path', 'javascript://x', 'x'.repeat(1_000)]) await shows({ host });
  await shows({}, { origin: 'https://asked.example', referer: 'https://asked.example/page' });
  const { body } = await rest.get('/sites');
  isWhole(body, {
    errcode: 0,
    data: [
      { origin: 'https://shop.example:8443', first: aTime, last: body.data[0].first },
      { origin: 'https://shop.example', first: aTime, last: body.data[1].first },
    ],
  });
  assert.deepEqual((await rest.as(await stage.key('other')).get('/sites')).body.data, []);
});

stage.story('a company that is not there has no pages, and agents are not told of them', async () => {
  assert.equal((await stage.api.post('company', { companyid: 'nowhere', host: 'https://shop.example' })).body.errcode, 4003);
  const rest = new Rest(stage.server.url, await stage.key('c1'));
  for (const [role, status] of [['agent', 403], ['supervisor', 403], ['admin', 200]]) {
    await rest.post('/agents', { login: role, password: 'correct horse', role });
    const { body } = await rest.as().post('/sessions', { companyid: 'c1', login: role, password: 'correct horse' });
    assert.equal((await rest.as(body.data.ticket).get('/sites')).status, status, role);
  }
});

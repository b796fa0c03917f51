// The platform's side of the console: with its key its companies are listed, made and set up; without, nothing is seen.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Desk } from '../harness/desk.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';

const stage = await openStage({ args: [] });
const browser = await openBrowser();
after(() => browser.close());

const platformKey = async (...scopes) => (await stage.server.command('apikey', 'create', '--platform', ...scopes.flatMap((scope) => ['--scope', scope]))).trim();

/** In front of the platform's door. */
async function atDoor(path = '/console/platform', options = {}) {
  const page = await Desk.page(browser, options);
  stage.closesWith(() => page.context().close());
  await page.goto(stage.server.url + path);
  return new Desk(stage, page, { nick: '' });
}

async function enters(desk, key) {
  await desk.page.getByLabel('Platform key').fill(key);
  await desk.page.getByRole('button', { name: 'Open' }).click();
}

/** A shop of the platform, made over /api/v1. */
async function shop(rest, name) {
  const id = `shop-${randomUUID().slice(0, 8)}`;
  const { body } = await rest.post('/companies', { id, name, owner: { login: 'owner', password: 'correct horse' } });
  assert.equal(body.errcode, 0, JSON.stringify(body));
  return id;
}

stage.story('a company is made with its owner, who signs in at once; an id that is taken is said in words', async () => {
  const desk = await atDoor('/console');
  await desk.page.getByRole('link', { name: 'Companies of a platform' }).click();
  await enters(desk, await platformKey());
  await desk.page.locator('.admin h1', { hasText: 'Companies' }).waitFor();
  const id = `new-${randomUUID().slice(0, 8)}`;
  const fields = { id, name: '岭上户外 <b>', origins: 'https://shop.example\nhttps://m.shop.example', login: 'boss', nick: '老板', password: 'correct horse' };
  await desk.makes('New company', fields);
  await desk.tableRow(id).filter({ hasText: '岭上户外 <b>' }).filter({ hasText: 'https://shop.example, https://m.shop.example' }).waitFor();

  await desk.begins('New company', fields);
  await desk.page.locator('.editor-deeds .pri').click();
  await desk.page.locator('.editor .say.bad', { hasText: 'A company has this id already' }).waitFor();
  await desk.page.locator('.editor-deeds button', { hasText: 'Discard' }).click();

  const owner = new Desk(stage, await Desk.page(browser), { companyid: id, login: 'boss', password: 'correct horse', nick: '老板' });
  stage.closesWith(() => owner.page.context().close());
  await owner.page.goto(`${stage.server.url}/console`);
  await owner.signsIn(owner.page);
  await owner.isCalm();
  await desk.isCalm({ network: false });
});

stage.story('a company is changed in the table, and set up by the very pages that its owner has', async () => {
  const key = await platformKey();
  const rest = new Rest(stage.server.url, key);
  const [id, other] = [await shop(rest, 'Tents'), await shop(rest, 'Boots')];
  const desk = await atDoor();
  await enters(desk, key);
  await desk.tableRow(id).locator('.cell-open').click();
  await desk.page.locator('.editor [data-field=name] input').fill('Tents and more');
  await desk.page.locator('.editor [data-field=private_files] input').click();
  await desk.saves();
  await desk.tableRow('Tents and more').filter({ hasText: 'With a ticket' }).waitFor();
  assert.equal((await rest.get('/company', { companyid: id })).body.data.private_files, true);

  await desk.tableRow(id).locator('.cell-open').click();
  await desk.page.getByRole('link', { name: 'Set this company up' }).click();
  await desk.page.locator('.platform-head', { hasText: 'Tents and more' }).waitFor();
  const opens = async (name) => {
    await desk.page.locator('.pages a', { hasText: name }).click();
    await desk.page.locator('.admin h1', { hasText: name }).waitFor();
  };
  await opens('Agents');
  await desk.makes('New agent', { nick: '陈默', login: 'chen', password: 'correct horse' });
  await desk.tableRow('陈默').waitFor();
  await opens('Groups');
  await desk.begins('New group', { name: 'Sales' });
  await desk.page.getByLabel('陈默').click();
  await desk.saves();
  await opens('Questions');
  await desk.begins('New topic', { title: 'Poles' });
  await desk.page.getByLabel('Question', { exact: true }).fill('My pole is broken');
  await desk.page.getByLabel('Answer', { exact: true }).fill('We send another one.');
  await desk.page.locator('.try input').fill('the pole is broken');
  await desk.page.locator('.try li.shown', { hasText: 'My pole is broken' }).waitFor();
  await desk.saves();
  await opens('Service');
  await desk.page.locator('[data-field=agent_cap] input').fill('7');
  await desk.page.locator('.form-deeds .pri').click();
  await desk.page.locator('.toast', { hasText: 'Saved' }).last().waitFor();
  const pages = await desk.page.locator('.pages a').allTextContents();
  assert.ok(pages.length > 12, pages.join());
  for (const name of pages) {
    await opens(name);
    await desk.page.locator('.admin :is(table:not([aria-busy=true]), .empty, .form-deeds, .audit, .one-column)').first().waitFor();
    assert.equal(await desk.page.locator('.admin [role=alert]').count(), 0, name);
  }

  const of = async (path, companyid) => (await rest.get(path, { companyid })).body.data;
  assert.deepEqual((await of('/groups', id)).map(({ name, members }) => [name, members.length]), [['Sales', 1]]);
  assert.equal((await of('/company', id)).settings.agent_cap, 7);
  assert.deepEqual(await of('/groups', other), [], 'no other company is changed');
  assert.deepEqual(await of('/questions', other), []);

  await desk.page.reload();
  await desk.page.locator('.admin h1', { hasText: 'Canned replies' }).waitFor();
  await desk.page.locator('.platform-head a', { hasText: 'Platform' }).click();
  await desk.tableRow(other).waitFor();
  await desk.isCalm();
});

stage.story('without a key of the platform nothing is seen, and one that is revoked ends it', async () => {
  const desk = await atDoor();
  const refused = desk.page.locator('.say.bad', { hasText: 'This key is wrong or revoked' });
  await desk.page.getByRole('button', { name: 'Open' }).click();
  await desk.page.locator('.hint.bad', { hasText: 'Fill this in' }).waitFor();
  for (const key of ['nonsense', await stage.key('c1'), await platformKey('agents:read')]) {
    await enters(desk, key);
    await refused.waitFor();
    await desk.page.getByLabel('Platform key').fill('');
  }
  assert.equal(await desk.page.locator('.table').count(), 0);

  const reader = await platformKey('companies:read');
  const rest = new Rest(stage.server.url, await platformKey());
  const id = await shop(rest, 'Read only');
  await enters(desk, reader);
  await desk.tableRow(id).locator('.cell-open').click();
  await desk.page.locator('.editor [data-field=name] input').fill('Changed');
  await desk.page.locator('.editor-deeds .pri').click();
  await desk.page.locator('.editor .say.bad', { hasText: 'You may not do this' }).waitFor();
  assert.equal((await rest.get('/company', { companyid: id })).body.data.name, 'Read only');
  await desk.page.locator('.editor-deeds button', { hasText: 'Discard' }).click();

  const ids = async () => (await stage.server.command('apikey', 'list', '--platform')).trim().split('\n').map((line) => line.split('\t'));
  const [[revoked]] = (await ids()).filter(([, scopes]) => scopes === 'companies:read');
  await stage.server.command('apikey', 'revoke', '--platform', '--id', revoked);
  await desk.page.reload();
  await desk.page.locator('.say.warn', { hasText: 'This key was revoked' }).waitFor();
  assert.ok(!(await ids()).some(([id]) => id === revoked));
  await enters(desk, rest.secret);
  await desk.tableRow(id).waitFor();
  await desk.page.getByRole('button', { name: 'Leave the platform' }).click();
  await desk.page.locator('[name=organization]').waitFor();
  await desk.page.goBack();
  await desk.page.getByLabel('Platform key').waitFor();
  assert.equal(await desk.page.evaluate(() => JSON.stringify([sessionStorage, localStorage]).includes('nodechat.platform')), false, 'the key is forgotten');
  await desk.isCalm({ network: false });
});

// What a company keeps of people: retention with its consequence, everything of one person as a file or erased, from the card and from the settings.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Desk } from '../harness/desk.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';

const stage = await openStage({ args: [] });
const browser = await openBrowser();
after(() => browser.close());

stage.story('a visitor is exported, then erased from the card: the dialog names the deed, the log empties, the audit knows', async () => {
  const admin = await Desk.online(stage, browser, { role: 'admin' });
  const visitor = await admin.isGiven('小明', ['我的电话是 123']);
  await admin.opens('小明');
  await admin.message('我的电话是 123').waitFor();
  const [download] = await Promise.all([admin.page.waitForEvent('download'), admin.page.locator('.who button', { hasText: 'Export everything' }).click()]);
  assert.equal(download.suggestedFilename(), `${visitor.aid}.zip`);
  assert.equal(readFileSync(await download.path()).subarray(0, 2).toString(), 'PK');

  await admin.page.locator('.who button', { hasText: 'Erase everything' }).click();
  const dialog = admin.page.locator('[role=dialog]', { hasText: 'Erase everything of “小明”?' });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  await admin.page.locator('.who button', { hasText: 'Erase everything' }).click();
  await dialog.getByRole('button', { name: 'Erase everything of 小明' }).click();
  await admin.page.locator('.who [role=status]', { hasText: 'Erased. Messages:' }).waitFor();
  await admin.message('我的电话是 123').waitFor({ state: 'detached' });
  const { body } = await new Rest(stage.server.url, await stage.key('c1')).get('/audit', { subject: visitor.aid });
  assert.deepEqual(body.data.map(({ act }) => act).sort(), ['person.erase', 'person.export']);
  await admin.isCalm({ network: false });
});

stage.story('the settings find a visitor by its id, erase an agent without its words, and list what was done', async () => {
  const owner = await Desk.inside(stage, browser, { role: 'owner' });
  const colleague = await Desk.outside(stage, browser);
  const visitor = await stage.visitor('小红');
  await visitor.connects();
  await visitor.joins();
  await visitor.says('hello');
  await owner.page.reload();
  await owner.settings('Retention and erasing');
  await owner.page.getByLabel('Visitor id').fill('nobody-here');
  await owner.page.getByRole('button', { name: 'Find' }).click();
  await owner.page.locator('.hint.bad', { hasText: 'No visitor has this id' }).waitFor();
  await owner.page.getByLabel('Visitor id').fill(visitor.aid);
  await owner.page.getByRole('button', { name: 'Find' }).click();
  await owner.page.locator('.found-person', { hasText: '小红' }).getByRole('button', { name: 'Erase everything' }).click();
  await owner.page.getByRole('button', { name: 'Erase everything of 小红' }).click();
  await owner.page.locator('.found-person [role=status]', { hasText: 'Erased. Messages: 1' }).waitFor();

  await owner.page.getByRole('button', { name: 'Agent', exact: true }).click();
  await owner.page.getByLabel('Agent', { exact: true }).selectOption({ label: colleague.nick });
  await owner.page.locator('.data-page').getByRole('button', { name: 'Erase everything' }).click();
  await owner.page.getByLabel('Keep the messages').click();
  await owner.page.locator('[role=dialog]').getByRole('button', { name: 'Erase everything of' }).click();
  const rest = new Rest(stage.server.url, await stage.key('c1'));
  await until('the account is gone', async () => !(await rest.get('/agents', { limit: 100 })).body.data.some(({ aid }) => aid === colleague.account.aid));
  const { body } = await rest.get('/audit', { act: 'agent.erase' });
  assert.equal(body.data[0].note, 'its words stay');
  await owner.page.reload();
  await owner.page.locator('.acts li', { hasText: `${visitor.aid} erased` }).waitFor();
  await owner.isCalm({ network: false });
});

stage.story('keeping messages for a shorter time says what goes, and asks; a longer time does not', async () => {
  const owner = await Desk.inside(stage, browser, { role: 'owner' });
  const rest = new Rest(stage.server.url, await stage.key('c1'));
  const kept = async () => (await rest.get('/company')).body.data.settings.keep_days;
  await owner.settings('Retention and erasing');
  const days = owner.page.getByLabel('Days that messages are kept');
  await owner.page.locator('[data-field=keep_days]', { hasText: 'nothing goes by itself' }).waitFor();
  await days.fill('3650');
  await owner.page.locator('[data-field=keep_days]', { hasText: 'older than 3650 days go by themselves' }).waitFor();
  await owner.page.locator('.form-deeds .pri').click();
  await owner.page.locator('[role=dialog]').getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await kept(), 0);
  await owner.page.locator('.form-deeds .pri').click();
  await owner.page.locator('[role=dialog]').getByRole('button', { name: /^Empty messages before/ }).click();
  await until('it is set', async () => (await kept()) === 3650);
  await days.fill('0');
  await owner.page.locator('.form-deeds .pri').click();
  await until('it is set back', async () => (await kept()) === 0);
  assert.equal(await owner.page.locator('[role=dialog]').count(), 0);
  await owner.isCalm();
});

stage.story('whoever is no admin sees neither', async () => {
  const supervisor = await Desk.online(stage, browser, { role: 'supervisor' });
  await supervisor.isGiven('小周', ['hi']);
  await supervisor.opens('小周');
  await supervisor.page.locator('.who h3', { hasText: 'Notes' }).waitFor();
  assert.equal(await supervisor.page.locator('.who h3', { hasText: 'All data' }).count(), 0);
  await supervisor.page.locator('.rail a', { hasText: 'Settings' }).click();
  await supervisor.page.locator('.pages a').first().waitFor();
  assert.equal(await supervisor.page.locator('.pages a', { hasText: 'Retention' }).count(), 0);
  await supervisor.isCalm();
});

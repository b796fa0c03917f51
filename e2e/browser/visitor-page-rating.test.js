// The visitor's page: how it was, said in a square and in words, changed, and the conversation taken up again.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openBrowser } from '../harness/browser.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';
import { until } from '../harness/until.js';
import { openVisitorPage } from '../harness/visitor-page.js';

const stage = await openStage();
const browser = await openBrowser();
after(() => browser.close());
let companies = 0;

/** A visitor whom the agent serves; `ends` is the agent's way to be done with it. */
async function served({ url = stage.server.url, settings = {} } = {}) {
  const companyid = `rated${(companies += 1)}`;
  await new Rest(stage.server.url, await stage.company(companyid, '岭上户外')).patch('/company', { anonymous: true, settings });
  const agent = await stage.agent('陈默', { companyid });
  await agent.connects();
  const visitor = await openVisitorPage(browser, `${url}/chat/${companyid}`);
  const { page } = visitor;
  await page.getByRole('button', { name: '转人工' }).click();
  const { roomid, chatid } = await agent.notices('assign');
  await agent.joins(roomid);
  await visitor.sees('陈默 为您服务');
  const ends = () => agent.gets('mgr', { type: 'endChat', roomid, chatid });
  return { agent, visitor, page, companyid, chatid, ends, sheet: sheetOn(page), button: page.getByRole('button', { name: '评价', exact: true }) };
}

const sheetOn = (page) => page.getByRole('dialog', { name: '这次服务怎么样？' });

/** A visitor whose conversation the agent has just ended; `tabs`: pages on which that is seen. */
async function ended({ tabs = 1 } = {}) {
  const { ends, ...all } = await served();
  const { visitor, page, sheet } = all;
  const others = [];
  for (let n = 1; n < tabs; n += 1) {
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.locator('.top .dot').waitFor();
    others.push(other);
  }
  await ends();
  await visitor.sees('本次服务已结束');
  const there = others.map(sheetOn);
  for (const asking of [sheet, ...there]) await asking.waitFor();
  return { ...all, there };
}

const rated = (agent, result) => agent.notices('service', ({ type, rateresult }) => type === 'rated' && rateresult === result);

stage.story('a rating is given with words, arrives with them, and can be changed after a reload', async () => {
  const { agent, visitor, page, sheet } = await ended();
  await sheet.getByText('陈默，').waitFor();
  await sheet.getByText('满意', { exact: true }).click();
  await sheet.getByRole('button', { name: '回复快' }).click();
  await sheet.getByRole('button', { name: '说得清楚' }).click();
  await sheet.getByLabel('还想补充什么').fill('周末 <b>愉快</b>');
  await sheet.getByRole('button', { name: '提交评价' }).click();
  await rated(agent, 'GOOD');
  const said = await agent.hears(({ mtype }) => mtype === 'custom');
  assert.deepEqual(said.msg, { kind: 'rating', rateresult: 'GOOD', tags: ['说得清楚', '回复快'], text: '周末 <b>愉快</b>' });
  await page.locator('.receipt', { hasText: '说得清楚，回复快' }).getByText('周末 <b>愉快</b>').waitFor();

  await page.reload();
  await page.locator('.receipt').getByRole('button', { name: '修改' }).click();
  assert.equal(await sheet.getByRole('button', { name: '回复快' }).getAttribute('aria-pressed'), 'true');
  await sheet.getByText('不满意', { exact: true }).click();
  await sheet.getByRole('button', { name: '等得太久' }).click();
  await sheet.getByRole('button', { name: '提交评价' }).click();
  await rated(agent, 'BAD');
  await page.locator('.receipt', { hasText: '等得太久' }).waitFor();
  await until('the last one alone can be changed', async () => (await page.getByRole('button', { name: '修改' }).count()) === 1);
  await visitor.closes();
});

stage.story('who is asked before the page is whole is asked when it is', async () => {
  const companyid = 'rated-early';
  await new Rest(stage.server.url, await stage.company(companyid, '岭上户外')).patch('/company', { anonymous: true });
  const agent = await stage.agent('陈默', { companyid });
  await agent.connects();
  const person = await stage.visitor('小雨', { companyid });
  await person.connects();
  const { roomid } = await person.joins();
  const { chatid } = await person.applies({ csid: agent.aid });
  await agent.joins(roomid);

  let whole;
  const late = new Promise((resolve) => (whole = resolve));
  const visitor = await openVisitorPage(browser, `${stage.server.url}/chat/${companyid}?ticket=${person.ticket}`, {
    before: (page) => page.route(/\/assets\/parts-/, async (route) => (await late, route.continue())),
  });
  await agent.gets('mgr', { type: 'endChat', roomid, chatid });
  await visitor.sees('本次服务已结束');
  whole();
  await visitor.page.getByRole('dialog', { name: '这次服务怎么样？' }).waitFor();
  await visitor.closes();
});

stage.story('who was away when it ended is asked on coming back, and only once', async () => {
  const { agent, visitor, page, sheet, button, ends } = await served();
  const address = page.url();
  await page.goto('about:blank');
  await ends();
  await page.goto(address);
  await sheet.getByText('陈默，').waitFor();
  await page.reload();
  await button.waitFor();
  assert.equal(await sheet.count(), 0, 'it was asked already');
  await button.click();
  await sheet.getByText('一般', { exact: true }).click();
  await sheet.getByRole('button', { name: '提交评价' }).click();
  await rated(agent, 'JUSTSOSO');
  await button.waitFor({ state: 'detached' });
  await page.reload();
  await page.locator('.receipt', { hasText: '一般' }).waitFor();
  assert.equal(await button.count() + (await sheet.count()), 0, 'it was answered');
  await visitor.closes();
});

stage.story('who had no network when it ended is asked when it is back, and after Esc finds the way to it', async () => {
  const proxy = await stage.proxy();
  const { visitor, page, sheet, button, ends } = await served({ url: proxy.url });
  proxy.cut();
  await page.locator('.banner').waitFor();
  await ends();
  proxy.restore();
  await sheet.waitFor();
  await page.keyboard.press('Escape');
  await button.click();
  await sheet.waitFor();
  await visitor.closes({ errors: /net::|WebSocket|ERR_/ });
});

stage.story('a company that does not ask is not told how it was', async () => {
  const { visitor, page, sheet, button, ends } = await served({ settings: { ask_rating: false } });
  const address = page.url();
  await page.goto('about:blank');
  await ends();
  await page.goto(address);
  await page.getByRole('button', { name: '继续刚才的会话' }).waitFor();
  assert.equal(await button.count() + (await sheet.count()), 0);
  await visitor.closes();
});

stage.story('a rating without words says nothing in the conversation, and is known after a reload', async () => {
  const { agent, visitor, page, sheet } = await ended();
  await sheet.getByText('非常满意', { exact: true }).click();
  await sheet.getByRole('button', { name: '提交评价' }).click();
  await rated(agent, 'BEST');
  await page.locator('.receipt', { hasText: '非常满意' }).waitFor();
  await page.reload();
  await page.locator('.receipt', { hasText: '非常满意' }).getByRole('button', { name: '修改' }).waitFor();
  assert.deepEqual(await agent.history(), []);
  await visitor.closes();
});

stage.story('what is answered on one page is not asked on the other', async () => {
  const { visitor, sheet, there: [there] } = await ended({ tabs: 2 });
  await there.getByText('一般', { exact: true }).click();
  await there.getByRole('button', { name: '提交评价' }).click();
  await sheet.waitFor({ state: 'detached' });
  await visitor.closes();
});

stage.story('a conversation that has ended is continued as the same one, also after a reload', async () => {
  const { agent, visitor, page, chatid } = await ended();
  await page.keyboard.press('Escape');
  await page.reload();
  await page.getByRole('button', { name: '继续刚才的会话' }).click();
  await until('the agent has it again', () => agent.noticed('assign').length === 2);
  assert.equal(agent.noticed('assign')[1].chatid, chatid);
  await visitor.sees('陈默 为您服务');
  assert.equal(await page.getByRole('button', { name: '继续刚才的会话' }).count(), 0);
  await visitor.closes();
});

stage.story('where too much time has passed, continuing asks for a person anew', async () => {
  const { agent, visitor, page, companyid, chatid } = await ended();
  await page.keyboard.press('Escape');
  await new Rest(stage.server.url, await stage.key(companyid)).patch('/company', { settings: { reopen_seconds: 0 } });
  await page.getByRole('button', { name: '继续刚才的会话' }).click();
  await agent.notices('assign', (given) => given.chatid !== chatid);
  await visitor.sees('陈默 为您服务');
  await visitor.closes();
});

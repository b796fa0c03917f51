// Runs the manual's JavaScript and its whole pages in chromium, on a page of a foreign origin.
import assert from 'node:assert/strict';
import { until } from '../harness/until.js';
import { takeOutputs } from './printed.js';

/** The scripts of one page of the manual are one story: what the first declares, the next uses. */
export async function runInBrowser(examples, cast, site) {
  const printed = [];
  const faults = [];
  const told = (line) => printed.push(valueOf(JSON.parse(line)));
  const reached = async (at) => {
    const { where, outputs } = examples[at];
    await until(`${where} prints ${outputs.length} times`, () => printed.length >= outputs.length || faults.length);
    if (!faults.length) takeOutputs(examples[at], printed);
  };
  const story = examples.map(({ code }, at) => `${code}\nawait reached(${at});`).join('\n');
  const more = await othersIn(story, cast);
  const html = `<!doctype html><meta charset="utf-8"><input type="file">
<script src="${cast.server.url}/sdk/v1/nodechat.js"></script>
${story.includes('NodechatWidget') ? `<script src="${cast.server.url}/sdk/v1/loader.js"></script>` : ''}
<script>
const input = document.querySelector('input'), ticket = ${JSON.stringify(cast.ticket)}, agentTicket = ${JSON.stringify(cast.agentTicket)}${more};
console.log = (...args) => told(JSON.stringify(args));
window.play = async () => {
${story}
};
</script>`;
  const page = await site.shows(html, async (page) => {
    page.on('pageerror', (fault) => faults.push(fault.message));
    await page.exposeFunction('told', told);
    await page.exposeFunction('reached', reached);
  });
  await page.setInputFiles('input', cast.picture);
  await page.evaluate('play()');
  await page.context().close();
  assert.deepEqual({ printed, faults }, { printed: [], faults: [] }, `${examples[0].where}: more than the manual says`);
}

/** A whole page of the manual, used as a reader would. */
export async function runHtml({ name, code, where }, site) {
  const page = await site.shows(code);
  const use = uses[name];
  assert.ok(use, `${where}: nobody knows how to use the page \`${name}\``);
  await use(page);
  await page.context().close();
}

/** Agents with accounts of their own, where a story has some. */
async function othersIn(story, cast) {
  const others = { colleagueTicket: ['colleague', 'agent'], supervisorTicket: ['supervisor', 'supervisor'] };
  const named = Object.entries(others).filter(([name]) => story.includes(name));
  const tokens = story.includes('{ token }') ? [`, token = ${JSON.stringify(await cast.token())}`] : [];
  const tickets = await Promise.all(named.map(async ([name, account]) => `, ${name} = ${JSON.stringify(await cast.accountTicket(...account))}`));
  return [...tokens, ...tickets].join('');
}

const uses = {
  async 'quick-start'(page) {
    // The form answers once the room is entered.
    await page.waitForFunction('document.getElementById("form").onsubmit');
    await page.fill('#text', 'It works');
    await page.press('#text', 'Enter');
    await page.waitForFunction('document.getElementById("log").children.length === 1');
    assert.match(await page.textContent('#log'), /: It works$/);
  },
  async embed(page) {
    await page.locator('aside > button').click();
    await page.frameLocator('iframe').locator('.quick').waitFor();
  },
  async 'embed-queue'(page) {
    await page.waitForFunction('window.NodechatWidget.boot');
    await page.click('#help');
    await page.frameLocator('iframe').locator('.quick').waitFor();
  },
  async module(page) {
    await page.waitForFunction('document.getElementById("state").textContent !== "…"');
    assert.notEqual(await page.textContent('#state'), '');
  },
};

function valueOf(args) {
  return args.length === 1 ? args[0] : args.join(' ');
}

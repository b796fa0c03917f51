// Every example of the manual, in both languages, and of the operators' guide runs, and prints what it says.
import { after, before, describe, test } from 'node:test';
import { Server } from '../harness/server.js';
import { guide, languages, pages } from './examples.js';
import { Cast } from './cast.js';
import { Site } from './site.js';
import { runHtml, runInBrowser } from './in-browser.js';
import { runInNode, runPython, runShell } from './in-process.js';
import { runReceiver } from './receiver.js';

const site = new Site();
before(() => site.open());
after(() => site.close());

const books = { ...Object.fromEntries(languages.map((language) => [`manual in ${language}`, pages(language)])), 'guide for operators': guide() };

for (const [book, its] of Object.entries(books)) {
  describe(book, () => {
    for (const { name, examples } of its) {
      if (examples.length) test(`every_example_of_${name}_does_what_it_says`, (context) => perform(examples, context));
    }
  });
}

/** The examples of one page, in order, on a server of their own. */
async function perform(examples, context) {
  // A receiver of the manual's stands on this machine.
  const hears = examples.some(({ name }) => name === 'receiver');
  const server = await new Server({ env: hears ? { NODECHAT_WEBHOOK_PRIVATE_ADDRESSES: 'true' } : {} }).start();
  try {
    const cast = await new Cast(server).gather();
    const placed = examples.map((example) => cast.placed(example));
    const story = (language) => placed.filter(({ language: own, name }) => own === language && !['node', 'receiver'].includes(name));
    if (story('sh').length) await runShell(story('sh'), cast);
    if (story('js').length) await runInBrowser(story('js'), cast, site);
    for (const example of story('html')) await runHtml(example, site);
    for (const example of story('python')) await runPython(example, cast);
    for (const example of placed) if (example.name === 'node') await runInNode(example, cast);
    for (const example of placed) if (example.name === 'receiver') await runReceiver(example, cast);
  } catch (cause) {
    for (const line of server.log.slice(-20)) context.diagnostic(`server: ${line}`);
    throw cause;
  } finally {
    await server.stop();
  }
}

// The examples of docs/api and of the operators' guide: what is to be run, and what the manual says that it prints.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DOCS = join(dirname(fileURLToPath(import.meta.url)), '../../docs');
const FENCE = /^```(\w*) *([^\n]*)\n([^]*?)^```$/gm;
const RUNNABLE = ['js', 'html', 'python', 'sh'];
/** Starts the server itself; every other test runs what it starts. */
const NOT_RUN = ['script/server\n'];

export const languages = ['en', 'zh'];

/** The pages of a language, each with its examples in order: `{language, name, where, code, options, outputs}`. */
export function pages(language) {
  return readdirSync(join(DOCS, 'api', language)).map((file) => page('api', language, file));
}

/** Pages for operators whose commands are run. */
export const guide = () => [page('guide', 'operate.md')];

function page(...path) {
  return { name: path.at(-1).replace('.md', ''), examples: examplesOf(join(...path)) };
}

function examplesOf(file) {
  const text = readFileSync(join(DOCS, file), 'utf8');
  const examples = [];
  for (const { 1: language, 2: info, 3: code, index } of text.matchAll(FENCE)) {
    const where = `docs/${file}:${text.slice(0, index).split('\n').length}`;
    const [mark, ...options] = info.split(' ');
    if (mark === 'output') examples.at(-1).outputs.push({ language, text: code });
    else if (mark.startsWith('example')) examples.push({ language, name: mark.split('=')[1], where, code, options: new URLSearchParams(options.join('&')), outputs: [] });
    else if (RUNNABLE.includes(language) && !NOT_RUN.includes(code)) throw new Error(`${where}: an example that nobody runs`);
  }
  return examples;
}

// Builds web/dist/start: the start page and the two pages of the demo. Every address is one of our own server.
import { build } from 'esbuild';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '../dist/start');
const { texts } = await load('src/text/texts.ts');

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, 'demo'), { recursive: true });

await build({
  entryPoints: {
    start: join(here, 'src/start/start.ts'),
    visitor: join(here, 'src/demo/visitor.ts'),
    agent: join(here, 'src/demo/agent.ts'),
    cable: join(here, 'src/demo/cable.ts'),
  },
  outdir: out,
  bundle: true,
  format: 'iife',
  target: 'es2020',
  charset: 'utf8',
  // the demo is there to be read, also in the browser
  minify: false,
});
await build({
  entryPoints: { start: join(here, 'src/start/start.css'), demo: join(here, 'src/demo/demo.css') },
  outdir: out,
  bundle: true,
  charset: 'utf8',
});
page('src/start/index.html', 'index.html');
page('src/demo/visitor.html', 'demo/visitor.html');
page('src/demo/agent.html', 'demo/agent.html');
page('src/start/404.html', '404.html');
for (const name of ['icon.svg', 'favicon.ico']) copyFileSync(join(here, 'src/start', name), join(out, name));

/** Puts the icons in, and the English words, so that the page can be read before its script runs. */
function page(from, to) {
  const icons = readFileSync(join(here, '../ui/icons.svg'), 'utf8').replace(/^<!--.*-->\n/, '').trim();
  const html = readFileSync(join(here, from), 'utf8')
    .replace('<!-- icons -->', () => icons)
    .replace(/data-t="(\w+)"([^>]*)></g, (_, key, rest) => `data-t="${key}"${rest}>${words(key)}<`);
  writeFileSync(join(out, to), html);
}

function words(key) {
  const text = texts[key]?.en;
  if (typeof text !== 'string') throw new Error(`the page asks for a text "${key}" that is not there`);
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

async function load(path) {
  const result = await build({ entryPoints: [join(here, path)], bundle: true, format: 'esm', write: false });
  return import(`data:text/javascript;base64,${Buffer.from(result.outputFiles[0].contents).toString('base64')}`);
}

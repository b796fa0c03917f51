// Builds web/dist/docs: the manual of docs/api as plain pages, with no script that reading them needs.
import { build } from 'esbuild';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { languages, names, readPage } from './manual.mjs';
import { page } from './page.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '../dist/docs');

rmSync(out, { recursive: true, force: true });
for (const language of Object.keys(languages)) {
  mkdirSync(join(out, language), { recursive: true });
  const pages = names.map((name) => readPage(language, name));
  pages.forEach(({ name }, at) => writeFileSync(join(out, language, `${name}.html`), page(language, pages, at)));
}
copyFileSync(join(here, '../start/src/start/icon.svg'), join(out, 'icon.svg'));

await build({
  entryPoints: ['manual.css', 'language.ts'].map((name) => join(here, 'src', name)),
  outdir: out,
  bundle: true,
  minify: true,
  target: 'es2020',
  charset: 'utf8',
});

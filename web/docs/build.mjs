// Builds web/dist/docs: the manual of docs/api as plain pages, with no script that reading them needs, and the page of
// the REST reference.
import { build } from 'esbuild';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { languages, names, readPage } from './manual.mjs';
import { page } from './page.mjs';
import { reference } from './reference.mjs';

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

mkdirSync(join(out, 'rest'));
writeFileSync(join(out, 'rest/index.html'), reference);
await build({
  entryPoints: ['reference.css', 'reference.ts'].map((name) => join(here, 'src', name)),
  outdir: join(out, 'rest'),
  bundle: true,
  minify: true,
  target: 'es2020',
  charset: 'utf8',
});
// Large, and nothing but browsers asks for it: the binary has only the compressed form.
const viewer = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
for (const [from, to] of [['swagger-ui-bundle.js', 'swagger-ui.js'], ['swagger-ui.css', 'swagger-ui.css']]) {
  const source = readFileSync(join(viewer, from), 'utf8').replace(/\/[/*]# sourceMappingURL=[^\n]*/, '');
  writeFileSync(join(out, 'rest', `${to}.gz`), gzipSync(source, { level: 9 }));
}

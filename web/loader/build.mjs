// Builds web/dist/sdk/loader.js. Fails when it has grown over its budget.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import { minify } from 'terser';

const BUDGET_GZIP_BYTES = 4_000;

/** Names of our own that nobody else reads: neither the page in the panel nor the host. */
const INNER_NAMES = /^(panel|host|draw|frame|tell|spoken|late|nowhere|elsewhere|seen|top|chat)$/;

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '../dist/sdk');
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));

/** A style sheet as a text: it is adopted by a shadow root, never put into the page. */
const styleAsText = {
  name: 'style-as-text',
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, 'utf8'), { loader: 'css', minify: true, target: 'safari15' });
      return { contents: code.trim(), loader: 'text' };
    });
  },
};

const bundled = await build({
  entryPoints: [join(here, 'src/loader.ts')],
  bundle: true,
  format: 'iife',
  target: 'es2021',
  charset: 'utf8',
  platform: 'browser',
  legalComments: 'none',
  mangleProps: INNER_NAMES,
  // In a function of its own, everything of which is known here.
  tsconfigRaw: { compilerOptions: { alwaysStrict: false } },
  write: false,
  plugins: [styleAsText],
});
const { code } = await minify(bundled.outputFiles[0].text, {
  ecma: 2020, toplevel: true,
  compress: { passes: 3, pure_getters: true, unsafe_arrows: true },
  format: { comments: false },
});
const text = `/*! Nodechat ${version}, MIT OR Apache-2.0 */\n${code}\n`;
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'loader.js'), text);

const bytes = gzipSync(text, { level: 9 }).length;
console.log(`loader.js: ${bytes} bytes gzipped, budget ${BUDGET_GZIP_BYTES}`);
if (bytes > BUDGET_GZIP_BYTES) throw new Error(`loader.js is ${bytes - BUDGET_GZIP_BYTES} bytes over its budget`);

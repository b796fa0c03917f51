// Builds web/dist/sdk: nodechat.js and its kin. Fails when nodechat.js has grown over its budget.
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { minify } from 'terser';

const BUDGET_GZIP_BYTES = 18_000;

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '../dist/sdk');
const require = createRequire(import.meta.url);
const client = dirname(require.resolve('socket.io-client/package.json'));
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
const clientVersion = JSON.parse(readFileSync(join(client, 'package.json'), 'utf8')).version;

const LICENCE =
  `/*! nodechat.js ${version}, MIT OR Apache-2.0. Contains socket.io-client ${clientVersion}, ` +
  `(c) Guillermo Rauch and Socket.IO contributors, MIT. */`;

/** Leaves out what is never reached: the client's cache of managers, and WebTransport, which our server has not. */
const slimClient = {
  name: 'slim-client',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^socket\.io-client$/ }, () => ({ path: join(client, 'build/esm/manager.js') }));
    onLoad({ filter: /engine\.io-client.build.esm.transports.webtransport\.js$/ }, () => ({
      contents: 'export class WT {}',
    }));
  },
};

// Not emptied first: loader.js lies beside what is made here, under the same addresses.
mkdirSync(out, { recursive: true });

await bundle('index.ts', 'nodechat.mjs', 'esm', LICENCE);
await bundle('nodechat.global.ts', 'nodechat.js', 'iife', LICENCE);
await bundle('onlinechat.ts', 'onlinechat.js', 'iife', `/*! onlinechat.js ${version}, MIT OR Apache-2.0. */`);
write('socket.io.js', readFileSync(join(client, 'dist/socket.io.min.js'), 'utf8').replace(/\n\/\/# sourceMappingURL=.*/, ''));
write('nodechat.d.ts', declarations());
checkSize('nodechat.js');

async function bundle(entry, name, format, licence) {
  const result = await build({
    entryPoints: [join(here, 'src', entry)],
    bundle: true,
    format,
    target: 'es2018',
    charset: 'utf8',
    platform: 'browser',
    legalComments: 'none',
    write: false,
    plugins: [slimClient],
    // global.ts looks for CommonJS on purpose.
    logOverride: { 'commonjs-variable-in-esm': 'silent' },
  });
  // Names of properties stay: some of the client's own are part of what goes over the wire.
  const { code } = await minify(result.outputFiles[0].text, {
    ecma: 2018,
    module: format === 'esm',
    compress: { passes: 3, pure_getters: true, unsafe_arrows: true },
    format: { comments: false },
  });
  write(name, licence + '\n' + code + '\n');
}

/** One self-contained file out of the declarations of the modules that a page can see, in the order of use. */
function declarations() {
  const folder = mkdtempSync(join(tmpdir(), 'nodechat-dts-'));
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  execFileSync(process.execPath, [
    ...[tsc, '--project', join(here, 'tsconfig.json'), '--noEmit', 'false'],
    ...['--declaration', '--emitDeclarationOnly', '--outDir', folder, '--rootDir', join(here, 'src')],
  ], { stdio: 'inherit' });
  const parts = ['codes', 'errors', 'types', 'nodechat'].map((name) =>
    readFileSync(join(folder, name + '.d.ts'), 'utf8')
      .replace(/^import [^;]*;\n/gm, '')
      .replace(/^\/\/.*\n/gm, ''),
  );
  rmSync(folder, { recursive: true });
  return (
    `// Types of nodechat.js ${version}.\n` +
    parts.join('') +
    'export default Nodechat;\n' +
    'declare const theClass: typeof Nodechat;\n' +
    'declare global {\n    /** Of pages that load nodechat.js with a script tag. */\n    const Nodechat: typeof theClass;\n}\n'
  );
}

function checkSize(name) {
  const bytes = gzipSync(readFileSync(join(out, name)), { level: 9 }).length;
  console.log(`${name}: ${bytes} bytes gzipped, budget ${BUDGET_GZIP_BYTES}`);
  if (bytes > BUDGET_GZIP_BYTES) throw new Error(`${name} is ${bytes - BUDGET_GZIP_BYTES} bytes over its budget`);
}

function write(name, text) {
  writeFileSync(join(out, name), text);
}

// Builds web/dist/chat: the visitor's page. Fails when what it loads at first has grown over its budget.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { build } from 'vite';
import { minify } from 'terser';
import solid from 'vite-plugin-solid';

const BUDGET_GZIP_BYTES = 30_000;

const here = dirname(fileURLToPath(import.meta.url));
const client = dirname(createRequire(import.meta.url).resolve('socket.io-client/package.json'));
const out = join(here, '../dist/chat');
const tables = { texts: (await load('src/text/texts.ts')).texts, more: (await load('src/text/more.ts')).more };
const language = /^(texts|more):(zh|en)$/;

/** One language of a table as a part of its own: nobody loads words that are not shown. */
const oneLanguage = {
  name: 'one-language',
  resolveId: (id) => (language.test(id) ? '\0' + id : null),
  load(id) {
    const [, table, chosen] = language.exec(id.slice(1)) ?? [];
    if (!chosen) return null;
    const words = Object.fromEntries(Object.entries(tables[table]).map(([key, text]) => [key, text[chosen]]));
    return `export default JSON.parse(${JSON.stringify(JSON.stringify(words))})`;
  },
};

/**
 * Parts of the client that this page never reaches: WebTransport, which our server has not; bytes in packets and inside of events,
 * which no event has; a parser of addresses for what is always our own origin; requests to other origins and in old browsers.
 */
const STAND_INS = {
  'engine.io-client/build/esm/transports/webtransport.js': 'export class WT {}',
  'engine.io-client/build/esm/contrib/parseuri.js': `export const parse = (text) => {
    const { protocol, hostname, port } = new URL(text);
    return { protocol: protocol.slice(0, -1), host: hostname.replace(/[[\\]]/g, ''), port, query: '' };
  }`,
  'engine.io-client/build/esm/transports/polling-xhr.js': `import { Polling } from './polling.js';
    export class XHR extends Polling {
      doPoll() { this.request('GET', null, (text) => this.onData(text)); }
      doWrite(data, done) { this.request('POST', data, done); }
      request(method, data, done) {
        const request = new XMLHttpRequest();
        request.open(method, this.uri());
        if (data) request.setRequestHeader('Content-type', 'text/plain;charset=UTF-8');
        request.onload = () => (request.status === 200 ? done(request.responseText) : request.onerror());
        request.onerror = () => this.onError('xhr ' + method + ' error', request.status);
        request.send(data);
      }
    }`,
  'engine.io-parser/build/esm/encodePacket.browser.js': `import { PACKET_TYPES } from './commons.js';
    export const encodePacket = ({ type, data }, _, callback) => callback(PACKET_TYPES[type] + (data || ''));
    export const encodePacketToBinary = () => { throw new Error('no packet has bytes') };`,
  'engine.io-parser/build/esm/decodePacket.browser.js': `import { ERROR_PACKET, PACKET_TYPES_REVERSE } from './commons.js';
    export const decodePacket = (text) => {
      const type = PACKET_TYPES_REVERSE[text[0]];
      return type ? { type, ...(text.length > 1 && { data: text.slice(1) }) } : ERROR_PACKET;
    };`,
  'socket.io-parser/build/esm/is-binary.js': 'export const isBinary = () => false; export const hasBinary = isBinary',
  'socket.io-parser/build/esm/binary.js': `const none = () => { throw new Error('no event has bytes') };
    export const deconstructPacket = none, reconstructPacket = none`,
};
const slimClient = {
  name: 'slim-client',
  enforce: 'pre',
  resolveId: (id) => (id === 'socket.io-client' ? join(client, 'build/esm/manager.js') : null),
  load: (id) => STAND_INS[id.split('/node_modules/').pop()] ?? null,
};

/**
 * Leaves out of Solid what this page never does: transitions, schedulers, foreign signals, taking over HTML of a server.
 * The names become one that terser knows to be false, and what stands behind it goes.
 */
const slimSolid = {
  name: 'slim-solid',
  enforce: 'pre',
  transform(code, id) {
    if (!/solid-js.(web.)?dist.(solid|web).js$/.test(id)) return null;
    const slim = code
      .replace(/^let (Transition|Scheduler|ExternalSourceConfig|SuspenseContext|hydrationEnabled)( = \w+)?;$/gm, '')
      .replace(/\b(Transition|Scheduler|ExternalSourceConfig|SuspenseContext|hydrationEnabled)\b|\bsharedConfig\.(context|registry|effects|done)\b(?! =|;)/g, 'NEVER');
    if (slim === code) throw new Error(`${id} is not what it was: look what the page needs of it`);
    return { code: slim, map: null };
  },
};

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const [built] = await build({
  root: here,
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  plugins: [oneLanguage, slimClient, slimSolid, solid({ solid: { delegateEvents: false } })],
  resolve: { alias: { nodechat: join(here, '../sdk/src/index.ts') } },
  build: {
    write: false,
    target: 'esnext',
    minify: false,
    cssMinify: true,
    cssCodeSplit: false,
    reportCompressedSize: false,
    // As a library: no helper that loads parts in a way of its own.
    lib: { entry: { page: join(here, 'src/main.tsx') }, formats: ['es'], cssFileName: 'page' },
    rollupOptions: {
      preserveEntrySignatures: 'allow-extension',
      output: { entryFileNames: 'assets/[name]-[hash].js', chunkFileNames: 'assets/[name]-[hash].js', assetFileNames: 'assets/[name]-[hash][extname]' },
    },
  },
});

const output = await Promise.all(built.output.map(async (part) => ({
  fileName: part.fileName,
  isEntry: part.isEntry,
  imports: part.imports ?? [],
  code: part.type === 'chunk' ? await small(part.code) : part.source,
})));
const script = output.find(({ isEntry }) => isEntry).fileName;
const style = output.find(({ fileName }) => fileName.endsWith('.css')).fileName;
page();
write();
checkSize();

function write() {
  mkdirSync(join(out, 'assets'));
  for (const { fileName, code } of output) writeFileSync(join(out, fileName), code);
}

/** Each part as one module, so that what nobody calls in it goes. */
async function small(code) {
  const compress = { passes: 3, pure_getters: true, unsafe_arrows: true, global_defs: { NEVER: false } };
  return (await minify(code, { ecma: 2020, module: true, compress, format: { comments: false } })).code;
}

/** Puts the icons in that the page uses, and where its script and style are. */
function page() {
  const used = ['src', '../ui'].map((folder) => sources(join(here, folder))).join('\n');
  const icons = readFileSync(join(here, '../ui/icons.svg'), 'utf8')
    .replace(/^<!--.*-->\n/, '')
    .replace(/ *<symbol id="i-([\w-]+)".*<\/symbol>\n/g, (symbol, name) => (used.includes(`'${name}'`) || used.includes(`"${name}"`) ? symbol : ''))
    .trim();
  const html = readFileSync(join(here, 'src/index.html'), 'utf8')
    .replace('<!-- icons -->', () => icons)
    .replace('{script}', `/chat/${script}`)
    .replace('{style}', `/chat/${style}`);
  writeFileSync(join(out, 'index.html'), html);
}

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => (entry.isDirectory() ? sources(join(folder, entry.name)) : readFileSync(join(folder, entry.name), 'utf8')))
    .join('\n');
}

/** The entry with what it imports at once, and the larger of the two languages. */
function checkSize() {
  const chunk = (name) => output.find(({ fileName }) => fileName === name);
  const first = new Set();
  const add = (name) => {
    if (first.has(name)) return;
    first.add(name);
    chunk(name).imports.forEach(add);
  };
  add(script);
  const size = (name) => gzipSync(chunk(name).code, { level: 9 }).length;
  const words = output.filter(({ fileName }) => /texts_(zh|en)/.test(fileName)).map(({ fileName }) => size(fileName));
  if (words.length !== 2) throw new Error('the two languages are not two parts any more');
  const bytes = [...first].reduce((sum, name) => sum + size(name), 0) + Math.max(...words);
  console.log(`visitor page: ${bytes} bytes gzipped at first load, budget ${BUDGET_GZIP_BYTES}`);
  writeFileSync(join(out, 'first-load.json'), JSON.stringify({ bytes, parts: [...first] }) + '\n');
  if (bytes > BUDGET_GZIP_BYTES) throw new Error(`the visitor page is ${bytes - BUDGET_GZIP_BYTES} bytes over its budget`);
}

async function load(path) {
  const [{ contents }] = buildSync({ entryPoints: [join(here, path)], bundle: true, format: 'esm', write: false }).outputFiles;
  return import(`data:text/javascript;base64,${Buffer.from(contents).toString('base64')}`);
}

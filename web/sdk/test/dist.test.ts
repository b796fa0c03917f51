// Promises about the built files: they load wherever pages load scripts, and do what the sources do.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Codes } from '../src/codes.js';
import type { Nodechat } from '../src/nodechat.js';
import { ROOM } from './support/page.js';
import { stage } from './support/stage.js';

const at = stage();
const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, '../../dist/sdk');
const require = createRequire(import.meta.url);

/** Runs a built script as a plain script tag would, in a window of its own. */
function load(file: string, more: object = {}): any {
  const window: any = {
    ...{ setTimeout, clearTimeout, URL, URLSearchParams, crypto, console, ArrayBuffer },
    WebSocket: require('ws').WebSocket,
    location: { protocol: 'http:', origin: 'http://page.example', search: '?token=%E4%B8%AD+%26&empty=' },
    ...more,
  };
  window.self = window.window = window;
  const before = Object.keys(window);
  runInContext(readFileSync(join(dist, file), 'utf8'), createContext(window));
  window.added = Object.keys(window).filter((name) => !before.includes(name));
  return window;
}

test('a_script_tag_makes_one_global_that_talks', async () => {
  const window = load('nodechat.js');
  expect(window.added).toEqual(['Nodechat']);
  const chat: Nodechat = new window.Nodechat({ server: at.server.url, atype: 'uweb', ticket: 't', transports: ['websocket'] });
  const told: unknown[] = [];
  chat.on('chat', ({ data }) => told.push(data.msg)).on('bytes', (bytes) => told.push([...new Uint8Array(bytes)]));
  await chat.join({ companyid: 'c1' });
  await chat.send(ROOM, '你好 😀');
  at.server.tell('bytes', Buffer.from([0, 255]));
  await chat.request('fence', {});
  expect(told).toEqual(['你好 😀', [0, 255]]);
  chat.close();
});

test('commonjs_and_amd_get_the_class', async () => {
  const module = { exports: {} as any };
  expect(load('nodechat.js', { module }).added).toEqual([]);
  expect(module.exports.Codes).toEqual(Codes);
  expect(module.exports.default).toBe(module.exports);
  expect(module.exports.Nodechat).toBe(module.exports);
  expect(new module.exports.NodechatError(4003, 'no').errmsg).toBe('no');

  let made: any;
  const define = Object.assign((_names: string[], make: () => unknown) => (made = make()), { amd: {} });
  expect(load('nodechat.js', { define }).added).toEqual([]);
  expect(made.Codes).toEqual(Codes);
});

test('the_module_exports_the_class_its_codes_and_its_error', async () => {
  const exported = await import(/* @vite-ignore */ pathToFileURL(join(dist, 'nodechat.mjs')).href);
  expect(Object.keys(exported).sort()).toEqual(['Codes', 'Nodechat', 'NodechatError', 'default']);
  expect(exported.default).toBe(exported.Nodechat);
});

test('onlinechat_reads_the_decoded_parameters_of_the_page', () => {
  const { added, onlinechat } = load('onlinechat.js');
  expect(added).toEqual(['onlinechat']);
  expect(['token', 'empty', 'none'].map(onlinechat.getParameter)).toEqual(['中 &', '', null]);
});

test('the_official_client_is_there_with_its_licence', () => {
  const text = readFileSync(join(dist, 'socket.io.js'), 'utf8');
  expect(text).toMatch(/^\/\*!\s+\* Socket\.IO v4\.8\.[^]*MIT License/);
  expect(text).not.toContain('sourceMappingURL');
  expect(load('socket.io.js').io).toBeTypeOf('function');
});

test('nothing_newer_than_es2018_is_in_the_scripts', () => {
  for (const file of ['nodechat.js', 'nodechat.mjs', 'onlinechat.js']) {
    const text = readFileSync(join(dist, file), 'utf8');
    // Optional chaining, nullish coalescing, logical assignment: what old web views stumble over.
    expect(text).not.toMatch(/\?\.[a-z[(]|\?\?|\|\|=|&&=/i);
  }
});

test('the_declarations_stand_alone', () => {
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  const { stdout, status } = spawnSync(process.execPath, [tsc, '--project', join(here, 'dts')], { encoding: 'utf8' });
  expect([stdout, status]).toEqual(['', 0]);
});

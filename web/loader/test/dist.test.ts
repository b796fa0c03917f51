// What is shipped: small enough, a plain script, and with everything in it that pages may call.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const text = readFileSync(join(import.meta.dirname, '../../dist/sdk/loader.js'), 'utf8');

it('is within its budget', () => {
  expect(gzipSync(text, { level: 9 }).length).toBeLessThanOrEqual(4_000);
});

it.each('boot update shutdown identify reset open close toggle show hide send card route track page on off get'.split(' '))('has %s', (name) => {
  expect(text).toMatch(new RegExp(`[{,]${name}[:(]`));
});

it('needs nothing that a strict policy forbids', () => {
  expect(text).not.toMatch(/\beval\b|new Function|innerHTML|setAttribute\("style"|\bfetch\(|XMLHttpRequest|\.cookie/);
});

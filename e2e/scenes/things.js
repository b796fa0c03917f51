// What people send in the scenes: drawn pictures, a voice that hums, a file of a given size.
import { readFileSync } from 'node:fs';

const drawn = new Map();

/** The drawing of this name in `art`, as a PNG. */
export function pictureOf(browser, name) {
  if (!drawn.has(name)) drawn.set(name, draw(browser, readFileSync(new URL(`art/${name}.svg`, import.meta.url), 'utf8')));
  return drawn.get(name);
}

async function draw(browser, svg) {
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg).map(Number);
  const page = await browser.newPage({ viewport: { width, height } });
  await page.setContent(`<style>body{margin:0}svg{display:block}</style>${svg}`);
  const bytes = await page.screenshot();
  await page.close();
  return bytes;
}

/** A WAV of so many seconds: 8 kHz, 8 bits, a low hum. */
export function voiceOf(seconds) {
  const rate = 8_000;
  const samples = Buffer.from(Array.from({ length: seconds * rate }, (_, n) => 128 + Math.round(40 * Math.sin(n / 12) * Math.sin(n / 2_000))));
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

/** Something that calls itself a PDF. */
export function fileOf(bytes) {
  return Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(bytes - 9, 0x20)]);
}

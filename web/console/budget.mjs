// Fails when what the console loads first has grown over its budget: the page, and each script and style that it names.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const BUDGET_GZIP_BYTES = 120_000;

const out = join(dirname(fileURLToPath(import.meta.url)), '../dist/console');
const page = readFileSync(join(out, 'index.html'), 'utf8');
const named = [...page.matchAll(/(?:src|href)="\/console\/([^"]+)"/g)].map(([, path]) => path);
if (!named.some((path) => path.endsWith('.js'))) throw new Error('the page names no script');

const bytes = ['index.html', ...named].reduce((sum, path) => sum + gzipSync(readFileSync(join(out, path)), { level: 9 }).length, 0);
console.log(`console: first load ${bytes} of ${BUDGET_GZIP_BYTES} bytes, gzipped`);
if (bytes > BUDGET_GZIP_BYTES) {
  console.error('console: over budget');
  process.exit(1);
}

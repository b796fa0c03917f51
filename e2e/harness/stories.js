// Runs the stories of folders and files: `node harness/stories.js [--at-once=N] FOLDER|FILE…`
//
// With `CI` set, each file in which something failed is run once more, alone; what passes then is named as flaky, and
// what fails again fails. See docs/decisions/0027-a-second-try.md.
import { readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

function storiesIn(path) {
  if (statSync(path).isFile()) return [resolve(path)];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.js'))
    .map((entry) => resolve(entry.path, entry.name))
    .sort();
}

const TOTAL = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) ([\d.]+)$/;

/** In CI a file that does not end is one that failed. Long experiments are not run there. */
const LONGEST_MS = process.env.CI ? Number(process.env.NODECHAT_LONGEST_MS ?? 15 * 60_000) : Infinity;

/** Runs one file; resolves to what it said, in order. */
async function played(file) {
  const events = [];
  for await (const event of run({ files: [file], timeout: LONGEST_MS })) events.push(event);
  return events;
}

/** Runs the files, `atOnce` beside each other, and says how many stories passed where they are to be counted; resolves to the files in which something failed, with the names of what did. */
async function failuresOf(files, atOnce, counted) {
  const [failures, totals] = [new Map(), new Map()];
  const report = new PassThrough({ objectMode: true });
  const shown = report.compose(spec);
  shown.pipe(process.stdout, { end: false });
  const waiting = [...files];
  const one = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      for (const event of await played(file)) {
        const total = event.type === 'test:diagnostic' && TOTAL.exec(event.data.message);
        if (total) totals.set(total[1], (totals.get(total[1]) ?? 0) + Number(total[2]));
        else report.write(event);
        if (event.type === 'test:fail') {
          // A story around one that failed fails for its sake.
          const own = event.data.details.error?.failureType !== 'subtestsFailed';
          failures.set(file, [...(failures.get(file) ?? []), ...(own ? [event.data.name] : [])]);
        }
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  for (const [name, total] of counted ? totals : []) {
    report.write({ type: 'test:diagnostic', data: { nesting: 0, message: `${name} ${total}` } });
  }
  report.end();
  await finished(shown);
  return failures;
}

const given = process.argv.slice(2);
const atOnce = given.find((word) => word.startsWith('--at-once='));
const paths = given.filter((word) => word !== atOnce);
const files = paths.flatMap(storiesIn);
if (files.length === 0) throw new Error(`no stories in ${paths.join(', ') || 'nothing'}`);

const failures = await failuresOf(files, atOnce ? Number(atOnce.slice('--at-once='.length)) : 1, true);
const again = process.env.CI && failures.size > 0;
const remaining = again ? await failuresOf([...failures.keys()], 1, false) : failures;
for (const [file, names] of failures) {
  const outcome = remaining.has(file) ? 'failed' : 'flaky';
  console.log(`✖ ${outcome}: ${relative(process.cwd(), file)}: ${names.join(', ')}`);
}
process.exitCode = remaining.size > 0 ? 1 : 0;

// What `stories.js` calls passed, flaky and failed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const PASSES = `import { test } from 'node:test'; test('passes', () => {});`;
const FAILS = `import { test } from 'node:test';
  test('around', async (t) => { await t.test('fails', () => { throw new Error('as it should'); }); });`;
const BREAKS = `throw new Error('as it should');`;
const STAYS = `${PASSES} setInterval(() => {}, 1_000);`;
const FAILS_ONCE = `import { existsSync, writeFileSync } from 'node:fs';
  import { test } from 'node:test';
  const mark = new URL('mark', import.meta.url);
  test('fails once', () => {
    if (existsSync(mark)) return;
    writeFileSync(mark, '');
    throw new Error('as it should');
  });`;

/** Runs stories of these texts in a folder of their own. */
function outcome(texts, env) {
  const folder = mkdtempSync(join(tmpdir(), 'stories-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    texts.forEach((text, number) => writeFileSync(join(folder, `${number}.test.js`), text));
    const script = new URL('stories.js', import.meta.url).pathname;
    // A runner does not run within a runner.
    const { NODE_TEST_CONTEXT: _within, CI: _ci, ...rest } = process.env;
    const ran = spawnSync(process.execPath, [script, folder], { env: { ...rest, ...env }, encoding: 'utf8' });
    const last = ran.stdout.trim().split('\n').filter((line) => /^✖ (flaky|failed): /.test(line));
    return { status: ran.status, lines: last.map((line) => line.replace(/: .*: /, ': ')) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const CASES = [
  ['all pass', [PASSES, PASSES], { CI: 'true' }, 0, []],
  ['passes the second time', [FAILS_ONCE, PASSES], { CI: 'true' }, 0, ['✖ flaky: fails once']],
  ['there is no second time outside of CI', [FAILS_ONCE], {}, 1, ['✖ failed: fails once']],
  ['fails twice', [PASSES, FAILS], { CI: 'true' }, 1, ['✖ failed: fails']],
  ['does not end', [STAYS, PASSES], { CI: 'true', NODECHAT_LONGEST_MS: '2000' }, 1, [/^✖ failed: .*0\.test\.js$/]],
  ['cannot be read', [BREAKS], { CI: 'true' }, 1, [/^✖ failed: .*0\.test\.js$/]],
];

for (const [name, texts, env, status, lines] of CASES) {
  test(name, () => {
    const { status: ended, lines: told } = outcome(texts, env);
    assert.equal(ended, status);
    assert.equal(told.length, lines.length, told.join('\n'));
    lines.forEach((line, number) => {
      if (typeof line === 'string') assert.equal(told[number], line);
      else assert.match(told[number], line);
    });
  });
}

test('a folder without stories is refused', () => {
  assert.equal(outcome([], {}).status, 1);
});

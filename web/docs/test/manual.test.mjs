// The manual is whole: the same in both languages, no link into nothing, no code forgotten.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { languages, names, readPage, render, source } from '../manual.mjs';
import { page } from '../page.mjs';

const repository = join(dirname(fileURLToPath(import.meta.url)), '../../..');

test('every_page_is_in_the_list_in_every_language', () => {
  for (const language of Object.keys(languages)) {
    const there = readdirSync(join(source, language)).map((file) => file.replace(/\.md$/, ''));
    assert.deepEqual(there.sort(), [...names].sort());
  }
});

test('the_languages_say_the_same', () => {
  for (const name of names) {
    const [en, zh] = ['en', 'zh'].map((language) => outline(readFileSync(join(source, language, `${name}.md`), 'utf8')));
    assert.deepEqual(zh, en, name);
  }
});

/** What the server shows beside the manual. */
const BESIDE = ['../../', '../../chat/demo', '../../docs/rest/', '../../openapi.json'];

test('no_link_leads_into_nothing', () => {
  for (const language of Object.keys(languages)) {
    const pages = new Map(names.map((name) => [`${name}.html`, readPage(language, name).body]));
    for (const [from, body] of pages) {
      for (const [, href] of body.matchAll(/<a href="([^"]+)"/g)) {
        if (/^https?:/.test(href) || BESIDE.includes(href)) continue;
        const [to, id] = href.split('#');
        const target = pages.get(to || from);
        assert.ok(target, `${language}/${from} links to ${href}`);
        if (id) assert.ok(target.includes(` id="${id}"`), `${language}/${from} links to ${href}`);
      }
    }
  }
});

test('the_table_of_errors_is_complete', () => {
  const rust = readFileSync(join(repository, 'crates/domain/src/error.rs'), 'utf8');
  const answered = [...rust.matchAll(/^ {4}\w+ = (\d{4}),$/gm)].map(([, code]) => code);
  const sdk = readFileSync(join(repository, 'web/sdk/src/codes.ts'), 'utf8');
  const named = [...sdk.matchAll(/^ {2}([A-Z_]+): (\d+),$/gm)].map(([, name, code]) => [code, name]);
  assert.ok(answered.length > 10 && named.length > 10, 'the codes cannot be read from their sources');
  for (const language of Object.keys(languages)) {
    const table = readFileSync(join(source, language, 'data.md'), 'utf8');
    const rows = [...table.matchAll(/^\| (\d+) \| `(\w+)` \|/gm)].map(([, code, name]) => [code, name]);
    assert.deepEqual(rows.sort(), named.sort(), `${language}: the table and Nodechat.Codes differ`);
    for (const code of answered) assert.ok(new Map(rows).has(code), `${language}: the server answers ${code}, the table does not have it`);
  }
});

test('pages_carry_no_script_of_their_own', () => {
  const pages = names.map((name) => readPage('en', name));
  for (const html of pages.map((_, at) => page('en', pages, at))) {
    const tags = html.replace(/<code[^]*?<\/code>/g, '');
    assert.doesNotMatch(tags, /<script(?![^>]*\bsrc=)/);
    assert.doesNotMatch(tags, /(src|href)="(https?:)?\/\/(?!localhost)/);
    assert.doesNotMatch(tags, /<[^>]* (style|on\w+)=/);
  }
});

test('a_heading_keeps_its_name_and_loses_its_mark', () => {
  const { title, sections, body } = render('# The `title`\n\n## join: enter {#join}\n\n[x](data.md#errors)');
  assert.equal(title, 'The title');
  assert.deepEqual(sections, [{ id: 'join', heading: 'join: enter' }]);
  assert.match(body, /<h2 id="join">join: enter<\/h2>/);
  assert.match(body, /href="data.html#errors"/);
});

/** Headings by depth and mark, examples by their info, rows of tables: what a translation must not change. */
function outline(text) {
  return text.split('\n').flatMap((line) => {
    if (/^```\w/.test(line)) return [line];
    if (/^#+ /.test(line)) return [line.replace(/^(#+) .*?(\{#[\w-]+\})?$/, '$1 $2')];
    if (/^\| .*\|$/.test(line)) return [`row of ${line.split('|').length}`];
    return [];
  });
}

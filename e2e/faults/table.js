#!/usr/bin/env node
// Puts the results of a run of the faults (NODECHAT_RESULTS) as a table into docs/reliability.md: `node e2e/faults/table.js results.jsonl docs/reliability.md`.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

const BEGIN = '<!-- made by script/soak --write -->';
const END = '<!-- end -->';
const [results, page] = process.argv.slice(2);

const number = (n) => n.toLocaleString('en');
const lines = readFileSync(results, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const COLUMNS = ['times', 'sent', 'acked', 'heard', 'postponed', 'lost', 'doubled', 'moved', 'untold', 'toldMs'];
const rows = lines.map((line) => [line.fault, ...COLUMNS.map((column) => number(line[column])), line.backMs ? number(line.backMs) : ''].join(' | '));
const table = [
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0].model.trim()}, the machine of servers and clients alike.`,
  '',
  '| fault | times | said | receipts | heard | put off | lost | doubled | out of place | untold | last reader told, ms | back after, ms |',
  '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
  ...rows.map((row) => `| ${row} |`),
];

const text = readFileSync(page, 'utf8');
const [before, rest] = text.split(BEGIN);
if (rest === undefined || !rest.includes(END)) throw new Error(`${page} has no place for the table (${BEGIN} … ${END})`);
writeFileSync(page, `${before}${BEGIN}\n${table.join('\n')}\n${rest.slice(rest.indexOf(END))}`);

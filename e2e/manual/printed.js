// Compares what an example printed with what the manual says: equal, but for what differs from run to run.
import assert from 'node:assert/strict';

/** Other at every run; only their kind is compared. */
const VARYING = ['id', 'time', 'lsttime', 'nick', 'width', 'height', 'begun', 'ended', 'at', 'wait_ms', 'submitTime', 'created', 'changed', 'updated', 'discovered', 'last_used', 'asked', 'finished', 'retry_after'];

/** Takes the values that fit the outputs out of `printed`, in whichever order they came; throws when one is missing. */
export function takeOutputs({ where, outputs }, printed) {
  for (const output of outputs) {
    const reasons = [];
    const at = printed.findIndex((value) => fits(output, value, reasons));
    assert.notEqual(at, -1, `${where}: not printed as the manual says\n${output.text}${reasons.join('\n')}`);
    printed.splice(at, 1);
  }
}

function fits(output, value, reasons) {
  try {
    if (output.language === 'json') compare(JSON.parse(output.text), value, 'output');
    else compare(output.text.trimEnd(), value, 'output');
    return true;
  } catch (reason) {
    reasons.push(`printed ${JSON.stringify(value)}: ${reason.message.split('\n')[0]}`);
    return false;
  }
}

function compare(expected, actual, path) {
  if (expected !== null && typeof expected === 'object') {
    assert.equal(Array.isArray(actual), Array.isArray(expected), `${path} is another kind of thing`);
    assert.deepEqual(Object.keys(actual ?? {}).sort(), Object.keys(expected).sort(), `${path} has ${Object.keys(actual ?? {})}`);
    for (const key of Object.keys(expected)) compare(expected[key], actual[key], `${path}.${key}`);
  } else if (VARYING.includes(path.split('.').at(-1))) {
    assert.equal(typeof actual, typeof expected, `${path} is ${actual}`);
  } else if (typeof expected === 'string' && expected.includes('…')) {
    assert.match(String(actual), new RegExp(`^${expected.split('…').map(RegExp.escape ?? escaped).join('.*')}$`), `${path} is ${actual}`);
  } else {
    assert.equal(actual, expected, `${path} is ${actual}`);
  }
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

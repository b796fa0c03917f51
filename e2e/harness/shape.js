// Compares a whole payload with what the contract says of it: every field, and no field more.
import assert from 'node:assert/strict';

/**
 * `actual` is `expected`, but where `expected` has a RegExp or a function: there a value stands that differs from run to run, and fits.
 * A field that is expected to be `undefined` is not there.
 */
export function isWhole(actual, expected, message) {
  assert.deepEqual(actual, settled(expected, actual), message);
}

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** `yyyy-MM-dd HH:mm:ss`. */
export const CLOCK = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

/** Milliseconds since 1970, of today. */
export function aTime(value) {
  return Number.isInteger(value) && Math.abs(Date.now() - value) < 86_400_000;
}

export function aText(value) {
  return typeof value === 'string' && value !== '';
}

/** `expected` with what was found in the places where anything that fits will do. */
function settled(expected, actual) {
  if (expected instanceof RegExp) return typeof actual === 'string' && expected.test(actual) ? actual : `a text like ${expected}`;
  if (typeof expected === 'function') return expected(actual) ? actual : `what ${expected.name || 'the test'} takes`;
  if (Array.isArray(expected)) return expected.map((each, at) => settled(each, actual?.[at]));
  if (expected === null || typeof expected !== 'object') return expected;
  const there = Object.entries(expected).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there.map(([key, value]) => [key, settled(value, actual?.[key])]));
}

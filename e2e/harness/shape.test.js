// The comparison of payloads flags what it must flag.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aText, aTime, CLOCK, isWhole, UUID } from './shape.js';

test('what fits field by field is whole', () => {
  const id = '0191d8b0-7c1e-7aaa-8bbb-0123456789ab';
  isWhole({ id, time: Date.now(), data: [{ nick: 'x', at: '2018-11-08 16:27:45' }] }, { id: UUID, time: aTime, quote: undefined, data: [{ nick: aText, at: CLOCK }] });
  isWhole(null, null);
});

const WRONG = {
  'a field more': [{ a: 1, b: 2 }, { a: 1 }],
  'a field less': [{ a: 1 }, { a: 1, b: 2 }],
  'a field that fits anything and is not there': [{ a: 1 }, { a: 1, b: aTime }],
  'another value': [{ a: '1' }, { a: 1 }],
  'a text that does not fit': [{ a: 'x' }, { a: UUID }],
  'a number in place of a text': [{ a: 7 }, { a: aText }],
  'a time in seconds': [{ a: Math.floor(Date.now() / 1000) }, { a: aTime }],
  'one item more': [[1, 2], [1]],
  'one item less': [[1], [1, 2]],
  'an object in place of null': [{}, null],
};

for (const [what, [actual, expected]] of Object.entries(WRONG)) {
  test(`${what} is not`, () => assert.throws(() => isWhole(actual, expected), assert.AssertionError));
}

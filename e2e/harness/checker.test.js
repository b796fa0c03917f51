// The checker flags what it must flag, and nothing in a clean history.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { delays, judge } from './checker.js';

const ROOM = '/U2S_u1#c1';

/** A visitor says a, b, c; an agent hears them; the history is as it should be. A spoiler may change it. */
function log(spoil = (events) => events) {
  const messages = ['a', 'b', 'c'].map((id, pos) => ({ id, pos }));
  const each = (event, by, extra) => messages.map(({ id, pos }) => ({ event, by, room: ROOM, id, ...(event === 'sent' ? {} : { pos }), ...extra }));
  return spoil([...each('sent', 'visitor'), ...each('acked', 'visitor'), ...each('heard', 'agent', { connection: 1 }), { event: 'history', room: ROOM, messages }]);
}

const faults = (events) => [...new Set(judge(events).map(({ fault }) => fault))].sort();
const history = (...messages) => (events) => [...events.slice(0, -1), { event: 'history', room: ROOM, messages: messages.map(([id, pos]) => ({ id, pos })) }];
const without = (fits) => (events) => events.filter((event) => !fits(event));
const and = (...more) => (events) => [...events, ...more.map((event) => ({ room: ROOM, ...event }))];

test('a clean history has no fault', () => assert.deepEqual(judge(log()), []));

test('a message stored without being heard is no fault', () => assert.deepEqual(judge(log(without(({ event, id }) => event === 'heard' && id === 'b'))), []));

test('a second receipt for the same position is no fault', () => assert.deepEqual(judge(log(and({ event: 'acked', by: 'visitor', id: 'b', pos: 1 }))), []));

test('hearing a message again on another connection is no fault', () => assert.deepEqual(judge(log(and({ event: 'heard', by: 'agent', connection: 2, id: 'b', pos: 1 }))), []));

test('an acknowledged message that is gone is lost', () => assert.deepEqual(faults(log(history(['a', 0], ['b', 1]))), ['lost']));

test('a heard message that is gone is lost, acknowledged or not', () => {
  const events = log(history(['a', 0], ['b', 1])).filter(({ event, id }) => !(event === 'acked' && id === 'c'));
  assert.ok(faults(events).includes('lost'));
});

test('a room without any history has lost everything', () => assert.deepEqual(faults(log((events) => events.slice(0, -1))), ['lost']));

test('a message stored twice is doubled', () => assert.ok(faults(log(history(['a', 0], ['b', 1], ['c', 2], ['b', 3]))).includes('doubled')));

test('a message told twice to one connection is doubled', () => assert.deepEqual(faults(log(and({ event: 'heard', by: 'agent', connection: 1, id: 'c', pos: 2 }))), ['doubled']));

test('two messages that changed places are swapped', () => assert.ok(faults(log(history(['b', 0], ['a', 1], ['c', 2]))).includes('swapped')));

test('a sender’s order that changed is swapped, even if nobody was told', () => {
  const events = log(history(['b', 0], ['a', 1], ['c', 2])).filter(({ event }) => event === 'sent' || event === 'history');
  assert.ok(faults(events).includes('swapped'));
});

test('hearing out of order is swapped', () => assert.deepEqual(faults(log(and({ event: 'heard', by: 'visitor', connection: 1, id: 'b', pos: 1 }, { event: 'heard', by: 'visitor', connection: 1, id: 'a', pos: 0 }))), ['swapped']));

test('two receipts with different positions are a fault', () => assert.deepEqual(faults(log(and({ event: 'acked', by: 'visitor', id: 'b', pos: 2 }))), ['swapped']));

test('a missing position is flagged', () => assert.ok(faults(log(history(['a', 0], ['b', 1], ['c', 3]))).includes('position')));

test('a position used twice is flagged', () => assert.ok(faults(log(history(['a', 0], ['b', 1], ['c', 1]))).includes('position')));

test('a message that nobody sent is a stranger', () => assert.deepEqual(faults(log(history(['a', 0], ['b', 1], ['c', 2], ['x', 3]))), ['stranger']));

test('a message that was never acknowledged is unanswered', () => assert.deepEqual(faults(log(without(({ event, id }) => event === 'acked' && id === 'b'))), ['unanswered']));

test('a reader who was told neither of what came between nor of the end has a hole', () => {
  const joined = (next) => (events) => [{ event: 'joined', by: 'agent', connection: 1, room: ROOM, next }, ...events];
  const deaf = (id) => (events) => joined(0)(without((entry) => entry.event === 'heard' && entry.id === id)(events));
  assert.deepEqual(judge(log(joined(0))), []);
  assert.deepEqual(judge(log((events) => joined(1)(without((entry) => entry.event === 'heard' && entry.id === 'a')(events)))), [], 'the first was shown to it');
  assert.deepEqual(judge(log((events) => [events.find(({ event }) => event === 'heard'), ...joined(0)(without((entry) => entry.event === 'heard' && entry.id === 'a')(events))])), [], 'it heard the first while it was let in');
  for (const id of ['a', 'b', 'c']) assert.deepEqual(faults(log(deaf(id))), ['hole'], id);
  const left = { event: 'left', by: 'agent', connection: 1, room: ROOM };
  assert.deepEqual(judge(log((events) => [...deaf('c')(events).slice(0, -1), left, events.at(-1)])), [], 'it had gone before the last');
});

test('how late a reader heard counts from the receipt, for those who were there before', () => {
  const of = (event, by, at, extra = {}) => ({ event, by, at, room: ROOM, id: 'a', ...extra });
  const late = delays([of('joined', 'agent', 1, { connection: 1 }), of('sent', 'visitor', 10), of('joined', 'other', 15, { connection: 1 }), of('acked', 'visitor', 20), of('heard', 'agent', 520, { connection: 1 }), of('heard', 'other', 900, { connection: 1 })]);
  assert.deepEqual(late, [{ room: ROOM, id: 'a', by: 'agent', ms: 500 }]);
});

test('faults of one room do not hide behind another', () => {
  const clean = log().map((event) => ({ ...event, room: '/U2S_u2#c1' }));
  const found = judge([...clean, ...log(history(['a', 0], ['c', 1]))]);
  assert.deepEqual([...new Set(found.map(({ room }) => room))], [ROOM]);
  assert.ok(found.some(({ fault, id }) => fault === 'lost' && id === 'b'));
});

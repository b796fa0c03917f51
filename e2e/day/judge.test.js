// The judge of a day flags what it must flag, and nothing in a day that was as it was written down.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeDay, judgeStop } from './judge.js';
import { Ledger } from './ledger.js';

const KEEPS = { graceMs: 120_000 };
const ROOM = '/U2S_ann#c1';
const OTHER = '/U2S_eve#c1';

/** Ann is served by bob, who hands her on to cleo; she ends and rates. Eve gives up waiting. A clock that goes on by itself. */
function story() {
  let time = 1_000;
  const ledger = new Ledger({ clock: () => (time += 10) });
  const says = (room, aid, id, pos) => {
    ledger.sent({ room, id, aid, msg: id });
    ledger.acked({ room, id, aid, pos });
  };
  const does = (what, fact) => ledger.facts.push({ what, ...fact, from: ledger.now(), to: ledger.now() });
  says(ROOM, 'ann', 'question', 0);
  does('asked', { chat: 'k1', room: ROOM, visitor: 'ann', group: 'g1' });
  ledger.told('given', { chat: 'k1', agent: 'bob' });
  ledger.told('served', { chat: 'k1', agent: 'bob' });
  does('asked', { chat: 'k2', room: OTHER, visitor: 'eve' });
  says(ROOM, 'ann', 'hello', 1);
  says(ROOM, 'bob', 're: hello', 2);
  says(ROOM, 'ann', 'and', 3);
  does('offered', { chat: 'k1', giver: 'bob', taker: 'cleo' });
  does('handed', { chat: 'k1', giver: 'bob', taker: 'cleo' });
  says(ROOM, 'cleo', 're: and', 4);
  does('ended', { chat: 'k1', by: 'user' });
  does('rated', { chat: 'k1', rate: 'BAD', way: 'AUTO' });
  does('rated', { chat: 'k1', rate: 'BEST', way: 'AUTO' });
  does('ended', { chat: 'k2', by: 'user' });
  return ledger;
}

/** What a right server shows of it; `spoil` may change it. */
function shown(spoil = () => {}) {
  const history = [['question', 'ann'], ['hello', 'ann'], ['re: hello', 'bob'], ['and', 'ann'], ['re: and', 'cleo']].map(([id, aid], pos) => ({ id, pos, aid, msg: id }));
  const row = (keys, counts) => ({ ...keys, ratings: [0, 0, 0, 0, 0], ...counts });
  const sums = { asked: 2, abandoned: 1, assigned: 1, answered: 2, transferred: 1, received: 1, ended: 1, served_ms: 175, response_ms: 95, messages: 4, ratings: [1, 0, 0, 0, 0] };
  const all = {
    histories: new Map([[ROOM, history]]),
    newest: new Map([[ROOM, [...history].reverse()]]),
    closed: [{ chatid: 'k1', roomid: ROOM, groupid: 'g1', csid: 'cleo', rateresult: 'BEST' }, { chatid: 'k2', roomid: OTHER }],
    open: [],
    now: { waiting: 0, serving: 0, messages_left: 0 },
    stats: [
      row({ groupid: 'g1' }, { asked: 1 }),
      row({}, { asked: 1, abandoned: 1 }),
      row({ groupid: 'g1', csid: 'bob' }, { assigned: 1, answered: 1, response_ms: 75, transferred: 1, messages: 3 }),
      row({ groupid: 'g1', csid: 'cleo' }, { received: 1, answered: 1, response_ms: 20, ended: 1, served_ms: 175, messages: 1, ratings: [1, 0, 0, 0, 0] }),
    ],
    sum: row({}, sums),
    days: [row({ day: '2026-11-30' }, sums)],
  };
  spoil(all);
  return all;
}

const kinds = (ledger, answers, company = KEEPS) => [...new Set(judgeDay(ledger, answers, company).map(({ fault }) => fault))].sort();

/** Every row in which this stands, the sums included, as a server that has counted wrong shows it. */
function miscounts(name, csid, by) {
  return ({ stats, sum, days }) => {
    for (const row of [stats.find((one) => one.csid === csid && (csid || !one.groupid)), sum, ...days]) row[name] = (row[name] ?? 0) + by;
  };
}

test('a day that was as it was written down has no fault', () => assert.deepEqual(judgeDay(story(), shown(), KEEPS), []));

test('a message that is gone is lost', () => {
  const answers = shown(({ histories, newest }) => {
    histories.get(ROOM).pop();
    newest.get(ROOM).shift();
  });
  assert.deepEqual(kinds(story(), answers), ['lost']);
});

test('a message that is there twice is doubled', () => {
  const answers = shown(({ histories, newest }) => {
    const again = { ...histories.get(ROOM)[1], pos: 5 };
    histories.get(ROOM).push(again);
    newest.get(ROOM).unshift(again);
  });
  assert.ok(kinds(story(), answers).includes('doubled'));
});

test('other words under the same id are altered', () => assert.deepEqual(kinds(story(), shown(({ histories }) => (histories.get(ROOM)[1].msg = 'hullo'))), ['altered']));

test('HTTP that shows less than the channel is unlisted', () => assert.deepEqual(kinds(story(), shown(({ newest }) => newest.get(ROOM).pop())), ['unlisted']));

test('a consultation that is listed for another agent is a wrong assignment', () => assert.deepEqual(kinds(story(), shown(({ closed }) => (closed[0].csid = 'bob'))), ['assignment']));

test('a visitor who was told of another agent than the one who had it was told wrong', () => {
  const ledger = story();
  ledger.facts.splice(4, 0, { what: 'served', chat: 'k1', agent: 'dora', at: ledger.facts[2].at + 1 });
  assert.deepEqual(kinds(ledger, shown()), ['assignment']);
});

test('a consultation that was given to two agents is shared', () => {
  const ledger = story();
  ledger.facts.splice(4, 0, { what: 'given', chat: 'k1', agent: 'dora', at: ledger.facts[2].at + 1 });
  assert.ok(kinds(ledger, shown()).includes('shared'));
});

test('a consultation that is handed on is not shared', () => {
  const ledger = story();
  const { to } = ledger.facts.find(({ what }) => what === 'handed');
  ledger.facts.push({ what: 'seen', chat: 'k1', agent: 'cleo', at: to + 1 });
  assert.deepEqual(kinds(ledger, shown()), []);
});

test('a consultation that its giver sees once more while it is being handed on is not shared', () => {
  const ledger = story();
  const handed = ledger.facts.find(({ what }) => what === 'handed');
  ledger.facts.push({ what: 'seen', chat: 'k1', agent: handed.giver, at: handed.to });
  assert.ok(!kinds(ledger, shown()).includes('shared'));
});

test('a rating that is gone, or an earlier one, is a lost rating', () => {
  for (const rate of [undefined, 'BAD']) assert.deepEqual(kinds(story(), shown(({ closed }) => (closed[0].rateresult = rate))), ['rating']);
});

test('a consultation that is missing, doubled, unknown or still open is flagged', () => {
  assert.deepEqual(kinds(story(), shown(({ closed }) => closed.pop())), ['consultation']);
  assert.deepEqual(kinds(story(), shown(({ closed }) => closed.push(closed[0]))), ['consultation']);
  assert.deepEqual(kinds(story(), shown(({ closed }) => closed.push({ chatid: 'k3', roomid: ROOM }))), ['consultation']);
  assert.deepEqual(kinds(story(), shown(({ open }) => open.push({ chatid: 'k1', status: 'serving' }))), ['unfinished']);
  assert.deepEqual(kinds(story(), shown(({ now }) => (now.serving = 1))), ['unfinished']);
});

for (const [name, csid] of [['assigned', 'bob'], ['answered', 'bob'], ['answered', 'cleo'], ['transferred', 'bob'], ['received', 'cleo'], ['ended', 'cleo'], ['messages', 'bob'], ['messages', 'cleo'], ['asked', undefined], ['abandoned', undefined], ['missed', undefined], ['reopened', undefined], ['passed', 'bob']]) {
  for (const by of [1, -1]) test(`${name} of ${csid ?? 'nobody'} that is off by ${by} is flagged`, () => assert.deepEqual(kinds(story(), shown(miscounts(name, csid, by))), ['count']));
}

test('a time that nobody can have taken is flagged', () => {
  assert.deepEqual(kinds(story(), shown(miscounts('served_ms', 'cleo', 500))), ['count']);
  assert.deepEqual(kinds(story(), shown(miscounts('served_ms', 'cleo', -120))), ['count']);
  assert.deepEqual(kinds(story(), shown(miscounts('waited_ms', 'bob', 500))), ['count']);
});

test('a rating that counts for another agent, or besides the one that took its place, is flagged', () => {
  const other = shown(({ stats }) => ([stats[2].ratings, stats[3].ratings] = [stats[3].ratings, stats[2].ratings]));
  assert.deepEqual(kinds(story(), other), ['count']);
  const both = shown(({ stats, sum, days }) => [stats[3], sum, ...days].forEach((row) => (row.ratings = [1, 0, 0, 1, 0])));
  assert.deepEqual(kinds(story(), both), ['count']);
});

test('a sum that is not that of its rows is flagged', () => assert.deepEqual(kinds(story(), shown(({ days }) => (days[0].messages += 1))), ['count']));

test('where agents change silently it is only asked what is sure', () => {
  const ledger = story();
  const { at } = ledger.facts.find(({ what }) => what === 'served');
  ledger.facts.push({ what: 'away', agent: 'bob', from: at + 1, to: at + 9_000 });
  const moved = shown(({ closed }) => (closed[0].csid = 'dora'));
  assert.deepEqual(kinds(ledger, moved, { graceMs: 4_000 }), []);
  assert.deepEqual(kinds(ledger, moved), ['assignment']);
  assert.deepEqual(kinds(ledger, shown(miscounts('asked', undefined, 1)), { graceMs: 4_000 }), ['count']);
});

// What a stop may change.

const serving = (chatid, csid, more) => ({ chatid, status: 'serving', csid, ...more });
const waiting = (chatid, position, more) => ({ chatid, status: 'waiting', position, ...more });

function stop(open, after, { facts = [], closed = [], graceMs = 120_000 } = {}) {
  return judgeStop({ at: 1_000, open, closed: [] }, { at: 2_000, open: after, closed }, { facts }, { graceMs }).map(({ fault }) => fault);
}

test('whoever waits and is served as before is no fault', () => {
  const open = [serving('k1', 'bob'), waiting('k2', 1), waiting('k3', 2), waiting('k4', 1, { groupid: 'g1' })];
  assert.deepEqual(stop(open, open), []);
  assert.deepEqual(stop(open, [serving('k1', 'bob'), serving('k2', 'cleo'), waiting('k3', 1), waiting('k5', 2), open[3]]), [], 'the queue moved on');
});

test('who waits and is overtaken is flagged', () => assert.deepEqual(stop([waiting('k2', 1), waiting('k3', 2)], [waiting('k3', 1), waiting('k2', 2)]), ['order']));

test('two at one place are flagged', () => assert.deepEqual(stop([waiting('k2', 1), waiting('k3', 2)], [waiting('k3', 1), waiting('k2', 1)]), ['order']));

test('an assignment that is another one is flagged, unless it was handed on, or the agent was away for too long', () => {
  const change = [[serving('k1', 'bob')], [serving('k1', 'cleo')]];
  const away = { what: 'away', agent: 'bob', from: 500, to: 9_000 };
  assert.deepEqual(stop(...change), ['seat']);
  assert.deepEqual(stop(...change, { facts: [{ what: 'handed', chat: 'k1', from: 1_100, to: 1_200 }] }), []);
  assert.deepEqual(stop(...change, { facts: [{ what: 'handed', chat: 'k1', from: 100, to: 200 }] }), ['seat'], 'that was before');
  assert.deepEqual(stop(...change, { facts: [away] }), ['seat'], 'a running grace goes on');
  assert.deepEqual(stop(...change, { facts: [away], graceMs: 1_000 }), []);
  assert.deepEqual(stop([serving('k1', 'bob')], [waiting('k1', 1)]), ['seat']);
});

test('who has lost its agent waits before those who were never served', () => {
  const lost = { facts: [{ what: 'away', agent: 'bob', from: 0, to: 9_000 }], graceMs: 500 };
  const open = [serving('k1', 'bob'), waiting('k2', 1)];
  assert.deepEqual(stop(open, [waiting('k1', 1), waiting('k2', 2)], lost), []);
  const behind = [waiting('k2', 1), waiting('k1', 2)];
  assert.deepEqual(stop(open, behind, lost), ['head']);
  const besides = (fact) => ({ ...lost, facts: [...lost.facts, fact] });
  assert.deepEqual(stop(open, behind, besides({ what: 'served', chat: 'k2', agent: 'cleo', at: 100 })), [], 'that one has lost its agent before');
  assert.deepEqual(stop(open, behind, besides({ what: 'reopened', chat: 'k1', from: 1_400, to: 1_500 })), [], 'it was over, and began anew');
  assert.deepEqual(stop(open, behind, besides({ what: 'reopened', chat: 'k1', from: 400, to: 500 })), ['head'], 'that was before');
});

test('what is gone without an end is flagged', () => {
  assert.deepEqual(stop([waiting('k2', 1)], []), ['vanished']);
  assert.deepEqual(stop([waiting('k2', 1)], [], { facts: [{ what: 'ended', chat: 'k2', from: 1_900, to: 2_100 }] }), []);
});

test('a rating that was acknowledged before and is not there after is flagged', () => {
  const rated = (from, rate = 'GOOD') => ({ what: 'rated', chat: 'k1', rate, from, to: from + 10 });
  const row = (rateresult) => ({ closed: [{ chatid: 'k1', rateresult }] });
  assert.deepEqual(stop([], [], { facts: [rated(500)], ...row('GOOD') }), []);
  assert.deepEqual(stop([], [], { facts: [rated(500)], ...row(undefined) }), ['rating']);
  assert.deepEqual(stop([], [], { facts: [rated(500), rated(995, 'BAD')], ...row('BAD') }), [], 'it was changed just then');
});

// A log is grouped into runs and days, and says of each own message what became of it.
import { describe, expect, it } from 'vitest';
import type { Item } from '../src/demo/history';
import { rows, type Reader, type Row } from '../src/demo/rows';

const NOON = new Date(2026, 10, 22, 12, 0).getTime();
const MINUTE = 60_000;

const visitor: Reader = { side: 'user', reads: { user: -1, cs: -1 }, newFrom: null, online: true };

function said(pos: number | null, by: 'visitor' | 'agent', minute: number, rest: Partial<Item> = {}): Item {
  const side = by === 'visitor' ? 'user' : 'cs';
  return { id: `${by} ${minute}`, pos, side, aid: by, nick: by, time: NOON + minute * MINUTE, mtype: 'text', msg: '', state: 'sent', ...rest };
}

function messages(list: Row[]): Extract<Row, { kind: 'message' }>[] {
  return list.filter((row) => row.kind === 'message');
}

function marks(list: Item[], reader: Partial<Reader> = {}): (string | null)[] {
  return messages(rows(list, { ...visitor, ...reader })).map((row) => row.mark);
}

describe('runs', () => {
  it('keep messages of one person within three minutes together', () => {
    const list = messages(rows([said(0, 'visitor', 0), said(1, 'visitor', 3), said(2, 'visitor', 7), said(3, 'agent', 7)], visitor));
    expect(list.map((row) => [row.first, row.last])).toEqual([[true, false], [false, true], [true, true], [true, true]]);
  });

  it('end at midnight, where the new day is named', () => {
    const list = rows([said(0, 'visitor', 719), said(1, 'visitor', 721)], visitor);
    expect(list.map((row) => row.kind)).toEqual(['day', 'message', 'day', 'message']);
    expect(messages(list).every((row) => row.first && row.last)).toBe(true);
  });

  it('end where the new messages begin', () => {
    const list = rows([said(0, 'agent', 0), said(1, 'agent', 1)], { ...visitor, newFrom: 1 });
    expect(list.map((row) => row.kind)).toEqual(['day', 'message', 'new', 'message']);
    expect(messages(list).map((row) => row.first)).toEqual([true, true]);
  });
});

describe('the new line', () => {
  it('stands before the first message of the other side, never before own words', () => {
    const list = rows([said(0, 'visitor', 0), said(1, 'visitor', 1), said(2, 'agent', 2)], { ...visitor, newFrom: 1 });
    expect(list.map((row) => row.kind)).toEqual(['day', 'message', 'message', 'new', 'message']);
  });
});

describe('marks', () => {
  const run = [said(0, 'visitor', 0), said(1, 'visitor', 1), said(2, 'visitor', 2)];

  it('say read on the last read message of a run, and sent on its last', () => {
    expect(marks(run)).toEqual([null, null, 'sent']);
    expect(marks(run, { reads: { user: -1, cs: 2 } })).toEqual([null, null, 'read']);
    expect(marks(run, { reads: { user: -1, cs: 0 } })).toEqual(['read', null, 'sent']);
  });

  it('never stand on what the other side said', () => {
    expect(marks([said(0, 'agent', 0)], { reads: { user: 0, cs: 0 } })).toEqual([null]);
  });

  it('say waiting instead of failed while there is no network', () => {
    const pending = [said(null, 'visitor', 0, { state: 'sending' }), said(null, 'visitor', 1, { state: 'sending' })];
    expect(marks(pending, { online: false })).toEqual(['waiting', 'waiting']);
    expect(marks(pending)).toEqual([null, 'sending']);
  });

  it('say failed on each message that failed', () => {
    expect(marks([said(null, 'visitor', 0, { state: 'failed' }), said(0, 'visitor', 1)])).toEqual(['failed', 'sent']);
  });
});

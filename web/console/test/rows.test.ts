// The log: what stands where, what belongs together, what is folded.
import type { Message } from 'nodechat';
import { describe, expect, it } from 'vitest';
import { keepSame, logRows, waitsSince, type LogInput, type LogRow } from '../src/log/rows';

const NOON = new Date(2026, 10, 21, 12).getTime();
const MINUTE = 60_000;

function said(pos: number, who: 'visitor' | 'me' | 'colleague' | 'bot', minutes: number, more: Partial<Message> = {}): Message {
  const aid = { visitor: 'v', me: 'me', colleague: 'eve', bot: 'shop' }[who];
  return { id: `m${pos}`, pos, type: who === 'visitor' ? 'usermsg' : 'csmsg', mtype: 'text', aid, mid: aid, nick: aid, time: NOON + minutes * MINUTE, msg: `text ${pos}`, ...more };
}

function rowsOf(messages: Message[], more: Partial<LogInput> = {}): LogRow[] {
  return logRows({ messages, notes: [], pending: [], me: 'me', company: 'shop', readByVisitor: -1, newFrom: undefined, botOpen: () => false, ...more });
}

const kinds = (rows: LogRow[]): string[] => rows.map(({ kind }) => kind);

describe('the log', () => {
  it('gives a run its face on the first and its time on the last', () => {
    const rows = rowsOf([said(0, 'visitor', 0), said(1, 'visitor', 1), said(2, 'visitor', 9)]).filter((row) => row.kind === 'message');
    expect(rows.map(({ head, tail }) => [head, tail])).toEqual([
      [true, false],
      [false, true],
      [true, true],
    ]);
  });

  it('begins each day with its name', () => {
    expect(kinds(rowsOf([said(0, 'visitor', 0), said(1, 'me', 24 * 60)]))).toEqual(['day', 'message', 'day', 'message']);
  });

  it('puts a note where it was written, between the messages', () => {
    const note = { number: 0, id: 'n', aid: 'eve', nick: 'Eve', time: NOON + 2 * MINUTE, msg: 'look' };
    expect(kinds(rowsOf([said(0, 'visitor', 0), said(1, 'me', 5)], { notes: [note] }))).toEqual(['day', 'message', 'note', 'message']);
  });

  it('shows of a part of the past only the notes of its time, and nothing that is on its way', () => {
    const notes = [-60, 2, 60].map((minutes, number) => ({ number, id: `n${number}`, aid: 'eve', nick: 'Eve', time: NOON + minutes * MINUTE, msg: 'look' }));
    const pending = [{ id: 'p', roomid: 'r', type: 'text' as const, msg: 'soon', time: NOON + 90 * MINUTE, state: 'sending' as const }];
    const part = [said(7, 'visitor', 0), said(8, 'me', 5)];
    expect(kinds(rowsOf(part, { notes, pending, isPast: true }))).toEqual(['day', 'message', 'note', 'message']);
    expect(kinds(rowsOf(part, { notes, pending }))).toEqual(['day', 'message', 'note', 'message', 'note', 'pending']);
  });

  it('leaves out notes that belong to a past that is not loaded', () => {
    const note = { number: 0, id: 'n', aid: 'eve', nick: 'Eve', time: NOON - 60 * MINUTE, msg: 'old' };
    expect(kinds(rowsOf([said(40, 'visitor', 0)], { notes: [note] }))).toEqual(['day', 'message']);
  });

  it('folds what bot and visitor said before an agent came, up to the last answer', () => {
    const messages = [said(0, 'visitor', 0), said(1, 'bot', 0), said(2, 'visitor', 1), said(3, 'bot', 1), said(4, 'visitor', 2), said(5, 'me', 3)];
    const folded = rowsOf(messages);
    expect(kinds(folded)).toEqual(['day', 'bot', 'message', 'message']);
    expect(folded[1]).toMatchObject({ count: 2, first: 'text 0' });
    expect(kinds(rowsOf(messages, { botOpen: () => true }))).toEqual(['day', 'bot', ...Array<string>(6).fill('message')]);
  });

  it('says "read" on the last own message that was read, and nowhere else', () => {
    const rows = rowsOf([said(0, 'me', 0), said(1, 'me', 1), said(2, 'visitor', 2), said(3, 'me', 3)], { readByVisitor: 2 });
    expect(rows.flatMap((row) => (row.kind === 'message' && row.read ? [row.message.pos] : []))).toEqual([1]);
  });

  it('marks where the unread begins', () => {
    expect(kinds(rowsOf([said(0, 'me', 0), said(1, 'visitor', 1)], { newFrom: 1 }))).toEqual(['day', 'message', 'new', 'message']);
  });

  it('shows what is on its way once, also when the message has come before its receipt', () => {
    const pending = { id: 'm0', roomid: 'r', type: 'text' as const, msg: 'text 0', time: NOON, state: 'sending' as const };
    expect(kinds(rowsOf([said(0, 'me', 0)], { pending: [pending] }))).toEqual(['day', 'message']);
    expect(kinds(rowsOf([said(0, 'me', 0)], { pending: [{ ...pending, id: 'other' }] }))).toEqual(['day', 'message', 'pending']);
  });

  it('knows a quoted message that is loaded, and says so of one that is not', () => {
    const rows = rowsOf([said(0, 'visitor', 0), said(1, 'me', 1, { quote: 'm0' }), said(2, 'me', 9, { quote: 'gone' })]).filter((row) => row.kind === 'message');
    expect(rows[1]?.quoted?.message?.id).toBe('m0');
    expect(rows[2]?.quoted).toEqual({ id: 'gone', message: undefined });
  });

  it('keeps the objects of lines in which nothing has changed', () => {
    const messages = [said(0, 'visitor', 0), said(1, 'me', 9, { quote: 'm0' })];
    const before = rowsOf(messages);
    const now = keepSame(before, rowsOf([...messages, said(2, 'visitor', 20)]));
    expect(now.slice(0, 3).map((row, at) => row === before[at])).toEqual([true, true, true]);
  });
});

describe('the wait', () => {
  it('begins with the first word after an agent spoke last; the bot answers for nobody', () => {
    expect(waitsSince([said(0, 'me', 0), said(1, 'visitor', 1), said(2, 'visitor', 2)], 'shop')).toBe(NOON + MINUTE);
    expect(waitsSince([said(0, 'visitor', 0), said(1, 'bot', 1)], 'shop')).toBe(NOON);
    expect(waitsSince([said(0, 'visitor', 0), said(1, 'colleague', 1)], 'shop')).toBeUndefined();
  });
});

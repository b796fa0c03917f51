// A history holds each message once, by position, with what is on its way at the end.
import { describe, expect, it } from 'vitest';
import { History, type Item } from '../src/demo/history';
import type { Message } from '../src/demo/wire';

function message(pos: number, rest: Partial<Message> = {}): Message {
  return { id: `m${pos}`, pos, type: 'usermsg', mtype: 'text', aid: 'a', nick: 'A', time: 1000 + pos, msg: '', ...rest };
}

const pending: Item = { id: 'mine', pos: null, side: 'user', aid: 'a', nick: 'A', time: 0, mtype: 'text', msg: 'hi', state: 'sending' };

describe('history', () => {
  it('is in the order of positions, whatever came first', () => {
    const history = new History();
    history.put(pending);
    history.take([message(11), message(12)]);
    history.take([message(1), message(2)]);
    expect(history.all().map((item) => item.id)).toEqual(['m1', 'm2', 'm11', 'm12', 'mine']);
  });

  it('takes a message once, and tells which ones are new', () => {
    const history = new History();
    expect(history.take([message(0), message(1)])).toHaveLength(2);
    expect(history.take([message(1), message(2)]).map((item) => item.id)).toEqual(['m2']);
    expect(history.all()).toHaveLength(3);
  });

  it('makes a message that was on its way the one that arrived', () => {
    const history = new History();
    history.put(pending);
    expect(history.take([message(4, { id: 'mine' })])).toEqual([]);
    expect(history.get('mine')).toMatchObject({ pos: 4, state: 'sent' });
  });

  it('starts afresh without losing what is on its way', () => {
    const history = new History();
    history.take([message(0)]);
    history.put(pending);
    history.startAfresh();
    expect(history.all().map((item) => item.id)).toEqual(['mine']);
  });

  it('moves a read mark forward only', () => {
    const history = new History();
    expect(history.markRead('cs', 3)).toBe(true);
    expect(history.markRead('cs', 3)).toBe(false);
    expect(history.markRead('cs', 2)).toBe(false);
    expect(history.reads.cs).toBe(3);
  });

  it('finds the position that a time means', () => {
    const history = new History();
    history.take([message(0), message(1), message(2)]);
    expect(history.positionAt(999)).toBe(-1);
    expect(history.positionAt(1001)).toBe(1);
  });
});

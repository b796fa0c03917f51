// The list's order, canned replies, keys, the bell, addresses.
import { describe, expect, it, vi } from 'vitest';
import { isFirst, rings, Rung } from '../src/bell/ring';
import { heldBack, part, urgency } from '../src/desk/order';
import type { CannedReply, Row } from '../src/desk/wire';
import { commandOf, keysOf } from '../src/keyboard';
import { filled, fitting, slashed } from '../src/log/canned';

const row = (roomid: string, lsttime: number, more: Partial<Row> = {}): Row => ({ roomid, topic: roomid, userid: roomid, c: 0, lsttime, ...more });
const ids = (rows: Row[]): string[] => rows.map(({ roomid }) => roomid);

describe('the list', () => {
  it('has who waits for an answer before the others, the newest word on top', () => {
    const { toAnswer, theirs } = part([
      { row: row('a', 1), waitsSince: 1 },
      { row: row('b', 3), waitsSince: 3 },
      { row: row('c', 9), waitsSince: undefined },
      { row: row('d', 2, { offered: true }), waitsSince: undefined },
    ]);
    expect(ids(toAnswer)).toEqual(['b', 'd', 'a']);
    expect(ids(theirs)).toEqual(['c']);
  });

  it('counts what it holds back while somebody aims: who came, who is gone, that others have another place', () => {
    expect(heldBack(['/a', '/b', '/c'], ['/c', '/new', '/a'])).toBe(3);
    expect(heldBack(['/a', '/b'], ['/b', '/a'])).toBe(1);
    expect(heldBack(['/a', '/b'], ['/a', '/b'])).toBe(0);
    expect(heldBack(['/a', '/b'], ['/b'])).toBe(1);
    expect(heldBack(['to_answer', '/a'], ['theirs', '/a'])).toBe(1);
    expect(heldBack(['theirs', '/a'], ['to_answer', '/new', 'theirs', '/a'])).toBe(1);
  });

  it('turns amber after three minutes and red after five', () => {
    expect([179_999, 180_000, 300_000].map(urgency)).toEqual(['', 'warn', 'bad']);
  });
});

describe('canned replies', () => {
  const reply = (shortcut: string, title: string, text = ''): CannedReply => ({ id: shortcut, personal: false, shortcut, title, text });

  it('are sought by what stands behind a slash, and by nothing else', () => {
    expect(slashed('/')).toBe('');
    expect(slashed('／发货')).toBe('发货');
    expect(slashed('a/b')).toBeNull();
    expect(slashed('/a\nb')).toBeNull();
  });

  it('come with the shortcut that begins so first, then titles, then texts', () => {
    const all = [reply('x', 'y', 'about hi'), reply('say', 'Hi there'), reply('hi', 'Greeting'), reply('no', 'no')];
    expect(fitting(all, 'HI').map(({ shortcut }) => shortcut)).toEqual(['hi', 'say', 'x']);
  });

  it('have names in the place of their variables, once, and leave alone what is none', () => {
    const parts = filled('Hi {{visitor}}, {{nothing}} {{agent}}', { visitor: '{{agent}}', agent: 'Bo' });
    expect(parts.map(({ text }) => text).join('')).toBe('Hi {{agent}}, {{nothing}} Bo');
    expect(parts.filter(({ variable }) => variable).map(({ text }) => text)).toEqual(['{{agent}}', 'Bo']);
  });
});

describe('keys', () => {
  const press = (code: string, more = {}): Parameters<typeof commandOf>[0] => ({ code, key: '', altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, ...more });

  it('work by their place, with exactly their modifiers', () => {
    expect(commandOf(press('KeyJ', { altKey: true }))).toBe('take');
    expect(commandOf(press('ArrowDown', { altKey: true, shiftKey: true }))).toBe('next-waiting');
    expect(commandOf(press('KeyJ', { altKey: true, ctrlKey: true }))).toBeUndefined();
    expect(commandOf(press('KeyK', { metaKey: true }))).toBe('search');
    expect(commandOf(press('Minus', { key: '?', shiftKey: true }))).toBe('sheet');
  });

  it('are called as the system calls them', () => {
    expect(keysOf('file', false)).toBe('Ctrl+Shift+U');
    expect(keysOf('file', true)).toBe('⌘⇧U');
  });
});

describe('the bell', () => {
  const look = (roomid: string, focused: boolean, at = 100_000): { focused: boolean; roomid: string; at: number } => ({ roomid, focused, at });

  it('is quiet for what somebody has before its eyes in any tab', () => {
    expect(rings('r', [look('other', true), look('r', false)], 100_001)).toBe(true);
    expect(rings('r', [look('r', true)], 100_001)).toBe(false);
    expect(rings('r', [look('r', true)], 200_000)).toBe(true);
  });

  it('rings in one of the tabs that are there, also when one is let speak once a minute', () => {
    const looks = new Map([look('r', true, 100_000), look('r', false, 40_000)].map((of, at) => [`tab ${at}`, of]));
    const ringing = (now: number): string[] => [...looks.keys()].filter((tab) => isFirst(tab, looks, now));
    expect(ringing(101_000)).toEqual(['tab 0']);
    looks.set('tab 0', look('r', false, 0));
    expect(ringing(61_000)).toEqual(['tab 0']);
    expect(isFirst('tab 1', looks, 100_000)).toBe(true);
  });

  it('rings once for each thing', () => {
    const rung = new Rung();
    expect([rung.add('a'), rung.add('a'), rung.add('b')]).toEqual([true, false, true]);
  });
});

describe('addresses', () => {
  it('say where one is, and come back as they were', async () => {
    vi.stubGlobal('location', { pathname: '/console', search: '' });
    vi.stubGlobal('window', { addEventListener: () => {} });
    const { addressOf, placeOf } = await import('../src/place');
    for (const place of [
      { section: 'chats', of: '', page: '', room: '/U2S_a.b#c1' },
      { section: 'settings', of: '', page: 'agents', room: '' },
      { section: 'platform', of: 'shop-1', page: 'agents', room: '' },
      { section: 'platform', of: '', page: '', room: '' },
      { section: 'chats', of: '', page: '', room: '' },
    ]) {
      const url = new URL(addressOf(place), 'http://x');
      expect(placeOf(url)).toEqual(place);
    }
  });
});

// In a host's page: only the page around is heard, and what it tells of itself becomes an address.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetAll } from '../src/embed/forget';
import { meetHost, type Host } from '../src/embed/host';
import { pageWith } from '../src/embed/stand-in';
import { keptFor } from '../src/kept';

describe('the host', () => {
  const around = { postMessage: (message: unknown, origin: string) => posted.push([message, origin]) };
  let posted: unknown[];
  let heard: unknown[];
  let says: (event: { source: unknown; origin: string; data: unknown }) => void;
  let host: Host;

  beforeEach(() => {
    [posted, heard] = [[], []];
    vi.stubGlobal('parent', around);
    vi.stubGlobal('addEventListener', (_: string, listener: typeof says) => (says = listener));
    host = meetHost((message) => heard.push(message));
  });

  it('is greeted with a word that says nothing, and answered at its origin only', () => {
    expect(posted).toEqual([[{ nodechat: 'hello' }, '*']]);
    says({ source: around, origin: 'https://shop.example', data: { nodechat: 'open' } });
    host.tell({ nodechat: 'close' });
    expect(posted.at(-1)).toEqual([{ nodechat: 'close' }, 'https://shop.example']);
    expect(host.origin()).toBe('https://shop.example');
  });

  it('is the page around, and stays the one that spoke first', () => {
    says({ source: {}, origin: 'https://evil.example', data: { nodechat: 'open' } });
    says({ source: around, origin: 'https://shop.example', data: { nodechat: 'open' } });
    says({ source: around, origin: 'https://evil.example', data: { nodechat: 'send', text: 'x' } });
    says({ source: around, origin: 'https://shop.example', data: 'close' });
    expect(heard).toEqual([{ nodechat: 'open' }]);
  });

  it('may be a file, which has no origin', () => {
    says({ source: around, origin: 'null', data: { nodechat: 'open' } });
    host.tell({ nodechat: 'close' });
    expect([host.origin(), posted.at(-1)]).toEqual(['', [{ nodechat: 'close' }, '*']]);
  });
});

describe('the page that agents see', () => {
  it.each([
    ['https://shop.example/a#b', {}, 'https://shop.example/a'],
    ['https://shop.example/a', { title: undefined }, 'https://shop.example/a'],
    ['https://shop.example/a?x=1', { plan: 'pro', x: 2 }, 'https://shop.example/a?x=2&plan=pro'],
    ['https://shop.example/', { track: 'cart & more', n: 2, deep: { a: 1 }, list: [1] }, 'https://shop.example/?track=cart+%26+more&n=2'],
  ])('%s with %j is %s', (address, told, page) => {
    expect(pageWith(address, told)).toBe(page);
  });
});

describe('forgetting', () => {
  const names = ['nodechat.chat/c1/visitor', 'nodechat.chat/c1/unsent/u', 'nodechat.chat/c12/visitor', 'other'];
  const shelf = (): Storage => {
    const kept: Record<string, string> = Object.fromEntries(names.map((name) => [name, name]));
    const calls = { getItem: (name: string) => kept[name] ?? null, removeItem: (name: string) => delete kept[name] };
    for (const [name, value] of Object.entries(calls)) Object.defineProperty(kept, name, { value });
    return kept as unknown as Storage;
  };

  it('takes what was kept with this company and leaves the rest', () => {
    const [local, session] = [shelf(), shelf()];
    vi.stubGlobal('localStorage', local);
    vi.stubGlobal('sessionStorage', session);
    forgetAll('c1', [keptFor('c1', () => local), keptFor('c1', () => session)]);
    for (const kept of [local, session]) expect(Object.keys(kept)).toEqual(names.slice(2));
  });

  it('works where the browser keeps nothing', () => {
    const refuse = (): Storage => {
      throw new Error('denied');
    };
    vi.stubGlobal('localStorage', undefined);
    const kept = keptFor('c1', refuse);
    kept.set('visitor', 'v');
    forgetAll('c1', [kept]);
    expect(kept.get('visitor')).toBe(null);
  });
});

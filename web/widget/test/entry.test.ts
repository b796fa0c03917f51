// How a visitor comes in, whatever the address and the browser's storage say.
import { describe, expect, it } from 'vitest';
import { comeIn, companyOf, withoutSecrets } from '../src/entry';
import { keptFor, type Shelf } from '../src/kept';

const refusing = (): Shelf => {
  throw new Error('storage is switched off');
};

function shelf(): Shelf {
  const map = new Map<string, string>();
  return { getItem: (name) => map.get(name) ?? null, setItem: (name, value) => void map.set(name, value), removeItem: (name) => void map.delete(name) };
}

function door(address: string, storage: () => Shelf = () => local, session = shelf()) {
  const { asked } = withoutSecrets(address);
  const calls: unknown[] = [];
  return {
    calls,
    enter: () =>
      comeIn({
        company: 'shop',
        asked,
        kept: keptFor('shop', storage),
        tab: keptFor('shop', () => session),
        redeem: async (token) => (calls.push(['redeem', token]), { ticket: `ticket for ${token}`, data: { aid: 'ann' } }),
        visit: async (visitor) => (calls.push(['visit', visitor]), { ticket: 'anonymous ticket', visitor: visitor ?? 'secret', data: { aid: 'visitor' } }),
      }),
  };
}

let local = shelf();

describe('coming in', () => {
  it('an anonymous visitor is the same one next time', async () => {
    local = shelf();
    expect(await door('https://chat.example/chat/shop').enter()).toEqual({ ticket: 'anonymous ticket', aid: 'visitor', named: false });
    const again = door('https://chat.example/chat/shop');
    await again.enter();
    expect(again.calls).toEqual([['visit', 'secret']]);
  });

  it('without storage it works, and only forgets', async () => {
    const first = door('https://chat.example/chat/shop', refusing);
    expect(await first.enter()).toEqual({ ticket: 'anonymous ticket', aid: 'visitor', named: false });
    await first.enter();
    expect(first.calls).toEqual([['visit', undefined], ['visit', undefined]]);
  });

  it('a token is redeemed once, and its ticket outlives a reload of the tab', async () => {
    const tab = shelf();
    expect(await door('https://chat.example/chat/shop?token=T', () => local, tab).enter()).toEqual({ ticket: 'ticket for T', aid: 'ann', named: true });
    const reloaded = door('https://chat.example/chat/shop', () => local, tab);
    expect(await reloaded.enter()).toEqual({ ticket: 'ticket for T', aid: 'ann', named: true });
    expect(reloaded.calls).toEqual([]);
  });

  it('who tries again does not redeem the token a second time', async () => {
    const once = door('https://chat.example/chat/shop?token=T');
    expect(await once.enter()).toEqual(await once.enter());
    expect(once.calls).toEqual([['redeem', 'T']]);
  });

  it('whose ticket it was is not said of another one', async () => {
    const tab = shelf();
    await door('https://chat.example/chat/shop?token=T', () => local, tab).enter();
    expect(await door('https://chat.example/chat/shop?ticket=X', () => local, tab).enter()).toEqual({ ticket: 'X', aid: undefined, named: true });
  });

  it('a ticket of the host site is taken as it is', async () => {
    expect(await door('https://chat.example/chat/shop?ticket=X').enter()).toEqual({ ticket: 'X', aid: undefined, named: true });
  });
});

describe('the address', () => {
  it('keeps no secret, and keeps everything else', () => {
    const { asked, clean } = withoutSecrets('https://chat.example/chat/shop?lang=zh&token=T&ticket=X#end');
    expect(clean).toBe('/chat/shop?lang=zh#end');
    expect(asked.get('token')).toBe('T');
  });

  it('names the company', () => {
    expect(companyOf('/chat/shop')).toBe('shop');
    expect(companyOf('/chat/a%20b')).toBe('a b');
    expect(companyOf('/chat/%E0%A4%A')).toBe('%E0%A4%A');
  });
});

it('two companies on one server do not see what the other one keeps', () => {
  const one = shelf();
  keptFor('a', () => one).set('draft', 'for a');
  expect(keptFor('b', () => one).get('draft')).toBeNull();
});

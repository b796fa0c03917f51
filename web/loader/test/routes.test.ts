// Every way in which an application changes its address is noticed, once for each, and the application notices nothing.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { followRoutes } from '../src/routes';

const location = { href: '' };
let popped: () => void;
let moves: string[];

const goes = (href: string): void => void (location.href = new URL(href, location.href).href);

beforeEach(() => {
  location.href = 'https://shop.example/';
  moves = [];
  const step = function (this: unknown, _: unknown, __: string, href?: string): void {
    if (this !== history) throw new TypeError('illegal invocation');
    if (href) goes(href);
  };
  vi.stubGlobal('location', location);
  vi.stubGlobal('history', { pushState: step, replaceState: step });
  vi.stubGlobal('addEventListener', (_: string, listener: () => void) => (popped = listener));
  followRoutes(() => moves.push(location.href));
});

describe('routes', () => {
  it('are followed through pushState, replaceState and Back', () => {
    history.pushState({}, '', '/a');
    history.replaceState({}, '', '/b');
    goes('/');
    popped();
    expect(moves).toEqual(['https://shop.example/a', 'https://shop.example/b', 'https://shop.example/']);
  });

  it('that lead nowhere else are none', () => {
    history.replaceState({ scroll: 1 }, '');
    history.pushState({}, '', '/');
    popped();
    expect(moves).toEqual([]);
  });
});

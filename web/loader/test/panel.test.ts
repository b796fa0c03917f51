// The panel hears the page that it has loaded and nobody else, and loses nothing that is said before that listens.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openPanel, type Panel } from '../src/panel';
import type { FromPanel, ToPanel } from '../src/messages';

const OURS = 'https://chat.example';
const HELLO: ToPanel = { nodechat: 'boot', open: false, begin: false, proof: {}, key: undefined, page: 'https://shop.example/', referrer: '', told: {}, route: {} };

let panel: Panel;
let posted: [ToPanel, string][];
let heard: FromPanel[];
let hears: (event: { source: unknown; origin: string; data: unknown }) => void;
const window = { postMessage: (message: ToPanel, origin: string) => posted.push([message, origin]) };

beforeEach(() => {
  [posted, heard] = [[], []];
  vi.stubGlobal('document', { createElement: () => ({ contentWindow: window }) });
  vi.stubGlobal('addEventListener', (_: string, listener: typeof hears) => (hears = listener));
  panel = openPanel({ append: () => {} } as unknown as HTMLElement, new URL(`${OURS}/chat/c1?embed=1`), 'Chat', () => HELLO, (message) => heard.push(message), new AbortController().signal);
});

const says = (data: unknown, source: unknown = window, origin = OURS): void => hears({ source, origin, data });

describe('the panel', () => {
  it('is told at its hello, first what it has to know, then what was said before', () => {
    panel.tell({ nodechat: 'open' });
    expect(posted).toEqual([]);
    says({ nodechat: 'hello' });
    expect(posted).toEqual([
      [HELLO, OURS],
      [{ nodechat: 'open' }, OURS],
    ]);
    panel.tell({ nodechat: 'close' });
    expect(posted.at(-1)).toEqual([{ nodechat: 'close' }, OURS]);
  });

  it('is not heard from another window, or from another page in its own', () => {
    says({ nodechat: 'close' }, {});
    says({ nodechat: 'close' }, window, 'https://evil.example');
    says({ nodechat: 'hello' }, null, OURS);
    says('close');
    says(null);
    says({});
    expect([heard, posted]).toEqual([[], []]);
  });

  it('is told anew what it has to know when it was loaded anew', () => {
    says({ nodechat: 'hello' });
    says({ nodechat: 'hello' });
    expect(posted.map(([{ nodechat }]) => nodechat)).toEqual(['boot', 'boot']);
  });
});

// What shows this page inside of its own wants of the parts that every page has; the embed fills it in, nobody else does.
import type { Chat } from '../chat';
import { wear } from './wear';

export const host: { unread(n: number): void; talks(chat: Chat): void; wear(accent: string): void } = {
  // Whoever frames this page without the embed may want to show the number, too; it is a number and nothing else.
  unread: (n) => parent !== window && parent.postMessage({ nodechat: 'unread', n }, '*'),
  talks: () => {},
  wear,
};

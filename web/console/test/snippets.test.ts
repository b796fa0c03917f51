// What is pasted into a site: who logs out there is forgotten by the chat, too.
import { describe, expect, it } from 'vitest';
import { snippet } from '../src/admin/snippets';

describe('snippets', () => {
  const place = { server: 'https://chat.example', company: 'c1' };

  it('of frameworks forget the visitor who logs out, once the page is there without a token', () => {
    const react = snippet('react', place);
    expect(react.indexOf("NodechatWidget('boot'")).toBeLessThan(react.indexOf("if (before.current && !token) NodechatWidget('reset');"));
    expect(snippet('vue', place)).toContain("else if (before) NodechatWidget('reset');");
  });
});

// Addresses in what people write: safe ones become links, everything else stays text.
import { expect, it } from 'vitest';
import { pieces } from '../src/links';

const links = (text: string) => pieces(text).filter((piece) => typeof piece !== 'string');
const whole = (text: string) => pieces(text).map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('');

it('an address is a link, and the sentence around it is not', () => {
  expect(pieces('看 https://shop.example/a?b=1#c，谢谢')).toEqual(['看 ', { href: 'https://shop.example/a?b=1#c', text: 'https://shop.example/a?b=1#c' }, '，谢谢']);
  expect(links('(see http://a.example/x_(y)).')).toEqual([{ href: 'http://a.example/x_(y)', text: 'http://a.example/x_(y)' }]);
});

it('only http and https, only with a host, never with a name in front of the host', () => {
  for (const text of ['javascript:alert(1)', 'data:text/html,x', 'ftp://a.example', 'https://', 'http://[', 'https://bank.example@evil.example/', 'xhttps//a']) {
    expect(links(text), text).toEqual([]);
  }
});

it('markup ends an address and stays what it is', () => {
  expect(links('https://a.example/"onclick=x')).toEqual([{ href: 'https://a.example/', text: 'https://a.example/' }]);
  expect(links('<a href=https://a.example>x</a>')[0]).toEqual({ href: 'https://a.example/', text: 'https://a.example' });
});

it('signs that turn the direction of writing are no part of a link', () => {
  expect(links('https://a.example/\u202Egpj.exe')).toEqual([{ href: 'https://a.example/', text: 'https://a.example/' }]);
});

it('no letter is lost or added', () => {
  for (const text of ['', 'a', 'http://a.example', 'x http://a.example. y http://b.example/(z) ', '\u200b<b>&amp;</b>']) expect(whole(text)).toBe(text);
});

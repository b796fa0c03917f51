// What a password's owner is told of it.
import { expect, it } from 'vitest';
import { isPassword, strength } from '../src/session/password';

it.each([
  ['', 'empty'],
  ['1234567', 'short'],
  ['12345678', 'plain'],
  ['aaaaaaaaaaaa', 'plain'],
  ['abcabcabcabc', 'plain'],
  ['20101984', 'plain'],
  ['lin-qiao-99', 'known'],
  ['k7Qp2xRv', 'fair'],
  ['correct horse battery', 'good'],
  ['今天下雨我在窗边喝茶', 'good'],
  ['x'.repeat(201), 'long'],
])('%s is %s', (password, is) => {
  expect(strength(password, ['Lin-Qiao', 'a'])).toBe(is);
});

it('counts characters as people do', () => {
  expect(isPassword('😀'.repeat(4))).toBe(false);
  expect(isPassword('密码密码密码密码')).toBe(true);
});

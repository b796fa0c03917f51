// A card is one only when it surely is; nothing in it leads or loads from where it should not.
import { describe, expect, it } from 'vitest';
import { cardOf, ratingOf } from '../../ui/card';

const HERE = 'https://chat.example';
const product = (more: object) => cardOf({ kind: 'product', title: '岭 2', ...more }, HERE);

describe('a product, an order', () => {
  it('has its words as text, whatever else was put there', () => {
    expect(cardOf({ kind: 'order', title: ' 岭 2 ', price: 1299, note: ['x'], number: '0387', state: { a: 1 } }, HERE)).toEqual({
      kind: 'order', title: '岭 2', price: '1299', note: '', number: '0387', state: '', picture: '', url: '',
    });
    expect(product({ number: '0387', state: '已签收' })).toMatchObject({ number: '', state: '' });
    expect(product({ title: 'x'.repeat(1_000) })?.title).toHaveLength(200);
  });

  it.each([null, 7, 'product', [], { kind: 'product' }, { kind: 'order', title: '  ' }, { kind: 'poll', title: 'x' }, { title: 'x' }])('%j is none', (msg) => {
    expect(cardOf(msg, HERE)).toBeUndefined();
  });

  it.each([
    ['https://shop.example/a?b=1', 'https://shop.example/a?b=1'],
    ['/chat/x', 'https://chat.example/chat/x'],
    ['http://shop.example/', ''],
    ['javascript:alert(1)', ''],
    ['data:text/html,x', ''],
    ['https://bank.example@evil.example/', ''],
    ['https://[', ''],
    ['', ''],
  ])('the link %j leads to %j', (url, to) => {
    expect(product({ url })?.url).toBe(to);
  });

  it.each([
    ['2018-11-08/onlinechat_1541665700474.png', '2018-11-08/onlinechat_1541665700474.png'],
    ['https://chat.example/a.png', 'https://chat.example/a.png'],
    ['https://elsewhere.example/a.png', ''],
    ['//elsewhere.example/a.png', ''],
    ['data:image/png;base64,xx', ''],
    ['', ''],
    [7, ''],
  ])('the picture %j is loaded from %j', (picture, from) => {
    expect(product({ picture })?.picture).toBe(from);
  });
});

describe('a rating', () => {
  it('has a square, and perhaps words', () => {
    expect(ratingOf({ kind: 'rating', rateresult: 'GOOD' })).toEqual({ rateresult: 'GOOD', tags: [], text: '' });
    expect(ratingOf({ kind: 'rating', rateresult: 'BAD', tags: ['回复慢', 7, '', {}], text: 'x' })).toEqual({ rateresult: 'BAD', tags: ['回复慢', '7'], text: 'x' });
  });

  it.each([null, { kind: 'rating' }, { kind: 'rating', rateresult: 'SUPER' }, { rateresult: 'GOOD' }])('%j is none', (msg) => {
    expect(ratingOf(msg)).toBeUndefined();
  });
});

// What a title shares with a text is marked where it stands.
import { expect, it } from 'vitest';
import { marked } from '../src/admin/marked';

/** The title with what is shared in brackets. */
const shown = (title: string, words: string[]): string => marked(title, words).map(({ text, shared }) => (shared ? `[${text}]` : text)).join('');

it.each<[string, string[], string]>([
  ['怎么申请退款', ['退款'], '怎么申请[退款]'],
  ['退款要多久，退款到哪', ['退款', '多久'], '[退款]要[多久]，[退款]到哪'],
  ['电子发票', ['电子', '电子发票'], '[电子发票]'],
  ['How do I get REFUNDS?', ['refund'], 'How do I get [REFUNDS]?'],
  ['Discard a card', ['card'], 'Discard a [card]'],
  ['用iPhone怎么付', ['iphone'], '用[iPhone]怎么付'],
  ['ＡＢＣ会员', ['abc'], '[ＡＢＣ]会员'],
  ['㎏ 怎么算', ['kg'], '㎏ 怎么算'],
  ['c++ (new)', ['c++'], '[c++] (new)'],
  ['nothing', [], 'nothing'],
])('%s with %j', (title, words, expected) => expect(shown(title, words)).toBe(expected));

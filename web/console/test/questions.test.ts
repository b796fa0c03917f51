// Questions from a file: what spreadsheets write is read, every bad line is told by its number, and the plan is what is saved.
import { describe, expect, it } from 'vitest';
import { decode } from '../src/admin/questions/bytes';
import { read, template, write, type Read } from '../src/admin/questions/csv';
import { plan } from '../src/admin/questions/plan';
import type { Present } from '../src/admin/questions/types';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function lines(text: string): Read {
  const found = read(text);
  if ('missing' in found) throw new Error(`lacks ${found.missing.join()}`);
  return found;
}

const returns: Present = {
  id: 't1',
  title: '退换货',
  default: true,
  enabled: true,
  order: 3,
  changed: 7,
  items: [
    { id: 'i1', title: '怎么退款', answer: '点退款' },
    { id: 'i2', title: '多久到账', answer: '三天' },
  ],
};

describe('the bytes of a file', () => {
  it('are UTF-8 with or without a mark', () => {
    expect(decode(utf8('分类'))).toEqual({ text: '分类', encoding: 'UTF-8' });
    expect(decode(utf8('\u{feff}分类'))).toEqual({ text: '分类', encoding: 'UTF-8' });
  });

  it('are GB18030 where Excel has written what it calls ANSI', () => {
    expect(decode(new Uint8Array([0xb7, 0xd6, 0xc0, 0xe0, 0x2c, 0x81, 0x30, 0x81, 0x30]))).toEqual({ text: '分类,\u{80}', encoding: 'GB18030' });
  });

  it('are UTF-16 where it has written Unicode text', () => {
    expect(decode(new Uint8Array([0xff, 0xfe, 0x06, 0x52, 0x7b, 0x7c]))).toEqual({ text: '分类', encoding: 'UTF-16' });
  });

  it('are no text in a picture', () => {
    expect(decode(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0xff, 0xff]))).toBeUndefined();
  });
});

describe('a file of questions', () => {
  it('may have its columns in any order, in either language, with more of them', () => {
    expect(lines('答案,备注,分类,问题\n点退款,x,退换货,怎么退款\n').lines).toEqual([{ number: 2, topic: '退换货', question: '怎么退款', answer: '点退款' }]);
    expect(lines('topic;QUESTION;Answer;welcome card;Order\nA;b, c;d;no;-2').lines).toEqual([{ number: 2, topic: 'A', question: 'b, c', answer: 'd', card: false, order: -2 }]);
  });

  it('says which columns it lacks', () => {
    expect(read('分类,问题\na,b')).toEqual({ missing: ['answer'] });
    expect(read('')).toEqual({ missing: ['topic', 'question', 'answer'] });
  });

  it('tells the line of the file, whatever breaks stand in an answer and however lines end', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const text = ['Topic,Question,Answer', 'A,one,"1', '2', '3"', '', 'A,,x', 'A,two,y'].join(end);
      const found = lines(text);
      expect(found.lines.map(({ number, question }) => [number, question])).toEqual([
        [2, 'one'],
        [7, 'two'],
      ]);
      expect(found.wrong).toEqual([{ number: 6, topic: 'A', question: '', answer: 'x', why: { key: 'csv_no_question' } }]);
    }
  });

  it('says of each bad line why', () => {
    const bad: [string, string][] = [
      [',q,a', 'csv_no_topic'],
      ['t,,a', 'csv_no_question'],
      ['t,q, ', 'csv_no_answer'],
      ['t,q\u0007,a', 'csv_control'],
      ['t,q,a,maybe', 'csv_no_flag'],
      ['t,q,a,,perhaps', 'csv_no_flag'],
      ['t,q,a,,,first', 'csv_no_number'],
      ['t,q,a,,,,b', 'csv_too_many'],
      [`${'t'.repeat(201)},q,a`, 'csv_long_topic'],
      [`t,${'q'.repeat(201)},a`, 'csv_long_question'],
      [`t,q,${'a'.repeat(10_001)}`, 'csv_long_answer'],
      ['t,q,"a', 'csv_quotes'],
    ];
    for (const [line, why] of bad) {
      const { wrong, lines: good } = lines(`Topic,Question,Answer,Welcome card,Enabled,Order\n${line}`);
      expect(good).toEqual([]);
      expect(wrong.map((one) => [one.number, one.why.key])).toEqual([[2, why]]);
    }
  });

  it('has titles of one line', () => {
    expect(lines('Topic,Question,Answer\nA,"two\n lines","b\nc"').lines).toEqual([{ number: 2, topic: 'A', question: 'two lines', answer: 'b\nc' }]);
  });

  it('counts characters as the server does', () => {
    expect(lines(`Topic,Question,Answer\n${'😀'.repeat(200)},q,a`).wrong).toEqual([]);
  });

  it('comes back as it was written, and no spreadsheet takes a text for a formula', () => {
    const hostile: Present = { ...returns, title: '=A1', default: false, items: ['=1+1', "'=x", '-5 °C', 'a "b", c', '@x', "it's"].map((title, at) => ({ id: `i${at}`, title, answer: `${title}\nsecond` })) };
    for (const language of ['zh', 'en'] as const) {
      const text = write([hostile, returns], language);
      expect(text.startsWith('\u{feff}')).toBe(true);
      expect(text).not.toMatch(/(^|,|\n)"?[=@-]/m);
      const { lines: found, wrong } = lines(text.slice(1));
      expect(wrong).toEqual([]);
      expect(plan([hostile, returns], found, wrong, true).counts).toEqual({ added: 0, changed: 0, same: 8, removed: 0, wrong: 0 });
    }
  });

  it('may begin as the template', () => {
    for (const language of ['zh', 'en'] as const) expect(lines(template(language).slice(1))).toMatchObject({ wrong: [], lines: [{ number: 2, card: true, order: 1 }, { number: 3 }] });
  });
});

describe('the plan', () => {
  const made = (text: string, present = [returns], drop = false): ReturnType<typeof plan> => {
    const { lines: found, wrong } = lines(text);
    return plan(present, found, wrong, drop);
  };

  it('adds, changes and leaves alone; ids stay, and what the file does not name stays', () => {
    const { entries, counts, topics } = made('分类,问题,答案\n退换货,怎么退款,点退款\n退换货,多久到账,五天\n退换货,能换吗,能\n物流,几天到,两天');
    expect(entries.map(({ number, fate }) => [number, fate])).toEqual([
      [2, 'same'],
      [3, 'changed'],
      [4, 'added'],
      [5, 'added'],
    ]);
    expect(counts).toEqual({ added: 2, changed: 1, same: 1, removed: 0, wrong: 0 });
    expect(entries[1]?.why).toEqual({ key: 'csv_answer_was', values: { answer: '三天' } });
    expect(topics).toEqual([
      {
        title: '退换货',
        default: true,
        enabled: true,
        order: 3,
        items: [
          { id: 'i1', title: '怎么退款', answer: '点退款' },
          { id: 'i2', title: '多久到账', answer: '五天' },
          { title: '能换吗', answer: '能' },
        ],
      },
      { title: '物流', default: true, enabled: true, order: 4, items: [{ title: '几天到', answer: '两天' }] },
    ]);
    expect(returns.items[1]?.answer).toBe('三天');
  });

  it('changes a topic once, and tells lines that contradict each other or stand twice', () => {
    const { entries, topics } = made('分类,问题,答案,欢迎卡片\n退换货,怎么退款,点退款,否\n退换货,多久到账,三天,否\n退换货,能换吗,能,是\n退换货,怎么退款,不退,');
    expect(entries.map(({ number, fate, why }) => [number, fate, why?.key, why?.values])).toEqual([
      [2, 'changed', 'csv_topic_changes', undefined],
      [3, 'same', undefined, undefined],
      [4, 'wrong', 'csv_otherwise', { line: 2 }],
      [5, 'wrong', 'csv_twice', { line: 2 }],
    ]);
    expect(topics[0]).toMatchObject({ default: false, items: [{ answer: '点退款' }, { answer: '三天' }] });
  });

  it('drops what the file does not name only when it is asked to, and topics that have nothing left', () => {
    const text = '分类,问题,答案\n物流,几天到,两天';
    expect(made(text).topics.map(({ title }) => title)).toEqual(['退换货', '物流']);
    const { counts, topics, entries } = made(text, [returns], true);
    expect(counts).toMatchObject({ added: 1, removed: 2 });
    expect(topics.map(({ title }) => title)).toEqual(['物流']);
    expect(entries.at(-1)).toEqual({ fate: 'removed', topic: '退换货', question: '多久到账', answer: '三天' });
  });

  it('finds a question in the second topic of the same name, and fills none over its limit', () => {
    const second: Present = { ...returns, id: 't2', items: [{ id: 'i9', title: '运费', answer: '免费' }] };
    const { entries, topics } = made('分类,问题,答案\n退换货,运费,十元', [returns, second]);
    expect(entries[0]?.fate).toBe('changed');
    expect(topics[1]?.items).toEqual([{ id: 'i9', title: '运费', answer: '十元' }]);
    const full: Present = { ...returns, items: Array.from({ length: 100 }, (_, n) => ({ id: `i${n}`, title: `q${n}`, answer: 'a' })) };
    expect(made('分类,问题,答案\n退换货,q100,a', [full]).entries[0]).toMatchObject({ fate: 'wrong', why: { key: 'csv_full' } });
  });
});

// Names of files, sizes, days and faces in the form in which they are shown.
import { describe, expect, it } from 'vitest';
import { extension, sizeInWords, splitName } from '../src/demo/file';
import { dayInWords } from '../src/demo/times';
import { initial, tint } from '../src/view/face';

describe('the name of a file', () => {
  it('is whole when it is short', () => {
    expect(splitName('补发单_0387.pdf')).toEqual(['补发单_0387.pdf', '']);
  });

  it('keeps its ending when it is long, and loses no character', () => {
    const name = '保修条款 2026 版（含海外地区）最终修订.pdf';
    const [start, ending] = splitName(name);
    expect(start + ending).toBe(name);
    expect(ending).toBe('最终修订.pdf');
  });

  it('is never cut inside of what looks like one letter', () => {
    const [start, ending] = splitName(`${'a'.repeat(20)}👨‍👩‍👧x.png`, 6);
    expect([start, ending]).toEqual(['a'.repeat(20), '👨‍👩‍👧x.png']);
  });

  it('gives the letters for its sheet', () => {
    expect(['a.pdf', 'a.tar.GZ', 'a', 'a.b c', '.ssh', 'a.jpeg2'].map(extension)).toEqual(['PDF', 'GZ', '', '', 'SSH', '']);
  });
});

describe('a size', () => {
  it('is said in the unit that fits', () => {
    expect([0, 1023, 1024, 84 * 1024, 1024 * 1024 - 1, 3.14 * 1024 * 1024, 10 * 1024 * 1024, 50 * 1024 * 1024].map(sizeInWords)).toEqual([
      '0 B', '1023 B', '1 KB', '84 KB', '1 MB', '3.1 MB', '10 MB', '50 MB',
    ]);
  });
});

describe('a day', () => {
  const now = new Date(2026, 10, 22, 9).getTime();
  const words = { today: '今天', yesterday: '昨天' };
  const day = (year: number, month: number, date: number, locale = 'zh-CN'): string => dayInWords(new Date(year, month - 1, date, 23).getTime(), now, locale, words);

  it('is near by name and far by date', () => {
    expect(day(2026, 11, 22)).toBe('今天');
    expect(day(2026, 11, 21)).toBe('昨天');
    expect(day(2026, 11, 14)).toBe('11 月 14 日 周六');
    expect(day(2025, 11, 22)).toBe('2025 年 11 月 22 日 周六');
    expect(day(2026, 11, 14, 'en-GB')).toBe('Sat 14 November');
  });
});

describe('a face', () => {
  it('shows the first letter of any script', () => {
    expect(['陈默', ' hannah', 'محمد', '👩‍🚀 Mia', ''].map(initial)).toEqual(['陈', 'H', 'م', '👩‍🚀', '?']);
  });

  it('has the same tint each time', () => {
    expect(tint('u20417')).toBe(tint('u20417'));
    expect(new Set(Array.from({ length: 50 }, (_, n) => tint(`aid ${n}`))).size).toBe(6);
  });
});

// What the form for leaving a message says: what is wrong with a way to be reached, and when somebody is there.
import { describe, expect, it } from 'vitest';
import { contactWrong } from '../src/more/contact';
import { hoursInWords } from '../src/more/hours';
import { more } from '../src/text/more';
import { texts } from '../src/text/texts';
import { speak, type Words } from '../src/text/say';

describe('a way to be reached', () => {
  it.each(['138 5712 2000', '13857122000', '+86 138-5712-2000', '0571 8888 6666', '010-12345', '周雨桐 13857122000', 'a@b.example', '+49 30 901820'])('%s will do', (text) => {
    expect(contactWrong(text)).toBeUndefined();
  });

  it.each([
    ['', 'leave_contact_missing', undefined],
    ['  ', 'leave_contact_missing', undefined],
    ['138 5712 200', 'leave_contact_digits', 1],
    ['13857122', 'leave_contact_digits', 3],
    ['138571220001', 'leave_contact_more', 1],
    ['a@b', 'leave_contact_mail', undefined],
    ['@b.example', 'leave_contact_mail', undefined],
    ['微信', 'leave_contact_neither', undefined],
  ])('%j lacks something', (text, key, n) => {
    expect(contactWrong(text)).toEqual(n ? { key, n } : { key });
  });
});

describe('business hours in words', () => {
  const now = new Date(2026, 8, 28, 12);
  const say = (setting: string, language: 'zh' | 'en' = 'zh') => {
    speak(Object.fromEntries(Object.entries({ ...texts, ...more }).map(([key, text]) => [key, text[language]])) as Words, language);
    return hoursInWords(setting, now, language === 'zh' ? 'zh-CN' : 'en-GB');
  };
  const days = (spans: string, ...names: string[]) => names.map((day) => `${day} ${spans}`).join('\n');

  it('nothing is said of a company that is always there, or never', () => {
    expect(say('')).toEqual([]);
    expect(say(days('closed', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'))).toEqual([]);
  });

  it('days that are alike are said together, in both languages', () => {
    const week = `${days('09:00-18:00', 'mon', 'tue', 'wed', 'thu', 'fri')}\nsat 10:00-12:00 13:30-16:00\nsun closed`;
    expect(say(week)).toEqual(['周一至周五 9:00 至 18:00，周六 10:00 至 12:00、13:30 至 16:00']);
    expect(say(week, 'en')).toEqual(['Monday to Friday 9:00 to 18:00, Saturday 10:00 to 12:00 and 13:30 to 16:00']);
    expect(say(days('00:00-24:00', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'))).toEqual(['每天 全天']);
  });

  it('special days are said when they are near', () => {
    expect(say('2026-10-10 10:00-16:00\n2026-10-01 closed\n2026-12-25 closed\n2026-09-27 closed')).toEqual(['10 月 1 日 周四 休息', '10 月 10 日 周六 10:00 至 16:00']);
    expect(say('2026-10-01 closed', 'en')).toEqual(['Thu 1 October closed']);
  });
});

// Business hours: what the form shows is what the setting says, and back.
import { describe, expect, it } from 'vitest';
import { readHours, writeHours } from '../src/admin/hours';

describe('business hours', () => {
  it('come back as they were', () => {
    const setting = 'mon 09:00-12:00 13:00-18:00\nsat 10:00-16:00\n2026-10-01 closed';
    expect(writeHours(readHours(setting))).toBe(setting);
    expect(readHours(setting)).toMatchObject({ always: false, days: { mon: '09:00-12:00 13:00-18:00', tue: '', sat: '10:00-16:00' }, dates: '2026-10-01 closed' });
  });

  it('without a line mean always, and closed every day is said', () => {
    expect(readHours('').always).toBe(true);
    expect(writeHours({ ...readHours(''), always: true })).toBe('');
    expect(writeHours({ ...readHours('mon 09:00-18:00\n2026-10-01 closed'), always: true })).toBe('2026-10-01 closed');
    expect(writeHours({ ...readHours(''), always: false }).split('\n')[0]).toBe('mon closed');
  });

  it('of single dates alone mean always but for those', () => {
    const setting = '2026-10-01 closed\n2026-10-08 10:00-16:00';
    expect(readHours(setting)).toMatchObject({ always: true, dates: setting });
    expect(writeHours(readHours(setting))).toBe(setting);
  });

  it('may be typed as people type', () => {
    const hours = readHours('');
    expect(writeHours({ ...hours, always: false, days: { ...hours.days, mon: '9:00 – 12:00，13：00至18:00' } })).toBe('mon 09:00-12:00 13:00-18:00');
  });
});

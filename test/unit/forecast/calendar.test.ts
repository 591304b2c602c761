import { describe, expect, it } from 'vitest';
import {
  ownDaysOf,
  unusualDay,
  unusualDays,
  type CalendarTerms,
  type HolidayOn,
} from '../../../shared/forecast/calendar.ts';
import { instant } from '../../../shared/kernel/instant.ts';
import type { ChangeValue, Dated } from '../../../shared/ledger/change.ts';

type WorkWeek = Extract<ChangeValue, { kind: 'work-week' }>;
type OwnDays = Extract<ChangeValue, { kind: 'own-days' }>;

const monday = '2026-11-16';
const saturday = '2026-11-21';

function week(changes: Partial<WorkWeek> = {}): WorkWeek {
  const weekdayPercents = [100, 100, 100, 100, 50, 0, 0];
  return { kind: 'work-week', weekdayPercents, country: 'DE', region: null, holidayPercent: 0, ...changes };
}

function own(name: string, changes: Partial<OwnDays>): OwnDays {
  return { kind: 'own-days', name, first: monday, last: monday, percent: 0, removed: false, ...changes };
}

function dated<Value>(...values: readonly (readonly [string, Value])[]): readonly Dated<Value>[] {
  return values.map(([from, value]) => ({ from: instant(Date.parse(from)), value }));
}

function terms(changes: Partial<CalendarTerms> = {}): CalendarTerms {
  return { workWeeks: dated(['2026-01-01', week()]), ownDays: new Map(), timeZone: 'Europe/Berlin', ...changes };
}

const holidays: HolidayOn = (date, country) =>
  country === 'DE' && (date === '2026-11-18' || date === saturday || date === '2026-11-20')
    ? { share: date === '2026-11-18' ? 0.5 : 1, name: `Holiday of ${date}` }
    : undefined;

const shown = (given: CalendarTerms, first: string, last: string) =>
  unusualDays(given, { first, last }, holidays).map(({ date, percent, reason }) => [date.slice(8), percent, reason]);

describe('which days are unusual', () => {
  it('[F13] nothing set: none', () => {
    const nothing = terms({ workWeeks: [] });
    expect(unusualDays(nothing, { first: '2026-01-01', last: '2026-12-31' }, holidays)).toEqual([]);
  });

  it('[F13] the week, holidays as far as they go, and both on one day', () => {
    expect(shown(terms(), monday, '2026-11-22')).toEqual([
      ['18', 50, 'holiday'],
      ['20', 0, 'holiday'],
      ['21', 0, 'week'],
      ['22', 0, 'week'],
    ]);
    const halfClosed = terms({ workWeeks: dated(['2026-01-01', week({ holidayPercent: 40 })]) });
    expect(shown(halfClosed, '2026-11-18', '2026-11-20')).toEqual([
      ['18', 70, 'holiday'],
      ['20', 20, 'holiday'],
    ]);
  });

  it('[F13] [G12] another week counts from its day on, and the first one before it too', () => {
    const fourDays = week({ weekdayPercents: [100, 100, 100, 100, 0, 0, 0], country: null });
    // In Berlin the 20th begins at 23:00 UTC of the 19th.
    const changed = terms({ workWeeks: dated(['2026-06-01', week()], ['2026-11-19T23:00:00Z', fourDays]) });
    expect(unusualDay(changed, '2026-11-13', holidays)?.percent).toBe(50);
    expect(unusualDay(changed, '2025-11-14', holidays)?.percent).toBe(50);
    expect(unusualDay(changed, '2026-11-20', holidays)).toMatchObject({ percent: 0, reason: 'week' });
  });

  it('[F13] days of one’s own stand in for week and holiday; a span leaves closed weekdays closed', () => {
    const ownDays = new Map([
      ['trip', dated(['2026-01-01', own('Trip', { first: '2026-11-18', last: '2026-11-22', percent: 100 })])],
      ['launch', dated(['2026-01-02', own('Launch', { first: saturday, last: saturday, percent: 150 })])],
    ]);
    expect(shown(terms({ ownDays }), '2026-11-17', '2026-11-23')).toEqual([
      ['20', 100, 'own'],
      ['21', 150, 'own'],
      ['22', 0, 'week'],
    ]);
  });

  it('[F13] [G12] the last version of own days holds, and what was taken away does not', () => {
    const ownDays = new Map([
      ['a', dated(['2026-01-01', own('Off', {})], ['2026-02-01', own('Half', { percent: 50 })])],
      ['b', dated(['2026-03-01', own('Gone', {})], ['2026-04-01', own('Gone', { removed: true })])],
    ]);
    const given = terms({ ownDays });
    expect(unusualDay(given, monday, holidays)).toEqual({ date: monday, percent: 50, reason: 'own', name: 'Half' });
    expect(ownDaysOf(ownDays).map(({ id, name }) => [id, name])).toEqual([['a', 'Half']]);
  });
});

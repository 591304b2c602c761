import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asToday,
  historyUnder,
  onlyPart,
  partsOf,
  type PastUse,
  type Scenario,
} from '../../../shared/advice/scenario.ts';
import { wholeCredits } from '../../../shared/kernel/credits.ts';

/** Two weeks from a Monday on; periods begin on the 5th. */
const past: PastUse = {
  history: [10, 10, 10, 10, 10, 0, 0, 20, 20, 20, 20, 20, 0, 0],
  firstDay: '2026-11-02',
  weekStart: 1,
  periodStartOf: (day) => (day < '2026-11-05' ? '2026-10-05' : '2026-11-05'),
  leaving: [],
  capped: [],
};
const ana = (days: readonly number[]) =>
  days.map((credits, day) => ({ subjectId: 'ana', day, credits })).filter(({ credits }) => credits > 0);

describe('use under a scenario', () => {
  it('is as it was where nothing is different', () => {
    expect(historyUnder(asToday, past)).toEqual(past.history);
  });

  it('grows by a share', () => {
    const history = historyUnder({ ...asToday, usePercent: 130 }, past);
    expect(history[0]).toBeCloseTo(13);
    expect(history[7]).toBeCloseTo(26);
  });

  it('loses what a team that leaves has used, and never more than there was', () => {
    const leaving = [
      { subjectId: 'design', day: 0, credits: 4 },
      { subjectId: 'design', day: 7, credits: 25 },
    ];
    expect(historyUnder({ ...asToday, teamsLeaving: ['design'] }, { ...past, leaving }).slice(0, 8)).toEqual([
      6, 10, 10, 10, 10, 0, 0, 0,
    ]);
  });

  it('is cut on each day that was over a cap of a day', () => {
    const capped = ana([8, 2]);
    const cap = { of: { kind: 'each-member' }, credits: wholeCredits(5), per: 'day' } as const;
    expect(historyUnder({ ...asToday, cap }, { ...past, capped }).slice(0, 3)).toEqual([7, 10, 10]);
  });

  it('is cut by the same share on every day of a week or period that was over the cap', () => {
    const capped = ana([6, 6, 0, 0, 0, 0, 0, 6, 2]);
    const cap = { of: { kind: 'each-member' }, credits: wholeCredits(6), per: 'week' } as const;
    const ofWeek = historyUnder({ ...asToday, cap }, { ...past, capped });
    expect(ofWeek.slice(0, 2)).toEqual([7, 7]);
    expect(ofWeek[7]).toBeCloseTo(20 - 6 * 0.25);
    expect(ofWeek[8]).toBeCloseTo(20 - 2 * 0.25);
    // 12 in the period until the 5th, 8 in the one since.
    const ofPeriod = historyUnder(
      { ...asToday, cap: { ...cap, credits: wholeCredits(8), per: 'period' } },
      { ...past, capped },
    );
    expect(ofPeriod[0]).toBeCloseTo(10 - 6 / 3);
    expect(ofPeriod[7]).toBe(20);
  });

  it('cuts after it has grown', () => {
    const cap = { of: { kind: 'each-member' }, credits: wholeCredits(5), per: 'day' } as const;
    const history = historyUnder({ ...asToday, cap, usePercent: 200 }, { ...past, capped: ana([4]) });
    expect(history[0]).toBeCloseTo(20 - 3);
  });

  it('leaves whoever has his own cap within it, and nobody below zero', () => {
    const anyUse = fc.array(
      fc.record({
        subjectId: fc.constantFrom('ana', 'ben'),
        day: fc.nat(13),
        credits: fc.integer({ min: 0, max: 30 }),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(
        anyUse,
        fc.integer({ min: 0, max: 40 }),
        fc.constantFrom('day', 'week', 'period'),
        (uses, limit, per) => {
          const history = Array.from({ length: 14 }, (_, day) =>
            uses.filter((use) => use.day === day).reduce((sum, use) => sum + use.credits, 0),
          );
          const merged = merge(uses);
          const cap = { of: { kind: 'each-member' }, credits: wholeCredits(limit), per } as const;
          const under = historyUnder({ ...asToday, cap }, { ...past, history, capped: merged });
          const looser = historyUnder(
            { ...asToday, cap: { ...cap, credits: wholeCredits(limit + 5) } },
            { ...past, history, capped: merged },
          );
          under.forEach((credits, day) => {
            expect(credits).toBeGreaterThanOrEqual(0);
            expect(credits).toBeLessThanOrEqual((history[day] ?? 0) + 1e-9);
            expect(credits).toBeLessThanOrEqual((looser[day] ?? 0) + 1e-9);
            // Two people, each with the cap.
            if (per === 'day') expect(credits).toBeLessThanOrEqual(2 * limit + 1e-9);
          });
        },
      ),
    );
  });
});

describe('the parts of a scenario', () => {
  const everything: Scenario = {
    seats: { member: 5 },
    planId: 'business',
    enteredAllotment: null,
    packs: [{ packId: 'starter', count: 1, on: null }],
    extra: { credits: wholeCredits(1), on: '2026-12-01' },
    cap: { of: { kind: 'team', teamId: 'design' }, credits: wholeCredits(1), per: 'day' },
    teamsLeaving: ['research'],
    usePercent: 130,
  };

  it('are told apart, and each alone has itself and nothing else', () => {
    expect(partsOf(asToday)).toEqual([]);
    expect(partsOf(everything)).toEqual(['seats', 'plan', 'packs', 'extra', 'cap', 'teams', 'use']);
    for (const part of partsOf(everything)) expect(partsOf(onlyPart(everything, part))).toEqual([part]);
  });

  it('give an allotment that was entered to the plan, and to the seats where the plan stays', () => {
    const entered = { ...everything, enteredAllotment: wholeCredits(900) };
    expect(onlyPart(entered, 'plan').enteredAllotment).toBe(wholeCredits(900));
    expect(onlyPart(entered, 'seats').enteredAllotment).toBeNull();
    expect(onlyPart({ ...entered, planId: null }, 'seats').enteredAllotment).toBe(wholeCredits(900));
  });
});

function merge(uses: PastUse['capped']): PastUse['capped'] {
  const sums = new Map<string, PastUse['capped'][number]>();
  for (const use of uses) {
    const key = `${use.subjectId}/${use.day}`;
    sums.set(key, { ...use, credits: use.credits + (sums.get(key)?.credits ?? 0) });
  }
  return [...sums.values()];
}

import { describe, expect, it } from 'vitest';
import { expectedLeaseUse } from '../../../shared/forecast/lease-use.ts';
import { pastForecast, tallyOf, type PastForecast } from '../../../shared/forecast/record.ts';
import { forecast } from '../../../shared/forecast/forecast.ts';
import { constant, inputFor, teamUse } from './series.ts';

const history = teamUse({ seed: 3, dayCount: 120 });
const use = { history, weekdayOfFirstHistoryDay: 0 };

describe('the record', () => {
  it('[F15] says what was said then: nothing that came later changes it', () => {
    const one = pastForecast(use, { madeOn: 60, days: 14, seed: 5 });
    const then = forecast(
      inputFor(history.slice(0, 60), { horizonDays: 14, daysUntilReset: null, seed: 5, availableNow: 1 }),
    );
    expect(one).toMatchObject({
      p10: then.cumulative.p10.at(-1),
      p50: then.cumulative.p50.at(-1),
      p90: then.cumulative.p90.at(-1),
      actual: history.slice(60, 74).reduce((sum, day) => sum + day, 0),
    });
    const otherwise = [...history.slice(0, 60), ...constant(60, 1e6)];
    const other = pastForecast({ ...use, history: otherwise }, { madeOn: 60, days: 14, seed: 5 });
    expect(other).toMatchObject({ p50: one?.p50, actual: 14e6, outcome: 'above' });
  });

  it('[F15] leaves out what is not over, was learned from too little, or was cut by a limit', () => {
    const asked = (madeOn: number, days: number, excludedDays: readonly number[] = []) =>
      pastForecast({ ...use, excludedDays }, { madeOn, days, seed: 1 });
    expect(asked(13, 7)).toBeNull();
    expect(asked(14, 7)).not.toBeNull();
    expect(asked(113, 7)).not.toBeNull();
    expect(asked(114, 7)).toBeNull();
    expect(asked(60, 0)).toBeNull();
    expect(asked(60, 7, [66])).toBeNull();
    expect(asked(60, 7, [67])).not.toBeNull();
    expect(asked(15, 7, [3, 4])).toBeNull();
  });

  it('[F15] knows the days that were closed', () => {
    const dayFactor = Array.from({ length: 60 }, (_, day) => (day >= 40 && day < 47 ? 0 : 1));
    const closed = dayFactor.map((factor) => factor * 10);
    const one = pastForecast(
      { history: closed, dayFactor, weekdayOfFirstHistoryDay: 0 },
      { madeOn: 40, days: 10, seed: 1 },
    );
    expect(one).toMatchObject({ actual: 30, outcome: 'inside', plainPace: 100 });
    expect(one?.p50).toBeCloseTo(30, -1);
  });

  it('[F15] counts what held, and how far the middle was off beside the plain pace', () => {
    const one = (changes: Partial<PastForecast>): PastForecast => ({
      madeOn: 20,
      days: 7,
      p10: 80,
      p50: 100,
      p90: 120,
      actual: 100,
      outcome: 'inside',
      plainPace: 150,
      ...changes,
    });
    expect(tallyOf([])).toEqual({ count: 0, inside: 0, below: 0, above: 0, miss: null, plainMiss: null });
    expect(
      tallyOf([
        one({}),
        one({ actual: 50, outcome: 'below' }),
        one({ actual: 0, outcome: 'below' }),
        one({ actual: 80 }),
      ]),
    ).toEqual({ count: 4, inside: 2, below: 2, above: 0, miss: 0.25, plainMiss: 0.875 });
  });

  it('[F15] of what a team uses, about eight in ten fall into the range', () => {
    let inside = 0;
    let count = 0;
    for (let seed = 0; seed < 40; seed++) {
      const days = teamUse({ seed, dayCount: 120 });
      for (const madeOn of [40, 68, 92]) {
        const one = pastForecast({ history: days, weekdayOfFirstHistoryDay: 0 }, { madeOn, days: 21, seed });
        if (!one) continue;
        count += 1;
        if (one.outcome === 'inside') inside += 1;
      }
    }
    expect(count).toBe(120);
    expect(inside / count).toBeGreaterThan(0.72);
  });
});

describe('the use of a lease', () => {
  const known = { history, todayFractionLeft: 1, weekdayOfFirstHistoryDay: 0, seed: 3 };

  it('[F16] is what nine of ten futures stay below for three days', () => {
    const p90 = forecast(inputFor(history, { horizonDays: 4, daysUntilReset: null, seed: 3, availableNow: 1 }));
    expect(expectedLeaseUse(known)).toBe(p90.cumulative.p90[2]);
    // The last of three days ends where it began, inside a day.
    const evening = expectedLeaseUse({ ...known, todayFractionLeft: 0.25 }) ?? 0;
    expect(evening).toBeGreaterThan(0.5 * (expectedLeaseUse(known) ?? 0));
    expect(evening).toBeLessThan(1.5 * (expectedLeaseUse(known) ?? 0));
  });

  it('[F16] of a share is less, but more than the share of it', () => {
    const all = expectedLeaseUse(known) ?? 0;
    const quarter = expectedLeaseUse({ ...known, share: 0.25 }) ?? 0;
    expect(quarter).toBeGreaterThan(0.25 * all);
    expect(quarter).toBeLessThan(0.5 * all);
    expect(expectedLeaseUse({ ...known, share: 0 })).toBe(0);
  });

  it('[F16] says nothing with nothing to learn from, and nothing is used where nothing was', () => {
    expect(expectedLeaseUse({ ...known, history: [] })).toBeNull();
    expect(expectedLeaseUse({ ...known, history: constant(20, 0) })).toBe(0);
    expect(expectedLeaseUse({ ...known, history: [5] })).toBeGreaterThan(10);
  });
});

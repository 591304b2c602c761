import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecast } from '../../../shared/forecast/forecast.ts';
import type { ForecastResult } from '../../../shared/forecast/forecast.ts';
import { constant, inputFor, teamUse } from './series.ts';

const anyHistory = fc.array(
  fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e12, noNaN: true }), fc.integer({ min: 0, max: 500 })),
  { maxLength: 60 },
);

function last(values: readonly number[]): number {
  return values.at(-1) ?? Number.NaN;
}

function figuresOf(result: ForecastResult): readonly number[] {
  const { cumulative, endOfPeriod, runOut, pacePerDay } = result;
  return [
    ...Object.values(cumulative).flat(),
    ...Object.values(endOfPeriod ?? {}),
    ...Object.values(runOut ?? {}),
    pacePerDay,
  ].filter((figure) => figure !== null);
}

function expectNonDecreasing(values: readonly number[]): void {
  for (let index = 1; index < values.length; index++) {
    expect(values[index]).toBeGreaterThanOrEqual(values[index - 1] ?? Number.NaN);
  }
}

describe('what is answered', () => {
  it.each([
    [0, 'none'],
    [1, 'pace-only'],
    [6, 'pace-only'],
    [7, 'early'],
    [13, 'early'],
    [14, 'full'],
    [400, 'full'],
  ] as const)('[F1] %i days of history: %s', (dayCount, quality) => {
    const result = forecast(inputFor(constant(dayCount, 10)));
    expect(result.quality).toBe(quality);
    expect(result.pacePerDay === null).toBe(dayCount === 0);
    expect(result.cumulative.p50).toHaveLength(dayCount === 0 ? 0 : 30);
    const isDated = quality === 'early' || quality === 'full';
    expect(result.endOfPeriod !== null).toBe(isDated);
    expect(result.runOut !== null).toBe(isDated);
  });

  it('[F2] days on which a limit refused work are neither counted nor learned from', () => {
    const history = [...constant(10, 50), ...constant(4, 0)];
    const excludedDays = [10, 11, 12, 13];
    const result = forecast(inputFor(history, { excludedDays }));
    expect(result.quality).toBe('early');
    expect(result.pacePerDay).toBeCloseTo(50, 6);
    const other = forecast(inputFor([...constant(10, 50), ...constant(4, 9999)], { excludedDays }));
    expect(other).toEqual(result);
    expect(forecast(inputFor([5], { excludedDays: [0] })).quality).toBe('none');
  });

  it('[F2] closed days count as days, and what was used on them is not learned', () => {
    const dayFactor = [...constant(12, 1), 0, 0];
    const history = [...constant(12, 50), 0, 0];
    const result = forecast(inputFor(history, { dayFactor }));
    expect(result.quality).toBe('full');
    expect(result.cumulative.mean[0]).toBeCloseTo(50, 6);
    expect(forecast(inputFor(history)).cumulative.mean[0]).toBeLessThan(47);
  });

  it('[F2] only the newest 400 days count, and negative days count as idle', () => {
    const recent = teamUse({ seed: 5, dayCount: 400 });
    const result = forecast(inputFor([...constant(70, 1e6), ...recent]));
    expect(result).toEqual(forecast(inputFor(recent)));
    expect(forecast(inputFor([...constant(20, 5), -40]))).toEqual(forecast(inputFor([...constant(20, 5), 0])));
  });

  it('[F1] figures that are no figures are a bug of the caller', () => {
    expect(() => forecast(inputFor([1, Number.NaN]))).toThrow('History must be finite');
    expect(() => forecast(inputFor([1], { todayFractionLeft: 1.2 }))).toThrow('What is left of today');
    expect(() => forecast(inputFor([1], { horizonDays: 0 }))).toThrow('The horizon');
    expect(() => forecast(inputFor([1], { daysUntilReset: -1 }))).toThrow('The reset');
    expect(() => forecast(inputFor([1], { weekdayOfFirstHistoryDay: 7 }))).toThrow('A weekday');
  });
});

describe('any history', () => {
  it('[F7] ranges are finite, in order and never decrease', () => {
    fc.assert(
      fc.property(anyHistory, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (history, seed, left) => {
        const result = forecast(inputFor(history, { seed, todayFractionLeft: left, daysUntilReset: 17.3 }));
        for (const figure of figuresOf(result)) expect(Number.isFinite(figure)).toBe(true);
        const { p10, p50, p90, mean } = result.cumulative;
        for (const values of [p10, p50, p90, mean]) expectNonDecreasing(values);
        p50.forEach((middle, day) => {
          expect(middle).toBeGreaterThanOrEqual(p10[day] ?? Number.NaN);
          expect(middle).toBeLessThanOrEqual(p90[day] ?? Number.NaN);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('[F7] one spike, one day, tiny and enormous credits stay finite', () => {
    const spike = [...constant(40, 0), 500, ...constant(19, 0)];
    for (const history of [spike, [3], constant(30, 1e-9), constant(30, 1e290), [0, 0, 0, 1e15]]) {
      const result = forecast(inputFor(history, { horizonDays: 400 }));
      for (const figure of figuresOf(result)) expect(Number.isFinite(figure)).toBe(true);
      expectNonDecreasing(result.cumulative.p90);
      expect(last(result.cumulative.mean)).toBeGreaterThan(0);
    }
  });

  it('[F12] idle so far: nothing is expected, and nothing runs out', () => {
    const result = forecast(inputFor(constant(30, 0), { usedThisPeriod: 0, availableNow: 5 }));
    expect(result.pacePerDay).toBe(0);
    expect(new Set(Object.values(result.cumulative).flat())).toEqual(new Set([0]));
    expect(result.endOfPeriod).toEqual({ p10: 0, p50: 0, p90: 0, mean: 0 });
    expect(result.runOut).toEqual({ p10: null, p50: null, p90: null, probability: 0 });
  });

  it('[F7] next to nothing is no use, and no figure overflows by it', () => {
    const result = forecast(inputFor([5e-324, 0], { seed: 0, todayFractionLeft: 0, daysUntilReset: 17.3 }));
    for (const figure of figuresOf(result)) expect(figure).toBe(0);
  });

  it('[F8] the seed alone decides', () => {
    fc.assert(
      fc.property(anyHistory, fc.nat(), (history, seed) => {
        const input = inputFor(history, { seed });
        expect(forecast(input)).toEqual(forecast(structuredClone(input)));
      }),
      { numRuns: 20 },
    );
    const history = teamUse({ seed: 2, dayCount: 60 });
    const one = forecast(inputFor(history, { seed: 1 }));
    const two = forecast(inputFor(history, { seed: 2 }));
    expect(two).not.toEqual(one);
    expect(last(two.cumulative.p50) / last(one.cumulative.p50)).toBeCloseTo(1, 1);
    expect(two.cumulative.mean).toEqual(one.cumulative.mean);
  });

  it('[F7] twice the use is twice the forecast', () => {
    const history = teamUse({ seed: 9, dayCount: 45 });
    const one = forecast(inputFor(history));
    const two = forecast(inputFor(history.map((use) => 2 * use)));
    expect(two.cumulative.p90).toEqual(one.cumulative.p90.map((value) => 2 * value));
    expect(two.pacePerDay).toBe(2 * (one.pacePerDay ?? Number.NaN));
  });
});

describe('coming days', () => {
  it('[F7] the mean follows the weekdays', () => {
    const history = Array.from({ length: 140 }, (_, day) => (day % 7 < 5 ? 100 : 0));
    const { mean } = forecast(inputFor(history)).cumulative;
    const daily = mean.map((value, day) => value - (mean[day - 1] ?? 0));
    expect(daily[2]).toBeGreaterThan(5 * (daily[6] ?? Number.NaN));
    expect(mean[6]).toBeGreaterThan(490);
    expect(mean[6]).toBeLessThan(510);
  });

  it('[F7] a closed day uses nothing and the pace counts closed days as they came', () => {
    const dayFactor = Array.from({ length: 60 }, (_, day) => (day % 7 < 5 ? 1 : 0));
    const history = dayFactor.slice(0, 28).map((factor) => factor * 70);
    const result = forecast(inputFor(history, { dayFactor }));
    expect(result.pacePerDay).toBeCloseTo(50, 0);
    const { p90 } = result.cumulative;
    expect(p90[5]).toBe(p90[4]);
    expect(p90[6]).toBe(p90[4]);
    expect(p90[7]).toBeGreaterThan(p90[6] ?? Number.NaN);
  });

  it('[F7] the little that happens on days that are hardly open makes whole days no less sure', () => {
    // Weekends at 5 %, on which every third day has ten times its share and the others nothing.
    const isWeekend = (day: number): boolean => day % 7 > 4;
    const history = Array.from({ length: 84 }, (_, day) =>
      isWeekend(day) ? (day % 3 === 0 ? 50 : 0) : 80 + ((day * 37) % 41),
    );
    const weekOf = (weekend: number) => {
      const dayFactor = Array.from({ length: 120 }, (_, day) => (isWeekend(day) ? weekend : 1));
      const { p10, p50, p90 } = forecast(inputFor(history, { dayFactor })).cumulative;
      return { middle: p50[6] ?? 0, width: (p90[6] ?? 0) - (p10[6] ?? 0) };
    };
    const [closed, hardly] = [weekOf(0), weekOf(0.05)];
    expect(hardly.width / closed.width).toBeLessThan(1.3);
    expect(hardly.middle / closed.middle).toBeGreaterThan(0.95);
    expect(hardly.middle / closed.middle).toBeLessThan(1.15);
  });

  it('[F7] only what is left of today is still to come', () => {
    const history = constant(28, 40);
    const whole = forecast(inputFor(history)).cumulative;
    const quarter = forecast(inputFor(history, { todayFractionLeft: 0.25 })).cumulative;
    expect(quarter.mean[0]).toBeCloseTo(10, 9);
    expect(quarter.p50[0]).toBeCloseTo(0.25 * (whole.p50[0] ?? Number.NaN), 9);
    expect(forecast(inputFor(history, { todayFractionLeft: 0 })).cumulative.p90[0]).toBe(0);
  });

  it('[F11] the end of the period is what is used and what comes, cut at the reset inside a day', () => {
    const history = constant(28, 40);
    const input = inputFor(history, { usedThisPeriod: 500, daysUntilReset: 2.75, todayFractionLeft: 0.5 });
    const result = forecast(input);
    expect(result.endOfPeriod?.mean).toBeCloseTo(500 + 2.75 * 40, 9);
    expect(result.endOfPeriod?.p10).toBeLessThan(result.endOfPeriod?.p90 ?? Number.NaN);
    expect(forecast({ ...input, daysUntilReset: 0 }).endOfPeriod?.p90).toBe(500);
    expect(forecast({ ...input, daysUntilReset: null }).endOfPeriod).toBeNull();
  });

  it('[F11] a reset beyond the horizon is still reached', () => {
    const result = forecast(inputFor(constant(28, 10), { horizonDays: 5, daysUntilReset: 100 }));
    expect(result.cumulative.p50).toHaveLength(5);
    expect(result.endOfPeriod?.mean).toBeCloseTo(1000, 6);
    expect(result.runOut?.probability).toBeGreaterThan(0.2);
  });
});

it('[F7] of what really comes, eight in ten fall into the range', () => {
  const caseCount = 200;
  for (const dayCount of [10, 21, 60]) {
    let inside = 0;
    for (let seed = 0; seed < caseCount; seed++) {
      const all = teamUse({ seed, dayCount: dayCount + 21 });
      const actual = all.slice(dayCount).reduce((sum, use) => sum + use, 0);
      const result = forecast(inputFor(all.slice(0, dayCount), { seed, horizonDays: 21 }));
      if (actual >= last(result.cumulative.p10) && actual <= last(result.cumulative.p90)) inside += 1;
    }
    // These series have no drift and no change of habit, of which real ones are full: the range is on the wide side.
    expect(inside / caseCount).toBeGreaterThan(0.75);
  }
});

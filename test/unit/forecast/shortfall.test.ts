import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecast } from '../../../shared/forecast/forecast.ts';
import { shortfallOf } from '../../../shared/forecast/shortfall.ts';
import type { Paths } from '../../../shared/forecast/simulate.ts';
import { constant, inputFor, teamUse } from './series.ts';

/** Ten credits a day on one path. */
const tenADay: Paths = {
  pathCount: 1,
  dayCount: 30,
  cumulative: Float64Array.from({ length: 30 }, (_, day) => 10 * (day + 1)),
};

function shortOf(pool: Partial<Parameters<typeof shortfallOf>[1]>, daysUntilReset: number): number {
  const all = { expiringNow: 0, lastingNow: 0, replenish: [], ...pool };
  return shortfallOf(tenADay, all, { todayFractionLeft: 1, daysUntilReset }).mean;
}

describe('what nothing pays', () => {
  it('[F14] counts from the run-out to the reset, which may fall inside a day', () => {
    expect(shortOf({ expiringNow: 45 }, 10)).toBeCloseTo(55, 9);
    expect(shortOf({ expiringNow: 45 }, 4)).toBe(0);
    expect(shortOf({ expiringNow: 45 }, 5.25)).toBeCloseTo(7.5, 9);
    expect(shortOf({ expiringNow: 30, lastingNow: 30 }, 10)).toBeCloseTo(40, 9);
  });

  it('[F14] is not taken from what is granted later, and what is gone already pays nothing', () => {
    // Short from day 2 to 5; the pack of day 5 pays for what comes after it alone.
    expect(shortOf({ lastingNow: 20, replenish: [{ dayOffset: 5, add: 50 }] }, 10)).toBeCloseTo(30, 9);
    expect(shortOf({ lastingNow: 20, replenish: [{ dayOffset: 5, add: 20 }] }, 10)).toBeCloseTo(60, 9);
    expect(shortOf({ lastingNow: -500 }, 3)).toBeCloseTo(30, 9);
    expect(shortOf({ expiringNow: 20, replenish: [{ dayOffset: 3, setTo: 15 }] }, 5)).toBeCloseTo(15, 9);
  });

  it('[F14] goes with the projection: short is what the end of the period is above what there is', () => {
    const history = constant(60, 10);
    const { endOfPeriod, shortfall } = forecast(inputFor(history, { availableNow: 120, daysUntilReset: 20 }));
    expect(shortfall?.p50).toBeCloseTo((endOfPeriod?.p50 ?? 0) - 120, 6);
    expect(shortfall?.p90).toBeCloseTo((endOfPeriod?.p90 ?? 0) - 120, 6);
    expect(forecast(inputFor(history, { daysUntilReset: null })).shortfall).toBeNull();
    expect(forecast(inputFor([1, 2, 3])).shortfall).toBeNull();
    expect(forecast(inputFor(history, { availableNow: 1e9 })).shortfall).toEqual({ p10: 0, p50: 0, p90: 0, mean: 0 });
  });

  it('[F14] is never more with more credits, and there is none where nothing runs out', () => {
    const pools = fc.record({
      seed: fc.nat(),
      dayCount: fc.integer({ min: 7, max: 60 }),
      available: fc.double({ min: -50, max: 4000, noNaN: true }),
      more: fc.double({ min: 0, max: 1000, noNaN: true }),
      add: fc.double({ min: -300, max: 300, noNaN: true }),
    });
    fc.assert(
      fc.property(pools, ({ seed, dayCount, available, more, add }) => {
        const of = (availableNow: number) =>
          forecast(inputFor(teamUse({ seed, dayCount }), { seed, availableNow, replenish: [{ dayOffset: 6.5, add }] }));
        const less = of(available);
        const longer = of(available + more);
        for (const key of ['p10', 'p50', 'p90', 'mean'] as const) {
          expect(longer.shortfall?.[key]).toBeLessThanOrEqual((less.shortfall?.[key] ?? Number.NaN) + 1e-6);
        }
        if (less.runOut?.probability === 0) expect(less.shortfall?.mean).toBeLessThan(1e-6);
      }),
      { numRuns: 60 },
    );
  });
});

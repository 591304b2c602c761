import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecast } from '../../../shared/forecast/forecast.ts';
import { runOutOf } from '../../../shared/forecast/run-out.ts';
import type { PoolOutlook } from '../../../shared/forecast/run-out.ts';
import type { Paths } from '../../../shared/forecast/simulate.ts';
import { constant, inputFor, teamUse } from './series.ts';

/** One path that uses the same every day. */
function steadyPath(perDay: number, dayCount: number, firstDayLeft = 1): Paths {
  const cumulative = Float64Array.from({ length: dayCount }, (_, day) => perDay * (firstDayLeft + day));
  return { pathCount: 1, dayCount, cumulative };
}

function offsetOf(
  paths: Paths,
  pool: Partial<PoolOutlook>,
  clock: { readonly todayFractionLeft?: number; readonly daysUntilReset?: number | null } = {},
): { readonly offset: number | null; readonly probability: number } {
  const runOut = runOutOf(
    paths,
    { expiringNow: 0, lastingNow: 0, replenish: [], ...pool },
    { todayFractionLeft: clock.todayFractionLeft ?? 1, daysUntilReset: clock.daysUntilReset ?? null },
  );
  return { offset: runOut.p50, probability: runOut.probability };
}

describe('one path', () => {
  it('[F9] runs out where the available credits are used up, inside a day', () => {
    expect(offsetOf(steadyPath(10, 30), { expiringNow: 45 }).offset).toBeCloseTo(4.5, 12);
    expect(offsetOf(steadyPath(10, 30, 0.25), { lastingNow: 45 }, { todayFractionLeft: 0.25 }).offset).toBe(4.5);
    expect(offsetOf(steadyPath(10, 30), { expiringNow: 500 }).offset).toBeNull();
  });

  it('[F9] a reset drops what is left of the allotment and replaces it; packs stay', () => {
    const replenish = [
      { dayOffset: 5, setTo: 20 },
      { dayOffset: 10, setTo: 20 },
    ];
    // 100 would last ten days, but only 20 remain after the fifth: used up at 7.
    expect(offsetOf(steadyPath(10, 30), { expiringNow: 100, replenish }).offset).toBeCloseTo(7, 12);
    // A reset brings 20 of the 50 that five days need; packs pay the other 30 twice and are gone at 15.
    const pool = { expiringNow: 50, lastingNow: 60, replenish };
    expect(offsetOf(steadyPath(10, 30), pool).offset).toBeCloseTo(15, 12);
  });

  it('[F9] grants start and end; ending ones take only what is unspent', () => {
    expect(offsetOf(steadyPath(10, 30), { lastingNow: 30, replenish: [{ dayOffset: 2, add: 40 }] }).offset).toBe(7);
    expect(offsetOf(steadyPath(10, 30), { lastingNow: 30, replenish: [{ dayOffset: 3.5, add: 40 }] }).offset).toBe(3);
    const ending = { lastingNow: 100, replenish: [{ dayOffset: 4.5, add: -80 }] };
    expect(offsetOf(steadyPath(10, 30), ending).offset).toBe(4.5);
    expect(offsetOf(steadyPath(0, 30), ending).offset).toBeNull();
  });

  it('[F9] the order in which changes are given does not matter', () => {
    const replenish = [
      { dayOffset: 9, setTo: 50 },
      { dayOffset: 3, add: 20 },
      { dayOffset: 6, setTo: 10 },
    ];
    const forwards = offsetOf(steadyPath(10, 30), { expiringNow: 40, replenish });
    expect(offsetOf(steadyPath(10, 30), { expiringNow: 40, replenish: replenish.toReversed() })).toEqual(forwards);
  });

  it('[F9] the last credit spent exactly at the reset is no run-out', () => {
    const replenish = [{ dayOffset: 5, setTo: 1000 }];
    const clock = { daysUntilReset: 5 };
    expect(offsetOf(steadyPath(10, 30), { expiringNow: 50, replenish }, clock)).toEqual({
      offset: null,
      probability: 0,
    });
    const short = offsetOf(steadyPath(10, 30), { expiringNow: 49, replenish }, clock);
    expect(short.offset).toBeCloseTo(4.9, 12);
    expect(short.probability).toBe(1);
  });

  it('[F10] a run-out after the reset is dated but does not count as before it', () => {
    const replenish = [{ dayOffset: 5, setTo: 30 }];
    const after = offsetOf(steadyPath(10, 30), { expiringNow: 60, replenish }, { daysUntilReset: 5 });
    expect(after).toEqual({ offset: 8, probability: 0 });
  });
});

describe('all paths', () => {
  it('[F9] an empty pool has run out now, with any history', () => {
    const now = { p10: 0, p50: 0, p90: 0, probability: 1 };
    for (const history of [[], [4], constant(30, 0), constant(30, 9)]) {
      expect(forecast(inputFor(history, { availableNow: 0 })).runOut).toEqual(now);
      expect(forecast(inputFor(history, { availableNow: -112 })).runOut).toEqual(now);
    }
  });

  it('[F9] without a word about packs, all that is left ends at the reset', () => {
    const history = constant(60, 10);
    const replenish = [{ dayOffset: 20, setTo: 100 }];
    const input = inputFor(history, { availableNow: 1000, replenish, horizonDays: 60 });
    expect(forecast(input).runOut?.p50).toBeCloseTo(30, 0);
    expect(forecast({ ...input, expiringNow: 200 }).runOut?.p50).toBeNull();
    expect(forecast({ ...input, expiringNow: 800 }).runOut?.p50).toBeCloseTo(50, 0);
  });

  it('[F10] early end first, and quantiles beyond the simulated days are null', () => {
    const history = teamUse({ seed: 4, dayCount: 90 });
    const { runOut } = forecast(inputFor(history, { availableNow: 1100 }));
    expect(runOut?.p10).toBeGreaterThan(0);
    expect(runOut?.p50).toBeGreaterThan(runOut?.p10 ?? Number.NaN);
    expect(runOut?.p90).toBeGreaterThan(runOut?.p50 ?? Number.NaN);
    expect(forecast(inputFor(history, { availableNow: 1e9 })).runOut).toEqual({
      p10: null,
      p50: null,
      p90: null,
      probability: 0,
    });
  });

  it('[F10] more credits never make a run-out earlier or more probable', () => {
    const pools = fc.record({
      available: fc.double({ min: -50, max: 4000, noNaN: true }),
      more: fc.double({ min: 0, max: 2000, noNaN: true }),
      setTo: fc.double({ min: 0, max: 1500, noNaN: true }),
      add: fc.double({ min: -500, max: 500, noNaN: true }),
      seed: fc.nat(),
      dayCount: fc.integer({ min: 7, max: 60 }),
    });
    fc.assert(
      fc.property(pools, ({ available, more, setTo, add, seed, dayCount }) => {
        const runOutWith = (availableNow: number) =>
          forecast(
            inputFor(teamUse({ seed, dayCount }), {
              availableNow,
              expiringNow: 200,
              replenish: [
                { dayOffset: 20, setTo },
                { dayOffset: 11.5, add },
              ],
              seed,
            }),
          ).runOut;
        const less = runOutWith(available);
        const longer = runOutWith(available + more);
        expect(longer?.probability).toBeLessThanOrEqual(less?.probability ?? Number.NaN);
        for (const quantile of ['p10', 'p50', 'p90'] as const) {
          const later = longer?.[quantile] ?? Number.POSITIVE_INFINITY;
          expect(later).toBeGreaterThanOrEqual((less?.[quantile] ?? Number.POSITIVE_INFINITY) - 1e-9);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('[F10] the date and the cumulative use tell the same story', () => {
    const history = teamUse({ seed: 8, dayCount: 60 });
    const { cumulative, runOut } = forecast(inputFor(history, { availableNow: 900 }));
    const crossing = cumulative.p50.findIndex((used) => used >= 900);
    expect(Math.abs((runOut?.p50 ?? Number.NaN) - (crossing + 0.5))).toBeLessThanOrEqual(0.75);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortByDay } from '../../../shared/advice/shortfall.ts';

const evenly = { todayFractionLeft: 1, replenish: [] };

describe('what is short', () => {
  it('begins where allotment and packs are used up, and is gone with the next allotment', () => {
    const supply = { ...evenly, availableNow: 25, expiringNow: 15, replenish: [{ dayOffset: 4, setTo: 12 }] };
    expect(shortByDay([10, 20, 30, 40, 50, 60], supply)).toEqual([0, 0, 5, 10, 0, 8]);
  });

  it('takes nothing from what comes later', () => {
    const supply = { ...evenly, availableNow: 0, replenish: [{ dayOffset: 1, add: 5 }] };
    expect(shortByDay([100, 104], supply)).toEqual([100, 0]);
  });

  it('counts a reset within a day by its hours, and stops where it is told', () => {
    const supply = { ...evenly, availableNow: 2, replenish: [{ dayOffset: 0.5, setTo: 3 }] };
    expect(shortByDay([10], supply)).toEqual([5]);
    expect(shortByDay([10, 20], supply, 0.5)).toEqual([3, 0]);
  });

  it('ends lasting credits only as far as they are left', () => {
    const supply = { ...evenly, availableNow: 10, expiringNow: 0, replenish: [{ dayOffset: 1, add: -8 }] };
    expect(shortByDay([4, 8], supply)).toEqual([0, 4]);
  });

  const anySupply = fc.record({
    availableNow: fc.integer({ min: 0, max: 50 }),
    expiringNow: fc.integer({ min: 0, max: 50 }),
    todayFractionLeft: fc.constantFrom(1, 0.5, 0.25),
    replenish: fc.array(
      fc.oneof(
        fc.record({ dayOffset: fc.integer({ min: 0, max: 12 }), setTo: fc.integer({ min: 0, max: 40 }) }),
        fc.record({ dayOffset: fc.integer({ min: 0, max: 12 }), add: fc.integer({ min: -20, max: 20 }) }),
      ),
      { maxLength: 4 },
    ),
  });
  const anyUse = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 10 });

  it('is never more than the use of the day, and never more for more credits', () => {
    fc.assert(
      fc.property(anySupply, anyUse, fc.integer({ min: 0, max: 20 }), (supply, use, more) => {
        const cumulative = use.map((_, day) => use.slice(0, day + 1).reduce((sum, one) => sum + one, 0));
        const short = shortByDay(cumulative, supply);
        const expiringNow = Math.min(supply.availableNow, supply.expiringNow);
        const richer = shortByDay(cumulative, { ...supply, availableNow: supply.availableNow + more, expiringNow });
        short.forEach((credits, day) => {
          expect(credits).toBeGreaterThanOrEqual(0);
          expect(credits).toBeLessThanOrEqual((use[day] ?? 0) + 1e-9);
        });
        expect(total(richer)).toBeLessThanOrEqual(total(short) + 1e-9);
      }),
    );
  });

  it('is all that goes beyond what there is, where nothing comes or goes', () => {
    fc.assert(
      fc.property(anySupply, anyUse, (supply, use) => {
        const cumulative = use.map((_, day) => use.slice(0, day + 1).reduce((sum, one) => sum + one, 0));
        const short = shortByDay(cumulative, { ...supply, replenish: [] });
        expect(total(short)).toBeCloseTo(Math.max(0, (cumulative.at(-1) ?? 0) - supply.availableNow), 4);
      }),
    );
  });
});

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

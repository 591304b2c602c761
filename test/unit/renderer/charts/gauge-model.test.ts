import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaugeOf, shareLeft, type GaugeBalance } from '../../../../renderer/charts/gauge-model.ts';
import { credits, wholeCredits } from '../../../../shared/kernel/credits.ts';

function balance(figures: {
  readonly used?: number;
  readonly held?: number;
  readonly available?: number;
  readonly overage?: number;
  readonly remaining?: readonly number[];
}): GaugeBalance {
  return {
    used: wholeCredits(figures.used ?? 0),
    held: wholeCredits(figures.held ?? 0),
    available: wholeCredits(figures.available ?? 0),
    overage: wholeCredits(figures.overage ?? 0),
    grants: (figures.remaining ?? []).map((remaining) => ({ remaining: wholeCredits(remaining) })),
  };
}

describe('gaugeOf', () => {
  it('[G7] draws use beyond all grants past the full mark and never clamps it', () => {
    const gauge = gaugeOf(balance({ used: 1612, overage: 112, remaining: [0] }));
    expect(gauge.capacity).toBe(wholeCredits(1500));
    expect(gauge.used).toBe(wholeCredits(1612));
    expect(gauge.full).toBe(1500);
    expect(gauge.scaleMax).toBe(1612);
    expect(gauge.arcs).toEqual([
      { part: 'used', upTo: 1500 },
      { part: 'over', upTo: 1612 },
    ]);
  });

  it('counts packs into what is full, beside what the allotment paid already', () => {
    const gauge = gaugeOf(balance({ used: 1750, held: 40, available: 1710, remaining: [0, 1750] }));
    expect(gauge.capacity).toBe(wholeCredits(3500));
    expect(gauge.arcs).toEqual([
      { part: 'used', upTo: 1750 },
      { part: 'held', upTo: 1790 },
      { part: 'left', upTo: 3500 },
    ]);
  });

  it('draws what is held beyond the grants past the full mark too', () => {
    const gauge = gaugeOf(balance({ used: 90, held: 30, remaining: [10] }));
    expect(gauge.full).toBe(100);
    expect(gauge.scaleMax).toBe(120);
    expect(gauge.arcs.at(-1)).toEqual({ part: 'held', upTo: 120 });
  });

  it('is empty without grants and use', () => {
    expect(gaugeOf(balance({})).arcs).toEqual([]);
    expect(shareLeft(gaugeOf(balance({})))).toBe(0);
  });

  it('always draws arcs that grow and end where the scale ends', () => {
    const figure = fc.integer({ min: 0, max: 1_000_000_000_000 });
    fc.assert(
      fc.property(figure, figure, figure, fc.array(figure, { maxLength: 4 }), (within, overage, held, remaining) => {
        const gauge = gaugeOf({
          used: credits(within + overage),
          held: credits(held),
          available: credits(0),
          overage: credits(overage),
          grants: remaining.map((left) => ({ remaining: credits(left) })),
        });
        const ends = gauge.arcs.map((arc) => arc.upTo);
        expect(ends).toEqual(ends.toSorted((left, right) => left - right));
        expect(new Set(ends).size).toBe(ends.length);
        expect(ends.at(-1) ?? 0).toBeCloseTo(gauge.scaleMax, 6);
        expect(gauge.scaleMax).toBeGreaterThanOrEqual(gauge.full);
      }),
    );
  });
});

describe('shareLeft', () => {
  it('is none where nothing is available', () => {
    expect(shareLeft({ available: credits(-5), capacity: wholeCredits(10) })).toBe(0);
    expect(shareLeft({ available: wholeCredits(5), capacity: wholeCredits(10) })).toBe(0.5);
  });
});

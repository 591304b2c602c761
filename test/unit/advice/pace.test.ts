import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paceAgainst } from '../../../shared/advice/pace.ts';
import { wholeCredits } from '../../../shared/kernel/credits.ts';
import { instant } from '../../../shared/kernel/instant.ts';

const now = instant(Date.parse('2026-11-20T00:00:00Z'));
const learnt = { history: Array.from({ length: 42 }, () => 10), weekdayOfFirstHistoryDay: 0 };
const cap = { now, windowEnd: instant(now + 10 * 86_400_000), todayFractionLeft: 1, seed: 7 };

describe('[E3] pace against a cap', () => {
  it('tells when an even pace reaches it', () => {
    const pace = paceAgainst(learnt, { ...cap, limit: wholeCredits(150), used: wholeCredits(100) });
    expect(pace.pacePerDay).toBeCloseTo(10, 0);
    expect(pace.reach?.probability).toBeGreaterThan(0.9);
    const days = ((pace.reach?.p50 ?? 0) - now) / 86_400_000;
    expect(days).toBeGreaterThan(4);
    expect(days).toBeLessThan(6);
    expect(pace.end?.p50).toBeGreaterThan(180);
  });

  it('says that it is reached already, and that one far away is not reached in its window', () => {
    const over = paceAgainst(learnt, { ...cap, limit: wholeCredits(100), used: wholeCredits(120) });
    expect(over.reach).toMatchObject({ probability: 1, p50: now });
    const far = paceAgainst(learnt, { ...cap, limit: wholeCredits(1000), used: wholeCredits(0) });
    expect(far.reach).toEqual({ p10: null, p50: null, p90: null, probability: 0 });
  });

  it('names no date from less than a week', () => {
    const pace = paceAgainst(
      { ...learnt, history: [10, 10, 10] },
      { ...cap, limit: wholeCredits(150), used: wholeCredits(100) },
    );
    expect(pace).toMatchObject({ quality: 'pace-only', end: null, reach: null });
  });

  it('is no more likely, and no earlier, for a higher cap', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 14, maxLength: 60 }),
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 0, max: 200 }),
        (history, limit, more) => {
          const at = (whole: number) =>
            paceAgainst({ ...learnt, history }, { ...cap, limit: wholeCredits(whole), used: wholeCredits(20) });
          const [low, high] = [at(limit).reach, at(limit + more).reach];
          expect(high?.probability ?? 0).toBeLessThanOrEqual(low?.probability ?? 0);
          expect(high?.p50 ?? Infinity).toBeGreaterThanOrEqual(low?.p50 ?? Infinity);
        },
      ),
      { numRuns: 40 },
    );
  });
});

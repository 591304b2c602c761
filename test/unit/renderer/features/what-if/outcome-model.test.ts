import { describe, expect, it } from 'vitest';
import { comparedWith, runOutOf, shortOf } from '../../../../../renderer/features/what-if/outcome-model.ts';
import { instant } from '../../../../../shared/kernel/instant.ts';

const [early, middle, late] = [instant(1), instant(2), instant(3)];

describe('what an outcome lets be said', () => {
  it('names no date before a week of use, a range in the second week, and then the middle too', () => {
    const runOut = { p10: early, p50: middle, p90: late };
    expect(runOutOf({ quality: 'none', runOut: null })).toEqual({ kind: 'no-history' });
    expect(runOutOf({ quality: 'pace-only', runOut })).toEqual({ kind: 'pace-only' });
    expect(runOutOf({ quality: 'early', runOut })).toEqual({ kind: 'date', middle: null, from: early, to: late });
    expect(runOutOf({ quality: 'full', runOut })).toEqual({ kind: 'date', middle, from: early, to: late });
    const far = { p10: null, p50: null, p90: null };
    expect(runOutOf({ quality: 'full', runOut: far })).toEqual({ kind: 'not-in-sight' });
  });

  it('expects the mean of what is short, and tells what is so in the worst cases only', () => {
    expect(shortOf({ short: null })).toEqual({ kind: 'unknown' });
    expect(shortOf({ short: { p50: 0, p90: 0.2, mean: 0 } })).toEqual({ kind: 'none' });
    expect(shortOf({ short: { p50: 0, p90: 90, mean: 9 } })).toEqual({ kind: 'perhaps', mean: 9, upTo: 90 });
    expect(shortOf({ short: { p50: 40, p90: 90, mean: 45 } })).toEqual({ kind: 'likely', mean: 45, upTo: 90 });
  });

  it('calls chances equal that a forecast cannot tell apart', () => {
    expect(comparedWith(0.5, 0.502)).toBe('same');
    expect(comparedWith(0.5, 0.6)).toBe('better');
    expect(comparedWith(0.5, 0.4)).toBe('worse');
    expect(comparedWith(null, 0.4)).toBe('unknown');
  });
});

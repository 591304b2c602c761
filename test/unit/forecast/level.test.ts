import { describe, expect, it } from 'vitest';
import { estimateLevel } from '../../../shared/forecast/level.ts';
import { normalScores, selectRank } from '../../../shared/forecast/numbers.ts';
import { weekdayProfile } from '../../../shared/forecast/profile.ts';
import type { ObservedDay } from '../../../shared/forecast/profile.ts';
import { rangeOf } from '../../../shared/forecast/simulate.ts';
import { seededRandom } from '../../../shared/kernel/random.ts';
import { constant, teamUse } from './series.ts';

function observed(history: readonly number[]): readonly ObservedDay[] {
  return history.map((use, index) => ({
    use,
    weekday: index % 7,
    dayFactor: 1,
    ageDays: history.length - 1 - index,
  }));
}

function levelOf(history: readonly number[]) {
  const days = observed(history);
  return estimateLevel(days, weekdayProfile(days));
}

describe('weekday profile', () => {
  it('[F3] averages 1 and finds the busy days', () => {
    const profile = weekdayProfile(observed(teamUse({ seed: 1, dayCount: 210 })));
    expect(profile.reduce((sum, factor) => sum + factor, 0)).toBeCloseTo(7, 12);
    expect(Math.min(...profile.slice(0, 5))).toBeGreaterThan(3 * Math.max(...profile.slice(5)));
  });

  it('[F3] one odd Sunday makes no pattern', () => {
    const history = [...constant(13, 10), 60];
    const profile = weekdayProfile(observed(history));
    // The plain average of that weekday is 2.6 times that of all days.
    expect(profile[6]).toBeLessThan(1.7);
    expect(weekdayProfile(observed([5]))).toEqual(constant(7, 1));
  });
});

describe('level', () => {
  it('[F4] of an even history is its use', () => {
    const level = levelOf(constant(60, 12));
    expect(level.perDay).toBeCloseTo(12, 10);
    for (const ratio of level.ratios) expect(ratio).toBeCloseTo(1, 10);
  });

  it('[F4] moves towards a new habit within days, without running ahead of it', () => {
    const before = levelOf(constant(60, 10)).perDay;
    const after = levelOf([...constant(60, 10), ...constant(14, 30)]).perDay;
    expect(after).toBeGreaterThan(before + 4);
    expect(after).toBeLessThan(30);
    expect(levelOf(Array.from({ length: 60 }, (_, day) => day)).perDay).toBeLessThan(59);
  });

  it('[F5] is less sure with a short history than with a long one, and never certain', () => {
    const spreads = [3, 7, 14, 28, 90].map((dayCount) => levelOf(constant(dayCount, 10)).spread);
    expect(spreads).toEqual([...spreads].sort((left, right) => right - left));
    expect(spreads.at(-1)).toBeGreaterThan(0);
  });

  it('[F5] is less sure of bursts than of even use, within a bound', () => {
    const even = levelOf(constant(56, 10)).spread;
    const bursts = levelOf(Array.from({ length: 56 }, (_, day) => (day % 19 === 0 ? 190 : 0)));
    expect(bursts.spread).toBeGreaterThan(3 * even);
    expect(bursts.spread).toBeLessThanOrEqual(1.1 + 1e-12);
    expect(levelOf([0, 0, 0, 0, 0, 0, 0, 1e9]).spread).toBeLessThanOrEqual(1.1 + 1e-12);
  });

  it('[F6] wanders at least a percent a day, more where weeks differ, up to four', () => {
    const even = levelOf(constant(90, 10)).driftPerDay;
    const wild = levelOf(Array.from({ length: 90 }, (_, day) => (Math.floor(day / 7) % 3 === 0 ? 100 : 1))).driftPerDay;
    expect(even).toBeGreaterThanOrEqual(0.01);
    expect(even).toBeLessThan(0.012);
    expect(wild).toBeGreaterThan(2 * even);
    expect(wild).toBeLessThan(0.04);
  });

  it('[F5] weeks that are mostly left out say nothing', () => {
    const days = observed(constant(28, 10)).filter((day) => day.ageDays < 7 || day.ageDays > 12);
    expect(Number.isFinite(estimateLevel(days, constant(7, 1)).spread)).toBe(true);
  });
});

describe('numbers', () => {
  it('[F7] a rank is what sorting would put there', () => {
    const random = seededRandom(11);
    for (const size of [1, 2, 3, 10, 400]) {
      for (let round = 0; round < 20; round++) {
        const values = Float64Array.from({ length: size }, () => Math.floor(random() * 20));
        const sorted = values.toSorted();
        const rank = Math.floor(random() * size);
        expect(selectRank(values, rank)).toBe(sorted[rank]);
        expect(values.toSorted()).toEqual(sorted);
      }
    }
  });

  it('[F7] a range leaves as many values below as above', () => {
    const values = Float64Array.from({ length: 400 }, (_, index) => (index * 7919) % 400);
    expect(rangeOf(values)).toEqual({ p10: 40, p50: 199, p90: 359 });
    const withNever = Float64Array.from({ length: 10 }, (_, index) => (index < 5 ? index : Number.POSITIVE_INFINITY));
    expect(rangeOf(withNever)).toEqual({ p10: 1, p50: 4, p90: Number.POSITIVE_INFINITY });
  });

  it('[F7] normal scores are those of the tables', () => {
    expect(normalScores(5)[4]).toBeCloseTo(1.281552, 6);
    expect(normalScores(20)[19]).toBeCloseTo(1.959964, 6);
    expect(normalScores(3)[1]).toBeCloseTo(0, 12);
    const scores = normalScores(1000);
    expect(scores[0]).toBeCloseTo(-3.290527, 6);
    expect(scores[999]).toBeCloseTo(3.290527, 6);
    const squares = scores.reduce((sum, score) => sum + score * score, 0);
    expect(squares / 1000).toBeCloseTo(1, 2);
  });
});

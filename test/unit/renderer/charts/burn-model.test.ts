import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  axisTicks,
  axisWidth,
  ceilingOf,
  dailyDays,
  periodDays,
  periodPoints,
  quietRuns,
  type BurnInput,
} from '../../../../renderer/charts/burn-model.ts';
import { noCredits, wholeCredits } from '../../../../shared/kernel/credits.ts';

const input: BurnInput = {
  days: [
    { date: '2026-02-27', credits: wholeCredits(9) },
    { date: '2026-03-01', credits: wholeCredits(10) },
    { date: '2026-03-03', credits: wholeCredits(5) },
  ],
  periodFirstDay: '2026-03-01',
  periodLastDay: '2026-03-05',
  today: '2026-03-03',
  used: wholeCredits(15),
  band: [
    { date: '2026-03-03', p10: 15, p50: 16, p90: 18 },
    { date: '2026-03-04', p10: 16, p50: 20, p90: 25 },
    { date: '2026-03-05', p10: 17, p50: 24, p90: 32 },
  ],
  unusualDays: [],
};

describe('axisWidth', () => {
  it('grows with the longest mark, and is never too narrow for a short one', () => {
    expect(axisWidth([])).toBe(axisWidth(['0', '20']));
    expect(axisWidth(['0', '15,000,000'])).toBeGreaterThan(axisWidth(['0', '1,500']));
  });
});

describe('quietRuns', () => {
  it('[F13] joins closed and quieter days that follow each other, and leaves busier ones alone', () => {
    const unusualDays = (
      [
        ['2026-03-01', 0],
        ['2026-03-02', 50],
        ['2026-03-03', 150],
        ['2026-03-05', 0],
      ] as const
    ).map(([date, percent]) => ({ date, percent, reason: 'own' as const, name: null }));
    expect(quietRuns(periodDays({ ...input, unusualDays }))).toEqual([
      { first: '2026-03-01', last: '2026-03-02' },
      { first: '2026-03-05', last: '2026-03-05' },
    ]);
    expect(quietRuns(dailyDays(input, 'month'))).toEqual([]);
  });
});

describe('periodDays', () => {
  it('lists every day of the period: days without use are 0, days to come are open', () => {
    expect(periodDays(input).map((day) => [day.date, day.used, day.total])).toEqual([
      ['2026-03-01', wholeCredits(10), wholeCredits(10)],
      ['2026-03-02', noCredits, wholeCredits(10)],
      ['2026-03-03', wholeCredits(5), wholeCredits(15)],
      ['2026-03-04', null, null],
      ['2026-03-05', null, null],
    ]);
  });

  it('ends in what the balance says was used, where a reading opened the period', () => {
    const days = periodDays({ ...input, used: wholeCredits(115) });
    expect(days[0]?.total).toBe(wholeCredits(110));
    expect(days.findLast((day) => day.total !== null)?.total).toBe(wholeCredits(115));
  });

  it('[K6] has each day once across a clock change', () => {
    const days = periodDays({
      ...input,
      periodFirstDay: '2025-03-01',
      periodLastDay: '2025-03-31',
      today: '2025-03-31',
    });
    expect(days).toHaveLength(31);
    expect(new Set(days.map((day) => day.date)).size).toBe(31);
  });
});

describe('periodPoints', () => {
  it('opens the band from where the last day that is over ended', () => {
    const points = periodPoints(periodDays(input), input.today);
    expect(points[0]?.band).toBeNull();
    expect(points[1]).toEqual({ date: '2026-03-02', total: 10, expected: 10, band: [10, 10] });
    expect(points[2]).toEqual({ date: '2026-03-03', total: 15, expected: 16, band: [15, 18] });
    expect(points[4]).toEqual({ date: '2026-03-05', total: null, expected: 24, band: [17, 32] });
  });

  it('has no band without a forecast', () => {
    const points = periodPoints(periodDays({ ...input, band: [] }), input.today);
    expect(points.every((point) => point.band === null && point.expected === null)).toBe(true);
  });
});

describe('dailyDays', () => {
  it('shows 30 or 90 days up to today, and of the period only what has come', () => {
    expect(dailyDays(input, 'month')).toHaveLength(30);
    expect(dailyDays(input, 'quarter')).toHaveLength(90);
    expect(dailyDays(input, 'period').map((day) => day.date)).toEqual(['2026-03-01', '2026-03-02', '2026-03-03']);
    expect(dailyDays(input, 'month').at(-1)).toMatchObject({ date: '2026-03-03', used: wholeCredits(5) });
  });
});

describe('ceilingOf', () => {
  const points = periodPoints(periodDays(input), input.today);

  it('shows the allotment where it does not press the curve flat, and leaves it to words elsewhere', () => {
    expect(ceilingOf(points, 100, 100)).toMatchObject({ showsAllotment: true, showsCapacity: false });
    expect(ceilingOf(points, 100, 120)).toMatchObject({ showsAllotment: true, showsCapacity: true });
    expect(ceilingOf(points, 10_000, 12_000)).toMatchObject({ showsAllotment: false, showsCapacity: false });
    expect(ceilingOf(points, 0, 50)).toMatchObject({ showsAllotment: false, showsCapacity: true });
  });
});

describe('axisTicks', () => {
  it('is even, holds the span, and is never empty', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e15, max: 0 }).map((micro) => micro / 1e6),
        fc.integer({ min: 0, max: 1e15 }).map((micro) => micro / 1e6),
        (lowest, highest) => {
          const ticks = axisTicks(lowest, highest);
          expect(ticks.length).toBeGreaterThanOrEqual(2);
          expect(ticks.length).toBeLessThanOrEqual(9);
          expect(ticks[0] ?? 1).toBeLessThanOrEqual(Math.min(0, lowest) + 1e-6);
          expect((ticks.at(-1) ?? 0) * (1 + 1e-6)).toBeGreaterThanOrEqual(highest * (1 - 1e-6));
          const steps = ticks.slice(1).map((tick, index) => tick - (ticks[index] ?? 0));
          const first = steps[0] ?? 0;
          for (const step of steps) expect(Math.abs(step - first)).toBeLessThanOrEqual(Math.abs(first) * 1e-6);
        },
      ),
    );
  });

  it('counts in round steps', () => {
    expect(axisTicks(0, 1560)).toEqual([0, 500, 1000, 1500, 2000]);
    expect(axisTicks(0, 0)).toEqual([0, 1]);
  });
});

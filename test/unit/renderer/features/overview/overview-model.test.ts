import { describe, expect, it } from 'vitest';
import {
  daysUntil,
  isMidnight,
  shareOfPrevious,
  tightestFirst,
} from '../../../../../renderer/features/overview/overview-model.ts';
import { isTight, paceOf, runOutOf } from '../../../../../renderer/ui/outlook.ts';
import type { ForecastView, PoolView } from '../../../../../shared/bridge/views.ts';
import { noCredits, wholeCredits } from '../../../../../shared/kernel/credits.ts';
import { instant } from '../../../../../shared/kernel/instant.ts';

const asOf = instant(Date.UTC(2026, 2, 10));
const resetAt = instant(Date.UTC(2026, 3, 1));
const day = (date: number) => instant(Date.UTC(2026, 2, date));

function forecast(change: Partial<ForecastView> = {}): ForecastView {
  return {
    asOf,
    resetAt,
    pace: 50,
    endOfPeriod: null,
    runOut: { p10: day(15), p50: day(20), p90: day(28), probability: 0.8 },
    quality: 'full',
    band: [],
    shortfall: null,
    ...change,
  };
}

describe('paceOf', () => {
  it('compares the pace with what lasts until the reset', () => {
    expect(paceOf(forecast(), wholeCredits(880))).toMatchObject({
      sustainable: 40,
      verdict: 'faster',
      difference: 0.25,
    });
    expect(paceOf(forecast(), wholeCredits(2200))).toMatchObject({
      sustainable: 100,
      verdict: 'slower',
      difference: 0.5,
    });
    expect(paceOf(forecast(), wholeCredits(1101))?.verdict).toBe('level');
  });

  it('says nothing without a pace, and draws no conclusion from nothing left or no time left', () => {
    expect(paceOf(forecast({ pace: null }), wholeCredits(880))).toBeNull();
    expect(paceOf(forecast(), wholeCredits(-3))).toMatchObject({ sustainable: 0, verdict: 'faster' });
    expect(paceOf(forecast({ asOf: instant(resetAt - 60_000) }), wholeCredits(880))).toMatchObject({
      sustainable: null,
      verdict: 'unknown',
    });
  });
});

describe('runOutOf', () => {
  const left = wholeCredits(100);

  it('says no more than the history bears', () => {
    expect(runOutOf(forecast({ quality: 'none', runOut: null }), left).kind).toBe('no-history');
    expect(runOutOf(forecast({ quality: 'pace-only' }), left).kind).toBe('pace-only');
    expect(runOutOf(forecast({ quality: 'early' }), left)).toEqual({
      kind: 'date',
      early: true,
      middle: null,
      from: day(15),
      to: day(28),
      probability: 0.8,
    });
    expect(runOutOf(forecast(), left)).toMatchObject({ kind: 'date', early: false, middle: day(20) });
  });

  it('tells a run-out beyond the forecast, and one that has come', () => {
    const none = { p10: null, p50: null, p90: null, probability: 0 };
    expect(runOutOf(forecast({ runOut: none }), left).kind).toBe('not-in-sight');
    expect(runOutOf(forecast({ runOut: { ...none, p10: day(25), probability: 0.2 } }), left)).toMatchObject({
      kind: 'date',
      middle: null,
      from: day(25),
      to: null,
    });
    expect(runOutOf(forecast(), noCredits).kind).toBe('used-up');
  });
});

describe('isTight', () => {
  const balance = { usedEver: wholeCredits(10), available: wholeCredits(5) };
  const unlikely = forecast({ runOut: { p10: null, p50: null, p90: null, probability: 0.2 } });

  it('is when nothing is left, or a run-out before the reset is more likely than not', () => {
    expect(isTight(unlikely, balance)).toBe(false);
    expect(isTight(forecast(), balance)).toBe(true);
    expect(isTight(unlikely, { ...balance, available: noCredits })).toBe(true);
  });

  it('is not where nothing was ever used', () => {
    expect(isTight(unlikely, { usedEver: noCredits, available: noCredits })).toBe(false);
  });
});

describe('daysUntil', () => {
  it('[K6] counts calendar days in the zone of the workspace', () => {
    const evening = instant(Date.UTC(2026, 2, 31, 23, 30));
    expect(daysUntil(resetAt, evening, 'UTC')).toBe(1);
    expect(daysUntil(resetAt, evening, 'Europe/Berlin')).toBe(0);
    expect(daysUntil(resetAt, asOf, 'America/Los_Angeles')).toBe(22);
  });
});

describe('isMidnight', () => {
  it('knows a reset that falls into the middle of a local day', () => {
    expect(isMidnight(resetAt, 'UTC')).toBe(true);
    expect(isMidnight(resetAt, 'Europe/Berlin')).toBe(false);
  });
});

describe('shareOfPrevious', () => {
  it('has no share of nothing', () => {
    expect(shareOfPrevious(wholeCredits(5), null)).toBeNull();
    expect(shareOfPrevious(wholeCredits(5), noCredits)).toBeNull();
    expect(shareOfPrevious(wholeCredits(5), wholeCredits(20))).toBe(0.25);
  });
});

describe('tightestFirst', () => {
  function pool(
    name: string,
    figures: { readonly used: number; readonly left: number; readonly over?: number },
  ): PoolView {
    const overage = wholeCredits(figures.over ?? 0);
    return {
      poolId: name,
      memberId: name,
      memberName: name,
      balance: {
        poolId: name,
        asOf,
        period: { start: day(1), end: resetAt },
        allotted: wholeCredits(figures.used + figures.left),
        used: wholeCredits(figures.used + (figures.over ?? 0)),
        held: noCredits,
        available: wholeCredits(figures.left),
        overage,
        lapsedInPeriod: noCredits,
        lapsed: noCredits,
        voided: noCredits,
        grantedEver: noCredits,
        usedEver: noCredits,
        overageEver: overage,
        grants: [
          {
            id: name,
            kind: 'allotment',
            packId: null,
            amount: wholeCredits(figures.used + figures.left),
            remaining: wholeCredits(figures.left),
            held: noCredits,
            priority: 10,
            effectiveFrom: day(1),
            expiresAt: resetAt,
          },
        ],
      },
    };
  }

  it('puts overage first, then the smallest share left, ties by name', () => {
    const pools = [
      pool('wide', { used: 10, left: 90 }),
      pool('b', { used: 90, left: 10 }),
      pool('over', { used: 100, left: 0, over: 5 }),
      pool('a', { used: 90, left: 10 }),
      pool('empty', { used: 100, left: 0 }),
    ];
    expect(tightestFirst(pools).map((item) => item.poolId)).toEqual(['over', 'empty', 'a', 'b', 'wide']);
  });
});

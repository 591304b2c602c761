import { describe, expect, it } from 'vitest';
import { defaultAlertRules } from '../../../shared/alerts/alert.ts';
import { look } from '../../../shared/alerts/look.ts';
import type { HoldSeen, RunOutSeen, Sight, Watch } from '../../../shared/alerts/watch.ts';
import { wholeCredits } from '../../../shared/kernel/credits.ts';
import { instant } from '../../../shared/kernel/instant.ts';
import { at, lookedThrough, nothingElse, thresholdsOf, type Entry } from './course.ts';

const use = (moment: number, delta: number): Entry => ({ at: moment, delta });

describe('thresholds', () => {
  it('[N1] fires each threshold when use reaches it, once in a period, with its figures', () => {
    const entries = [use(10, 49), use(20, 1), use(30, 30), use(40, 19), use(50, 1), use(60, 20)];
    const { alerts } = lookedThrough([0, 15, 20, 25, 30, 45, 50, 55, 60, 70].map((now) => ({ now, entries })));
    expect(thresholdsOf(alerts)).toEqual(['0/50', '0/80', '0/100']);
    expect(alerts[0]).toEqual({
      id: 'threshold/1',
      at: at(20),
      fact: {
        kind: 'threshold',
        rule: 'N1',
        poolId: 'pool',
        memberId: null,
        period: { start: at(0), end: at(1000) },
        percent: 50,
        recovered: false,
        used: wholeCredits(50),
        of: wholeCredits(100),
        basis: 'allotment',
      },
    });
  });

  it('[N1] fires nothing at the first sight, and only what is crossed afterwards', () => {
    const entries = [use(10, 85), use(30, 20)];
    const { alerts } = lookedThrough([20, 25, 40].map((now) => ({ now, entries })));
    expect(thresholdsOf(alerts)).toEqual(['0/100']);
  });

  it('[N1] a reset re-arms, and recovery does', () => {
    const entries = [use(10, 60), use(20, -20), use(30, 15), use(1010, 50)];
    const { alerts } = lookedThrough([0, 15, 25, 35, 1005, 1020].map((now) => ({ now, entries })));
    expect(thresholdsOf(alerts)).toEqual(['0/50', '0/50', '1/50']);
  });

  it('[N1] tells what was crossed while nobody looked: in periods gone by, and what has recovered', () => {
    const entries = [use(10, 60), use(20, -20), use(1100, 90), use(2100, 10)];
    const { alerts } = lookedThrough([0, 2500].map((now) => ({ now, entries })));
    expect(thresholdsOf(alerts)).toEqual(['0/50', '1/50', '1/80']);
    expect(alerts.map(({ fact }) => (fact.kind === 'threshold' ? fact.recovered : fact.kind))).toEqual([
      'reset',
      'reset',
      true,
      false,
      false,
    ]);
  });

  it('[N1] tells of a late line in a period that ended since the first sight, and of none before', () => {
    const before = [use(1500, 10)];
    const after = [...before, use(900, 90), use(1600, 80)];
    const { alerts } = lookedThrough([
      { now: 1000, entries: before },
      { now: 2000, entries: before },
      { now: 2100, entries: after },
    ]);
    expect(thresholdsOf(alerts)).toEqual(['1/50', '1/80']);
  });

  it('[N1] a use that was taken back before anybody looked was never there', () => {
    const { alerts } = lookedThrough([
      { now: 0, entries: [] },
      { now: 50, entries: [use(10, 20)] },
    ]);
    expect(alerts).toEqual([]);
  });

  it('[N1] takes any number of thresholds; one that is set below what is used fires once', () => {
    const entries = [use(10, 95)];
    const first = lookedThrough([0, 20].map((now) => ({ now, entries })));
    const sight: Sight = { ...nothingElse(30), resets: [], uses: [] };
    expect(thresholdsOf(first.alerts)).toEqual(['0/50', '0/80']);
    expect(look(first.watch, sight, defaultAlertRules).watch.reached).toEqual(first.watch?.reached);
    const many = { ...defaultAlertRules, thresholds: [1, 2, 94, 95, 96, 150] };
    expect(
      thresholdsOf(
        lookedThrough(
          [0, 20, 30].map((now) => ({ now, entries })),
          many,
        ).alerts,
      ),
    ).toEqual(['0/1', '0/2', '0/94', '0/95']);
  });

  it('[N1] measures the grants in force where nothing is allotted; what was used of them before crosses nothing', () => {
    const grants = (used: number, of: number) =>
      ({ used: wholeCredits(used), of: wholeCredits(of), basis: 'grants' }) as const;
    const seen = (now: number, ...course: readonly ReturnType<typeof grants>[]): Sight => ({
      ...nothingElse(now),
      resets: [],
      uses: [
        {
          poolId: 'pool',
          memberId: 'ana',
          period: { start: at(1000), end: at(2000) },
          until: at(now),
          opening: grants(60, 100),
          course,
        },
      ],
    });
    const start: Watch = look(null, { ...nothingElse(500), uses: [], resets: [] }, defaultAlertRules).watch;
    const second = look(start, seen(1100, grants(85, 100)), defaultAlertRules);
    expect(thresholdsOf(second.alerts)).toEqual(['1/80']);
    // Another pack is recovery; so is nothing to use at all.
    const third = look(second.watch, seen(1200, grants(85, 200)), defaultAlertRules);
    expect([third.alerts, third.watch.reached[0]?.percents]).toEqual([[], []]);
    expect(thresholdsOf(look(third.watch, seen(1300, grants(100, 200)), defaultAlertRules).alerts)).toEqual(['1/50']);
    expect(look(second.watch, seen(1300, grants(85, 0)), defaultAlertRules).watch.reached[0]?.percents).toEqual([]);
  });

  it('[N1] a clock that is set back repeats nothing, and its return neither', () => {
    const entries = [use(10, 60), use(900, 25), use(1100, 55)];
    const looks = [0, 50, 1200, 20, 5, 950, 1200, 1300].map((now) => ({ now, entries }));
    const { alerts } = lookedThrough(looks);
    expect(thresholdsOf(alerts)).toEqual(['0/50', '0/80', '1/50']);
    expect(alerts.filter(({ fact }) => fact.kind === 'reset')).toHaveLength(1);
  });
});

describe('what else is told', () => {
  const start = look(null, { ...nothingElse(0), uses: [], resets: [] }, defaultAlertRules).watch;
  const runOut = (probability: number): RunOutSeen => ({
    periodStart: at(0),
    resetAt: at(1000),
    probability,
    p10: at(300),
    p50: at(500),
    p90: null,
    available: wholeCredits(40),
  });

  it('[N2] a run-out before the reset, above the set probability, once; again only after it had clearly passed', () => {
    let watch: Watch = start;
    const told = [0.5, 0.51, 0.9, 0.45, 0.6, 0.4, 0.6, 0.3, 0.2].map((probability) => {
      const looked = look(
        watch,
        { ...nothingElse(10), uses: [], resets: [], runOut: runOut(probability) },
        defaultAlertRules,
      );
      watch = looked.watch;
      return looked.alerts.length;
    });
    expect(told).toEqual([0, 1, 0, 0, 0, 0, 1, 0, 0]);
    const next = { ...runOut(0.8), periodStart: at(1000) };
    const sight = { ...nothingElse(1010), uses: [], resets: [], runOut: next };
    expect(look(watch, sight, defaultAlertRules).alerts[0]?.fact).toMatchObject({
      kind: 'run-out',
      rule: 'N2',
      probability: 0.8,
      available: wholeCredits(40),
    });
  });

  it('[N2] [H8] holds: about to time out, timed out while nobody looked, and open for more than a day; each once', () => {
    const hourMs = 3_600_000;
    const hold = (id: string, expiresAt: number | null, state: HoldSeen['state'] = 'open'): HoldSeen => ({
      id,
      memberId: 'ana',
      credits: wholeCredits(5),
      since: at(0),
      expiresAt: expiresAt === null ? null : at(expiresAt),
      state,
    });
    let watch: Watch = start;
    const told = (now: number, holds: readonly HoldSeen[]): readonly string[] => {
      const looked = look(watch, { ...nothingElse(now), uses: [], resets: [], holds }, defaultAlertRules);
      watch = structuredClone(looked.watch);
      return looked.alerts.map(({ fact }) => {
        if (fact.kind === 'hold-expiring') return `${fact.holdId} ${fact.expired ? 'expired' : 'expires'}`;
        return fact.kind === 'hold-open' ? `${fact.holdId} is open` : fact.kind;
      });
    };
    const soon = hold('soon', 2 * hourMs);
    const endless = hold('endless', null);
    expect(told(hourMs - 1, [soon, endless])).toEqual([]);
    expect(told(hourMs, [soon, endless])).toEqual(['soon expires']);
    expect(told(3 * hourMs, [hold('soon', 2 * hourMs, 'expired'), endless])).toEqual([]);
    expect(told(24 * hourMs, [endless, hold('missed', 9 * hourMs, 'expired')])).toEqual(['missed expired']);
    expect(told(24 * hourMs + 1, [endless])).toEqual(['endless is open']);
    expect(told(90 * hourMs, [endless])).toEqual([]);
  });

  it('[N2] each reset, each decision of an order and each Monday once, in that order, numbered on', () => {
    const order = { id: 'order', packName: 'Booster', outcome: 'granted', credits: wholeCredits(5500) } as const;
    const reset = {
      start: at(1000),
      previous: { start: at(0), end: at(1000) },
      used: wholeCredits(120),
      overage: wholeCredits(20),
      allotted: wholeCredits(100),
    };
    const sight: Sight = { ...nothingElse(1100), uses: [], resets: [reset], orders: [order] };
    const week = {
      used: wholeCredits(5),
      weekBeforeUsed: wholeCredits(0),
      available: wholeCredits(9),
      resetAt: at(2000),
    };
    const monday: Sight = { ...sight, digest: { ...week, monday: '2023-11-20', topFeature: null } };
    const first = look(start, monday, defaultAlertRules);
    expect(first.alerts.map(({ id }) => id)).toEqual(['reset/1', 'order-decided/2', 'digest/3']);
    expect(look(first.watch, monday, defaultAlertRules)).toEqual({ watch: first.watch, alerts: [] });
    expect(look(first.watch, sight, defaultAlertRules).alerts).toEqual([]);
    expect(first.watch.nextNumber).toBe(4);
    expect(instant(first.watch.since)).toBe(at(0));
  });

  it('[N2] a sync that is stuck once, and again only after a round went well', () => {
    const stuck = (lastSuccessAt: number | null): Sight => ({
      ...nothingElse(10),
      uses: [],
      resets: [],
      sync: { how: 'waiting', waiting: 3, lastSuccessAt: lastSuccessAt === null ? null : at(lastSuccessAt) },
    });
    const first = look(start, stuck(5), defaultAlertRules);
    expect(first.alerts.map(({ fact }) => fact)).toEqual([
      { kind: 'sync-stuck', rule: 'N2', how: 'waiting', waiting: 3, lastSuccessAt: at(5) },
    ]);
    // A restart, which knows nothing of it yet, and the same trouble as before.
    const unknown = look(first.watch, { ...stuck(5), sync: null }, defaultAlertRules);
    expect(look(unknown.watch, stuck(5), defaultAlertRules).alerts).toEqual([]);
    expect(look(unknown.watch, stuck(7), defaultAlertRules).alerts).toHaveLength(1);
    const never = look(start, stuck(null), defaultAlertRules);
    expect(never.alerts).toHaveLength(1);
    expect(look(never.watch, stuck(null), defaultAlertRules).alerts).toEqual([]);
  });
});

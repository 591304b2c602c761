import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asToday, type Scenario } from '../../../shared/advice/scenario.ts';
import { replenishmentsUnder, termsUnder } from '../../../shared/advice/supply.ts';
import { laterPeriodOf, outcomeOf, type Outcome, type Situation } from '../../../shared/advice/what-if.ts';
import { forecast } from '../../../shared/forecast/forecast.ts';
import { noCredits, wholeCredits } from '../../../shared/kernel/credits.ts';
import { instant } from '../../../shared/kernel/instant.ts';
import { addDays } from '../../../shared/kernel/time-zone.ts';
import { balanceAt, change, member, shipped, workspaceTerms } from '../../support/workspace-terms.ts';
import { inputFor, teamUse } from '../forecast/series.ts';

const now = instant(Date.parse('2026-11-20T00:00:00Z'));
const nobody = { leaving: [], capped: [] };

/** A Piktochart team of three with 1,500 credits a month; 1,000 are left fifteen days before the reset. */
function piktochart(history: readonly number[] = teamUse({ seed: 3, dayCount: 60 })): Situation {
  const index = workspaceTerms({
    catalogue: shipped('piktochart'),
    plan: 'pro',
    seats: { member: 3 },
    anchor: '2026-01-05',
  });
  return {
    index,
    balance: balanceAt(index, [], now),
    input: inputFor(history, {
      horizonDays: 120,
      daysUntilReset: 15,
      availableNow: 1000,
      usedThisPeriod: 500,
      replenish: [
        { dayOffset: 15, setTo: 1500 },
        { dayOffset: 46, setTo: 1500 },
        { dayOffset: 77, setTo: 1500 },
        { dayOffset: 105, setTo: 1500 },
      ],
    }),
    past: {
      history,
      firstDay: addDays('2026-11-20', -history.length),
      weekStart: 1,
      periodStartOf: (day) => day.slice(0, 8) + '05',
    },
    availableOf: () => noCredits,
    planPrices: {},
  };
}

function tried(situation: Situation, scenario: Partial<Scenario>): Outcome {
  const all = { ...asToday, ...scenario };
  const answer = outcomeOf(situation, all, { use: nobody, laterFrom: laterPeriodOf(situation.index, all, now) });
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.value;
}

const lasting = (outcome: Outcome) => outcome.prospects.map(({ lasts }) => lasts ?? -1);

describe('an outcome', () => {
  it('of today is the forecast of today', () => {
    const situation = piktochart();
    const { runOut, endOfPeriod, shortfall } = forecast(situation.input);
    const today = tried(situation, {});
    expect(today.endOfPeriod).toEqual(endOfPeriod);
    expect(today.prospects[0]).toMatchObject({ lasts: 1 - (runOut?.probability ?? 0), short: shortfall });
    expect(tried(situation, {})).toEqual(today);
  });

  it('[S2] leaves this period alone where seats count from the reset, and is better from then on', () => {
    const situation = piktochart();
    const [today, more] = [tried(situation, {}), tried(situation, { seats: { member: 6 } })];
    expect(more.prospects[0]).toEqual(today.prospects[0]);
    expect(more.prospects[1].allotted).toBe(wholeCredits(3000));
    expect(lasting(more)[1]).toBeGreaterThan(lasting(today)[1] ?? 1);
  });

  it('tells of a later period by itself, whatever this one does', () => {
    const situation = piktochart();
    const empty = { ...situation, input: { ...situation.input, availableNow: 0, usedThisPeriod: 1500 } };
    expect(tried(empty, {}).prospects[0].lasts).toBe(0);
    expect(tried(empty, {}).prospects[1].lasts).toBeCloseTo(tried(situation, {}).prospects[1].lasts ?? -1, 1);
  });

  it('[F10] is never worse for more packs, and never better for more use', () => {
    const anyHistory = fc
      .record({ seed: fc.nat(1000), dayCount: fc.integer({ min: 14, max: 90 }) })
      .map((options) => teamUse(options));
    fc.assert(
      fc.property(
        anyHistory,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 100, max: 300 }),
        (history, count, use) => {
          const situation = piktochart(history);
          const one = (packs: number) => [{ packId: 'starter', count: packs, on: null }];
          const [today, some, more] = [{}, { packs: one(count) }, { packs: one(count + 1) }].map((scenario) =>
            tried(situation, scenario),
          );
          const busier = tried(situation, { usePercent: use });
          for (const period of [0, 1] as const) {
            const chances = [today, some, more].map((outcome) => outcome?.prospects[period].lasts ?? -1);
            expect(chances).toEqual(chances.toSorted((left, right) => left - right));
            const shorts = [more, some, today].map((outcome) => outcome?.prospects[period].short?.mean ?? -1);
            expect(shorts[0]).toBeLessThanOrEqual((shorts[1] ?? 0) + 1e-3);
            expect(shorts[1]).toBeLessThanOrEqual((shorts[2] ?? 0) + 1e-3);
            expect(busier.prospects[period].lasts).toBeLessThanOrEqual((today?.prospects[period].lasts ?? 0) + 1e-9);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('[C2] names a pack that is not sold, or whose amount nobody has published', () => {
    const situation = piktochart();
    const ask = (of: Situation, packId: string) =>
      outcomeOf(of, { ...asToday, packs: [{ packId, count: 1, on: null }] }, { use: nobody, laterFrom: now });
    expect(ask(situation, 'golden')).toEqual({ ok: false, error: { code: 'unknown-pack', packId: 'golden' } });
    const index = workspaceTerms({ catalogue: shipped('visily'), plan: 'pro', anchor: '2026-01-05' });
    const visily = { ...situation, index, balance: balanceAt(index, [], now, 'ana') };
    const [pack] = shipped('visily').versions[0]?.packs ?? [];
    expect(ask(visily, pack?.id ?? '')).toEqual({ ok: false, error: { code: 'unknown-amount', packId: pack?.id } });
  });
});

describe('what is allotted under other terms', () => {
  it('[G0] is what the schedule allots, where nothing is different', () => {
    const { index, balance } = piktochart();
    const tried = termsUnder(index, asToday, now);
    const replenish = replenishmentsUnder(tried, { balance, until: instant(now + 100 * 86_400_000) });
    expect(replenish).toEqual({
      ok: true,
      value: [
        { dayOffset: 15, setTo: 1500 },
        { dayOffset: 46, setTo: 1500 },
        { dayOffset: 77, setTo: 1500 },
      ],
    });
  });

  it('[S3] follows people where each has a pool, and a team that leaves takes theirs along', () => {
    const since = instant(Date.parse('2026-01-05T00:00:00Z'));
    const index = workspaceTerms({
      catalogue: shipped('visily'),
      plan: 'pro',
      anchor: '2026-01-05',
      changes: [
        change(since, { kind: 'team', name: 'Design', deleted: false }, 'design'),
        change(since, member({ role: 'editor', teamId: 'design' }), 'ana'),
        change(since, member({ role: 'guest-editor' }), 'ben'),
      ],
    });
    const allotted = (scenario: Partial<Scenario>) => {
      const balance = balanceAt(index, [], now, 'ana');
      const terms = termsUnder(index, { ...asToday, ...scenario }, now);
      const replenish = replenishmentsUnder(terms, { balance, until: instant(now + 20 * 86_400_000) });
      return replenish.ok ? replenish.value[0]?.setTo : replenish.error.code;
    };
    expect(allotted({})).toBe(3600);
    expect(allotted({ teamsLeaving: ['design'] })).toBe(600);
    expect(allotted({ seats: { editor: 2, 'guest-editor': 1 } })).toBe(6600);
    expect(allotted({ planId: 'business' })).toBe(12_000);
  });

  it('[S1] waits for the billing date where the platform does', () => {
    const index = workspaceTerms({
      catalogue: shipped('miro'),
      plan: 'enterprise',
      seats: { member: 40 },
      anchor: '2026-01-15',
    });
    const scenario = { ...asToday, seats: { member: 60 } };
    expect(new Date(laterPeriodOf(index, scenario, now)).toISOString()).toBe('2027-01-01T00:00:00.000Z');
    expect(new Date(laterPeriodOf(index, asToday, now)).toISOString()).toBe('2026-12-01T00:00:00.000Z');
  });
});

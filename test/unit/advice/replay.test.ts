import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convert, type FeatureMatch, type QuantityOnDay } from '../../../shared/advice/match.ts';
import { replay, type DayOfUse, type ReplayGiven } from '../../../shared/advice/replay.ts';
import { findPlan, versionInForce } from '../../../shared/catalogue/lookup.ts';
import { shippedCatalogues } from '../../../shared/catalogue/shipped.ts';
import { quantity, wholeCredits } from '../../../shared/kernel/credits.ts';
import { instant } from '../../../shared/kernel/instant.ts';
import { addDays } from '../../../shared/kernel/time-zone.ts';

const now = instant(Date.parse('2026-11-20T12:00:00Z'));

function given(platform: string, planId: string, more: Partial<ReplayGiven>): ReplayGiven {
  const catalogue = shippedCatalogues.find((known) => known.platform === platform);
  const version = catalogue && versionInForce(catalogue, now).version;
  const plan = version && findPlan(version, planId);
  if (!plan) throw new Error(planId);
  return {
    plan,
    packs: version.packs,
    dates: { anchor: '2026-01-05', timeZone: 'UTC' },
    from: '2026-09-10',
    until: '2026-11-20',
    uses: [],
    seats: { member: 3 },
    entered: null,
    roleOf: () => 'editor',
    price: null,
    ...more,
  };
}

function played(all: ReplayGiven) {
  const answer = replay(all);
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.value;
}

const used = (day: string, whole: number, memberId: string | null = null): DayOfUse => ({
  day,
  memberId,
  credits: whole * 1e6,
});

describe('past use on a plan', () => {
  it('[G8] counts what each period is over, and carries none of it on', () => {
    const uses = [used('2026-09-12', 1400), used('2026-10-06', 2000), used('2026-10-20', 300), used('2026-11-10', 100)];
    expect(played(given('piktochart', 'pro', { uses }))).toMatchObject({
      used: wholeCredits(3800),
      allotted: wholeCredits(1500),
      periods: 3,
      short: wholeCredits(800),
      shortPeriods: 1,
      packs: {
        ok: true,
        value: { packs: [{ packId: 'starter', count: 1 }], price: { minorUnits: 2000, currency: 'USD' } },
      },
    });
  });

  it('[K4] lets what was used before the first day count against the period that it lies in', () => {
    const uses = [used('2026-09-06', 1400), used('2026-09-12', 200)];
    expect(played(given('piktochart', 'pro', { uses }))).toMatchObject({
      used: wholeCredits(200),
      short: wholeCredits(100),
    });
  });

  it('[S3] gives each member a pool of their own where the plan does, and nobody’s use to nobody', () => {
    const uses = [used('2026-10-06', 2900, 'ana'), used('2026-10-06', 3500, 'ben'), used('2026-10-06', 40)];
    expect(played(given('visily', 'pro', { uses }))).toMatchObject({
      allotted: wholeCredits(6000),
      short: wholeCredits(540),
      unattributed: wholeCredits(40),
      // Visily publishes no amounts of its top-ups.
      packs: { ok: false, error: 'no-amounts' },
    });
  });

  it('says that there is no figure instead of making one up', () => {
    expect(replay(given('miro', 'enterprise', { seats: { member: 1500 } }))).toMatchObject({
      ok: false,
      error: { code: 'not-published', seats: 1500 },
    });
    expect(replay(given('miro', 'other', {}))).toMatchObject({ ok: false, error: { code: 'not-entered' } });
  });

  it('[K2] prices periods that began in these days, from a price that somebody entered', () => {
    const price = { price: { minorUnits: 1000, currency: 'EUR' }, per: 'seat' } as const;
    expect(played(given('piktochart', 'pro', { price })).planCost).toEqual({ minorUnits: 6000, currency: 'EUR' });
    expect(played(given('piktochart', 'pro', {})).planCost).toBeNull();
    // A few days within one period are not free.
    const days = { from: '2026-01-10', until: '2026-01-15' };
    expect(played({ ...given('piktochart', 'pro', { price }), ...days }).planCost).toEqual({
      minorUnits: 3000,
      currency: 'EUR',
    });
  });

  it('[G7] is short by no less for fewer seats, and used and short add up over any split of the days', () => {
    const anyUses = fc.array(fc.record({ day: fc.nat(70), credits: fc.integer({ min: 0, max: 900 }) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(anyUses, fc.integer({ min: 1, max: 70 }), (raw, cut) => {
        const uses = raw
          .toSorted((left, right) => left.day - right.day)
          .map(({ day, credits }) => used(addDays('2026-09-10', day), credits));
        const all = played(given('piktochart', 'pro', { uses }));
        const fewer = played(given('piktochart', 'pro', { uses, seats: { member: 2 } }));
        expect(fewer.short).toBeGreaterThanOrEqual(all.short);
        const middle = addDays('2026-09-10', cut);
        const first = played(given('piktochart', 'pro', { uses, until: middle }));
        const rest = played(given('piktochart', 'pro', { uses, from: middle }));
        expect(first.used + rest.used).toBe(all.used);
        expect(first.short + rest.short).toBe(all.short);
        if (all.packs.ok) expect(all.packs.value.credits).toBeGreaterThanOrEqual(all.short);
      }),
    );
  });
});

describe('use in the credits of another platform', () => {
  const visily = shippedCatalogues.find(({ platform }) => platform === 'visily');
  const match: FeatureMatch = {
    feature: 'studio-image',
    variant: null,
    platform: 'visily',
    otherFeature: 'image',
    otherVariant: null,
    units: quantity(2_000_000),
  };
  const images: QuantityOnDay = {
    day: '2026-10-06',
    memberId: 'ana',
    feature: 'studio-image',
    variant: null,
    quantity: quantity(3_000_000),
    credits: wholeCredits(75),
  };

  it('is what the matched features cost there, and says how much is matched', () => {
    if (!visily) throw new Error('no Visily');
    const video = { ...images, feature: 'video', quantity: quantity(1_000_000), credits: wholeCredits(250) };
    const converted = convert([images, video], { matches: [match], catalogue: visily, at: now });
    // Three images, each the work of two there, 10 credits each.
    expect(converted.uses).toEqual([{ day: '2026-10-06', memberId: 'ana', credits: 60e6 }]);
    expect(converted).toMatchObject({ matched: 75e6, unmatched: 250e6, unpriced: [] });
  });

  it('[C2] invents no rate where none is published', () => {
    const mirage = shippedCatalogues.find(({ platform }) => platform === 'mirage');
    if (!mirage) throw new Error('no Mirage');
    const converted = convert([images], {
      matches: [{ ...match, platform: 'mirage', otherFeature: 'image' }],
      catalogue: mirage,
      at: now,
    });
    expect(converted).toMatchObject({ uses: [], matched: 0, unmatched: 75e6, unpriced: ['image'] });
  });
});

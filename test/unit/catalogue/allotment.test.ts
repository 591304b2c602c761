import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allotmentOf, memberAllotmentOf, type AllotmentGiven } from '../../../shared/catalogue/allotment.ts';
import type { AllotmentRule, Plan } from '../../../shared/catalogue/catalogue.ts';
import { shippedCatalogues } from '../../../shared/catalogue/shipped.ts';
import { wholeCredits } from '../../../shared/kernel/credits.ts';

function planOf(platform: string, id: string): Plan {
  const catalogue = shippedCatalogues.find((candidate) => candidate.platform === platform);
  const plan = catalogue?.versions.at(-1)?.plans.find((candidate) => candidate.id === id);
  if (!plan) throw new Error(`No plan ${platform}/${id}`);
  return plan;
}

function given(seats: AllotmentGiven['seats'], changes: Partial<AllotmentGiven> = {}): AllotmentGiven {
  return { seats, periodNumber: 3, entered: null, ...changes };
}

const miro = planOf('miro', 'enterprise').allotment;

describe('brackets', () => {
  it.each([
    [0, 0],
    [1, 2_500],
    [50, 2_500],
    [51, 5_000],
    [100, 5_000],
    [101, 10_000],
    [200, 10_000],
    [201, 15_000],
    [300, 15_000],
    [301, 20_000],
    [400, 20_000],
    [401, 25_000],
    [500, 25_000],
    [501, 35_000],
    [700, 35_000],
    [701, 50_000],
    [1_000, 50_000],
  ])('[S1] Miro with %i seats is allotted %i', (seats, allotted) => {
    expect(allotmentOf(miro, given({ member: seats }))).toEqual({ ok: true, value: wholeCredits(allotted) });
  });

  it('[S1] Miro 120 → 210 seats goes from 10,000 to 15,000', () => {
    expect(allotmentOf(miro, given({ member: 120 }))).toEqual({ ok: true, value: wholeCredits(10_000) });
    expect(allotmentOf(miro, given({ member: 210 }))).toEqual({ ok: true, value: wholeCredits(15_000) });
  });

  it('[S3] seats of all roles count together', () => {
    expect(allotmentOf(miro, given({ admin: 2, member: 49 }))).toEqual({ ok: true, value: wholeCredits(5_000) });
  });

  it('[S1] above 1,000 seats nothing is extrapolated: the figure of the contract is asked for', () => {
    expect(allotmentOf(miro, given({ member: 1_001 }))).toEqual({
      ok: false,
      error: { code: 'not-published', seats: 1_001, publishedUpTo: 1_000 },
    });
    expect(allotmentOf(miro, given({ member: 1_001 }, { entered: wholeCredits(62_000) }))).toEqual({
      ok: true,
      value: wholeCredits(62_000),
    });
  });

  it('[S1] a published figure stands against an entered one', () => {
    expect(allotmentOf(miro, given({ member: 10 }, { entered: wholeCredits(62_000) }))).toEqual({
      ok: true,
      value: wholeCredits(2_500),
    });
  });

  it('[S1] every number of seats falls into exactly the bracket that holds it', () => {
    const steps = fc.array(fc.record({ width: fc.integer({ min: 1, max: 400 }), credits: fc.nat(100_000) }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(steps, fc.nat(9_000), (widths, seats) => {
        let to = 0;
        const brackets = widths.map(({ width, credits }) => {
          const from = to + 1;
          to += width;
          return { from, to, credits: String(credits) };
        });
        const rule: AllotmentRule = { rule: 'by-seat-bracket', brackets, source: 'page' };
        const allotted = allotmentOf(rule, given({ member: seats }));
        const holding = brackets.filter((bracket) => seats >= bracket.from && seats <= bracket.to);
        if (seats === 0) expect(allotted).toEqual({ ok: true, value: 0 });
        else if (seats > to) {
          expect(allotted).toEqual({ ok: false, error: { code: 'not-published', seats, publishedUpTo: to } });
        } else {
          expect(holding).toHaveLength(1);
          expect(allotted).toEqual({ ok: true, value: wholeCredits(Number(holding[0]?.credits)) });
        }
      }),
    );
  });
});

describe('seats', () => {
  it.each([
    ['free', 60],
    ['edu-npo-pro', 250],
    ['pro', 500],
    ['business', 1_000],
    ['enterprise', 1_000],
  ])('[S3] Piktochart %s × 3 seats is one pool of 3 × %i', (id, perSeat) => {
    expect(allotmentOf(planOf('piktochart', id).allotment, given({ member: 3 }))).toEqual({
      ok: true,
      value: wholeCredits(3 * perSeat),
    });
  });

  it.each([
    ['business', 190_000],
    ['enterprise', 390_000],
  ])('[S3] GitHub Copilot %s with 100 licenses is one pool of %i', (id, pool) => {
    expect(allotmentOf(planOf('github-copilot', id).allotment, given({ member: 100 }))).toEqual({
      ok: true,
      value: wholeCredits(pool),
    });
  });

  it('[S3] roles that bring nothing, and names that objects have anyway, bring nothing', () => {
    const { allotment } = planOf('piktochart', 'pro');
    expect(allotmentOf(allotment, given({ constructor: 4 }))).toEqual({ ok: true, value: 0 });
    const odd: AllotmentRule = { rule: 'per-seat', perRole: [{ role: 'constructor', credits: '5' }], source: 'page' };
    expect(allotmentOf(odd, given({}))).toEqual({ ok: true, value: 0 });
  });

  it('[K1] more than credits can hold is a problem', () => {
    const rule: AllotmentRule = {
      rule: 'per-seat',
      perRole: [
        { role: 'a', credits: '9000000000' },
        { role: 'b', credits: '9000000000' },
      ],
      source: 'page',
    };
    expect(allotmentOf(rule, given({ a: 1 }))).toEqual({ ok: true, value: wholeCredits(9_000_000_000) });
    expect(allotmentOf(rule, given({ a: 2 }))).toEqual({ ok: false, error: { code: 'out-of-range' } });
    expect(allotmentOf(rule, given({ a: 1, b: 1 }))).toEqual({ ok: false, error: { code: 'out-of-range' } });
  });

  it('[S3] sums exactly over roles', () => {
    fc.assert(
      fc.property(fc.nat(5_000), fc.nat(5_000), (editors, guests) => {
        const { allotment } = planOf('visily', 'pro');
        expect(allotmentOf(allotment, given({ editor: editors, 'guest-editor': guests }))).toEqual({
          ok: true,
          value: wholeCredits(editors * 3_000 + guests * 600),
        });
      }),
    );
  });
});

describe('a pool per member', () => {
  it.each([
    ['pro', 'editor', 3_000],
    ['pro', 'guest-editor', 600],
    ['pro', 'viewer', 0],
    ['business', 'editor', 10_000],
    ['business', 'guest-editor', 2_000],
    ['business', 'viewer', 0],
  ])('[S3] Visily %s allots a pool of its own to one %s: %i', (id, role, allotted) => {
    expect(memberAllotmentOf(planOf('visily', id).allotment, role)).toEqual({
      ok: true,
      value: wholeCredits(allotted),
    });
  });

  it('[S3] a fixed, entered or absent allotment is that of each member', () => {
    const fixed: AllotmentRule = { rule: 'fixed', credits: '40', firstPeriod: '90', source: 'page' };
    expect(memberAllotmentOf(fixed, 'editor')).toEqual({ ok: true, value: wholeCredits(40) });
    expect(memberAllotmentOf(fixed, 'editor', { periodNumber: 0, entered: null })).toEqual({
      ok: true,
      value: wholeCredits(90),
    });
    const entered: AllotmentRule = { rule: 'entered', source: 'page' };
    expect(memberAllotmentOf(entered, 'editor')).toEqual({ ok: false, error: { code: 'not-entered' } });
    expect(memberAllotmentOf({ rule: 'none', source: 'page' }, 'editor')).toEqual({ ok: true, value: 0 });
  });
});

describe('without seats', () => {
  it('[G0] Visily Free: 600 in the first period, 300 in every later one', () => {
    const { allotment } = planOf('visily', 'free');
    const allotted = [0, 1, 2, 40].map((periodNumber) =>
      allotmentOf(allotment, given({ editor: 9 }, { periodNumber })),
    );
    expect(allotted).toEqual([600, 300, 300, 300].map((whole) => ({ ok: true, value: wholeCredits(whole) })));
  });

  it('[G0] where nothing is published the entered figure counts, 0 too', () => {
    for (const plan of [planOf('miro', 'other'), planOf('mirage', 'captions'), planOf('mirage', 'mirage-studio')]) {
      expect(allotmentOf(plan.allotment, given({ member: 5 }))).toEqual({ ok: false, error: { code: 'not-entered' } });
      expect(allotmentOf(plan.allotment, given({ member: 5 }, { entered: wholeCredits(1_400) }))).toEqual({
        ok: true,
        value: wholeCredits(1_400),
      });
      expect(allotmentOf(plan.allotment, given({ member: 5 }, { entered: wholeCredits(0) }))).toEqual({
        ok: true,
        value: 0,
      });
    }
  });

  it('[G0] prepaid credits only: nothing is allotted', () => {
    expect(allotmentOf({ rule: 'none', source: 'page' }, given({ member: 5 }))).toEqual({ ok: true, value: 0 });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PriceProblem } from '../../../shared/catalogue/price.ts';
import type { BindingCap } from '../../../shared/entitlement/caps.ts';
import { decide, type DecisionQuestion } from '../../../shared/entitlement/decide.ts';
import { ruleOrder } from '../../../shared/entitlement/decision.ts';
import { noCredits, subtract, type Credits } from '../../../shared/kernel/credits.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import { at, cr } from '../../support/ledger-lines.ts';
import { plainPlan } from '../catalogue/catalogue-builder.ts';

const soft = plainPlan({ limit: { kind: 'soft', source: 'page' } });
const hard = plainPlan();
const reset = at('2026-02-01');
const tomorrow = at('2026-01-11');

function price(amount: Credits): DecisionQuestion['price'] {
  const common = {
    unitRate: amount,
    catalogueVersion: '1',
    pricing: 'listed',
    featureName: 'Image',
    unit: 'image',
  } as const;
  return ok({ credits: amount, ...common });
}

function unpriced(problem: PriceProblem): DecisionQuestion['price'] {
  return err(problem);
}

/** A question about `amount` to a pool that has `available` left. */
function question(amount: number, available: number, changes: Partial<DecisionQuestion> = {}): DecisionQuestion {
  const paid = Math.min(amount, available);
  return {
    plan: hard,
    planEnded: false,
    price: price(cr(amount)),
    role: 'editor',
    addOnsOn: new Set(['extra']),
    needsAddOn: null,
    feature: 'image',
    caps: [],
    pool: {
      split: [
        { grantId: 'allotment', kind: 'allotment' as const, credits: cr(paid) },
        { grantId: null, kind: 'overage' as const, credits: cr(amount - paid) },
      ].filter((share) => share.credits > 0),
      headroom: cr(available),
      overageAdded: cr(amount - paid),
      freesAt: reset,
    },
    happened: false,
    ...changes,
  };
}

function cap(limit: number, used: number, changes: Partial<BindingCap> = {}): DecisionQuestion['caps'][number] {
  return {
    rule: 'personal-cap',
    span: 'day',
    limit: cr(limit),
    window: { start: at('2026-01-10'), end: tomorrow },
    loosensAt: null,
    memberId: 'ada',
    teamId: null,
    used: cr(used),
    ...changes,
  };
}

describe('a decision', () => {
  it('[E1] is a value with price, split, reasons and the headroom of every rule that counts credits', () => {
    const decision = decide(question(5, 100, { caps: [cap(20, 8)] }));
    expect(decision).toEqual({
      outcome: 'allowed',
      credits: cr(5),
      split: [{ grantId: 'allotment', kind: 'allotment', credits: cr(5) }],
      reasons: [],
      headrooms: [
        { rule: 'personal-cap', headroom: cr(12), freesAt: tomorrow },
        { rule: 'pool', headroom: cr(100), freesAt: reset },
      ],
    });
  });

  it('[E1] that refuses names the rule, what is left and when it frees', () => {
    const { outcome, reasons } = decide(question(50, 30));
    expect(outcome).toBe('refused');
    expect(reasons).toEqual([
      { rule: 'pool', effect: 'refused', headroom: cr(30), freesAt: reset, limit: null, span: null, subject: null },
    ]);
  });

  it('[H4] credit 100, used 70, hold 50 → refused', () => {
    expect(decide(question(50, 30)).outcome).toBe('refused');
    expect(decide(question(30, 30)).outcome).toBe('allowed');
  });
});

describe('rules', () => {
  it('[E2] are all looked at and all that fail are reported, the first of the order as the headline', () => {
    const { outcome, reasons } = decide(
      question(50, 30, { role: 'viewer', needsAddOn: 'extra', addOnsOn: new Set(), caps: [cap(40, 0)] }),
    );
    expect(outcome).toBe('refused');
    expect(reasons.map((reason) => reason.rule)).toEqual(['platform-role', 'feature-in-plan', 'personal-cap', 'pool']);
    expect(reasons.map((reason) => reason.subject)).toEqual(['Viewer', 'Extra', null, null]);
  });

  it('[E2] reasons stand in the order of the rules, whatever fails', () => {
    const anyQuestion = fc
      .record({
        amount: fc.nat(50),
        available: fc.nat(50),
        role: fc.constantFrom('editor', 'viewer', 'stranger', null),
        addOn: fc.boolean(),
        plan: fc.constantFrom(soft, hard),
        planEnded: fc.boolean(),
        happened: fc.boolean(),
        caps: fc.array(
          fc.record({ limit: fc.nat(40), used: fc.nat(40), rule: fc.constantFrom('personal-cap', 'team-budget') }),
          { maxLength: 4 },
        ),
      })
      .map(({ amount, available, addOn, caps, ...given }) =>
        question(amount, available, {
          ...given,
          needsAddOn: 'extra',
          addOnsOn: new Set(addOn ? ['extra'] : []),
          caps: caps.map(({ limit, used, rule }) => cap(limit, used, { rule })),
        }),
      );
    const property = fc.property(anyQuestion, (asked) => {
      const decision = decide(asked);
      const places = decision.reasons.map(({ rule }) =>
        ruleOrder.indexOf(rule === 'team-budget' ? 'personal-cap' : rule),
      );
      expect(places).toEqual(places.toSorted((left, right) => left - right));
      expect(decision.outcome === 'refused').toBe(decision.reasons.some((reason) => reason.effect === 'refused'));
      if (asked.happened) expect(decision.outcome).not.toBe('refused');
      const over = decision.split.filter((share) => share.kind === 'overage').length > 0;
      if (decision.outcome === 'allowed') expect(over).toBe(false);
      expect(decision.split.reduce((total, share) => total + share.credits, 0)).toBe(decision.credits);
      expect(decision.headrooms).toHaveLength(asked.caps.length + 1);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('[E2] a feature that needs an add-on is refused while the add-on is off', () => {
    expect(decide(question(5, 100, { needsAddOn: 'extra' })).outcome).toBe('allowed');
    const off = decide(question(5, 100, { needsAddOn: 'extra', addOnsOn: new Set() }));
    expect(off.reasons.map((reason) => [reason.rule, reason.subject])).toEqual([['feature-in-plan', 'Extra']]);
  });

  it('[E2] a plan that has ended refuses what no grant pays, with a soft limit too', () => {
    expect(decide(question(250, 2000, { plan: soft, planEnded: true })).outcome).toBe('allowed');
    expect(decide(question(250, 200, { plan: soft, planEnded: true })).outcome).toBe('refused');
  });

  it('[E5] the platform role decides who may spend; who is unattributed has none to fail', () => {
    const outcomeOf = (role: string | null) => decide(question(5, 100, { role })).outcome;
    expect(['editor', 'viewer', 'stranger', null].map(outcomeOf)).toEqual(['allowed', 'refused', 'refused', 'allowed']);
  });
});

describe('limits', () => {
  it('[E4] a soft limit lets overage pass and says so, a hard one refuses', () => {
    const passed = decide(question(50, 30, { plan: soft }));
    expect([passed.outcome, passed.reasons[0]?.effect, passed.reasons[0]?.headroom]).toEqual([
      'allowed-overage',
      'overage',
      cr(30),
    ]);
    expect(decide(question(50, 30, { plan: hard })).outcome).toBe('refused');
  });

  it('[E7] overage that a backdated use would push onto a later one counts like its own', () => {
    const pool = { ...question(40, 40).pool, headroom: cr(30), overageAdded: cr(10) };
    expect(decide(question(40, 40, { pool })).outcome).toBe('refused');
    const passed = decide(question(40, 40, { pool, plan: soft }));
    expect([passed.outcome, passed.split.length]).toEqual(['allowed-overage', 1]);
  });

  it('[C3] what costs nothing passes at balance 0 and under a cap of 0', () => {
    const free = decide(question(0, 0, { caps: [cap(0, 0), cap(10, 25)] }));
    expect([free.outcome, free.credits, free.reasons]).toEqual(['allowed', noCredits, []]);
  });
});

describe('caps', () => {
  it('[E3] bind to the last credit', () => {
    const outcomeOf = (amount: number) => decide(question(amount, 100, { caps: [cap(20, 8)] })).outcome;
    expect([12, 13].map(outcomeOf)).toEqual(['allowed', 'refused']);
  });

  it('[E3] cap 0 blocks with a full pool, and time alone does not help', () => {
    const { outcome, reasons, headrooms } = decide(question(1, 100, { caps: [cap(0, 0)] }));
    expect([outcome, reasons[0]?.rule, reasons[0]?.headroom, reasons[0]?.freesAt]).toEqual([
      'refused',
      'personal-cap',
      noCredits,
      null,
    ]);
    expect(headrooms[0]?.freesAt).toBeNull();
  });

  it('[E3] an override with an end frees when it ends, where that is sooner', () => {
    const freesAt = (given: Partial<BindingCap>, limit = 0) =>
      decide(question(1, 100, { caps: [cap(limit, limit, given)] })).reasons[0]?.freesAt;
    const noon = at('2026-01-10T12:00');
    expect(freesAt({ loosensAt: noon })).toBe(noon);
    expect(freesAt({ loosensAt: noon }, 5)).toBe(noon);
    expect(freesAt({ loosensAt: at('2026-03-01') }, 5)).toBe(tomorrow);
  });

  it('[E3] all that apply must hold, and the lowest headroom is the headline', () => {
    const caps = [
      cap(20, 8),
      cap(100, 93, { rule: 'team-budget', span: 'week' }),
      cap(50, 40, { span: 'period' }),
      cap(900, 0, { span: 'week' }),
    ];
    const { outcome, reasons } = decide(question(15, 1000, { caps }));
    expect(outcome).toBe('refused');
    expect(reasons.map(({ rule, headroom, limit, span }) => [rule, headroom, limit, span])).toEqual([
      ['team-budget', cr(7), cr(100), 'week'],
      ['personal-cap', cr(10), cr(50), 'period'],
      ['personal-cap', cr(12), cr(20), 'day'],
    ]);
  });

  it('[E3] a cap that was exceeded by what already happened has no headroom, not a negative one', () => {
    const { reasons, headrooms } = decide(question(1, 100, { caps: [cap(20, 35)] }));
    expect([reasons[0]?.headroom, headrooms[0]?.headroom]).toEqual([noCredits, noCredits]);
  });
});

describe('what already happened', () => {
  it('[E6] is never refused: the excess is overage with its reason, on hard pools too', () => {
    const decision = decide(question(50, 30, { happened: true, caps: [cap(10, 0)], role: 'viewer' }));
    expect(decision.outcome).toBe('allowed-overage');
    expect(decision.reasons.map(({ rule, effect }) => [rule, effect])).toEqual([
      ['platform-role', 'overage'],
      ['personal-cap', 'overage'],
      ['pool', 'overage'],
    ]);
    expect(decision.split.at(-1)).toEqual({ grantId: null, kind: 'overage', credits: subtract(cr(50), cr(30)) });
  });

  it('[C5] is refused all the same where nobody knows what it costs', () => {
    const unknown = unpriced({ code: 'unknown-feature', feature: 'hologram', known: [] });
    const decision = decide(question(0, 100, { price: unknown, feature: 'hologram', happened: true }));
    expect([decision.outcome, decision.split, decision.reasons[0]?.rule]).toEqual(['refused', [], 'known-feature']);
  });
});

describe('prices that there are none of', () => {
  it.each([
    [{ code: 'unknown-feature', feature: 'image', known: [] } as const, 'known-feature', 'image'],
    [{ code: 'unknown-variant', feature: 'image', variant: 'deep', known: [null] } as const, 'known-feature', 'image'],
    [{ code: 'unpriced', feature: 'image', featureName: 'Image', variant: null } as const, 'priced', 'Image'],
  ])('[C5] %o is refused with the rule and its name', (problem, rule, subject) => {
    const { outcome, reasons } = decide(question(0, 100, { price: unpriced(problem) }));
    expect([outcome, reasons[0]?.rule, reasons[0]?.subject]).toEqual(['refused', rule, subject]);
  });

  it('[E2] an unknown action still reports the other rules that fail', () => {
    const price = unpriced({ code: 'unknown-feature', feature: 'hologram', known: [] });
    const { reasons } = decide(question(0, 0, { price, role: 'viewer' }));
    expect(reasons.map(({ rule }) => rule)).toEqual(['known-feature', 'platform-role']);
  });
});

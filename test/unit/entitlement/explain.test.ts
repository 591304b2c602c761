import { describe, expect, it } from 'vitest';
import type { Decision, Reason } from '../../../shared/entitlement/decision.ts';
import { explain, plainWording } from '../../../shared/entitlement/explain.ts';
import { at, cr } from '../../support/ledger-lines.ts';

function sentences(reasons: readonly Partial<Reason>[], changes: Partial<Decision> = {}): readonly string[] {
  const decision: Decision = {
    outcome: 'refused',
    credits: cr(50),
    split: [],
    headrooms: [],
    reasons: reasons.map((given) => ({
      rule: 'pool',
      effect: 'refused',
      headroom: null,
      freesAt: null,
      limit: null,
      span: null,
      subject: null,
      ...given,
    })),
    ...changes,
  };
  return explain(decision, plainWording);
}

describe('a decision in sentences', () => {
  it('[E1] names the rule, the headroom and when it frees, headline first', () => {
    const said = sentences([
      { rule: 'platform-role', subject: 'Guest' },
      { rule: 'feature-in-plan', subject: 'Prototypes' },
      { rule: 'personal-cap', headroom: cr(12), limit: cr(20), span: 'day', freesAt: at('2026-01-11') },
      { rule: 'team-budget', headroom: cr(7), limit: cr(100), span: 'week', freesAt: null },
      { rule: 'pool', headroom: cr(30), freesAt: at('2026-02-01') },
    ]);
    expect(said).toEqual([
      'The role “Guest” does not spend credits at this platform.',
      'This feature needs the add-on “Prototypes”, which is off.',
      'Personal cap of 20 credits per day: 12 credits left, 50 credits needed. More becomes free on 2026-01-11T00:00:00.000Z.',
      'Team budget of 100 credits per week: 7 credits left, 50 credits needed.',
      'The pool has 30 credits left, 50 credits needed. More becomes free on 2026-02-01T00:00:00.000Z.',
    ]);
  });

  it('[E4] says how much could be spent without overage', () => {
    expect(sentences([{ headroom: cr(30), effect: 'overage' }], { outcome: 'allowed-overage' })).toEqual([
      '30 credits can be spent without overage, 50 credits needed.',
    ]);
  });

  it('[C5] tells an unknown action, one without a price, and a quantity that cannot be priced apart', () => {
    expect(
      sentences([
        { rule: 'known-feature', subject: 'hologram' },
        { rule: 'priced', subject: 'Video' },
        { rule: 'priced', subject: null },
      ]),
    ).toEqual([
      'The catalogue does not list “hologram” for this platform.',
      "“Video” has no price yet. Fill in its rate in the platform's catalogue.",
      'This quantity has no price: it must be more than 0 and within reach.',
    ]);
  });

  it('[C3] says that something is free, or that the pool covers it', () => {
    expect(sentences([], { outcome: 'allowed', credits: cr(0) })).toEqual(['This costs no credits.']);
    expect(sentences([], { outcome: 'allowed', credits: cr('2.5') })).toEqual(['The pool covers 2.5 credits.']);
  });
});

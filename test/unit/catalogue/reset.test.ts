import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../shared/catalogue/catalogue.ts';
import { periodRuleOf, seatChangeEffectiveAt } from '../../../shared/catalogue/reset.ts';
import { shippedCatalogues } from '../../../shared/catalogue/shipped.ts';
import { formatInstant, parseInstant, type Instant } from '../../../shared/kernel/instant.ts';
import { nthPeriod, periodContaining } from '../../../shared/kernel/period.ts';
import { plainPlan } from './catalogue-builder.ts';

function planOf(platform: string, id: string): Plan {
  const catalogue = shippedCatalogues.find((candidate) => candidate.platform === platform);
  const plan = catalogue?.versions.at(-1)?.plans.find((candidate) => candidate.id === id);
  if (!plan) throw new Error(`No plan ${platform}/${id}`);
  return plan;
}

function at(text: string): Instant {
  const parsed = parseInstant(text, 'UTC');
  if (!parsed.ok) throw new Error(`Not an instant: ${text}`);
  return parsed.value;
}

const miro = planOf('miro', 'enterprise');
const tokyo = { anchor: '2026-01-15', timeZone: 'Asia/Tokyo' };

describe('periods', () => {
  it('[K3] [K5] Miro and GitHub Copilot: day 1 of each calendar month at 00:00 UTC, whatever the anchor and zone', () => {
    for (const plan of [miro, planOf('github-copilot', 'business'), planOf('github-copilot', 'enterprise')]) {
      const rule = periodRuleOf(plan, tokyo);
      expect(rule).toEqual({ anchor: '2026-01-01', months: 1, zone: 'UTC' });
      const period = periodContaining(rule, at('2026-02-28T23:30:00Z'));
      expect([period.number, formatInstant(period.start), formatInstant(period.end)]).toEqual([
        1,
        '2026-02-01T00:00:00.000Z',
        '2026-03-01T00:00:00.000Z',
      ]);
    }
  });

  it("[K3] [K5] Piktochart and Visily: the anchor's day in the workspace's zone", () => {
    for (const plan of [planOf('piktochart', 'pro'), planOf('visily', 'free'), planOf('visily', 'business')]) {
      const rule = periodRuleOf(plan, tokyo);
      expect(rule).toEqual({ anchor: '2026-01-15', months: 1, zone: 'Asia/Tokyo' });
      expect(formatInstant(nthPeriod(rule, 0).start)).toBe('2026-01-14T15:00:00.000Z');
    }
  });

  it('[K5] plans that reset every so many months', () => {
    const quarterly = plainPlan({ reset: { on: 'anchor', everyMonths: 3, zone: 'UTC', source: 'page' } });
    const rule = periodRuleOf(quarterly, { anchor: '2025-11-30', timeZone: 'UTC' });
    expect([0, 1, 2].map((number) => formatInstant(nthPeriod(rule, number).start).slice(0, 10))).toEqual([
      '2025-11-30',
      '2026-02-28',
      '2026-05-30',
    ]);
  });
});

describe('changes of seats', () => {
  const dates = { anchor: '2026-03-10', timeZone: 'UTC' };
  const effective = (plan: Plan, changedAt: string, workspace = dates): string =>
    formatInstant(seatChangeEffectiveAt(plan, workspace, at(changedAt)));

  it('[S1] now: at once', () => {
    const plan = plainPlan({ seatChange: { takesEffect: 'now', source: 'page' } });
    expect(effective(plan, '2026-03-17T09:30:00Z')).toBe('2026-03-17T09:30:00.000Z');
  });

  it('[S2] Visily and Piktochart: at the next reset, or at once exactly on one', () => {
    for (const plan of [planOf('visily', 'pro'), planOf('piktochart', 'pro')]) {
      expect(effective(plan, '2026-03-17T09:30:00Z')).toBe('2026-04-10T00:00:00.000Z');
      expect(effective(plan, '2026-04-10T00:00:00Z')).toBe('2026-04-10T00:00:00.000Z');
      expect(effective(plan, '2026-04-10T00:00:00.001Z')).toBe('2026-05-10T00:00:00.000Z');
    }
  });

  it('[S2] Miro: the first reset on or after the next billing date', () => {
    // Billed on the 10th, reset on the 1st: a change of March 5 is billed on March 10 and counts from April 1.
    expect(effective(miro, '2026-03-05T12:00:00Z')).toBe('2026-04-01T00:00:00.000Z');
    expect(effective(miro, '2026-03-10T00:00:00Z')).toBe('2026-04-01T00:00:00.000Z');
    expect(effective(miro, '2026-03-10T00:00:00.001Z')).toBe('2026-05-01T00:00:00.000Z');
    expect(effective(miro, '2026-03-25T12:00:00Z')).toBe('2026-05-01T00:00:00.000Z');
  });

  it('[S2] Miro billed on the first of the month: the next reset', () => {
    const first = { anchor: '2026-01-01', timeZone: 'UTC' };
    expect(effective(miro, '2026-03-17T12:00:00Z', first)).toBe('2026-04-01T00:00:00.000Z');
    expect(effective(miro, '2026-04-01T00:00:00Z', first)).toBe('2026-04-01T00:00:00.000Z');
  });

  it('[S2] billing dates are clamped to short months and counted from the anchor', () => {
    const last = { anchor: '2026-01-31', timeZone: 'UTC' };
    expect(effective(miro, '2026-02-28T00:00:00Z', last)).toBe('2026-03-01T00:00:00.000Z');
    expect(effective(miro, '2026-02-28T00:00:01Z', last)).toBe('2026-04-01T00:00:00.000Z');
  });

  it('[S1] GitHub Copilot: more at once, fewer from the next month on', () => {
    const plan = planOf('github-copilot', 'business');
    const changedAt = at('2026-07-17T09:30:00Z');
    expect(seatChangeEffectiveAt(plan, dates, changedAt)).toBe(changedAt);
    expect(formatInstant(seatChangeEffectiveAt(plan, dates, changedAt, true))).toBe('2026-08-01T00:00:00.000Z');
    expect(formatInstant(seatChangeEffectiveAt(miro, dates, at('2026-03-05'), true))).toBe('2026-04-01T00:00:00.000Z');
  });
});

import { describe, expect, it } from 'vitest';
import { alertKinds, type AlertFact } from '../../../shared/alerts/alert.ts';
import { alertKey } from '../../../shared/alerts/key.ts';
import { credits } from '../../../shared/kernel/credits.ts';
import { instant } from '../../../shared/kernel/instant.ts';

const at = (iso: string) => instant(Date.parse(iso));
const period = { start: at('2026-11-01T00:00:00Z'), end: at('2026-12-01T00:00:00Z') };
const noDays = { p10: null, p50: null, p90: null };
const hold = { credits: credits(5), holdId: 'h' };

const facts: readonly AlertFact[] = [
  {
    kind: 'threshold',
    rule: 'N1',
    poolId: 'p',
    memberId: null,
    period,
    percent: 80,
    recovered: false,
    used: credits(8),
    of: credits(10),
    basis: 'allotment',
  },
  { kind: 'run-out', rule: 'N2', resetAt: period.end, probability: 0.6, ...noDays, available: credits(4) },
  {
    kind: 'reset',
    rule: 'N2',
    resetAt: period.end,
    previous: period,
    used: credits(1),
    overage: credits(0),
    allotted: credits(9),
  },
  { kind: 'hold-expiring', rule: 'N2', ...hold, memberId: null, expiresAt: period.end, expired: false },
  { kind: 'hold-open', rule: 'H8', ...hold, memberId: null, since: period.start },
  { kind: 'order-decided', rule: 'N2', orderId: 'o', packName: 'Starter', outcome: 'granted', credits: credits(9) },
  { kind: 'sync-stuck', rule: 'N2', how: 'stopped', waiting: 1, lastSuccessAt: null },
  {
    kind: 'digest',
    rule: 'N2',
    monday: '2026-11-23',
    used: credits(1),
    weekBeforeUsed: credits(1),
    available: credits(1),
    resetAt: period.end,
    topFeature: null,
  },
];

describe('the name of what was crossed', () => {
  it('is one for each kind, and says nothing of who looked, when, or how sure it was', () => {
    expect(facts.map(alertKey)).toEqual([
      'threshold/2026-11-01T00:00:00.000Z/80',
      'run-out/2026-12-01T00:00:00.000Z',
      'reset/2026-12-01T00:00:00.000Z',
      'hold-expiring/h',
      'hold-open/h',
      'order-decided/o',
      'sync-stuck/never',
      'digest/2026-11-23',
    ]);
    expect(new Set(facts.map(({ kind }) => kind))).toEqual(new Set(alertKinds));
  });

  it('[V1] is none for what is told of one person', () => {
    const ofOne = facts.flatMap((fact) => ('memberId' in fact ? [{ ...fact, memberId: 'ana' }] : []));
    expect(ofOne.map(alertKey)).toEqual([null, null, null]);
  });
});

// What the page words from figures is, in English, what the replica says of the same figures in its own sentences.
import { describe, expect, it } from 'vitest';
import { alertWords } from '../../../../renderer/features/alerts/alert-words.ts';
import { decisionWords } from '../../../../renderer/features/log-usage/decision-words.ts';
import {
  formatCreditsWithUnit,
  formatDay,
  formatDayOf,
  formatMoment,
  formatShare,
} from '../../../../renderer/ui/figures.tsx';
import { verdictWords as shownVerdict } from '../../../../renderer/ui/verdict-words.ts';
import { conflictRow, verdictWords, waitingRow } from '../../../../replica/services/verdict-words.ts';
import type { AlertFact } from '../../../../shared/alerts/alert.ts';
import { alertSentences } from '../../../../shared/alerts/sentence.ts';
import type { Decision, Reason } from '../../../../shared/entitlement/decision.ts';
import { explain } from '../../../../shared/entitlement/explain.ts';
import { credits, wholeCredits } from '../../../../shared/kernel/credits.ts';
import { instant } from '../../../../shared/kernel/instant.ts';
import { refusalReasons } from '../../../../shared/protocol/verdict.ts';

const zone = 'Europe/Berlin';
const at = instant(Date.UTC(2026, 2, 12, 13, 5));
const later = instant(Date.UTC(2026, 3, 1));
const wording = {
  credits: (value: Parameters<typeof formatCreditsWithUnit>[0]) => formatCreditsWithUnit(value),
  moment: (moment: typeof at) => `${formatMoment(moment, zone)} (${zone})`,
  day: (day: Parameters<typeof formatDay>[0]) => formatDay(day),
  dayAt: (moment: typeof at) => formatDayOf(moment, zone),
  percent: (share: number) => formatShare(share),
  member: (id: string) => `Name of ${id}`,
};
const hundred = wholeCredits(100);
const none = credits(0);

const threshold = {
  kind: 'threshold',
  rule: 'N1',
  poolId: 'pool',
  memberId: null,
  period: { start: at, end: later },
  percent: 80,
  used: wholeCredits(81),
  of: hundred,
  basis: 'allotment',
  recovered: false,
} as const;
const runOut = {
  kind: 'run-out',
  rule: 'N2',
  resetAt: later,
  probability: 0.62,
  p10: at,
  p50: at,
  p90: later,
  available: hundred,
} as const;
const hold = { holdId: 'hold', memberId: 'ana', credits: wholeCredits(1) } as const;
const order = { kind: 'order-decided', rule: 'N2', orderId: 'order', packName: 'Starter' } as const;
const stuck = { kind: 'sync-stuck', rule: 'N2' } as const;
const digest = {
  kind: 'digest',
  rule: 'N2',
  monday: '2026-03-09',
  used: hundred,
  weekBeforeUsed: none,
  available: hundred,
  resetAt: later,
} as const;
const facts: readonly AlertFact[] = [
  threshold,
  { ...threshold, percent: 100, used: wholeCredits(112), memberId: 'ana', recovered: true },
  { ...threshold, basis: 'grants' },
  { ...threshold, basis: 'grants', percent: 100 },
  runOut,
  { ...runOut, p10: null, p90: null },
  { ...runOut, p10: null, p50: null, p90: null },
  {
    kind: 'reset',
    rule: 'N2',
    resetAt: later,
    previous: { start: at, end: later },
    used: hundred,
    overage: none,
    allotted: hundred,
  },
  {
    kind: 'reset',
    rule: 'N2',
    resetAt: later,
    previous: { start: at, end: later },
    used: hundred,
    overage: wholeCredits(2),
    allotted: hundred,
  },
  { kind: 'hold-expiring', rule: 'N2', ...hold, expiresAt: later, expired: false },
  { kind: 'hold-expiring', rule: 'N2', ...hold, memberId: null, expiresAt: later, expired: true },
  { kind: 'hold-open', rule: 'H8', ...hold, since: at },
  { ...order, outcome: 'granted', credits: hundred },
  { ...order, outcome: 'granted', credits: null },
  { ...order, outcome: 'refused', credits: null },
  { ...order, outcome: 'cancelled', credits: hundred },
  ...[0, 1, 2].flatMap((waiting) => [
    { ...stuck, how: 'stopped' as const, waiting, lastSuccessAt: null },
    { ...stuck, how: 'waiting' as const, waiting, lastSuccessAt: at },
  ]),
  { ...digest, topFeature: null },
  { ...digest, topFeature: { name: 'AI video', credits: hundred } },
];

const reason = {
  effect: 'refused',
  headroom: hundred,
  freesAt: later,
  limit: hundred,
  span: 'week',
  subject: 'Deep',
} as const;
const reasons: readonly Reason[] = [
  { ...reason, rule: 'known-feature' },
  { ...reason, rule: 'priced' },
  { ...reason, rule: 'priced', subject: null },
  { ...reason, rule: 'platform-role' },
  { ...reason, rule: 'feature-in-plan' },
  ...(['day', 'week', 'period'] as const).flatMap((span) => [
    { ...reason, rule: 'personal-cap' as const, span },
    { ...reason, rule: 'team-budget' as const, span, freesAt: null },
  ]),
  { ...reason, rule: 'pool' },
  { ...reason, rule: 'pool', effect: 'overage', freesAt: null },
  ...['ended', 'suspended', 'too-small', 'none'].map((subject) => ({ ...reason, rule: 'lease' as const, subject })),
];

describe('alerts', () => {
  it.each(facts.map((fact) => [fact.kind, fact] as const))('say of %s what notifications say: %j', (_kind, fact) => {
    expect(alertWords(fact, { zone, nameOf: wording.member })).toEqual(alertSentences(fact, wording));
  });
});

describe('decisions', () => {
  const decision = (some: Partial<Decision>): Decision => ({
    outcome: 'refused',
    credits: hundred,
    split: [],
    reasons: [],
    headrooms: [],
    ...some,
  });

  it.each(reasons.map((one) => [one.rule, one] as const))('say of %s what the command line says: %j', (_rule, one) => {
    const refused = decision({ reasons: [one] });
    expect(decisionWords(refused, zone)).toEqual(explain(refused, wording));
  });

  it.each([decision({ outcome: 'allowed' }), decision({ outcome: 'allowed', credits: none }), decision({ reasons })])(
    'say it whole: $outcome',
    (one) => {
      expect(decisionWords(one, zone)).toEqual(explain(one, wording));
    },
  );
});

describe('verdicts', () => {
  const rows = [
    waitingRow,
    conflictRow,
    verdictWords({ entryId: 'entry', kind: 'booked' }, wording),
    verdictWords({ entryId: 'entry', kind: 'late' }, wording),
    verdictWords({ entryId: 'entry', kind: 'over-cap' }, wording),
    verdictWords({ entryId: 'entry', kind: 'overrun', excess: hundred }, wording),
    ...refusalReasons.map((one) => verdictWords({ entryId: 'entry', kind: 'refused', reason: one }, wording)),
  ];

  it.each(rows)('say of $state, $reason what the replica says', (row) => {
    expect(shownVerdict(row)).toEqual({ message: row.message, todo: row.todo });
  });
});

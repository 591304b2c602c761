import { expect, it } from 'vitest';
import type { AlertFact } from '../../../shared/alerts/alert.ts';
import { alertSentences, type AlertWording } from '../../../shared/alerts/sentence.ts';
import { formatDecimal, wholeCredits } from '../../../shared/kernel/credits.ts';
import { instant } from '../../../shared/kernel/instant.ts';

const wording: AlertWording = {
  credits: (value) => `${formatDecimal(value)} credits`,
  moment: (at) => `day ${at / 86_400_000}`,
  dayAt: (at) => `day ${at / 86_400_000}`,
  day: (date) => date,
  percent: (share) => `${Math.round(share * 100)} %`,
  member: (id) => id.toUpperCase(),
};
const day = (number: number) => instant(number * 86_400_000);
const textOf = (fact: AlertFact): string => {
  const { headline, detail } = alertSentences(fact, wording);
  return `${headline} | ${detail}`;
};
const threshold: Extract<AlertFact, { kind: 'threshold' }> = {
  kind: 'threshold',
  rule: 'N1',
  poolId: 'pool',
  memberId: null,
  period: { start: day(0), end: day(30) },
  percent: 80,
  recovered: false,
  used: wholeCredits(1230),
  of: wholeCredits(1500),
  basis: 'allotment',
};

it('says what was crossed, with its figures', () => {
  expect(textOf(threshold)).toBe(
    '80 % of the allotment is used | 1230 credits used of 1500 credits. Resets on day 30.',
  );
  expect(textOf({ ...threshold, percent: 100, used: wholeCredits(1612), memberId: 'ana' })).toBe(
    '100 % of the allotment of ANA is used up | 1612 credits used of 1500 credits, 112 credits over. Resets on day 30.',
  );
  expect(textOf({ ...threshold, basis: 'grants', recovered: true })).toBe(
    '80 % of the credits that were granted is used | 1230 credits used of 1500 credits. Resets on day 30. It is below again meanwhile.',
  );
});

it('says when credits may run out, as a range and with its probability', () => {
  const fact = {
    kind: 'run-out',
    rule: 'N2',
    resetAt: day(30),
    probability: 0.62,
    available: wholeCredits(40),
  } as const;
  expect(textOf({ ...fact, p10: day(20), p50: day(25), p90: day(40) })).toBe(
    'Credits may run out before the reset: 62 % likely | 40 credits left until day 30. Probably on day 25 (between day 20 and day 40, four times of five).',
  );
  expect(textOf({ ...fact, p10: day(20), p50: null, p90: null })).toBe(
    'Credits may run out before the reset: 62 % likely | 40 credits left until day 30.',
  );
});

it('says what happened to periods, holds, orders and weeks', () => {
  const hold = { holdId: 'h', memberId: 'ana', credits: wholeCredits(5) } as const;
  const expiring = { kind: 'hold-expiring', rule: 'N2', ...hold, expiresAt: day(3) } as const;
  const order = {
    kind: 'order-decided',
    rule: 'N2',
    orderId: 'o',
    packName: 'Booster',
    credits: wholeCredits(5500),
  } as const;
  const facts: readonly AlertFact[] = [
    {
      kind: 'reset',
      rule: 'N2',
      resetAt: day(30),
      previous: { start: day(0), end: day(30) },
      used: wholeCredits(1612),
      overage: wholeCredits(112),
      allotted: wholeCredits(1500),
    },
    { ...expiring, expired: false },
    { ...expiring, expired: true, memberId: null },
    { kind: 'hold-open', rule: 'H8', ...hold, since: day(1) },
    { ...order, outcome: 'granted' },
    { ...order, outcome: 'refused' },
    {
      kind: 'digest',
      rule: 'N2',
      monday: '2026-11-23',
      used: wholeCredits(300),
      weekBeforeUsed: wholeCredits(200),
      available: wholeCredits(700),
      resetAt: day(30),
      topFeature: { name: 'Video', credits: wholeCredits(250) },
    },
  ];
  expect(facts.map(textOf)).toEqual([
    'A new period has begun: 1500 credits allotted | Used in the one before: 1612 credits, 112 credits over. It ended on day 30.',
    'A hold of ANA is about to time out: 5 credits | Capture or release it by day 3; then its credits are free again.',
    'A hold timed out: 5 credits are free again | It ended on day 3 without an answer. What was used after all can still be logged.',
    'A hold of ANA has been open for more than a day: 5 credits | It began on day 1. Capture what was used, or release it.',
    'The order of Booster was granted: 5500 credits | Its credits can be spent.',
    'The order of Booster was refused | No credits were added.',
    'The week before 2026-11-23: 300 credits used | 200 credits in the week before that. Most by Video: 250 credits. 700 credits left until day 30.',
  ]);
});

it('says that sync is stuck, and where the entries are', () => {
  const fact = { kind: 'sync-stuck', rule: 'N2', lastSuccessAt: day(3) } as const;
  expect(textOf({ ...fact, how: 'waiting', waiting: 12 })).toBe(
    'Sync is stuck: 12 entries are on this computer only, for more than a day | It last went well on day 3. Everything is kept and tried again by itself. The page Sync says why.',
  );
  expect(textOf({ ...fact, how: 'stopped', waiting: 0, lastSuccessAt: null })).toBe(
    'Sync has stopped: nothing is sent until you look after it | It never went well so far. Nothing waits on this computer. The page Sync says what to do.',
  );
  expect(textOf({ ...fact, how: 'stopped', waiting: 1 })).toContain('1 entry is on this computer only, and kept.');
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  advanceMark,
  coverBy,
  leaseGrowth,
  leaseTimes,
  nextPeriodIsDue,
  renewedMark,
  restOfLease,
  standingOf,
  topUpGrowth,
  type ClockReading,
  type HeldLease,
} from '../../../shared/entitlement/lease.ts';
import { credits, subtract } from '../../../shared/kernel/credits.ts';
import { instant } from '../../../shared/kernel/instant.ts';
import type { Transaction } from '../../../shared/ledger/transaction.ts';
import { at, capture, cr, hold, plain, refund, release, usage, voidOf } from '../../support/ledger-lines.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const january = { start: at('2026-01-01'), end: at('2026-02-01') };
const lease = { id: 'lease', amount: cr(100) };
const under = { leaseId: 'lease' };
const restAfter = (...lines: readonly Transaction[]): number => plain(restOfLease(lease, lines).rest);

describe('what is left of a lease', () => {
  const noon = at('2026-01-05T12:00');
  const later = at('2026-01-05T13:00');
  const held = { ...hold('h', noon, cr(40)), ...under };

  it('[B1] is its amount less what names it: uses, holds, and captures beyond their hold', () => {
    expect(restAfter()).toBe(100);
    expect(restAfter(usage('a', noon, cr(30), under), usage('b', noon, cr(20)))).toBe(70);
    expect(restAfter(held)).toBe(60);
    expect(restAfter(held, capture('c', held, later))).toBe(60);
    expect(restAfter(held, { ...capture('c', held, later, cr(55)), ...under })).toBe(45);
    expect(restAfter(usage('a', noon, cr(30), { leaseId: 'another' }))).toBe(100);
  });

  it('[B1] is the same in any order and however often a line comes', () => {
    const lines = [
      usage('a', noon, cr(10), under),
      held,
      { ...capture('c', held, later, cr(50)), ...under },
      release('r', held, at('2026-01-05T14:00')),
      usage('d', noon, cr(5), under),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray([...lines, ...lines], { minLength: lines.length * 2 }), (shuffled) => {
        expect(restAfter(...shuffled)).toBe(35);
      }),
    );
  });

  it('[B2] grows by releases and partial captures, and not by time-outs, refunds and voids', () => {
    const used = usage('a', noon, cr(30), under);
    const timed = { ...hold('t', noon, cr(40), at('2026-01-05T12:30')), ...under };
    expect(restAfter(held, release('r', held, later))).toBe(100);
    expect(restAfter(held, capture('c', held, later, cr(15)))).toBe(85);
    expect(restAfter(used, refund('x', used, later), voidOf('v', used, later))).toBe(70);
    expect(restAfter(timed)).toBe(60);
    expect(restAfter(timed, release('r', timed, later))).toBe(60);
  });

  it('[B2] gives back on a device only what the server has booked, and takes at once', () => {
    const beyond = { ...capture('c', held, later, cr(55)), ...under };
    const rest = (line: Transaction): number => plain(restOfLease(lease, [held, line], () => false).rest);
    expect([rest(release('r', held, later)), rest(capture('c', held, later, cr(15))), rest(beyond)]).toEqual([
      60, 60, 45,
    ]);
  });

  it('[B1] never goes below nothing; what was spent beyond it is told', () => {
    const { rest, overdrawn } = restOfLease(lease, [usage('a', noon, cr(130), under)]);
    expect([plain(rest), plain(overdrawn)]).toEqual([0, 30]);
  });
});

describe('spending under a lease', () => {
  const reading: ClockReading = { wall: at('2026-01-05'), bootId: 'boot', monotonicMs: 1_000 };
  const mark = advanceMark(null, reading);
  const own: HeldLease = {
    id: 'lease',
    deviceId: 'device',
    poolId: 'pool',
    amount: cr(100),
    period: january,
    spendableForMs: 2 * dayMs,
    from: mark,
  };
  const clocks = { mark, reading };
  const cover = (amount: number, changes: { readonly at?: string; readonly poolId?: string } = {}) =>
    coverBy(
      [{ lease: own, rest: cr(60) }],
      { poolId: changes.poolId ?? 'pool', amount: cr(amount), at: at(changes.at ?? '2026-01-05') },
      clocks,
    );
  const after = (wallMs: number, monotonicMs: number, bootId = 'boot'): ClockReading => ({
    wall: instant(reading.wall + wallMs),
    monotonicMs: reading.monotonicMs + monotonicMs,
    bootId,
  });

  it('[B3] a use is covered whole or not at all, and what could be spent is told', () => {
    expect(cover(60)).toEqual({ kind: 'covered', leaseId: 'lease' });
    expect(cover(61)).toEqual({ kind: 'uncovered', why: 'too-small', rest: cr(60) });
    expect(cover(1, { poolId: 'another' })).toEqual({ kind: 'uncovered', why: 'no-lease', rest: null });
  });

  it('[B6] a use of another period is not covered', () => {
    expect(cover(1, { at: '2025-12-31T23:59' })).toMatchObject({ why: 'no-lease' });
    expect(cover(1, { at: '2026-02-01' })).toMatchObject({ why: 'no-lease' });
  });

  it.each([
    ['both clocks run', dayMs, dayMs, 'spendable'],
    ['the wall clock says it is over', 2 * dayMs, 0, 'ended'],
    ['the computer slept and its monotonic clock stopped', 3 * dayMs, hourMs, 'ended'],
    ['the wall clock stands still and the monotonic one is over', 1, 2 * dayMs, 'ended'],
  ])('[B4] %s', (_, wallMs, monotonicMs, kind) => {
    expect(standingOf(own, mark, after(wallMs, monotonicMs)).kind).toBe(kind);
  });

  it('[B4] the monotonic clocks are summed over starts of the computer', () => {
    const beforeRestart = advanceMark(mark, after(1, 36 * hourMs));
    const afterRestart = after(2, 11 * hourMs, 'second');
    expect(standingOf(own, beforeRestart, afterRestart)).toEqual({ kind: 'spendable', forMs: hourMs - 1_000 });
    expect(standingOf(own, beforeRestart, after(2, 12 * hourMs, 'second')).kind).toBe('ended');
  });

  it('[B5] a wall clock below the mark suspends until it has caught up', () => {
    const seen = advanceMark(mark, after(hourMs, hourMs));
    expect(standingOf(own, seen, after(hourMs - 1, hourMs))).toEqual({
      kind: 'suspended',
      until: instant(reading.wall + hourMs),
    });
    expect(standingOf(own, seen, after(hourMs, hourMs)).kind).toBe('spendable');
    expect(
      coverBy(
        [{ lease: own, rest: cr(60) }],
        { poolId: 'pool', amount: cr(1), at: at('2026-01-05') },
        { mark: seen, reading },
      ),
    ).toMatchObject({ why: 'suspended' });
  });

  it('[B5] a sync begins anew with the clock as it is then', () => {
    const wrong = advanceMark(mark, after(300 * dayMs, hourMs));
    const right = after(2 * hourMs, 2 * hourMs);
    const renewed = renewedMark(wrong, right);
    const again = { ...own, from: { wall: renewed.wall, elapsedMs: renewed.elapsedMs } };
    expect(standingOf(own, wrong, right).kind).toBe('ended');
    expect(standingOf(again, renewed, right)).toEqual({ kind: 'spendable', forMs: 2 * dayMs });
  });

  it('[B4] [B5] whatever the clocks do, a lease that ended has no way back but a sync', () => {
    const anyReading = fc.record({
      wall: fc.integer({ min: -dayMs, max: 4 * dayMs }).map((ms) => instant(reading.wall + ms)),
      monotonicMs: fc.nat(3 * dayMs),
      bootId: fc.constantFrom('boot', 'second', 'third'),
    });
    fc.assert(
      fc.property(fc.array(anyReading, { maxLength: 12 }), (readings) => {
        let seen = mark;
        let ended = false;
        for (const next of readings) {
          const { kind } = standingOf(own, seen, next);
          expect(ended && kind !== 'ended').toBe(false);
          ended = kind === 'ended';
          seen = advanceMark(seen, next);
        }
      }),
    );
  });
});

describe('how large and how long', () => {
  const growth = (expected: number, rest: number, free: number, activeDevices: number): number =>
    plain(
      leaseGrowth({ expected: cr(expected), rest: cr(rest), held: cr(0), unit: cr(1), free: cr(free), activeDevices }),
    );

  it('[B7] grows to what is expected, and at most by a device’s half share of what is free', () => {
    expect(growth(50, 0, 1000, 3)).toBe(50);
    expect(growth(50, 20, 1000, 3)).toBe(30);
    expect(growth(50, 80, 1000, 3)).toBe(0);
    expect(growth(500, 0, 1000, 3)).toBe(166);
    expect(growth(50.5, 0, 1000, 3)).toBe(50);
    expect(growth(0.9, 0, 1000, 3)).toBe(0);
    expect(growth(500, 0, 0, 3)).toBe(0);
  });

  it('[B7] [B8] devices that renew in turn never take more than there is', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.integer({ min: 1, max: 9 }), fc.array(fc.nat(5000)), (free, devices, wishes) => {
        let left = credits(free);
        for (const wish of wishes) {
          const none = { rest: credits(0), held: credits(0), unit: credits(1) };
          const given = { expected: credits(wish), ...none, free: left, activeDevices: devices };
          left = subtract(left, leaseGrowth(given));
        }
        expect(left).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  const amount = fc.nat({ max: 5_000_000 }).map(credits);
  const unit = fc.constantFrom(1, 10_000, 100_000, 1_000_000).map(credits);

  it('[B11] is a whole number of the steps in which the platform counts, and never more than its share', () => {
    fc.assert(
      fc.property(
        fc.record({ expected: amount, rest: amount, held: amount, free: amount, unit }),
        fc.integer({ min: 1, max: 9 }),
        (given, activeDevices) => {
          const growth = leaseGrowth({ ...given, activeDevices });
          expect(growth).toBeGreaterThanOrEqual(0);
          expect(growth).toBeLessThanOrEqual(given.free / (2 * activeDevices));
          expect(growth).toBeLessThanOrEqual(Math.max(given.expected - given.rest, 0));
          if (growth > 0) expect((given.held + growth) % given.unit).toBe(0);
          // Nothing but the rounding is held back.
          const least = Math.min(given.expected - given.rest, Math.floor(given.free / (2 * activeDevices)));
          expect(growth).toBeGreaterThan(least - given.unit);
        },
      ),
    );
  });

  it('[B11] a top-up gives what is missing, in whole steps where there is so much, or nothing', () => {
    fc.assert(
      fc.property(fc.record({ needed: amount, rest: amount, held: amount, free: amount, unit }), (given) => {
        const growth = topUpGrowth(given);
        const missing = Math.max(given.needed - given.rest, 0);
        expect(growth).toBeLessThanOrEqual(given.free);
        if (missing > given.free) expect(growth).toBe(0);
        else expect(growth).toBeGreaterThanOrEqual(missing);
        expect(growth).toBeLessThan(missing + given.unit);
        const roundedUp = Math.ceil((given.held + missing) / given.unit) * given.unit - given.held;
        if (missing > 0 && roundedUp <= given.free) expect((given.held + growth) % given.unit).toBe(0);
      }),
    );
  });

  it('[B8] is spendable for seven days, and set aside for seven more or three days beyond the period', () => {
    expect(leaseTimes(january, at('2026-01-05'))).toEqual({
      spendableUntil: at('2026-01-12'),
      reclaimAt: at('2026-01-19'),
    });
    expect(leaseTimes(january, at('2026-01-28'))).toEqual({
      spendableUntil: at('2026-02-01'),
      reclaimAt: at('2026-02-04'),
    });
  });

  it('[B6] the next period’s is due seven days before the reset and lasts seven days of its own', () => {
    const february = { start: january.end, end: at('2026-03-01') };
    expect(nextPeriodIsDue(january, at('2026-01-24T23:59'))).toBe(false);
    expect(nextPeriodIsDue(january, at('2026-01-25'))).toBe(true);
    expect(leaseTimes(february, at('2026-01-25')).spendableUntil).toEqual(at('2026-02-08'));
  });
});

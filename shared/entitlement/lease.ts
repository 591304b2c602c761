import { credits, greatest, least, noCredits, subtract, type Credits } from '../kernel/credits.ts';
import { compareText } from '../kernel/id.ts';
import { instant, later, type Instant } from '../kernel/instant.ts';
import type { Period } from '../kernel/period.ts';
import type { Capture, Hold, Release, Transaction } from '../ledger/transaction.ts';

/**
 * Leases: bounded rights to spend from a hard pool without asking. The server carves a lease out of what is free, for
 * one device and one allotment period; the device spends no more than it, whatever else happens. Rules B1–B8.
 */
export interface Lease {
  readonly id: string;
  readonly deviceId: string;
  readonly poolId: string;
  /** All that was ever leased under this id; it only grows. */
  readonly amount: Credits;
  readonly period: Period;
}

type Settlement = Capture | Release;

/** How much a spend uses, and how much of that which lease bears. */
export interface Borne {
  readonly used: Credits;
  readonly byLease: ReadonlyMap<string, Credits>;
}

/**
 * What a hold and its settlement use together, and which leases bear it. Either may be unknown so far. A settlement after
 * the hold's time-out frees nothing for the lease: clocks differ, and what is given back goes to the pool. [B2]
 */
export function borneByHold(hold: Hold | undefined, settlement: Settlement | undefined): Borne {
  const captured = settlement?.kind === 'capture' ? settlement.credits : noCredits;
  const captureLease = settlement?.kind === 'capture' ? settlement.leaseId : undefined;
  if (!hold) return { used: captured, byLease: shares([[captureLease, captured]]) };
  const timedOut = settlement !== undefined && hold.expiresAt !== null && settlement.occurredAt >= hold.expiresAt;
  if (settlement === undefined || timedOut) {
    return { used: hold.credits, byLease: shares([[hold.leaseId, hold.credits]]) };
  }
  const beyond = greatest(subtract(captured, hold.credits), noCredits);
  return {
    used: captured,
    byLease: shares([
      [hold.leaseId, least(captured, hold.credits)],
      [captureLease, beyond],
    ]),
  };
}

function shares(parts: readonly (readonly [string | undefined, Credits])[]): ReadonlyMap<string, Credits> {
  const byLease = new Map<string, Credits>();
  for (const [leaseId, part] of parts) {
    if (leaseId !== undefined && part > 0) byLease.set(leaseId, credits((byLease.get(leaseId) ?? 0) + part));
  }
  return byLease;
}

/** What is left of a lease; `overdrawn` is what was spent beyond it, which no single device does by itself. */
export interface LeaseRest {
  readonly rest: Credits;
  readonly overdrawn: Credits;
}

/**
 * The rest of a lease: a fold of the lines that name it, with the holds and settlements that they hang together with, in
 * any order and however often. Other lines change nothing. [B1] [B2]
 * @param isBooked whether the server has booked a settlement. One that it may still refuse, because another device was
 * first, gives nothing back.
 */
export function restOfLease(
  lease: Pick<Lease, 'id' | 'amount'>,
  lines: Iterable<Transaction>,
  isBooked: (settlement: Capture | Release) => boolean = () => true,
): LeaseRest {
  const used = new Map<string, Credits>();
  const holds = new Map<string, Hold>();
  const settlements = new Map<string, Settlement>();
  for (const line of lines) {
    if (line.kind === 'usage' && line.leaseId === lease.id) used.set(line.id, line.credits);
    if (line.kind === 'hold') holds.set(line.id, line);
    if (line.kind === 'capture' || line.kind === 'release') {
      const known = settlements.get(line.linkedId);
      if (!known || compareSettlements(line, known) < 0) settlements.set(line.linkedId, line);
    }
  }
  let borne = 0;
  for (const amount of used.values()) borne += amount;
  for (const holdId of new Set([...holds.keys(), ...settlements.keys()])) {
    const hold = holds.get(holdId);
    const settlement = settlements.get(holdId);
    const sure = settlement === undefined || isBooked(settlement) ? settlement : withoutGift(hold, settlement);
    borne += borneByHold(hold, sure).byLease.get(lease.id) ?? 0;
  }
  const left = lease.amount - borne;
  return { rest: credits(Math.max(left, 0)), overdrawn: credits(Math.max(-left, 0)) };
}

/** A settlement as far as it takes: what it would give back is left out. */
function withoutGift(hold: Hold | undefined, settlement: Settlement): Settlement | undefined {
  if (settlement.kind === 'release') return undefined;
  return { ...settlement, credits: greatest(settlement.credits, hold?.credits ?? noCredits) };
}

/** The first one settles the hold. [H2] */
function compareSettlements(left: Settlement, right: Settlement): number {
  return left.occurredAt - right.occurredAt || compareText(left.id, right.id);
}

/** What the clocks of a device say. The monotonic one counts from the start of the computer and may stop in sleep. */
export interface ClockReading {
  readonly wall: Instant;
  /** Another one after each start of the computer. */
  readonly bootId: string;
  readonly monotonicMs: number;
}

/** The latest that was seen of the clocks, kept durably with what is spent; it never goes back by itself. [B5] */
export interface ClockMark extends ClockReading {
  /** How long the monotonic clocks have run at least, over all starts, since the first mark. */
  readonly elapsedMs: number;
}

/** Moves the mark on; the first one begins at 0. */
export function advanceMark(mark: ClockMark | null, reading: ClockReading): ClockMark {
  if (mark === null) return { ...reading, elapsedMs: 0 };
  const since = mark.bootId === reading.bootId ? mark.monotonicMs : 0;
  const ran = Math.max(reading.monotonicMs - since, 0);
  return { ...reading, wall: later(mark.wall, reading.wall), elapsedMs: mark.elapsedMs + ran };
}

/**
 * The mark after the server was asked at `reading`, whatever the wall clock said before: the leases of the answer count
 * from here, so a clock that was wrong and is right now holds up nothing any more. [B5]
 */
export function renewedMark(mark: ClockMark | null, reading: ClockReading): ClockMark {
  return { ...advanceMark(mark, reading), wall: reading.wall };
}

/** A lease as a device has it. */
export interface HeldLease extends Lease {
  readonly spendableForMs: number;
  /** The mark when the device asked for it: before the server answered, so that the network's delay costs the device. */
  readonly from: Pick<ClockMark, 'wall' | 'elapsedMs'>;
}

export type LeaseStanding =
  | { readonly kind: 'spendable'; readonly forMs: number }
  | { readonly kind: 'ended' }
  /** The wall clock was set back: until it has caught up, or a sync, nobody knows how late it is. */
  | { readonly kind: 'suspended'; readonly until: Instant };

/** Whether a lease may be spent now: until the earlier of both clocks says that its time is over. [B4] [B5] */
export function standingOf(lease: HeldLease, mark: ClockMark, reading: ClockReading): LeaseStanding {
  const now = advanceMark(mark, reading);
  const goneMs = Math.max(now.wall - lease.from.wall, now.elapsedMs - lease.from.elapsedMs);
  if (goneMs >= lease.spendableForMs) return { kind: 'ended' };
  if (reading.wall < mark.wall) return { kind: 'suspended', until: mark.wall };
  return { kind: 'spendable', forMs: lease.spendableForMs - goneMs };
}

/** A lease with what its lines leave of it. */
export interface LeaseInHand {
  readonly lease: HeldLease;
  readonly rest: Credits;
}

export type LeaseDecision =
  | { readonly kind: 'covered'; readonly leaseId: string }
  /** `rest` is what could be spent; null where no lease can be spent at all. Online, the way on is a top-up. */
  | {
      readonly kind: 'uncovered';
      readonly why: 'no-lease' | 'ended' | 'suspended' | 'too-small';
      readonly rest: Credits | null;
    };

/** The same with what could be spent at most, whether or not it is enough. */
export interface LeaseAnswer {
  readonly cover: LeaseDecision;
  readonly rest: Credits;
}

/** Whether a use of `amount` at `at` is within a lease of its pool and period. What costs nothing needs none. [B3] [B6] */
export function coverBy(
  inHand: readonly LeaseInHand[],
  use: { readonly poolId: string; readonly amount: Credits; readonly at: Instant },
  clocks: { readonly mark: ClockMark; readonly reading: ClockReading },
): LeaseDecision {
  const own = inHand.find(
    ({ lease }) => lease.poolId === use.poolId && use.at >= lease.period.start && use.at < lease.period.end,
  );
  if (!own) return { kind: 'uncovered', why: 'no-lease', rest: null };
  const standing = standingOf(own.lease, clocks.mark, clocks.reading);
  if (standing.kind !== 'spendable') return { kind: 'uncovered', why: standing.kind, rest: null };
  if (use.amount > own.rest) return { kind: 'uncovered', why: 'too-small', rest: own.rest };
  return { kind: 'covered', leaseId: own.lease.id };
}

const dayMs = 86_400_000;

const spendableMsMax = 7 * dayMs;
const reportingMsMax = 7 * dayMs;
const graceAfterPeriodMs = 3 * dayMs;

/**
 * By how much a lease should grow, so that it is a whole number of the steps in which its platform counts.
 * @param expected P90 of the device's use over the next three days.
 * @param rest what the device still has of it.
 * @param held what was leased under it so far.
 * @param unit one step, 1 or more.
 * @param free what is neither settled nor leased in the pool; smaller leases as it empties.
 */
export function leaseGrowth(given: {
  readonly expected: Credits;
  readonly rest: Credits;
  readonly held: Credits;
  readonly unit: Credits;
  readonly free: Credits;
  /** Devices that have synced lately, this one included: 1 or more. */
  readonly activeDevices: number;
}): Credits {
  const { held, unit } = given;
  const most = credits(Math.floor(given.free / (2 * given.activeDevices)));
  const wanted = held + least(greatest(subtract(given.expected, given.rest), noCredits), most);
  return credits(Math.max(wanted - (wanted % unit) - held, 0));
}

/**
 * By how much it grows for somebody who waits: by all that is missing, rounded up to whole steps where there is so much,
 * or not at all: less than what a person waits for helps nobody.
 */
export function topUpGrowth(given: {
  readonly needed: Credits;
  readonly rest: Credits;
  readonly held: Credits;
  readonly unit: Credits;
  readonly free: Credits;
}): Credits {
  const { needed, rest, held, unit, free } = given;
  const missing = greatest(subtract(needed, rest), noCredits);
  if (missing === noCredits || missing > free) return noCredits;
  const wanted = held + missing;
  const whole = Math.ceil(wanted / unit) * unit - held;
  return whole <= free ? credits(whole) : missing;
}

/** Until when a lease given now may be spent, and from when on the server may count on its rest again. [B6] [B8] */
export function leaseTimes(
  period: Period,
  now: Instant,
): { readonly spendableUntil: Instant; readonly reclaimAt: Instant } {
  const from = later(now, period.start);
  const spendableUntil = instant(Math.min(from + spendableMsMax, period.end));
  const reclaimAt = instant(Math.min(spendableUntil + reportingMsMax, period.end + graceAfterPeriodMs));
  return { spendableUntil, reclaimAt };
}

/** Whether leases for the period after this one are due already, so that the reset stops nobody who is offline. [B6] */
export function nextPeriodIsDue(period: Period, now: Instant): boolean {
  return now >= period.end - spendableMsMax;
}

import type { Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { GrantTerms } from './burn-order.ts';
import type { LineKey } from './line-order.ts';
import type { AllotmentSchedule, ScheduledPeriod } from './schedule.ts';
import type { Spends, SpendState } from './spends.ts';

/**
 * The state of one pool, moved forward through the lines of the ledger in the order in which they count. It is a
 * function of the set of lines and of the schedule of allotments, and of nothing else: whoever folds the same set gets
 * the same state, whatever the order of arrival. [G5]
 */
export interface PoolState {
  readonly poolId: string;
  readonly schedule: AllotmentSchedule;
  /** Every grant that has become effective; lapsed and voided ones stay for the books. */
  readonly slots: Slot[];
  /** The grants that may pay, in burn order. [G2] */
  readonly inForce: Slot[];
  /** Grants whose effective-from is still to come. */
  readonly awaited: Slot[];
  /** Every use and hold by its id, in the order in which they count. */
  readonly spendById: Spends;
  readonly openHoldById: Map<string, SpendState>;
  /** When open holds time out, as far as they do. */
  readonly timeOutById: Map<string, Instant>;
  readonly totalsByPeriodStart: Map<Instant, PeriodTotals>;
  /** What no grant pays at present: overage, and what open holds have set aside beyond all grants. */
  unpaid: number;
  /** Lines that could not count, with the reason. They stay in the ledger. */
  readonly anomalies: Anomaly[];
  /** Voids of grants that have not become effective yet. [G1] */
  readonly voidByGrantId: Map<string, { readonly lineId: string; readonly at: Instant }>;
  /** Nothing is allotted to periods that end by then: the schedule's opening, or the first line where that is earlier. */
  readonly opensAt: Instant;
  period: ScheduledPeriod;
  /** The latest instant at which a line or the clock changed something: nothing may be inserted before it. */
  processedUntil: Instant;
  lastKey: LineKey | null;
  /** How many lines other than plain uses have been applied. */
  othersApplied: number;
  /** When time alone changes something next; null when that has to be looked up anew. */
  nextClockEvent: Instant | null;
}

export interface Slot extends GrantTerms {
  readonly amount: Credits;
  readonly packId: string | null;
  /** Whether what is left at the reset may roll over. [G10] */
  readonly rollsOver: boolean;
  /** Where it stands among the slots of its state; −1 while it is awaited. */
  place: number;
  used: number;
  held: number;
  /** Set once it stopped paying. */
  ended: { readonly how: 'lapsed' | 'voided'; readonly at: Instant } | null;
}

export interface PeriodTotals {
  used: number;
  overage: number;
}

export interface Anomaly {
  readonly lineId: string;
  readonly code: 'unknown-line' | 'hold-already-resolved' | 'more-than-was-used' | 'not-a-hold' | 'unknown-grant';
}

/** What a grant in force can still pay. */
export function freeOf(slot: Slot): number {
  return slot.ended === null ? slot.amount - slot.used - slot.held : 0;
}

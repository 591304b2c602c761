import type { Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Period } from '../kernel/period.ts';
import type { GrantKind } from './transaction.ts';

/** One grant as it stands at an instant. */
export interface GrantState {
  readonly id: string;
  readonly kind: GrantKind;
  readonly packId: string | null;
  readonly amount: Credits;
  /** Not used; credits that open holds have set aside are still in here. */
  readonly remaining: Credits;
  /** The part of `remaining` that open holds have set aside. */
  readonly held: Credits;
  readonly priority: number;
  readonly effectiveFrom: Instant;
  readonly expiresAt: Instant | null;
}

/**
 * A pool at an instant. `allotted`, `used`, `overage`, `lapsedInPeriod` are of the current allotment period; `used` includes overage and
 * nothing is clamped [G7]. `available` can be spent now. `lapsed` and `voided` count since the pool began, so that
 * granted = usedEver − overageEver + remaining + held on ended grants + lapsed + voided holds at every instant. [G6]
 */
export interface Balance {
  readonly poolId: string;
  readonly asOf: Instant;
  readonly period: Period;
  readonly allotted: Credits;
  readonly used: Credits;
  readonly held: Credits;
  readonly available: Credits;
  readonly overage: Credits;
  /** What ended unused since this period began, its opening reset included. */
  readonly lapsedInPeriod: Credits;
  readonly lapsed: Credits;
  readonly voided: Credits;
  readonly grantedEver: Credits;
  readonly usedEver: Credits;
  readonly overageEver: Credits;
  /** Grants in force, in burn order. [G2] */
  readonly grants: readonly GrantState[];
}

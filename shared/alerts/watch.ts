import type { Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Period } from '../kernel/period.ts';
import type { LocalDate } from '../kernel/time-zone.ts';
import type { DigestFigures, RunOutFigures, SyncFigures, UsePoint } from './alert.ts';

/**
 * What was told of a workspace so far, as plain data to be stored. It is all that looking again needs to tell nothing
 * twice and to lose nothing.
 */
export interface Watch {
  /** The first sight: what had been crossed by then was never told. [N1] */
  readonly since: Instant;
  /** The number of the next alert. */
  readonly nextNumber: number;
  /** Pools and periods in which a threshold is reached; all others are below every one. */
  readonly reached: readonly ReachedMark[];
  /** Starts of the periods whose reset was told. */
  readonly resets: readonly Instant[];
  /** Starts of the periods of which a run-out was told and has not become improbable since. */
  readonly runOuts: readonly Instant[];
  /** Holds that were told, as `<what>/<id>`. */
  readonly holds: readonly string[];
  /** Orders whose decision was told. */
  readonly orders: readonly string[];
  /** Until when sync had gone well, the last time that it was told to be stuck: until it goes well again, once. */
  readonly stuckSince: Instant | null;
  readonly mondays: readonly LocalDate[];
}

export interface ReachedMark {
  readonly poolId: string;
  readonly periodStart: Instant;
  /** Up to where its course has been looked at. */
  readonly until: Instant;
  readonly percents: readonly number[];
}

/** What can be seen of a workspace at an instant. */
export interface Sight {
  readonly at: Instant;
  readonly uses: readonly UseSeen[];
  /** Every period that began since the first sight and has begun by now. */
  readonly resets: readonly ResetSeen[];
  /** Null where the forecast says no probability, or nothing is left to run out. */
  readonly runOut: RunOutSeen | null;
  readonly holds: readonly HoldSeen[];
  /** Every order that was decided. */
  readonly orders: readonly OrderSeen[];
  /** Null where entries reach the server, or there is none. */
  readonly sync: SyncFigures | null;
  /** Of the last Monday that has begun; null where it was told already. */
  readonly digest: DigestFigures | null;
}

/** The use of a pool in a period that has not ended before the first sight. */
export interface UseSeen {
  readonly poolId: string;
  readonly memberId: string | null;
  readonly period: Period;
  /** How far the course goes: never less far than it was looked at before, and no farther than the period. */
  readonly until: Instant;
  /** Where it stood when the period began: above nothing of an allotment, but part of a pack may be used by then. */
  readonly opening: UsePoint;
  /** The course since it was last looked at: before each thing that lowered use, and last as it stands at `until`. */
  readonly course: readonly UsePoint[];
}

export interface ResetSeen {
  readonly start: Instant;
  readonly previous: Period;
  readonly used: Credits;
  readonly overage: Credits;
  readonly allotted: Credits;
}

export interface RunOutSeen extends RunOutFigures {
  readonly periodStart: Instant;
}

/** A hold that is open, or timed out since the first sight without an answer. */
export interface HoldSeen {
  readonly id: string;
  readonly memberId: string | null;
  readonly credits: Credits;
  readonly since: Instant;
  readonly expiresAt: Instant | null;
  readonly state: 'open' | 'expired';
}

export interface OrderSeen {
  readonly id: string;
  readonly packName: string;
  readonly outcome: 'granted' | 'refused' | 'cancelled';
  readonly credits: Credits | null;
}

/** What was noted of a pool in a period; undefined where nothing is reached. */
export function markOf(watch: Watch | null, poolId: string, periodStart: Instant): ReachedMark | undefined {
  return watch?.reached.find((mark) => mark.poolId === poolId && mark.periodStart === periodStart);
}

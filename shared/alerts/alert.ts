import type { Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Period } from '../kernel/period.ts';
import type { LocalDate } from '../kernel/time-zone.ts';

/** What use is measured by: the period's allotment, or the grants in force where there is none. [N1] */
export type Basis = 'allotment' | 'grants';

/** How much of what was used. */
export interface UsePoint {
  readonly used: Credits;
  readonly of: Credits;
  readonly basis: Basis;
}

/** What can be told. Each carries its figures and the rule that it follows from, and no words. */
export type AlertFact =
  | (UsePoint & {
      readonly kind: 'threshold';
      readonly rule: 'N1';
      readonly poolId: string;
      /** Whose pool it is; null for a shared one. */
      readonly memberId: string | null;
      readonly period: Period;
      readonly percent: number;
      /** Use was below the threshold again when this was seen. */
      readonly recovered: boolean;
    })
  | (RunOutFigures & { readonly kind: 'run-out'; readonly rule: 'N2' })
  | {
      readonly kind: 'reset';
      readonly rule: 'N2';
      readonly resetAt: Instant;
      readonly previous: Period;
      readonly used: Credits;
      readonly overage: Credits;
      /** What the new period was allotted at its start. */
      readonly allotted: Credits;
    }
  | {
      readonly kind: 'hold-expiring';
      readonly rule: 'N2';
      readonly holdId: string;
      readonly memberId: string | null;
      readonly credits: Credits;
      readonly expiresAt: Instant;
      /** It had timed out by the time that it was seen: its credits are free again. */
      readonly expired: boolean;
    }
  | {
      readonly kind: 'hold-open';
      readonly rule: 'H8';
      readonly holdId: string;
      readonly memberId: string | null;
      readonly credits: Credits;
      readonly since: Instant;
    }
  | {
      readonly kind: 'order-decided';
      readonly rule: 'N2';
      readonly orderId: string;
      readonly packName: string;
      readonly outcome: 'granted' | 'refused' | 'cancelled';
      readonly credits: Credits | null;
    }
  | (SyncFigures & { readonly kind: 'sync-stuck'; readonly rule: 'N2' })
  | (DigestFigures & { readonly kind: 'digest'; readonly rule: 'N2' });

export interface RunOutFigures {
  readonly resetAt: Instant;
  /** That the pool is empty before the reset, 0 to 1. */
  readonly probability: number;
  readonly p10: Instant | null;
  readonly p50: Instant | null;
  readonly p90: Instant | null;
  readonly available: Credits;
}

/** What a device could not send to the server of the workspace. */
export interface SyncFigures {
  /** stopped: nothing is sent until somebody acts. waiting: it is tried again and again, and does not arrive. */
  readonly how: 'stopped' | 'waiting';
  /** Entries that are on this computer only. */
  readonly waiting: number;
  /** When a round last went well; null for never. */
  readonly lastSuccessAt: Instant | null;
}

/** The week before a Monday, in the workspace's calendar. */
export interface DigestFigures {
  readonly monday: LocalDate;
  readonly used: Credits;
  readonly weekBeforeUsed: Credits;
  readonly available: Credits;
  readonly resetAt: Instant;
  /** The feature that used most; null in a week without use. */
  readonly topFeature: { readonly name: string; readonly credits: Credits } | null;
}

export type AlertKind = AlertFact['kind'];

export const alertKinds = [
  'threshold',
  'run-out',
  'reset',
  'hold-expiring',
  'hold-open',
  'order-decided',
  'sync-stuck',
  'digest',
] as const satisfies readonly AlertKind[];

/** A fact, told once. */
export interface Alert {
  /** Unique in its workspace. */
  readonly id: string;
  /** When it was seen. */
  readonly at: Instant;
  readonly fact: AlertFact;
}

/** When something is told; the same for everybody in a workspace. */
export interface AlertRules {
  /** Percent of what there is, ascending, each once. [N1] */
  readonly thresholds: readonly number[];
  /** A run-out is told when it is more probable than this, in percent. [N2] */
  readonly runOutPercent: number;
  /** How long before its time-out a hold is told, in minutes. [N2] */
  readonly holdMinutes: number;
}

export const defaultAlertRules: AlertRules = { thresholds: [50, 80, 100], runOutPercent: 50, holdMinutes: 60 };

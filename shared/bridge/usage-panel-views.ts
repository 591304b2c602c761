import type { Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { LocalDate, WindowKind } from '../kernel/time-zone.ts';
import type { BreakdownRow, LedgerRow } from './views.ts';

/** Use of a day, week, month or quarter, whole. [A2] */
export interface UsageWindow {
  readonly period: WindowKind;
  readonly first: LocalDate;
  readonly last: LocalDate;
  readonly today: LocalDate;
  /** It holds today. */
  readonly current: boolean;
  /** There is use before it. */
  readonly hasEarlier: boolean;
}

/** A bar of the history: an hour of a day, a day of a week or a month, a week of a quarter as far as it lies within. */
export interface UsageBucket {
  readonly start: Instant;
  readonly end: Instant;
  readonly firstDay: LocalDate;
  readonly lastDay: LocalDate;
  readonly credits: Credits;
}

/** What explains a change in use. */
export type UsageEvent = { readonly at: Instant } & (
  | { readonly kind: 'reset' }
  | { readonly kind: 'grant'; readonly grant: 'pack' | 'adjustment'; readonly credits: Credits }
  | { readonly kind: 'plan' | 'seats'; readonly summary: string }
  | { readonly kind: 'import'; readonly booked: number; readonly fileName: string }
);

/** Why there is no list of people: they are left out for everybody, or this person's role does not show them. */
export type NoUsers = 'left-out' | 'role';

export interface UsagePanelView {
  readonly workspaceId: string;
  readonly timeZone: string;
  readonly window: UsageWindow;
  readonly buckets: readonly UsageBucket[];
  readonly total: Credits;
  readonly transactions: number;
  /** Of the window before. */
  readonly previousTotal: Credits;
  /** The five that used most and the rest in *Others*. [A3] */
  readonly byFeature: readonly BreakdownRow[];
  readonly byTeam: readonly BreakdownRow[];
  /** null where they may not be shown. [V1] [A4] */
  readonly byUser: readonly BreakdownRow[] | null;
  readonly noUsers: NoUsers | null;
  readonly events: readonly UsageEvent[];
  /** When something was last written down: the age of the data. [A8] */
  readonly lastUpdatedAt: Instant | null;
}

/** A row of a full list. [A4] [A5] */
export interface UsageListRow extends BreakdownRow {
  /** Of everything that was used in the window. */
  readonly share: number;
  /** A team that was deleted since. */
  readonly deleted: boolean;
  /** Whether there is a page of it. */
  readonly opens: boolean;
}

export interface UsageListView {
  readonly window: UsageWindow;
  readonly total: Credits;
  /** How many rows the search leaves. */
  readonly count: number;
  readonly rows: readonly UsageListRow[];
  readonly lastUpdatedAt: Instant | null;
}

/** What happened within one bar. */
export interface UsageMomentView {
  readonly bucket: UsageBucket;
  readonly byFeature: readonly BreakdownRow[];
  readonly byTeam: readonly BreakdownRow[];
  readonly byUser: readonly BreakdownRow[] | null;
  readonly events: readonly UsageEvent[];
  /** The largest uses, as the ledger shows them. */
  readonly largest: readonly LedgerRow[];
  /** Lines in all. */
  readonly lines: number;
}

/** A team by itself. [A5] */
export interface TeamUsageView {
  readonly window: UsageWindow;
  readonly id: string;
  readonly name: string;
  readonly deleted: boolean;
  readonly people: number;
  readonly total: Credits;
  readonly share: number;
  readonly byFeature: readonly BreakdownRow[];
  readonly byUser: readonly BreakdownRow[] | null;
  readonly lastUpdatedAt: Instant | null;
}

import type { Catalogue, Plan, Pack } from '../catalogue/catalogue.ts';
import type { Decision } from '../entitlement/decision.ts';
import type { Credits, Quantity } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Money } from '../kernel/money.ts';
import type { Period } from '../kernel/period.ts';
import type { LocalDate } from '../kernel/time-zone.ts';
import type { Balance } from '../ledger/balance.ts';
import type { AccessRole } from '../ledger/change.ts';
import type { Pricing, Share, TransactionKind } from '../ledger/transaction.ts';
import type { PrivacyRule } from '../privacy/people-shown.ts';
import type { UnusualDayView } from './calendar-views.ts';
import type { Issue } from './problem.ts';
import type { RowSyncView } from './sync-views.ts';

/** What the shells can do; what they cannot is shown as *desktop only*. */
export interface AppView {
  readonly version: string;
  readonly shell: 'electron' | 'browser' | 'command-line';
  readonly dataDirectory: string;
  /** A guess from this computer for the first form. */
  readonly timeZone: string;
  readonly timeZones: readonly string[];
  readonly today: LocalDate;
  /** Rows of the file that could not be read so far; they are passed over, and everything else goes on. */
  readonly damagedRows: number;
}

/** A row that was set aside because it cannot be read or breaks a rule. */
export interface QuarantinedRow {
  readonly collection: string;
  readonly id: string;
  readonly reason: string;
}

export interface CatalogueView {
  readonly catalogue: Catalogue;
  /** `shipped`, `shipped-filled-in` (the user added figures), or `custom`. */
  readonly origin: 'shipped' | 'shipped-filled-in' | 'custom';
}

export interface MemberView {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly teamId: string | null;
  readonly access: 'company-admin' | 'team-lead' | 'member';
  readonly active: boolean;
}

export interface TeamView {
  readonly id: string;
  readonly name: string;
  readonly deleted: boolean;
}

export interface CapView {
  readonly scope: 'member' | 'team' | 'member-default' | 'team-members-default';
  /** The member's or team's id; null for the default of everybody. */
  readonly subjectId: string | null;
  readonly credits: Credits;
  readonly per: 'day' | 'week' | 'period';
  readonly until: Instant | null;
}

/** Everything about a workspace that forms need; it changes seldom. */
export interface WorkspaceView {
  readonly id: string;
  readonly name: string;
  readonly platform: string;
  readonly platformName: string;
  readonly planId: string;
  readonly planName: string;
  /** The plan has been ended: it allots nothing more. */
  readonly planEndedAt: Instant | null;
  readonly anchor: LocalDate;
  readonly timeZone: string;
  readonly weekStart: number;
  readonly sample: boolean;
  readonly createdAt: Instant;
  readonly poolScope: Plan['poolScope'];
  readonly limit: 'soft' | 'hard';
  readonly addOns: readonly { readonly id: string; readonly name: string; readonly on: boolean }[];
  readonly roles: readonly { readonly id: string; readonly name: string; readonly spends: boolean }[];
  readonly features: readonly FeatureView[];
  readonly members: readonly MemberView[];
  readonly teams: readonly TeamView[];
  readonly caps: readonly CapView[];
  /** Who I am on this computer in this workspace. */
  readonly meId: string | null;
  /** What the person at this computer may see and change. [E5] */
  readonly access: AccessRole;
  readonly privacy: PrivacyRule;
  /** There is a list of people who used credits; not where people are left out, and not for members. [V1] [A4] */
  readonly showsPeople: boolean;
}

export interface FeatureView {
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  /** `listed` in the catalogue, or made by an import that metered it. */
  readonly origin: 'listed' | 'imported';
  readonly rates: readonly { readonly variant: string | null; readonly credits: Credits | null }[];
}

/** The made-up company, as far as it is there. */
export interface SampleView {
  readonly workspaceIds: readonly string[];
  /** How many of its workspaces are there while others are still being made; null when all of them are. */
  readonly filling: { readonly done: number; readonly of: number } | null;
}

export interface WorkspaceSummary {
  readonly id: string;
  readonly name: string;
  readonly platform: string;
  readonly platformName: string;
  readonly planName: string;
  readonly sample: boolean;
}

/** One line of the ledger with the names that a person reads. */
export interface LedgerRow {
  readonly id: string;
  readonly kind: TransactionKind;
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
  readonly spentAt: Instant;
  readonly memberId: string | null;
  readonly memberName: string | null;
  /** Who it was is not shown to the person at this computer; a file has a pseudonym then. [V1] [V3] [E5] */
  readonly memberHidden: boolean;
  readonly teamId: string | null;
  readonly teamName: string | null;
  readonly featureId: string | null;
  readonly featureName: string | null;
  readonly variant: string | null;
  readonly quantity: Quantity | null;
  readonly unit: string | null;
  /** By how much the line changes what is used; for a hold what it sets aside, for a grant what it adds. */
  readonly credits: Credits;
  readonly pricing: Pricing | null;
  readonly overage: Credits;
  readonly happened: boolean;
  readonly origin: string;
  readonly note: string | null;
  readonly linkedId: string | null;
  /** What can still be done with it. */
  readonly actions: readonly ('capture' | 'release' | 'refund' | 'void' | 'correct')[];
  /** For a hold: how it was resolved. */
  readonly holdState: 'open' | 'captured' | 'released' | 'expired' | null;
  /** What could be captured or refunded at most. */
  readonly open: Credits;
  /** The split as it was decided when the line was written, with each grant's name; absent where nothing was split. [G3] */
  readonly receipt?: readonly (Share & { readonly label: string })[] | undefined;
  /** Who wrote the line down; null when nobody was chosen on that computer. */
  readonly authorName?: string | null | undefined;
  /** Why a void, a refund or a correction was made. */
  readonly reason?: string | null | undefined;
  /** What was used of the entry that it is linked to, before this line was written down and after it. [L3] [L4] */
  readonly usedBefore?: Credits | undefined;
  readonly usedAfter?: Credits | undefined;
  /** Of a workspace of a server: what the server thinks of it; absent for a workspace of this computer alone. */
  readonly sync?: RowSyncView | undefined;
}

export interface LedgerPage {
  readonly rows: readonly LedgerRow[];
  readonly nextCursor: string | null;
  /** How many lines the filter selects in all. */
  readonly total: number;
}

export interface Range {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

/** Estimates are plain numbers of credits; instants are null where the forecast does not reach one. */
export interface ForecastView {
  readonly asOf: Instant;
  readonly resetAt: Instant;
  /** Credits per day; null without history. */
  readonly pace: number | null;
  readonly endOfPeriod: (Range & { readonly mean: number }) | null;
  readonly runOut: {
    readonly p10: Instant | null;
    readonly p50: Instant | null;
    readonly p90: Instant | null;
    /** That the pool is empty before the reset, 0 to 1. */
    readonly probability: number;
  } | null;
  readonly quality: 'none' | 'pace-only' | 'early' | 'full';
  /** Credits that nothing pays before the reset, with what is expected; null where there is no projection. */
  readonly shortfall:
    | (Range & {
        readonly mean: number;
        /** The cheapest single pack of this plan that holds what is expected, where its figures are published. */
        readonly pack: { readonly name: string; readonly credits: Credits; readonly price: Money } | null;
      })
    | null;
  /** Total use of the period by the end of each day still to come, today included. */
  readonly band: readonly (Range & { readonly date: LocalDate })[];
}

export interface BreakdownRow {
  /** Null for use without a person or team: *unattributed*. */
  readonly id: string | null;
  readonly name: string;
  readonly credits: Credits;
  readonly transactions: number;
}

export interface ReportView {
  readonly window: Period;
  readonly total: Credits;
  /** All rows, most credits first, ties by name. [A3] */
  readonly rows: readonly BreakdownRow[];
}

export interface HoursView {
  readonly day: LocalDate;
  /** The zone in which the day and its hours are cut. */
  readonly timeZone: string;
  readonly total: Credits;
  /**
   * Every hour of the day in order, touching without gap or overlap; there are 23 or 25 where the clocks change: an hour
   * that comes twice is two. [K6]
   */
  readonly hours: readonly (Period & { readonly credits: Credits; readonly transactions: number })[];
}

/** The names of what was counted anew. */
export interface ProjectionsRebuilt {
  readonly rebuilt: readonly string[];
  readonly workspaces: number;
}

export interface ProjectionsCheck {
  readonly checked: readonly string[];
  /** Empty when everything that is kept is what counting anew finds. */
  readonly differences: readonly {
    readonly projection: string;
    readonly workspaceId: string | null;
    readonly table: string;
    /** Rows that are kept and that counting anew does not find, and the other way round. */
    readonly keptOnly: number;
    readonly rebuiltOnly: number;
    readonly examples: readonly string[];
  }[];
}

export interface OverviewView {
  readonly workspaceId: string;
  readonly asOf: Instant;
  readonly lastUpdatedAt: Instant | null;
  readonly planName: string;
  readonly limit: 'soft' | 'hard';
  readonly planEndedAt: Instant | null;
  /** The sum over the pools where a plan has one pool per member. */
  readonly balance: Balance;
  readonly pools: readonly PoolView[];
  readonly resetAt: Instant;
  readonly previousPeriodUsed: Credits | null;
  readonly forecast: ForecastView;
  /** Use per day of the current period up to today, and the days before it that a chart may show (90 days in all). */
  readonly days: readonly { readonly date: LocalDate; readonly credits: Credits }[];
  /** Closed days, holidays and the like, from the first of these days to the last of the period. */
  readonly unusualDays: readonly UnusualDayView[];
  readonly periodFirstDay: LocalDate;
  readonly periodLastDay: LocalDate;
  readonly topFeatures: readonly BreakdownRow[];
  readonly recent: readonly LedgerRow[];
  readonly openHolds: readonly LedgerRow[];
  /** Difference between the platform's last reading and the ledger; null without a reading in this period. [G13] */
  readonly drift: { readonly readingId: string; readonly at: Instant; readonly credits: Credits } | null;
}

export interface PoolView {
  readonly poolId: string;
  /** The member whose pool it is; null for a shared pool. */
  readonly memberId: string | null;
  readonly memberName: string | null;
  readonly balance: Balance;
}

export interface BalanceView {
  readonly balance: Balance;
  readonly pools: readonly PoolView[];
}

export interface OrderView {
  readonly id: string;
  readonly packId: string;
  readonly packName: string;
  readonly state: 'requested' | 'approved' | 'granted' | 'refused' | 'cancelled';
  readonly requestedAt: Instant;
  readonly requestedBy: string | null;
  /** The person at this computer asked for it. */
  readonly isOwn: boolean;
  readonly decidedAt: Instant | null;
  readonly credits: Credits | null;
  readonly price: Money | null;
  readonly reference: string | null;
  readonly note: string | null;
  /** What the server thinks of its newest step; absent where the workspace is on this computer alone. */
  readonly sync?: RowSyncView | undefined;
}

export interface ChangeView {
  readonly id: string;
  readonly kind: string;
  readonly effectiveFrom: Instant;
  readonly recordedAt: Instant;
  readonly authorName: string | null;
  readonly reason: string | null;
  /** A sentence: from what to what. */
  readonly summary: string;
}

export interface SubscriptionView {
  readonly workspaceId: string;
  readonly plan: Plan;
  readonly planEndedAt: Instant | null;
  /** A plan or seat change that waits for its date. */
  readonly upcoming: readonly { readonly at: Instant; readonly summary: string }[];
  readonly catalogueVersion: string;
  readonly plans: readonly { readonly id: string; readonly name: string }[];
  readonly packs: readonly Pack[];
  readonly purchaseUrl: string | null;
  readonly subscriptionUrl: string | null;
  readonly seats: readonly { readonly role: string; readonly roleName: string; readonly seats: number }[];
  /** Members in roles that take a seat, counted apart from the seats that are paid for. [S3] */
  readonly peopleWithSeat: number;
  /** For plans whose allotment the user enters, or that go beyond the published brackets. */
  readonly enteredAllotment: Credits | null;
  readonly needsAllotment: boolean;
  readonly balance: Balance;
  readonly pools: readonly PoolView[];
  readonly resetAt: Instant;
  readonly orders: readonly OrderView[];
  readonly changes: readonly ChangeView[];
  /** Readings that were confirmed: no dated changes, but decisions about a figure all the same. [G13] */
  readonly bookedReadings: readonly ChangeView[];
  /** When people are told, as it was set on this computer. */
  readonly alertChanges: readonly ChangeView[];
  readonly addOns: readonly { readonly id: string; readonly name: string; readonly on: boolean }[];
}

export interface PreviewView {
  readonly unitRate: Credits | null;
  readonly pricing: Pricing | null;
  readonly catalogueVersion: string | null;
  readonly decision: Decision;
  /** The same decision in sentences, headline first. */
  readonly sentences: readonly string[];
  readonly split: readonly (Share & { readonly label: string })[];
  readonly availableAfter: Credits | null;
}

export interface LogAnswer {
  readonly outcome: Decision['outcome'];
  readonly credits: Credits;
  readonly split: readonly Share[];
  readonly reasons: Decision['reasons'];
  readonly sentences: readonly string[];
  readonly transactionId: string | null;
  /** The same entry was there already and nothing was booked. [L2] */
  readonly duplicate: boolean;
}

export interface SettleAnswer {
  readonly transactionId: string;
  readonly credits: Credits;
}

export interface MembersPreview {
  readonly members: readonly MemberDraft[];
  readonly issues: readonly Issue[];
}

export interface MemberDraft {
  readonly id?: string | undefined;
  readonly name: string;
  readonly role: string;
  readonly team?: string | undefined;
}

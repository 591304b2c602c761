import type { Credits } from '../kernel/credits.ts';
import { compareText } from '../kernel/id.ts';
import type { Instant } from '../kernel/instant.ts';
import type { LocalDate } from '../kernel/time-zone.ts';
import type { Origin } from './transaction.ts';

/** Which right a person has in Fuelgauge itself. [E5] */
export type AccessRole = 'company-admin' | 'team-lead' | 'member';

export interface MemberValue {
  readonly name: string;
  /** The platform role: who may spend there. [E5] */
  readonly role: string;
  readonly teamId: string | null;
  readonly access: AccessRole;
  readonly active: boolean;
}

/** What a dated change sets. `subject` below says of whom or what. */
export type ChangeValue =
  /** null ends the plan: it allots nothing more. [E2] */
  | { readonly kind: 'plan'; readonly planId: string | null }
  | { readonly kind: 'seats'; readonly seatsByRole: Readonly<Record<string, number>> }
  /** What the contract or account page says where the platform publishes no figure. */
  | { readonly kind: 'entered-allotment'; readonly credits: Credits | null }
  /** `creditsPerPeriod` for a recurring credit line. [G11] */
  | { readonly kind: 'add-on'; readonly on: boolean; readonly creditsPerPeriod: Credits | null }
  | { readonly kind: 'member'; readonly member: MemberValue }
  | { readonly kind: 'team'; readonly name: string; readonly deleted: boolean }
  /** null lifts the cap. [E3] */
  | { readonly kind: 'cap'; readonly credits: Credits | null; readonly until: Instant | null }
  /** A feature that an import with metered credits named. [C5] */
  | { readonly kind: 'feature'; readonly name: string; readonly unit: string }
  /** How the workspace is called. */
  | { readonly kind: 'name'; readonly name: string }
  /**
   * The IANA zone in which days and weeks are cut, of the whole history: days are a way of looking. Allotment periods
   * that have begun keep the zone in which they were cut. [K3]
   */
  | { readonly kind: 'time-zone'; readonly timeZone: string }
  /** 1 for Monday to 7 for Sunday. */
  | { readonly kind: 'week-start'; readonly weekStart: number }
  /** Whether people are left out of what is shown, and from how many people on a team is shown by itself then. [V1] [V2] */
  | { readonly kind: 'privacy'; readonly hidesPeople: boolean; readonly teamMin: number }
  /**
   * How much work an ordinary week holds, and which public holidays apply, for forecasts. Percents are whole: 0 closed,
   * 100 a day as usual, between for a part of one.
   */
  | {
      readonly kind: 'work-week';
      /** Monday to Sunday. */
      readonly weekdayPercents: readonly number[];
      /** ISO 3166-1, upper case; null for no holidays. */
      readonly country: string | null;
      /** A part of the country, as the book of holidays names it. */
      readonly region: string | null;
      /** What is left of a day that is a holiday. */
      readonly holidayPercent: number;
    }
  /** Days of one's own, `first` to `last`; above 100 is busier than usual. The subject is an id of its own. */
  | {
      readonly kind: 'own-days';
      readonly name: string;
      readonly first: LocalDate;
      readonly last: LocalDate;
      readonly percent: number;
      readonly removed: boolean;
    };

export type ChangeKind = ChangeValue['kind'];

/** An appended, dated change with author and reason; nothing about a workspace is ever overwritten. [G12] */
export interface Change {
  readonly id: string;
  readonly workspaceId: string;
  /** The member, team, add-on, feature, cap or own days that it is about; empty for the workspace. */
  readonly subject: string;
  readonly effectiveFrom: Instant;
  readonly recordedAt: Instant;
  readonly authorId: string | null;
  readonly origin: Origin;
  readonly reason: string | null;
  readonly value: ChangeValue;
}

/** Orders changes so that at any instant the last one at or before it holds. [G12] */
export function compareChanges(left: Change, right: Change): number {
  return left.effectiveFrom - right.effectiveFrom || compareText(left.id, right.id);
}

type ValueOf<Kind extends ChangeKind> = Extract<ChangeValue, { readonly kind: Kind }>;

/** All values that one subject had, oldest first. */
export interface Dated<Value> {
  readonly from: Instant;
  readonly value: Value;
}

/**
 * The dated values of one kind by subject. Of changes at one instant only the one that holds is left, except for caps:
 * an override that ends gives way to the cap of the same instant that it overrode. [G12] [E3]
 */
export function datedBySubject<Kind extends ChangeKind>(
  changes: readonly Change[],
  kind: Kind,
): ReadonlyMap<string, readonly Dated<ValueOf<Kind>>[]> {
  const bySubject = new Map<string, Dated<ValueOf<Kind>>[]>();
  for (const change of changes.toSorted(compareChanges)) {
    if (!isKind(change.value, kind)) continue;
    const dated = { from: change.effectiveFrom, value: change.value };
    const known = bySubject.get(change.subject);
    if (!known) bySubject.set(change.subject, [dated]);
    else if (kind !== 'cap' && known.at(-1)?.from === dated.from) known[known.length - 1] = dated;
    else known.push(dated);
  }
  return bySubject;
}

/** What holds at `at`; before the first change the earliest one does, so that what was logged earlier can be priced. */
export function holdingAt<Value>(dated: readonly Dated<Value>[] | undefined, at: Instant): Value | undefined {
  return inForceAt(dated, at) ?? dated?.[0]?.value;
}

/** What holds at `at`, and nothing before the first change. */
export function inForceAt<Value>(dated: readonly Dated<Value>[] | undefined, at: Instant): Value | undefined {
  if (!dated) return undefined;
  for (let index = dated.length - 1; index >= 0; index -= 1) {
    const entry = dated[index];
    if (entry && entry.from <= at) return entry.value;
  }
  return undefined;
}

/** The subject of a cap: whom it binds and over which span. [E3] */
export type CapScope = 'member' | 'team' | 'team-members-default' | 'member-default';
export type CapSpan = 'day' | 'week' | 'period';

export function capSubject(scope: CapScope, subjectId: string | null, span: CapSpan): string {
  return `${scope}/${span}/${subjectId ?? ''}`;
}

export function parseCapSubject(
  subject: string,
): { readonly scope: CapScope; readonly span: CapSpan; readonly subjectId: string | null } | undefined {
  const match = /^(member|team|team-members-default|member-default)\/(day|week|period)\/(.*)$/s.exec(subject);
  if (!match) return undefined;
  const scope = scopes.find((known) => known === match[1]);
  const span = spans.find((known) => known === match[2]);
  return scope && span ? { scope, span, subjectId: match[3] === '' ? null : (match[3] ?? null) } : undefined;
}

const scopes = ['member', 'team', 'team-members-default', 'member-default'] as const satisfies readonly CapScope[];
const spans = ['day', 'week', 'period'] as const satisfies readonly CapSpan[];

function isKind<Kind extends ChangeKind>(value: ChangeValue, kind: Kind): value is ValueOf<Kind> {
  return value.kind === kind;
}

import { allotmentOf, memberAllotmentOf, type AllotmentProblem } from '../catalogue/allotment.ts';
import type { Catalogue, Plan } from '../catalogue/catalogue.ts';
import { figure } from '../catalogue/figure.ts';
import { findPlan, versionInForce } from '../catalogue/lookup.ts';
import { periodRuleOf } from '../catalogue/reset.ts';
import { assert } from '../kernel/assert.ts';
import { credits, noCredits, type Credits } from '../kernel/credits.ts';
import { latestInstant, type Instant } from '../kernel/instant.ts';
import { periodContaining, type Period } from '../kernel/period.ts';
import { ok, type Result } from '../kernel/result.ts';
import { startOfDay, type LocalDate } from '../kernel/time-zone.ts';
import { datedBySubject, holdingAt, inForceAt, type Change, type ChangeValue, type Dated } from './change.ts';
import type { GrantTerms } from './burn-order.ts';
import { defaultPriority } from './transaction.ts';

/**
 * The allotments of a pool are derived, never written: a function of plan, seats, members and period. [G0]
 * Periods tile the time line; each carries the allotments that become effective in it.
 */
export interface AllotmentSchedule {
  /** The start of the period in which the workspace begins; the pool allots nothing before it unless it was used earlier. */
  readonly opensAt: Instant;
  readonly periodAt: (at: Instant) => ScheduledPeriod;
}

export interface ScheduledPeriod extends Period {
  readonly allotments: readonly (GrantTerms & { readonly amount: Credits })[];
  readonly rollOver: { readonly min: number; readonly max: number; readonly priority: number } | null;
}

/** What a workspace is and what was agreed for it over time. */
export interface WorkspaceTerms {
  readonly workspaceId: string;
  readonly catalogue: Catalogue;
  readonly anchor: LocalDate;
  readonly timeZone: string;
  readonly changes: readonly Change[];
}

/** The plan at an instant, from the catalogue version in force then; `ended` when it has been ended. [S2] [E2] */
export interface PlanInForce {
  readonly plan: Plan;
  readonly catalogueVersion: string;
  readonly ended: boolean;
}

/** Everything dated about a workspace, indexed once. */
export interface TermsIndex {
  readonly terms: WorkspaceTerms;
  readonly plans: readonly Dated<PlanChange>[];
  readonly seats: readonly Dated<Extract<ChangeValue, { kind: 'seats' }>>[];
  readonly entered: readonly Dated<Extract<ChangeValue, { kind: 'entered-allotment' }>>[];
  readonly addOns: ReadonlyMap<string, readonly Dated<Extract<ChangeValue, { kind: 'add-on' }>>[]>;
  readonly members: ReadonlyMap<string, readonly Dated<Extract<ChangeValue, { kind: 'member' }>>[]>;
  readonly teams: ReadonlyMap<string, readonly Dated<Extract<ChangeValue, { kind: 'team' }>>[]>;
  readonly caps: ReadonlyMap<string, readonly Dated<Extract<ChangeValue, { kind: 'cap' }>>[]>;
  readonly features: ReadonlyMap<string, readonly Dated<Extract<ChangeValue, { kind: 'feature' }>>[]>;
}

type PlanChange = Extract<ChangeValue, { kind: 'plan' }>;

export function indexTerms(terms: WorkspaceTerms): TermsIndex {
  const { changes } = terms;
  return {
    terms,
    plans: datedBySubject(changes, 'plan').get('') ?? [],
    seats: datedBySubject(changes, 'seats').get('') ?? [],
    entered: datedBySubject(changes, 'entered-allotment').get('') ?? [],
    addOns: datedBySubject(changes, 'add-on'),
    members: datedBySubject(changes, 'member'),
    teams: datedBySubject(changes, 'team'),
    caps: datedBySubject(changes, 'cap'),
    features: datedBySubject(changes, 'feature'),
  };
}

/** The plan that holds at `at`. A workspace always has had one: it is created with it. */
export function planAt(index: TermsIndex, at: Instant): PlanInForce {
  const ended = holdingAt(index.plans, at)?.planId === null;
  const { version } = versionInForce(index.terms.catalogue, at);
  const last = index.plans.findLast((entry) => entry.value.planId !== null && entry.from <= at);
  const planId = (last ?? index.plans.find((entry) => entry.value.planId !== null))?.value.planId;
  const plan = planId === undefined || planId === null ? undefined : findPlan(version, planId);
  // A plan that a later catalogue version no longer offers keeps the terms that it was taken with.
  const kept = plan ?? index.terms.catalogue.versions.flatMap((old) => old.plans).findLast((old) => old.id === planId);
  assert(kept, `Workspace ${index.terms.workspaceId} has no plan ${planId}`);
  return { plan: kept, catalogueVersion: version.version, ended };
}

/** The allotment period at `at`: cut by the plan's reset rule, and by a change of plan where the rules differ. [K5] [S2] */
export function periodAt(index: TermsIndex, at: Instant): Period {
  const { plan } = planAt(index, at);
  const natural = periodContaining(periodRuleOf(plan, index.terms), at);
  let { start, end } = natural;
  const first = index.plans[0];
  for (const entry of index.plans) {
    if (entry === first || entry.value.planId === null) continue;
    const changed = planBefore(index, entry.from)?.plan.id !== entry.value.planId;
    if (!changed) continue;
    if (entry.from <= at && entry.from > start) start = entry.from;
    if (entry.from > at && entry.from < end) end = entry.from;
  }
  return { start, end };
}

/** The schedule of one pool; `memberId` for a plan with one pool per member. */
export function scheduleOf(index: TermsIndex, poolId: string, memberId: string | null): AllotmentSchedule {
  const known = new Map<Instant, ScheduledPeriod>();
  let latest: ScheduledPeriod | null = null;
  const scheduledAt = (at: Instant): ScheduledPeriod => {
    if (latest && at >= latest.start && at < latest.end) return latest;
    const period = periodAt(index, at);
    const scheduled = known.get(period.start) ?? schedulePeriod(index, poolId, memberId, period);
    known.set(period.start, scheduled);
    latest = scheduled;
    return scheduled;
  };
  return { opensAt: openingOf(index), periodAt: scheduledAt };
}

/** The start of the period that holds the anchor. */
export function openingOf(index: TermsIndex): Instant {
  return periodAt(index, startOfDay(index.terms.anchor, index.terms.timeZone)).start;
}

/** The allotment of a pool with what holds at `at`, or why there is no figure. */
export function allotmentAt(
  index: TermsIndex,
  memberId: string | null,
  at: Instant,
  periodStart: Instant,
): Result<Credits, AllotmentProblem> {
  const { plan, ended } = planAt(index, at);
  if (ended) return ok(noCredits);
  const periodNumber = periodContaining(periodRuleOf(plan, index.terms), periodStart).number;
  const entered = holdingAt(index.entered, at)?.credits ?? null;
  if (plan.poolScope === 'member') {
    const member = memberId === null ? undefined : inForceMember(index, memberId, at);
    return member?.active === true
      ? memberAllotmentOf(plan.allotment, member.role, { periodNumber, entered })
      : ok(noCredits);
  }
  const seats = holdingAt(index.seats, at)?.seatsByRole ?? {};
  return allotmentOf(plan.allotment, { seats, periodNumber, entered });
}

function inForceMember(index: TermsIndex, memberId: string, at: Instant) {
  return holdingAt(index.members.get(memberId), at)?.member;
}

function schedulePeriod(index: TermsIndex, poolId: string, memberId: string | null, period: Period): ScheduledPeriod {
  const { plan } = planAt(index, period.start);
  const planEnd = index.plans.find(
    (entry) => entry.value.planId === null && entry.from >= period.start && entry.from < period.end,
  )?.from;
  const lastStart = planEnd ?? latestInstant;
  const expiresAt = planEnd ?? period.end;
  const instants = [period.start, ...changesWithin(index, memberId, period)];
  const allotments: (GrantTerms & { readonly amount: Credits })[] = [];
  let highest = 0;
  for (const at of instants) {
    if (at >= lastStart) continue;
    const allotment = allotmentAt(index, memberId, at, period.start);
    const amount = allotment.ok ? allotment.value : noCredits;
    if (amount <= highest && at !== period.start) continue;
    const suffix = at === period.start ? '' : `/${new Date(at).toISOString()}`;
    allotments.push({
      id: `allotment/${poolId}/${new Date(period.start).toISOString()}${suffix}`,
      kind: 'allotment',
      amount: credits(Math.max(amount - highest, 0)),
      priority: defaultPriority.allotment,
      effectiveFrom: at,
      expiresAt,
    });
    highest = Math.max(highest, amount);
  }
  allotments.push(...recurringLines(index, poolId, plan, period, expiresAt));
  const { rollOver } = plan;
  return {
    ...period,
    allotments,
    rollOver: rollOver
      ? { min: figure(rollOver.min), max: figure(rollOver.max), priority: defaultPriority.allotment }
      : null,
  };
}

/** Monthly add-on lines: they reset with the plan and do not roll over. [G11] */
function recurringLines(index: TermsIndex, poolId: string, plan: Plan, period: Period, expiresAt: Instant) {
  const lines: (GrantTerms & { readonly amount: Credits })[] = [];
  if (plan.poolScope === 'member') return lines;
  for (const addOn of plan.addOns) {
    const value = inForceAt(index.addOns.get(addOn.id), period.start);
    if (addOn.kind !== 'recurring-credits' || !value?.on || value.creditsPerPeriod === null) continue;
    lines.push({
      id: `allotment/${poolId}/${new Date(period.start).toISOString()}/${addOn.id}`,
      kind: 'allotment',
      amount: value.creditsPerPeriod,
      priority: defaultPriority.allotment,
      effectiveFrom: period.start,
      expiresAt,
    });
  }
  return lines;
}

/** The instants inside a period at which the allotment may grow: seats that count at once, a member who joins. [S1] */
function changesWithin(index: TermsIndex, memberId: string | null, period: Period): readonly Instant[] {
  const members = memberId === null ? [] : (index.members.get(memberId) ?? []);
  const all = [...index.seats, ...index.entered, ...members, ...index.plans].map((entry) => entry.from);
  const inside = all.filter((at) => at > period.start && at < period.end);
  return [...new Set(inside)].sort((left, right) => left - right);
}

function planBefore(index: TermsIndex, at: Instant): { readonly plan: { readonly id: string } } | undefined {
  const before = index.plans.findLast((entry) => entry.from < at && entry.value.planId !== null);
  return before?.value.planId === undefined || before.value.planId === null
    ? undefined
    : { plan: { id: before.value.planId } };
}

import { allotmentOf, memberAllotmentOf, type AllotmentProblem } from '../catalogue/allotment.ts';
import type { Catalogue, Plan } from '../catalogue/catalogue.ts';
import { figure } from '../catalogue/figure.ts';
import { findPlan, versionInForce } from '../catalogue/lookup.ts';
import { periodRuleOf, type WorkspaceDates } from '../catalogue/reset.ts';
import { assert } from '../kernel/assert.ts';
import { noCredits, subtract, type Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
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
  /** The start of the period in which the pool begins; it is allotted nothing before it unless it was used earlier. */
  readonly opensAt: Instant;
  /** The start of the period in which the workspace begins: asked about an instant from then on, the pool is open. */
  readonly mayOpenAt: Instant;
  readonly periodAt: (at: Instant) => ScheduledPeriod;
}

export interface ScheduledPeriod extends Period {
  readonly allotments: readonly ScheduledAllotment[];
  /** Between which bounds what is left at the start of this period rolls into it; null for not at all. [G10] */
  readonly rollOver: {
    readonly min: number;
    readonly max: number;
    readonly priority: number;
    readonly expiresAt: Instant;
  } | null;
}

export interface ScheduledAllotment extends GrantTerms {
  readonly amount: Credits;
  /** False for a recurring add-on line, which never rolls over. [G11] */
  readonly rollsOver: boolean;
}

/** What a workspace is and what was agreed for it over time. */
export interface WorkspaceTerms {
  readonly workspaceId: string;
  readonly catalogue: Catalogue;
  readonly anchor: LocalDate;
  /** The zone that it was made with; later ones are changes. */
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
  /** What allotment periods are cut by. */
  readonly dates: WorkspaceDates;
  /** The zone in which days and weeks are cut: the latest one, for the whole history. [K3] */
  readonly timeZone: string;
  readonly plans: readonly Dated<PlanChange>[];
  readonly seats: readonly Dated<Extract<ChangeValue, { kind: 'seats' }>>[];
  readonly entered: readonly Dated<Extract<ChangeValue, { kind: 'entered-allotment' }>>[];
  readonly addOns: ReadonlyMap<string, readonly Dated<Extract<ChangeValue, { kind: 'add-on' }>>[]>;
  readonly members: ReadonlyMap<string, readonly Dated<Extract<ChangeValue, { kind: 'member' }>>[]>;
  readonly teams: ReadonlyMap<string, readonly Dated<Extract<ChangeValue, { kind: 'team' }>>[]>;
  readonly caps: ReadonlyMap<string, readonly Dated<Extract<ChangeValue, { kind: 'cap' }>>[]>;
  readonly features: ReadonlyMap<string, readonly Dated<Extract<ChangeValue, { kind: 'feature' }>>[]>;
  readonly names: readonly Dated<Extract<ChangeValue, { kind: 'name' }>>[];
  readonly weekStarts: readonly Dated<Extract<ChangeValue, { kind: 'week-start' }>>[];
  readonly workWeeks: readonly Dated<Extract<ChangeValue, { kind: 'work-week' }>>[];
  readonly ownDays: ReadonlyMap<string, readonly Dated<Extract<ChangeValue, { kind: 'own-days' }>>[]>;
  readonly privacy: readonly Dated<Extract<ChangeValue, { kind: 'privacy' }>>[];
}

type PlanChange = Extract<ChangeValue, { kind: 'plan' }>;

export function indexTerms(terms: WorkspaceTerms): TermsIndex {
  const { changes, anchor, timeZone } = terms;
  const zones = datedBySubject(changes, 'time-zone').get('') ?? [];
  const laterZones = zones.map(({ from, value }) => ({ from, zone: value.timeZone }));
  return {
    terms,
    dates: { anchor, timeZone, laterZones },
    timeZone: laterZones.at(-1)?.zone ?? timeZone,
    plans: datedBySubject(changes, 'plan').get('') ?? [],
    seats: datedBySubject(changes, 'seats').get('') ?? [],
    entered: datedBySubject(changes, 'entered-allotment').get('') ?? [],
    addOns: datedBySubject(changes, 'add-on'),
    members: datedBySubject(changes, 'member'),
    teams: datedBySubject(changes, 'team'),
    caps: datedBySubject(changes, 'cap'),
    features: datedBySubject(changes, 'feature'),
    names: datedBySubject(changes, 'name').get('') ?? [],
    weekStarts: datedBySubject(changes, 'week-start').get('') ?? [],
    workWeeks: datedBySubject(changes, 'work-week').get('') ?? [],
    ownDays: datedBySubject(changes, 'own-days'),
    privacy: datedBySubject(changes, 'privacy').get('') ?? [],
  };
}

/** The plan that holds at `at`. A workspace always has had one: it is created with it. */
export function planAt(index: TermsIndex, at: Instant): PlanInForce {
  const ended = holdingAt(index.plans, at)?.planId === null;
  const { version } = versionInForce(index.terms.catalogue, at);
  const { versions } = index.terms.catalogue;
  const last = index.plans.findLast((entry) => entry.value.planId !== null && entry.from <= at);
  const planId = (last ?? index.plans.find((entry) => entry.value.planId !== null))?.value.planId;
  assert(planId !== undefined && planId !== null, `Workspace ${index.terms.workspaceId} never had a plan`);
  // A plan that a later version no longer offers keeps the terms that it was taken with; one that is offered only later
  // is assumed to have been the same before. [C1]
  const older = versions.slice(0, versions.indexOf(version) + 1).toReversed();
  const newer = versions.slice(versions.indexOf(version) + 1);
  const plan = [...older, ...newer].map((known) => findPlan(known, planId)).find((known) => known !== undefined);
  assert(plan, `Workspace ${index.terms.workspaceId} has no plan ${planId}`);
  return { plan, catalogueVersion: version.version, ended };
}

/**
 * The allotment period at `at`: cut by the plan's reset rule, and where another plan begins or one is taken up again
 * after its end. [K5] [S2]
 */
export function periodAt(index: TermsIndex, at: Instant): Period {
  const { plan } = planAt(index, at);
  const natural = periodContaining(periodRuleOf(plan, index.dates), at);
  let { start, end } = natural;
  for (const [place, entry] of index.plans.entries()) {
    const before = index.plans[place - 1];
    if (!before || entry.value.planId === null || entry.value.planId === before.value.planId) continue;
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
  return { opensAt: openingOf(index, memberId), mayOpenAt: openingOf(index), periodAt: scheduledAt };
}

/**
 * The start of the period that holds the anchor, as a day in the plan's reset zone; a member's own pool opens with the
 * period in which the member is first known, where that is later.
 */
export function openingOf(index: TermsIndex, memberId: string | null = null): Instant {
  const { anchor, timeZone } = index.terms;
  const { plan } = planAt(index, startOfDay(anchor, timeZone));
  const opening = periodAt(index, startOfDay(anchor, periodRuleOf(plan, index.dates).zone)).start;
  const joined = memberId === null ? undefined : index.members.get(memberId)?.[0]?.from;
  const joining = joined === undefined ? opening : periodAt(index, joined).start;
  return joining > opening ? joining : opening;
}

/** The allotment of a pool with what holds at `at`, or why there is no figure. */
export function allotmentAt(
  index: TermsIndex,
  memberId: string | null,
  at: Instant,
  periodStart: Instant,
): Result<Credits, AllotmentProblem> {
  const { plan, ended } = planAt(index, at);
  return ended ? ok(noCredits) : allotmentUnder(plan, { index, memberId, at, periodStart });
}

function allotmentUnder(
  plan: Plan,
  given: {
    readonly index: TermsIndex;
    readonly memberId: string | null;
    readonly at: Instant;
    readonly periodStart: Instant;
  },
): Result<Credits, AllotmentProblem> {
  const { index, memberId, at, periodStart } = given;
  const periodNumber = periodContaining(periodRuleOf(plan, index.dates), periodStart).number;
  const entered = holdingAt(index.entered, at)?.credits ?? null;
  if (plan.poolScope === 'member') {
    const member = memberId === null ? undefined : holdingAt(index.members.get(memberId), at)?.member;
    return member?.active === true
      ? memberAllotmentOf(plan.allotment, member.role, { periodNumber, entered })
      : ok(noCredits);
  }
  if (memberId !== null) return ok(noCredits); // a pool of one's own under another plan
  const seats = holdingAt(index.seats, at)?.seatsByRole ?? {};
  return allotmentOf(plan.allotment, { seats, periodNumber, entered });
}

function schedulePeriod(index: TermsIndex, poolId: string, memberId: string | null, period: Period): ScheduledPeriod {
  const { plan, ended } = planAt(index, period.start);
  if (ended) return { ...period, allotments: [], rollOver: null };
  const { start } = period;
  // An allotment ends with its plan. A plan that is taken up again begins a period of its own.
  const expiresAt = index.plans.find(
    ({ from, value }) => value.planId === null && from > start && from < period.end,
  )?.from;
  const grant = (suffix: string, effectiveFrom: Instant, amount: Credits, rollsOver: boolean): ScheduledAllotment => ({
    id: `allotment/${poolId}/${new Date(start).toISOString()}${suffix}`,
    kind: 'allotment',
    amount,
    priority: defaultPriority.allotment,
    effectiveFrom,
    expiresAt: expiresAt ?? period.end,
    rollsOver,
  });
  const allotments: ScheduledAllotment[] = [];
  let highest = noCredits;
  for (const at of [start, ...changesWithin(index, memberId, { start, end: expiresAt ?? period.end })]) {
    const allotment = allotmentUnder(plan, { index, memberId, at, periodStart: start });
    const amount = allotment.ok ? allotment.value : noCredits;
    if (amount <= highest) continue; // fewer seats never take back what was allotted
    const suffix = at === start ? '' : `/${new Date(at).toISOString()}`;
    allotments.push(grant(suffix, at, subtract(amount, highest), true));
    highest = amount;
  }
  for (const line of recurringLines(index, plan, { memberId, at: start })) {
    allotments.push(grant(`/${line.addOnId}`, start, line.credits, false));
  }
  const rollOver = plan.rollOver
    ? {
        min: figure(plan.rollOver.min),
        max: figure(plan.rollOver.max),
        priority: defaultPriority.allotment,
        expiresAt: expiresAt ?? period.end,
      }
    : null;
  return { ...period, allotments, rollOver };
}

/** Monthly add-on lines of a shared pool: they reset with the plan and do not roll over. [G11] */
function recurringLines(
  index: TermsIndex,
  plan: Plan,
  given: { readonly memberId: string | null; readonly at: Instant },
): readonly { readonly addOnId: string; readonly credits: Credits }[] {
  if (plan.poolScope === 'member' || given.memberId !== null) return [];
  return plan.addOns.flatMap((addOn) => {
    const value = inForceAt(index.addOns.get(addOn.id), given.at);
    const amount = addOn.kind === 'recurring-credits' && value?.on === true ? value.creditsPerPeriod : null;
    return amount === null || amount <= noCredits ? [] : [{ addOnId: addOn.id, credits: amount }];
  });
}

/** The instants inside a period at which the allotment may grow: seats that count at once, a member's new role. [S1] */
function changesWithin(index: TermsIndex, memberId: string | null, period: Period): readonly Instant[] {
  const members = memberId === null ? [] : (index.members.get(memberId) ?? []);
  const all = [...index.seats, ...index.entered, ...members].map((entry) => entry.from);
  const inside = all.filter((at) => at > period.start && at < period.end);
  return [...new Set(inside)].sort((left, right) => left - right);
}

/** What will be allotted under terms that could be, and what grants add or take away on the way. */
import { memberAllotmentOf, type AllotmentProblem } from '../catalogue/allotment.ts';
import type { Plan } from '../catalogue/catalogue.ts';
import { findPlan, versionInForce } from '../catalogue/lookup.ts';
import { seatChangeEffectiveAt } from '../catalogue/reset.ts';
import type { Replenishment } from '../forecast/run-out.ts';
import { credits, noCredits, toApproximateNumber, type Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { holdingAt, type Change, type ChangeValue } from '../ledger/change.ts';
import { allotmentAt, indexTerms, periodAt, planAt, scheduleOf, type TermsIndex } from '../ledger/schedule.ts';
import type { Balance } from '../ledger/balance.ts';
import type { Scenario } from './scenario.ts';

/** The terms of a workspace with a scenario's changes, each from when it would count. [S1] [S2] */
export interface TermsTried {
  readonly index: TermsIndex;
  /** Seats by role for plans with a pool per member, where the scenario sets them: people are not hired for a question. */
  readonly seats: Readonly<Record<string, number>> | null;
  readonly planFrom: Instant | null;
  readonly seatsFrom: Instant | null;
}

export function termsUnder(index: TermsIndex, scenario: Scenario, now: Instant): TermsTried {
  const { plan, ended } = planAt(index, now);
  const period = periodAt(index, now);
  const nextPeriod = ended || now === period.start ? now : period.end;
  const planFrom = scenario.planId === null ? null : nextPeriod;
  const before = holdingAt(index.seats, now)?.seatsByRole ?? {};
  const seatsFrom =
    scenario.seats === null
      ? null
      : seatChangeEffectiveAt(plan, index.dates, now, totalOf(scenario.seats) < totalOf(before));
  const values: { readonly from: Instant; readonly subject: string; readonly value: ChangeValue }[] = [];
  if (planFrom !== null) values.push({ from: planFrom, subject: '', value: { kind: 'plan', planId: scenario.planId } });
  if (scenario.seats !== null && seatsFrom !== null) {
    values.push({ from: seatsFrom, subject: '', value: { kind: 'seats', seatsByRole: scenario.seats } });
  }
  const target = scenario.planId === null ? undefined : planOffered(index, scenario.planId, now);
  // Seats are kept when the plan changes, in the roles that the new plan has.
  const kept = target === undefined || scenario.seats !== null ? null : seatsOn(target, before);
  if (planFrom !== null && kept !== null && target?.poolScope !== 'member') {
    values.push({ from: planFrom, subject: '', value: { kind: 'seats', seatsByRole: kept } });
  }
  const isPeopled = index.members.size > 0;
  if (scenario.enteredAllotment !== null) {
    const value = { kind: 'entered-allotment', credits: scenario.enteredAllotment } as const;
    values.push({ from: planFrom ?? seatsFrom ?? nextPeriod, subject: '', value });
  }
  const leaving = new Set(scenario.teamsLeaving);
  for (const [memberId, dated] of leaving.size === 0 ? [] : index.members) {
    const member = holdingAt(dated, now)?.member;
    if (!member?.active || member.teamId === null || !leaving.has(member.teamId)) continue;
    values.push({ from: now, subject: memberId, value: { kind: 'member', member: { ...member, active: false } } });
  }
  if (values.length === 0) return { index, seats: null, planFrom, seatsFrom };
  const { terms } = index;
  const tried = values.map(({ from, subject, value }, place): Change => ({
    // After every change that was really made at the same instant.
    id: `\uffff${String(place).padStart(6, '0')}`,
    workspaceId: terms.workspaceId,
    subject,
    effectiveFrom: from,
    recordedAt: now,
    authorId: null,
    origin: 'app',
    reason: null,
    value,
  }));
  return {
    index: indexTerms({ ...terms, changes: [...terms.changes, ...tried] }),
    seats: scenario.seats ?? (isPeopled ? null : kept),
    planFrom,
    seatsFrom,
  };
}

/** Seats in the roles of a plan: what it does not tell apart goes to its first role with a seat. */
export function seatsOn(plan: Plan, seats: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const roles = plan.roles.filter((role) => role.takesSeat).map((role) => role.id);
  const byRole: Record<string, number> = {};
  for (const [role, count] of Object.entries(seats)) {
    const id = roles.includes(role) ? role : roles[0];
    if (id !== undefined) byRole[id] = (byRole[id] ?? 0) + count;
  }
  return byRole;
}

/** What all pools together are allotted in the period that holds `at`, as far as it counts by then. */
export function allottedBy(tried: TermsTried, at: Instant): Result<Credits, AllotmentProblem> {
  const { index } = tried;
  const { plan, ended } = planAt(index, at);
  if (ended) return ok(noCredits);
  const period = periodAt(index, at);
  if (plan.poolScope !== 'member') {
    const figure = allotmentAt(index, null, at, period.start);
    if (!figure.ok) return figure;
    const allotments = scheduleOf(index, '', null).periodAt(at).allotments;
    return ok(sumOf(allotments.filter((grant) => grant.effectiveFrom <= at).map((grant) => grant.amount)));
  }
  const entered = holdingAt(index.entered, at)?.credits ?? null;
  const seatsFrom = tried.seatsFrom ?? tried.planFrom;
  if (tried.seats !== null && seatsFrom !== null && at >= seatsFrom) {
    const shares: Credits[] = [];
    for (const [role, seats] of Object.entries(seatsOn(plan, tried.seats))) {
      const share = memberAllotmentOf(plan.allotment, role, { periodNumber: 1, entered });
      if (!share.ok) return share;
      if (!Number.isSafeInteger(share.value * seats)) return err({ code: 'out-of-range' });
      shares.push(credits(share.value * seats));
    }
    return ok(sumOf(shares));
  }
  const amounts: Credits[] = [];
  for (const memberId of poolOwnersAt(index, at)) {
    const figure = allotmentAt(index, memberId, at, period.start);
    if (!figure.ok) return figure;
    const allotments = scheduleOf(index, '', memberId).periodAt(at).allotments;
    amounts.push(...allotments.filter((grant) => grant.effectiveFrom <= at).map((grant) => grant.amount));
  }
  return ok(sumOf(amounts));
}

/** The members who have a pool of their own at `at`. */
function poolOwnersAt(index: TermsIndex, at: Instant): readonly string[] {
  const { plan } = planAt(index, at);
  const spenders = new Set(plan.roles.filter((role) => role.spends).map((role) => role.id));
  return [...index.members].flatMap(([memberId, dated]) => {
    const member = dated.findLast((entry) => entry.from <= at)?.value.member ?? dated[0]?.value.member;
    return member?.active === true && spenders.has(member.role) ? [memberId] : [];
  });
}

/** Resets to come with what they allot, and packs and adjustments in force that lapse later. */
export function replenishmentsUnder(
  tried: TermsTried,
  given: { readonly balance: Balance; readonly until: Instant },
): Result<readonly Replenishment[], AllotmentProblem> {
  const { balance, until } = given;
  const { asOf } = balance;
  const replenish: Replenishment[] = [];
  let { end } = periodAt(tried.index, asOf);
  while (end <= until) {
    const allotted = allottedBy(tried, end);
    if (!allotted.ok) return allotted;
    replenish.push({ dayOffset: (end - asOf) / dayMs, setTo: toApproximateNumber(allotted.value) });
    const next = periodAt(tried.index, end).end;
    if (next <= end) break;
    end = next;
  }
  for (const grant of balance.grants) {
    if (grant.expiresAt === null || grant.expiresAt <= balance.period.end || grant.expiresAt > until) continue;
    replenish.push({ dayOffset: (grant.expiresAt - asOf) / dayMs, add: -(grant.remaining - grant.held) / 1e6 });
  }
  return ok(replenish);
}

/** The plan of an id as it is offered at an instant. */
export function planOffered(index: TermsIndex, planId: string, at: Instant) {
  return findPlan(versionInForce(index.terms.catalogue, at).version, planId);
}

export function totalOf(seats: Readonly<Record<string, number>>): number {
  return Object.values(seats).reduce((total, count) => total + count, 0);
}

function sumOf(amounts: readonly Credits[]): Credits {
  return credits(amounts.reduce((total: number, amount) => total + amount, 0));
}

export const dayMs = 86_400_000;

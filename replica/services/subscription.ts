import type { ChangeView, SubscriptionView } from '../../shared/bridge/views.ts';
import { versionInForce } from '../../shared/catalogue/lookup.ts';
import { formatDecimal } from '../../shared/kernel/credits.ts';
import {
  compareChanges,
  holdingAt,
  parseCapSubject,
  type Change,
  type ChangeValue,
} from '../../shared/ledger/change.ts';
import { allotmentAt, planAt } from '../../shared/ledger/schedule.ts';
import { addOnsOn } from '../../shared/usage/log-usage.ts';
import type { AlertRules } from '../../shared/alerts/alert.ts';
import { alertRulesChanges } from './alert-records.ts';
import { balancesAt } from './balance-view.ts';
import { namesOf, type Names } from './names.ts';
import { ordersOf } from './orders.ts';
import { bookingOf, latestFirst } from './readings-view.ts';
import { readingsOf } from './readings.ts';
import type { ReplicaState } from './replica-state.ts';
import { planEndedAt } from './workspace-view.ts';
import type { Workspace } from './workspace.ts';

/** Plan, seats, allotment, grants in burn order, packs, orders, and how all this changed. */
export function subscription(state: ReplicaState, workspaceId: string): SubscriptionView {
  const workspace = state.workspace(workspaceId);
  const { index, catalogue } = workspace;
  const { balance, pools } = balancesAt(state, workspace, 'now');
  const { asOf, period } = balance;
  const { plan, catalogueVersion } = planAt(index, asOf);
  const { version } = versionInForce(catalogue, asOf);
  const seats = holdingAt(index.seats, asOf)?.seatsByRole ?? {};
  const on = addOnsOn(index, plan, asOf);
  const allotment = plan.poolScope === 'member' ? null : allotmentAt(index, null, asOf, period.start);
  const members = [...index.members.values()].flatMap((dated) => holdingAt(dated, asOf)?.member ?? []);
  const withSeat = new Set(plan.roles.filter((role) => role.takesSeat).map((role) => role.id));
  return {
    workspaceId,
    plan,
    planEndedAt: planEndedAt(workspace, asOf),
    upcoming: workspace.changes
      .filter(
        (change) => change.effectiveFrom > asOf && (change.value.kind === 'plan' || change.value.kind === 'seats'),
      )
      .toSorted(compareChanges)
      .map((change) => ({ at: change.effectiveFrom, summary: changeSummary(workspace, change) })),
    catalogueVersion,
    plans: version.plans.map(({ id, name }) => ({ id, name })),
    packs: version.packs.filter((pack) => plan.packs.ids.includes(pack.id)),
    purchaseUrl: catalogue.purchaseUrl ?? null,
    subscriptionUrl: catalogue.subscriptionUrl ?? null,
    seats: plan.roles
      .filter((role) => role.takesSeat)
      .map((role) => ({ role: role.id, roleName: role.name, seats: seats[role.id] ?? 0 })),
    peopleWithSeat: members.filter((member) => member.active && withSeat.has(member.role)).length,
    enteredAllotment: holdingAt(index.entered, asOf)?.credits ?? null,
    needsAllotment: allotment !== null && !allotment.ok,
    balance,
    pools,
    resetAt: period.end,
    orders: ordersOf(state, workspace),
    changes: changesOf(workspace),
    bookedReadings: bookedReadings(state, workspace),
    alertChanges: alertChanges(state, workspace),
    addOns: plan.addOns.map((addOn) => ({ id: addOn.id, name: addOn.name, on: on.has(addOn.id) })),
  };
}

/** The latest changes first, each with a sentence of what was set. */
function changesOf(workspace: Workspace): readonly ChangeView[] {
  const names = namesOf(workspace);
  return workspace.changes
    .filter((change) => change.value.kind !== 'feature')
    .toSorted((left, right) => right.recordedAt - left.recordedAt || -compareChanges(left, right))
    .slice(0, changesMax)
    .map((change) => ({
      id: change.id,
      kind: change.value.kind,
      effectiveFrom: change.effectiveFrom,
      recordedAt: change.recordedAt,
      authorName: change.authorId === null ? null : names.member(change.authorId),
      reason: change.reason,
      summary: changeSummary(workspace, change, names),
    }));
}

/** A reading that was confirmed is no dated change, but changes a figure by decision all the same. [G13] */
function bookedReadings(state: ReplicaState, workspace: Workspace): readonly ChangeView[] {
  const at = new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: workspace.timeZone,
  });
  return readingsOf(state, workspace.id)
    .toSorted(latestFirst)
    .slice(0, changesMax)
    .flatMap((reading) => {
      const booking = bookingOf(state, workspace, reading);
      if (!booking) return [];
      const { transactionId: id, recordedAt, authorName, reason, usedBefore, usedAfter } = booking;
      const [from, to] = [usedBefore, usedAfter].map((used) => figures.format(formatDecimal(used)));
      const summary = `Use by ${at.format(reading.at)}: ${to} (before: ${from})`;
      return [{ id, kind: 'reading', effectiveFrom: reading.at, recordedAt, authorName, reason, summary }];
    });
}

/** When somebody is told is decided by somebody too. */
function alertChanges(state: ReplicaState, workspace: Workspace): readonly ChangeView[] {
  const names = namesOf(workspace);
  return alertRulesChanges(state, workspace.id)
    .toSorted((left, right) => right.at - left.at)
    .slice(0, changesMax)
    .map(({ id, at, authorId, before, after }) => ({
      id,
      kind: 'alerts',
      effectiveFrom: at,
      recordedAt: at,
      authorName: authorId === null ? null : names.member(authorId),
      reason: null,
      summary: `Alerts ${rulesSentence(after)} (before: ${rulesSentence(before)})`,
    }));
}

function rulesSentence({ thresholds, runOutPercent, holdMinutes }: AlertRules): string {
  const at = thresholds.length === 0 ? 'at no threshold' : `at ${thresholds.join(', ')} % of use`;
  return `${at}, on a run-out from ${runOutPercent} % on, ${holdMinutes} minutes before a hold ends`;
}

export function changeSummary(workspace: Workspace, change: Change, names: Names = namesOf(workspace)): string {
  const before = previousOf(workspace, change) ?? asMade(workspace, change);
  const to = describe(workspace, change, names);
  return before === undefined ? to : `${to} (before: ${describe(workspace, before, names)})`;
}

const figures = new Intl.NumberFormat('en', { maximumFractionDigits: 6 });

function describe(workspace: Workspace, change: Change, names: Names): string {
  const { value, subject } = change;
  switch (value.kind) {
    case 'plan': {
      if (value.planId === null) return 'Plan ended';
      const plans = workspace.catalogue.versions.flatMap((version) => version.plans);
      return `Plan ${plans.findLast((plan) => plan.id === value.planId)?.name ?? value.planId}`;
    }
    case 'seats':
      return `Seats: ${
        Object.entries(value.seatsByRole)
          .map(([role, seats]) => `${seats} × ${names.role(role)}`)
          .join(', ') || 'none'
      }`;
    case 'entered-allotment':
      return value.credits === null
        ? 'No allotment entered'
        : `Allotment ${figures.format(formatDecimal(value.credits))} credits per period`;
    case 'add-on': {
      const credits =
        value.creditsPerPeriod === null
          ? ''
          : `, ${figures.format(formatDecimal(value.creditsPerPeriod))} credits per period`;
      return `Add-on ${names.addOn(subject)} ${value.on ? 'on' : 'off'}${credits}`;
    }
    case 'member': {
      const { member } = value;
      const team = member.teamId === null ? 'no team' : `team ${names.team(member.teamId)}`;
      return `Member ${member.name}: ${names.role(member.role)}, ${team}${member.active ? '' : ', inactive'}`;
    }
    case 'team':
      return `Team ${value.name}${value.deleted ? ' deleted' : ''}`;
    case 'cap': {
      const cap = parseCapSubject(subject);
      const whose =
        cap?.scope === 'member'
          ? names.member(cap.subjectId ?? '')
          : cap?.scope === 'team'
            ? `team ${names.team(cap.subjectId ?? '')}`
            : cap?.scope === 'team-members-default'
              ? `each member of ${names.team(cap.subjectId ?? '')}`
              : 'every member';
      const limit =
        value.credits === null
          ? 'lifted'
          : `${figures.format(formatDecimal(value.credits))} credits per ${cap?.span ?? 'period'}`;
      return `Cap of ${whose}: ${limit}`;
    }
    case 'feature':
      return `Feature ${value.name}`;
    case 'name':
      return `Workspace ${value.name}`;
    case 'time-zone':
      return `Time zone ${value.timeZone}`;
    case 'week-start':
      return `Weeks begin on ${weekdays[value.weekStart - 1]}`;
    case 'work-week':
      return workWeekSentence(value);
    case 'own-days': {
      const days = value.first === value.last ? value.first : `${value.first} to ${value.last}`;
      return `${value.name}, ${days}: ${value.removed ? 'taken away' : openSentence(value.percent)}`;
    }
    case 'privacy':
      return value.hidesPeople
        ? `Activity of people left out; teams shown from ${value.teamMin} people on`
        : 'Activity of people shown';
  }
}

function workWeekSentence({
  weekdayPercents,
  country,
  region,
  holidayPercent,
}: Extract<ChangeValue, { kind: 'work-week' }>): string {
  const unusual = weekdayPercents.flatMap((percent, index) =>
    percent === 100 ? [] : [`${weekdays[index]} ${openSentence(percent)}`],
  );
  const days = unusual.length === 0 ? 'every day as usual' : unusual.join(', ');
  const where = country === null ? 'no holidays' : `holidays of ${country}${region === null ? '' : ` ${region}`}`;
  return `Working days: ${days}; ${where}${country === null ? '' : ` ${openSentence(holidayPercent)}`}`;
}

function openSentence(percent: number): string {
  return percent === 0 ? 'closed' : `${percent} %`;
}

/** What a workspace was made with, for what it was made with and not changed before. */
function asMade({ record }: Workspace, change: Change): Change | undefined {
  switch (change.value.kind) {
    case 'name':
      return { ...change, value: { kind: 'name', name: record.name } };
    case 'time-zone':
      return { ...change, value: { kind: 'time-zone', timeZone: record.timeZone } };
    case 'week-start':
      return { ...change, value: { kind: 'week-start', weekStart: record.weekStart } };
    default:
      return undefined;
  }
}

/** The change of the same thing that held before this one. */
function previousOf(workspace: Workspace, change: Change): Change | undefined {
  return workspace.changes
    .filter(
      (other) =>
        other.subject === change.subject &&
        other.value.kind === change.value.kind &&
        other.id !== change.id &&
        compareChanges(other, change) < 0,
    )
    .toSorted(compareChanges)
    .at(-1);
}

const changesMax = 200;
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

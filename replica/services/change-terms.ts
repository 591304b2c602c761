import type { z } from 'zod';
import type {
  addOnSetInput,
  allotmentSetInput,
  capSetInput,
  planEndInput,
  planSetInput,
  seatsSetInput,
} from '../../shared/bridge/inputs.ts';
import { findPlan, versionInForce } from '../../shared/catalogue/lookup.ts';
import { seatChangeEffectiveAt } from '../../shared/catalogue/reset.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { capSubject, holdingAt, type CapScope, type Change, type ChangeValue } from '../../shared/ledger/change.ts';
import { periodAt, planAt } from '../../shared/ledger/schedule.ts';
import { readRecurringCredits } from './countable.ts';
import { checkAllotment, enteredFor, seatsFor } from './create-workspace.ts';
import { changeOf } from './dated-changes.ts';
import { notFound, wrongField } from './problems.ts';
import { readCredits, readInstant } from './reading.ts';
import type { Actor, ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/** When a change begins to count. */
export interface Effective {
  readonly effectiveFrom: Instant;
}

/** A change that was checked and is not written yet. */
export interface Planned extends Effective {
  readonly workspaceId: string;
  readonly changes: readonly Change[];
}

/** Another plan: from the next period on; at once when the old one has ended. [S2] */
export function planChange(state: ReplicaState, given: z.output<typeof planSetInput>, actor: Actor): Planned {
  const { workspace, at } = open(state, given);
  const { version } = versionInForce(workspace.catalogue, at);
  const plan = findPlan(version, given.plan);
  if (!plan) {
    const known = version.plans.map((candidate) => candidate.id).join(', ');
    throw wrongField('plan', `“${given.plan}” is no plan of ${workspace.catalogue.name}; it has ${known}`);
  }
  const period = periodAt(workspace.index, at);
  const old = planAt(workspace.index, at);
  const effectiveFrom = old.ended || at === period.start ? at : period.end;
  const values: { readonly subject: string; readonly value: ChangeValue }[] = [
    { subject: '', value: { kind: 'plan', planId: plan.id } },
  ];
  const entered = enteredFor(plan, given.enteredAllotment);
  if (entered !== null) values.push({ subject: '', value: { kind: 'entered-allotment', credits: entered } });
  const seats = holdingAt(workspace.index.seats, effectiveFrom)?.seatsByRole ?? {};
  checkAllotment(plan, {
    seats,
    entered: entered ?? holdingAt(workspace.index.entered, effectiveFrom)?.credits ?? null,
  });
  return planned(state, workspace, { effectiveFrom, values, reason: given.reason }, actor);
}

/** Ends the plan: it allots nothing more, and what is left of the running allotment ends with it. [E2] */
export function planEnd(state: ReplicaState, given: z.output<typeof planEndInput>, actor: Actor): Planned {
  const { workspace, at } = open(state, given);
  const values = [{ subject: '', value: { kind: 'plan', planId: null } as const }];
  return planned(state, workspace, { effectiveFrom: at, values, reason: given.reason }, actor);
}

/** Seats count from when the plan says. [S1] */
export function seatsChange(state: ReplicaState, given: z.output<typeof seatsSetInput>, actor: Actor): Planned {
  const { workspace, at } = open(state, given);
  const { plan } = planAt(workspace.index, at);
  const seatsByRole = seatsFor(plan, given.seats);
  const before = holdingAt(workspace.index.seats, at)?.seatsByRole ?? {};
  const fewer = total(seatsByRole) < total(before);
  const effectiveFrom = seatChangeEffectiveAt(plan, workspace.index.dates, at, fewer);
  const entered = enteredFor(plan, given.enteredAllotment);
  const inForce = holdingAt(workspace.index.entered, effectiveFrom)?.credits ?? null;
  checkAllotment(plan, { seats: seatsByRole, entered: entered ?? inForce });
  const values: { readonly subject: string; readonly value: ChangeValue }[] = [
    { subject: '', value: { kind: 'seats', seatsByRole } },
    ...(entered === null ? [] : [{ subject: '', value: { kind: 'entered-allotment', credits: entered } as const }]),
  ];
  return planned(state, workspace, { effectiveFrom, values, reason: given.reason }, actor);
}

export function addOnChange(state: ReplicaState, given: z.output<typeof addOnSetInput>, actor: Actor): Planned {
  const { workspace, at } = open(state, given);
  const { plan } = planAt(workspace.index, at);
  const addOn = plan.addOns.find((known) => known.id === given.addOn);
  if (!addOn) throw notFound('add-on', given.addOn);
  const creditsPerPeriod =
    given.credits === undefined ? null : readRecurringCredits(given.credits, 'credits', 'positive');
  if (addOn.kind === 'recurring-credits' && given.on && creditsPerPeriod === null) {
    throw wrongField('credits', `says how many credits ${addOn.name} brings in each period, and is missing`);
  }
  const values = [{ subject: addOn.id, value: { kind: 'add-on', on: given.on, creditsPerPeriod } as const }];
  // A credit line resets with the plan: it starts and ends with a period, and the period of its start is granted in
  // full. [G11]
  const period = periodAt(workspace.index, at);
  const ofPeriod = given.on || at === period.start ? period.start : period.end;
  const effectiveFrom = addOn.kind === 'recurring-credits' ? ofPeriod : at;
  return planned(state, workspace, { effectiveFrom, values }, actor);
}

/** What the contract or the account page says, where the platform publishes no figure. */
export function allotmentChange(state: ReplicaState, given: z.output<typeof allotmentSetInput>, actor: Actor): Planned {
  const { workspace, at } = open(state, given);
  const { plan } = planAt(workspace.index, at);
  if (plan.allotment.rule !== 'entered' && plan.allotment.rule !== 'by-seat-bracket') {
    throw wrongField('credits', `${plan.name} publishes its allotment; it follows from the seats`);
  }
  const credits = readRecurringCredits(given.credits, 'credits');
  const values = [{ subject: '', value: { kind: 'entered-allotment', credits } as const }];
  // A figure that was missing counts for the whole running period; a new one from the next period on.
  const period = periodAt(workspace.index, at);
  const missing = (holdingAt(workspace.index.entered, at)?.credits ?? null) === null;
  const effectiveFrom = missing || at === period.start ? period.start : period.end;
  return planned(state, workspace, { effectiveFrom, values, reason: given.reason }, actor);
}

/** Sets or lifts a cap of a member, a team, a team's members, or everybody. [E3] */
export function capChange(state: ReplicaState, given: z.output<typeof capSetInput>, actor: Actor): Planned {
  const { workspace, at } = open(state, given);
  if (given.member !== undefined && given.team !== undefined) {
    throw wrongField('member', 'a cap is of a member or of a team, not of both');
  }
  if (given.eachMember === true && given.team === undefined) {
    throw wrongField('eachMember', 'is about the members of a team; name the team');
  }
  if (given.member !== undefined && !workspace.index.members.has(given.member)) throw notFound('member', given.member);
  if (given.team !== undefined && !workspace.index.teams.has(given.team)) throw notFound('team', given.team);
  const credits = given.credits === null ? null : readCredits(given.credits, 'credits');
  const until = given.until === undefined ? null : readInstant(given.until, 'until', workspace.timeZone);
  if (until !== null && until <= at) throw wrongField('until', 'is not after the start of the cap');
  const scope: CapScope =
    given.member !== undefined
      ? 'member'
      : given.team === undefined
        ? 'member-default'
        : given.eachMember === true
          ? 'team-members-default'
          : 'team';
  const subject = capSubject(scope, given.member ?? given.team ?? null, given.per);
  const values = [{ subject, value: { kind: 'cap', credits, until } as const }];
  return planned(state, workspace, { effectiveFrom: at, values, reason: given.reason }, actor);
}

function open(
  state: ReplicaState,
  given: { readonly workspaceId: string; readonly at?: string | undefined },
): { readonly workspace: Workspace; readonly at: Instant } {
  const workspace = state.workspace(given.workspaceId);
  const at = given.at === undefined ? state.clock() : readInstant(given.at, 'at', workspace.timeZone);
  return { workspace, at };
}

function planned(
  state: ReplicaState,
  workspace: Workspace,
  given: {
    readonly effectiveFrom: Instant;
    readonly values: readonly { readonly subject: string; readonly value: ChangeValue }[];
    readonly reason?: string | undefined;
  },
  actor: Actor,
): Planned {
  const { effectiveFrom, reason } = given;
  const changes = given.values.map(({ subject, value }) =>
    changeOf(state, { workspaceId: workspace.id, subject, effectiveFrom, value, reason }, actor),
  );
  return { workspaceId: workspace.id, effectiveFrom, changes };
}

/** Writes what was planned. */
function booked<Given>(plan: (state: ReplicaState, given: Given, actor: Actor) => Planned) {
  return async (state: ReplicaState, given: Given, actor: Actor): Promise<Effective> => {
    const { workspaceId, effectiveFrom, changes } = plan(state, given, actor);
    await state.appendChanges(workspaceId, changes);
    return { effectiveFrom };
  };
}

export const setPlan = booked(planChange);
export const endPlan = booked(planEnd);
export const setSeats = booked(seatsChange);
export const setAddOn = booked(addOnChange);
export const setAllotment = booked(allotmentChange);
export const setCap = booked(capChange);

function total(seatsByRole: Readonly<Record<string, number>>): number {
  return Object.values(seatsByRole).reduce((sum, seats) => sum + seats, 0);
}

import type { z } from 'zod';
import type { ChangeFact, ChangePreview, changePreviewInput } from '../../shared/bridge/change-preview.ts';
import type { Plan } from '../../shared/catalogue/catalogue.ts';
import { capsBinding, type BindingCap, type Spender } from '../../shared/entitlement/caps.ts';
import { credits, sum, type Credits } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { holdingAt, parseCapSubject, type Change, type MemberValue } from '../../shared/ledger/change.ts';
import {
  allotmentAt,
  indexTerms,
  periodAt,
  planAt,
  scheduleOf,
  type TermsIndex,
} from '../../shared/ledger/schedule.ts';
import { alertSettings } from './alert-records.ts';
import { balancesAt } from './balance-view.ts';
import { addOnChange, allotmentChange, capChange, planChange, planEnd, seatsChange } from './change-terms.ts';
import { actorOf } from './log-usage.ts';
import { memberChanged, membersAdded } from './members.ts';
import { peopleFor } from './people.ts';
import { notFound } from './problems.ts';
import type { ReplicaState } from './replica-state.ts';
import { spentIn } from './spent-in.ts';
import type { Workspace } from './workspace.ts';

type Asked = z.output<typeof changePreviewInput>;

/** What a change would do. It is checked as if it were made, and nothing is written. */
export function previewChange(state: ReplicaState, asked: Asked): ChangePreview {
  const workspace = state.workspace(asked.given.workspaceId);
  const actor = actorOf(state, workspace.id);
  const now = state.clock();
  const later = (changes: readonly Change[], effectiveFrom: Instant): Comparison => ({
    state,
    workspace,
    before: workspace.index,
    after: indexTerms({ ...workspace.index.terms, changes: [...workspace.changes, ...changes] }),
    at: instant(Math.max(effectiveFrom, now)),
  });
  switch (asked.kind) {
    case 'plan':
    case 'plan-end':
    case 'seats':
    case 'add-on':
    case 'allotment': {
      const { changes, effectiveFrom } = plannedTerms(state, asked, actor);
      return { effectiveFrom, facts: termsFacts(later(changes, effectiveFrom)) };
    }
    case 'cap': {
      const { changes, effectiveFrom } = capChange(state, asked.given, actor);
      return { effectiveFrom, facts: capFacts(later(changes, effectiveFrom), asked.given) };
    }
    case 'member': {
      const changes = memberChanged(state, asked.given, actor);
      const effectiveFrom = changes[0]?.effectiveFrom ?? now;
      return { effectiveFrom, facts: memberFacts(later(changes, effectiveFrom), asked.given.member) };
    }
    case 'members': {
      const changes = membersAdded(state, asked.given, actor);
      return { effectiveFrom: now, facts: addedFacts(later(changes, now), changes) };
    }
    case 'team':
      return { effectiveFrom: now, facts: teamFacts(state, workspace, asked.given) };
    case 'alerts':
      return { effectiveFrom: now, facts: alertFacts(state, workspace, asked.given) };
  }
}

function plannedTerms(
  state: ReplicaState,
  asked: Extract<Asked, { readonly kind: 'plan' | 'plan-end' | 'seats' | 'add-on' | 'allotment' }>,
  actor: ReturnType<typeof actorOf>,
) {
  switch (asked.kind) {
    case 'plan':
      return planChange(state, asked.given, actor);
    case 'plan-end':
      return planEnd(state, asked.given, actor);
    case 'seats':
      return seatsChange(state, asked.given, actor);
    case 'add-on':
      return addOnChange(state, asked.given, actor);
    case 'allotment':
      return allotmentChange(state, asked.given, actor);
  }
}

/** What was agreed without the change and with it, as of the first instant from now on at which it holds. */
interface Comparison {
  readonly state: ReplicaState;
  readonly workspace: Workspace;
  readonly before: TermsIndex;
  readonly after: TermsIndex;
  readonly at: Instant;
}

function termsFacts(comparison: Comparison): readonly ChangeFact[] {
  const { before, after, at } = comparison;
  const [old, plan] = [planAt(before, at).plan, planAt(after, at).plan];
  const facts: ChangeFact[] = [
    {
      kind: 'credits-per-period',
      before: allottedAt(comparison, before),
      after: allottedAt(comparison, after),
    },
  ];
  if (old.limit.kind !== plan.limit.kind) {
    facts.push({ kind: 'limit', before: old.limit.kind, after: plan.limit.kind });
  }
  const roles = new Set(plan.roles.map(({ id }) => id));
  const people = activeMembers(after, at).filter(({ role }) => !roles.has(role)).length;
  if (old.id !== plan.id && people > 0) facts.push({ kind: 'roles-missing', people });
  const seats = seatsFact(comparison);
  if (seats.seatsBefore !== seats.seatsAfter || (old.id !== plan.id && seats.seatsAfter > 0)) facts.push(seats);
  return facts;
}

/** What the pools of a workspace are allotted in the period that holds `at`; null where a figure is missing. */
function allottedAt({ state, workspace, at }: Comparison, index: TermsIndex): Credits | null {
  const { plan, ended } = planAt(index, at);
  if (ended) return credits(0);
  const { start } = periodAt(index, at);
  const owners = plan.poolScope === 'member' ? [...index.members.keys()] : [null];
  const poolIds = new Map(state.everyPoolOf(workspace).map(({ id, memberId }) => [memberId, id]));
  const amounts: Credits[] = [];
  for (const owner of owners) {
    if (!allotmentAt(index, owner, at, start).ok) return null;
    const { allotments } = scheduleOf(index, poolIds.get(owner) ?? '', owner).periodAt(at);
    amounts.push(...allotments.map(({ amount }) => amount));
  }
  return sum(amounts);
}

function seatsFact({ before, after, at }: Comparison): Extract<ChangeFact, { readonly kind: 'people-with-seat' }> {
  const seatsOf = (index: TermsIndex): number =>
    Object.values(holdingAt(index.seats, at)?.seatsByRole ?? {}).reduce((total, seats) => total + seats, 0);
  return {
    kind: 'people-with-seat',
    before: peopleWithSeat(before, at),
    after: peopleWithSeat(after, at),
    seatsBefore: seatsOf(before),
    seatsAfter: seatsOf(after),
  };
}

function peopleWithSeat(index: TermsIndex, at: Instant): number {
  const { plan } = planAt(index, at);
  const withSeat = new Set(plan.roles.filter(({ takesSeat }) => takesSeat).map(({ id }) => id));
  return activeMembers(index, at).filter(({ role }) => withSeat.has(role)).length;
}

function activeMembers(index: TermsIndex, at: Instant): readonly (MemberValue & { readonly id: string })[] {
  return [...index.members].flatMap(([id, dated]) => {
    const member = holdingAt(dated, at)?.member;
    return member?.active === true ? [{ ...member, id }] : [];
  });
}

type CapGiven = Extract<Asked, { readonly kind: 'cap' }>['given'];

/** [E3] What somebody used is shown only to who may see it, one person or the number of those who reached a cap. [V1] */
function capFacts(comparison: Comparison, { member, team, eachMember, per }: CapGiven): readonly ChangeFact[] {
  const { state, workspace, before, after, at } = comparison;
  const people = peopleFor(state, workspace);
  const capOf = (index: TermsIndex, spender: Spender): BindingCap | undefined =>
    capsBinding(index, spender, at, workspace.weekStart).find(
      ({ rule, span }) => span === per && rule === (spender.memberId === null ? 'team-budget' : 'personal-cap'),
    );
  const ofOne = (spender: Spender, mayShow: boolean): ChangeFact => {
    const cap = capOf(after, spender) ?? capOf(before, spender);
    return {
      kind: 'cap',
      per,
      before: capOf(before, spender)?.limit ?? null,
      after: capOf(after, spender)?.limit ?? null,
      used: mayShow && cap ? spentIn(state, workspace, cap.window, spender) : null,
    };
  };
  if (member !== undefined) {
    const teamId = holdingAt(workspace.index.members.get(member), at)?.member.teamId ?? null;
    return [ofOne({ memberId: member, teamId }, people.person(member))];
  }
  if (team !== undefined && eachMember !== true) {
    return [ofOne({ memberId: null, teamId: team }, people.team(team) === team)];
  }
  const bound = activeMembers(after, at)
    .filter(({ teamId }) => team === undefined || teamId === team)
    .flatMap(({ id, teamId }) => {
      const cap = capOf(after, { memberId: id, teamId });
      return cap ? [{ id, cap }] : [];
    });
  if (bound.length === 0 || !people.everybody) return [];
  const reached = bound.slice(0, peopleMax).filter(({ id, cap }) => {
    return spentIn(state, workspace, cap.window, { memberId: id, teamId: null }) >= cap.limit;
  });
  return [{ kind: 'cap-reached', people: reached.length, of: Math.min(bound.length, peopleMax) }];
}

/** Each is summed up from the roll-ups; so many take no time that a person notices. */
const peopleMax = 500;

function memberFacts(comparison: Comparison, memberId: string): readonly ChangeFact[] {
  const { workspace, before, after, at } = comparison;
  const [old, member] = [before, after].map((index) => holdingAt(index.members.get(memberId), at)?.member);
  if (!old || !member) return [];
  const { plan } = planAt(after, at);
  const facts: ChangeFact[] = [];
  const [couldSpend, spends] = [maySpend(plan, old), maySpend(plan, member)];
  if (couldSpend !== spends) facts.push({ kind: 'spends', before: couldSpend, after: spends });
  if (old.teamId !== member.teamId) {
    const nameOf = (id: string | null): string | null =>
      id === null ? null : (after.teams.get(id)?.at(-1)?.value.name ?? id);
    facts.push({ kind: 'team', before: nameOf(old.teamId), after: nameOf(member.teamId) });
    const caps = capsBinding(after, { memberId, teamId: member.teamId }, at, workspace.weekStart);
    facts.push({
      kind: 'caps-binding',
      caps: caps.map(({ span, limit, rule }) => ({ per: span, credits: limit, ofTeam: rule === 'team-budget' })),
    });
  }
  if (old.access !== member.access) facts.push({ kind: 'access', before: old.access, after: member.access });
  const seats = seatsFact(comparison);
  if (seats.before !== seats.after) facts.push(seats);
  if (plan.poolScope === 'member' && (old.role !== member.role || old.active !== member.active)) {
    facts.push({
      kind: 'credits-per-period',
      before: allottedAt(comparison, before),
      after: allottedAt(comparison, after),
    });
  }
  return facts;
}

function maySpend(plan: Plan, { role, active }: MemberValue): boolean {
  return active && plan.roles.some(({ id, spends }) => id === role && spends);
}

function addedFacts(comparison: Comparison, changes: readonly Change[]): readonly ChangeFact[] {
  const names = changes.flatMap(({ value }) => (value.kind === 'team' ? value.name : []));
  const seats = seatsFact(comparison);
  return [
    ...(seats.before === seats.after ? [] : [seats]),
    ...(names.length === 0 ? [] : [{ kind: 'teams-made', names } as const]),
  ];
}

function teamFacts(
  state: ReplicaState,
  workspace: Workspace,
  given: Extract<Asked, { readonly kind: 'team' }>['given'],
): readonly ChangeFact[] {
  const { index } = workspace;
  if (!index.teams.has(given.team)) throw notFound('team', given.team);
  if (given.deleted !== true) return [];
  const now = state.clock();
  const people = activeMembers(index, now).filter(({ teamId }) => teamId === given.team).length;
  const caps = [...index.caps].filter(([subject, dated]) => {
    const { scope, subjectId } = parseCapSubject(subject) ?? {};
    const isOfTeam = (scope === 'team' || scope === 'team-members-default') && subjectId === given.team;
    return isOfTeam && (holdingAt(dated, now)?.credits ?? null) !== null;
  });
  return [{ kind: 'team-holds', people, caps: caps.length }];
}

/** Where the thresholds lie in this period. [N1] */
function alertFacts(
  state: ReplicaState,
  workspace: Workspace,
  given: Extract<Asked, { readonly kind: 'alerts' }>['given'],
): readonly ChangeFact[] {
  const { balance } = balancesAt(state, workspace, 'now');
  const granted = sum(balance.grants.map(({ amount }) => amount));
  const whole = balance.allotted > 0 ? balance.allotted : granted;
  const thresholds = given.thresholds ?? alertSettings(state, workspace.id).rules.thresholds;
  return [...new Set(thresholds)]
    .toSorted((left, right) => left - right)
    .map((percent) => {
      const at = credits(Math.ceil((whole / 100) * percent));
      return { kind: 'threshold', percent, credits: at, crossed: whole > 0 && balance.used >= at };
    });
}

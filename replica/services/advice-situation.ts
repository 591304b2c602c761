import type { z } from 'zod';
import type { scenarioInput } from '../../shared/bridge/advice-inputs.ts';
import type { AllotmentProblem } from '../../shared/catalogue/allotment.ts';
import type { Scenario } from '../../shared/advice/scenario.ts';
import { planOffered } from '../../shared/advice/supply.ts';
import type { Situation, UseUnderQuestion } from '../../shared/advice/what-if.ts';
import { credits, sum, toApproximateNumber } from '../../shared/kernel/credits.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { addDays, dayOf, daysBetween, startOfDay, type LocalDate } from '../../shared/kernel/time-zone.ts';
import { holdingAt } from '../../shared/ledger/change.ts';
import { periodAt, planAt } from '../../shared/ledger/schedule.ts';
import { subjectDaysOf, type SubjectDay } from '../projections/usage-of-subjects.ts';
import { adviceSettings } from './advice-records.ts';
import { balancesAt } from './balance-view.ts';
import { readRecurringCredits } from './countable.ts';
import { forecastInputOf } from './forecast-view.ts';
import { hiddenTeam, peopleFor } from './people.ts';
import { notFound, wrongField } from './problems.ts';
import { readCredits, readDate } from './reading.ts';
import type { ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/** A workspace as it is now, for questions of what could be. */
export function situationOf(state: ReplicaState, workspace: Workspace): Situation {
  const { index, timeZone, weekStart } = workspace;
  const { balance, pools } = balancesAt(state, workspace, 'now');
  const { asOf } = balance;
  const today = dayOf(asOf, timeZone);
  const input = forecastInputOf(state, workspace, { balance, today });
  return {
    index,
    balance,
    input,
    past: {
      history: input.history,
      firstDay: addDays(today, -input.history.length),
      weekStart,
      periodStartOf: (day) => dayOf(periodAt(index, startOfDay(day, timeZone)).start, timeZone),
    },
    availableOf: (teamId) => {
      const people = new Set(membersOf(workspace, [teamId], asOf));
      return sum(
        pools.flatMap(({ memberId, balance: own }) =>
          memberId !== null && people.has(memberId) ? [own.available] : [],
        ),
      );
    },
    planPrices: adviceSettings(state, workspace.id).planPrices,
  };
}

/** Use of those whom the scenario speaks of, in the days that the forecast learns from. */
export function useUnder(
  state: ReplicaState,
  workspace: Workspace,
  { scenario, situation }: { readonly scenario: Scenario; readonly situation: Situation },
): UseUnderQuestion {
  const { firstDay, history } = situation.past;
  const span = { workspaceId: workspace.id, from: firstDay, to: addDays(firstDay, history.length) };
  const { connection } = state.database;
  const { cap, teamsLeaving } = scenario;
  const inHistory = (rows: readonly SubjectDay[]) =>
    rows.map(({ subjectId, day, credits: used }) => ({
      subjectId,
      day: daysBetween(firstDay, day),
      credits: toApproximateNumber(used),
    }));
  const leaving =
    teamsLeaving.length === 0 ? [] : inHistory(subjectDaysOf(connection, span, { of: 'team', ids: teamsLeaving }));
  if (cap === null) return { leaving, capped: [] };
  if (cap.of.kind === 'team') {
    const { teamId } = cap.of;
    const ids = teamsLeaving.includes(teamId) ? [] : [teamId];
    return { leaving, capped: inHistory(subjectDaysOf(connection, span, { of: 'team', ids })) };
  }
  const gone = new Set(membersOf(workspace, teamsLeaving, situation.balance.asOf));
  const capped = inHistory(subjectDaysOf(connection, span, { of: 'member', ids: 'all' }));
  return { leaving, capped: capped.filter(({ subjectId }) => !gone.has(subjectId)) };
}

/** The people who are in the teams at an instant. */
function membersOf({ index }: Workspace, teamIds: readonly string[], at: Instant): readonly string[] {
  if (teamIds.length === 0) return [];
  return [...index.members].flatMap(([id, dated]) => {
    const member = holdingAt(dated, at)?.member;
    return member?.active === true && member.teamId !== null && teamIds.includes(member.teamId) ? [id] : [];
  });
}

/** What a person wants to try; a wrong part is named as the form names it. */
export function readScenario(
  state: ReplicaState,
  workspace: Workspace,
  given: z.output<typeof scenarioInput>,
): Scenario {
  const now = state.clock();
  const { index, timeZone } = workspace;
  const { plan } = planAt(index, now);
  const people = peopleFor(state, workspace);
  if (given.plan !== undefined && !planOffered(index, given.plan, now)) {
    throw wrongField('scenario.plan', `“${given.plan}” is no plan of ${workspace.catalogue.name}`);
  }
  for (const teamId of [...(given.teamsLeaving ?? []), ...(given.cap?.team === undefined ? [] : [given.cap.team])]) {
    if (!index.teams.has(teamId)) throw notFound('team', teamId);
    if (people.team(teamId) !== teamId) throw hiddenTeam();
  }
  const on = (text: string | undefined, path: string): LocalDate | null => {
    if (text === undefined) return null;
    const day = readDate(text, path);
    const today = dayOf(now, timeZone);
    if (day < today) throw wrongField(path, 'is in the past');
    if (day > addDays(today, aheadDaysMax)) throw wrongField(path, 'is more than two years ahead');
    return day;
  };
  const { cap, extra, enteredAllotment } = given;
  return {
    seats: given.seats ?? null,
    planId: given.plan === plan.id ? null : (given.plan ?? null),
    enteredAllotment:
      enteredAllotment === undefined ? null : readRecurringCredits(enteredAllotment, 'scenario.enteredAllotment'),
    packs: (given.packs ?? []).map(({ pack, count, on: day }, place) => ({
      packId: pack,
      count,
      on: on(day, `scenario.packs.${place}.on`),
    })),
    extra:
      extra === undefined
        ? null
        : {
            credits: readCredits(extra.credits, 'scenario.extra.credits', 'positive'),
            on: on(extra.on, 'scenario.extra.on'),
          },
    cap:
      cap === undefined
        ? null
        : {
            of: cap.team === undefined ? { kind: 'each-member' } : { kind: 'team', teamId: cap.team },
            credits: readCredits(cap.credits, 'scenario.cap.credits'),
            per: cap.per,
          },
    teamsLeaving: given.teamsLeaving ?? [],
    usePercent: given.usePercent ?? 100,
  };
}

const aheadDaysMax = 731;

/** Why a plan has no figure, in a sentence. */
export function sentenceOfAllotment(planName: string, problem: AllotmentProblem): string {
  switch (problem.code) {
    case 'not-entered':
      return `${planName} publishes no allotment. Enter the credits per period that the platform promised.`;
    case 'not-published':
      return `${planName} publishes no allotment for ${problem.seats} seats (the last is for ${problem.publishedUpTo}). Enter the credits of the contract.`;
    case 'out-of-range':
      return `So many seats allot more credits on ${planName} than can be counted.`;
  }
}

/** Credits of an estimate, whole: nothing behind the comma of an estimate means anything. */
export function wholeOf(estimate: number): ReturnType<typeof credits> {
  return credits(Math.round(estimate) * 1e6);
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PaceRow, PaceView } from '../../shared/bridge/advice-views.ts';
import { paceAgainst, type LearntOf } from '../../shared/advice/pace.ts';
import { capsBinding, type BindingCap, type Spender } from '../../shared/entitlement/caps.ts';
import { toApproximateNumber, type Credits } from '../../shared/kernel/credits.ts';
import { leftOfDay } from '../../shared/forecast/workspace-forecast.ts';
import { hashText } from '../../shared/kernel/hash.ts';
import { compareText } from '../../shared/kernel/id.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { addDays, dayOf, daysBetween, type LocalDate } from '../../shared/kernel/time-zone.ts';
import { holdingAt } from '../../shared/ledger/change.ts';
import { periodAt } from '../../shared/ledger/schedule.ts';
import { breakdownOf } from '../projections/usage-figures.ts';
import { subjectDaysOf } from '../projections/usage-of-subjects.ts';
import { recordedUse } from './forecast-view.ts';
import { accessOf, peopleFor } from './people.ts';
import { memberHistory } from './pool-forecasts.ts';
import type { ReplicaState } from './replica-state.ts';
import { spentIn } from './spent-in.ts';
import type { Workspace } from './workspace.ts';

/** Teams and people against their caps: who reaches theirs, and when. Others are answered between two of them. */
export async function capPaces(state: ReplicaState, workspaceId: string): Promise<PaceView> {
  const workspace = state.workspace(workspaceId);
  const { index, timeZone } = workspace;
  const now = state.clock();
  const today = dayOf(now, timeZone);
  const people = peopleFor(state, workspace);
  const period = periodAt(index, now);
  const learnt = learntBy(state, workspace, today);
  const frame = { state, workspace, now, today, period };
  const teams: PaceRow[] = [];
  for (const [id, dated] of index.teams) {
    const team = holdingAt(dated, now);
    // A team that is too small to be shown by itself has no row either. [V2]
    if (!team || team.deleted || people.team(id) !== id) continue;
    const spender = { memberId: null, teamId: id };
    teams.push(...rowsOf({ ...frame, spender, learnt: learnt.team(id) }, { id, name: team.name }));
    await nextTurn();
  }
  const used = breakdownOf(
    state.database.connection,
    { workspaceId, from: addDays(today, -recentDays), to: addDays(today, 1) },
    'user',
  );
  const shown = used.filter(({ id }) => id !== '' && index.members.has(id) && people.person(id));
  const persons: PaceRow[] = [];
  for (const { id } of shown.slice(0, peopleMax)) {
    const member = holdingAt(index.members.get(id), now)?.member;
    if (!member?.active) continue;
    const spender = { memberId: id, teamId: member.teamId };
    persons.push(...rowsOf({ ...frame, spender, learnt: learnt.member(id) }, { id, name: people.names.member(id) }));
    await nextTurn();
  }
  return {
    asOf: now,
    resetAt: period.end,
    teams: teams.toSorted(compareRows),
    people: persons.toSorted(compareRows),
    shown: people.everybody
      ? 'everybody'
      : people.byUser && accessOf(state, workspace) === 'team-lead'
        ? 'own-team'
        : 'self',
    more: Math.max(0, shown.length - peopleMax),
  };
}

/** Whoever used nothing for so long reaches no cap. */
const recentDays = 28;
/** Each takes a forecast; whoever used most comes first. */
const peopleMax = 200;

interface Subject {
  readonly state: ReplicaState;
  readonly workspace: Workspace;
  readonly now: Instant;
  readonly today: LocalDate;
  readonly period: { readonly start: Instant; readonly end: Instant };
  readonly spender: Spender;
  readonly learnt: LearntOf;
}

/** A row for each cap that binds, or one without where none does. */
function rowsOf(subject: Subject, named: { readonly id: string; readonly name: string }): readonly PaceRow[] {
  const { state, workspace, now, period, spender } = subject;
  const rule = spender.memberId === null ? 'team-budget' : 'personal-cap';
  const caps = capsBinding(workspace.index, spender, now, workspace.weekStart).filter((cap) => cap.rule === rule);
  const whose = spender.memberId === null ? spender : { ...spender, teamId: null };
  if (caps.length === 0) {
    const used = spentIn(state, workspace, period, whose);
    const { quality, pacePerDay, end } = against(subject, { limit: used, used, windowEnd: period.end });
    return [{ ...named, used, cap: null, quality, pacePerDay, end, reach: null }];
  }
  return caps.map((cap) => rowOf(subject, named, cap, spentIn(state, workspace, cap.window, whose)));
}

function rowOf(
  subject: Subject,
  named: { readonly id: string; readonly name: string },
  cap: BindingCap,
  used: Credits,
): PaceRow {
  const pace = against(subject, { limit: cap.limit, used, windowEnd: cap.window.end });
  return { ...named, used, cap: { credits: cap.limit, per: cap.span, windowEnd: cap.window.end }, ...pace };
}

function against(
  { workspace, now, today, spender, learnt }: Subject,
  cap: { readonly limit: Credits; readonly used: Credits; readonly windowEnd: Instant },
) {
  return paceAgainst(learnt, {
    ...cap,
    now,
    todayFractionLeft: leftOfDay(today, now, workspace.timeZone),
    seed: hashText(`${spender.memberId ?? spender.teamId ?? ''}/${today}`),
  });
}

/** What the forecast learns of each: their use since their first, on the days of the workspace. */
function learntBy(state: ReplicaState, workspace: Workspace, today: LocalDate) {
  const ofAll = recordedUse(state, workspace, { today, daysMax: historyDaysMax, horizonDays: horizonDaysMax });
  const dayCount = ofAll.history.length;
  const from = addDays(today, -dayCount);
  const span = { workspaceId: workspace.id, from, to: today };
  const daysBy = (of: 'member' | 'team'): ReadonlyMap<string, readonly number[]> => {
    const bySubject = new Map<string, number[]>();
    for (const { subjectId, day, credits } of subjectDaysOf(state.database.connection, span, { of, ids: 'all' })) {
      const days = bySubject.get(subjectId) ?? Array.from({ length: dayCount }, () => 0);
      bySubject.set(subjectId, days);
      days[daysBetween(from, day)] = Math.max(0, toApproximateNumber(credits));
    }
    return bySubject;
  };
  const [members, teams] = [daysBy('member'), daysBy('team')];
  return {
    member: (id: string): LearntOf => memberHistory(ofAll, members.get(id)),
    team: (id: string): LearntOf => memberHistory(ofAll, teams.get(id)),
  };
}

const historyDaysMax = 400;
const horizonDaysMax = 400;

/** Whoever is over or most likely to reach a cap comes first, then whoever used most. */
function compareRows(left: PaceRow, right: PaceRow): number {
  return rankOf(right) - rankOf(left) || right.used - left.used || compareText(left.name, right.name);
}

function rankOf({ cap, used, reach }: PaceRow): number {
  if (cap === null) return -1;
  if (used >= cap.credits) return 2;
  return reach?.probability ?? 0;
}

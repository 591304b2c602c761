import { holdingAt, type AccessRole } from '../../shared/ledger/change.ts';
import {
  peopleShown,
  privacyAtFirst,
  smallTeamsId,
  type PeopleShown,
  type Person,
  type PrivacyRule,
} from '../../shared/privacy/people-shown.ts';
import { namesOf, type Names } from './names.ts';
import { problem, type ProblemError } from './problems.ts';
import type { ReplicaState } from './replica-state.ts';
import { whoAmI } from './settings.ts';
import type { Workspace } from './workspace.ts';

/** Whose activity the person at this computer may see, with what to write in place of the others. [E5] [V1] [V2] */
export interface People extends PeopleShown {
  /** Names as they may be shown; those of people who are hidden are pseudonyms. */
  readonly names: Names;
}

/** What a workspace has set about people. The last change holds, for the whole of the history. */
export function privacyOf({ index }: Workspace): PrivacyRule {
  const last = index.privacy.at(-1)?.value;
  return last ? { hidesPeople: last.hidesPeople, teamMin: last.teamMin } : privacyAtFirst;
}

/**
 * What the person at this computer may change and see; whoever did not say who they are owns the data here. In a workspace
 * of a server the organisation's role comes first, as it does there: its admins are admins in every workspace, whatever
 * they are among its members, and guests and visitors change nothing. [E5]
 */
export function accessOf(state: ReplicaState, workspace: Workspace): AccessRole {
  const shared = state.sync.workspace(workspace.id);
  const role = shared && state.sync.server(shared.serverId)?.person.role;
  if (role === 'company-admin') return 'company-admin';
  if (role === 'guest' || role === 'visitor') return 'member';
  const memberId = whoAmI(state, workspace.id);
  const member = memberId === null ? undefined : holdingAt(workspace.index.members.get(memberId), state.clock());
  return member?.member.access ?? 'company-admin';
}

export function peopleFor(state: ReplicaState, workspace: Workspace): People {
  const now = state.clock();
  const memberId = whoAmI(state, workspace.id);
  const people = [...workspace.index.members].flatMap(([id, dated]): readonly Person[] => {
    const member = holdingAt(dated, now)?.member;
    return member ? [{ id, teamId: member.teamId, active: member.active }] : [];
  });
  const me = people.find(({ id }) => id === memberId);
  const shown = peopleShown({
    rule: privacyOf(workspace),
    viewer: { memberId, access: accessOf(state, workspace), teamId: me?.teamId ?? null },
    people,
    teams: [...workspace.index.teams.keys()],
  });
  const names = namesOf(workspace);
  return {
    ...shown,
    names: {
      ...names,
      member: (id) => (shown.person(id) ? names.member(id) : pseudonymOf(state, workspace.id, id)),
      team: (id) => (id === smallTeamsId ? 'Small teams' : names.team(id)),
    },
  };
}

/** The same for one person of a workspace each time; another one in every other workspace. */
function pseudonymOf(state: ReplicaState, workspaceId: string, memberId: string): string {
  return `Person ${state.ids.ofName(`pseudonym/${workspaceId}/${memberId}`).slice(0, 6).toUpperCase()}`;
}

/** What is asked about one person whose activity is not shown. */
export function hiddenPerson(): ProblemError {
  return problem('refused', 'The activity of this person is not shown to you.', {
    todo: 'Look at features and teams, or ask a company admin.',
  });
}

/** What is asked about one team that is shown together with others. */
export function hiddenTeam(): ProblemError {
  return problem('refused', 'This team is too small to be shown by itself.', {
    todo: 'Look at all small teams together.',
  });
}

/** What is asked about people where there is no list of them. */
export function noListOfPeople(workspace: Workspace): ProblemError {
  const why = privacyOf(workspace).hidesPeople
    ? 'This workspace leaves out the activity of specific people.'
    : 'Only company admins and team leads see who used credits.';
  return problem('refused', why, { todo: 'Look at features and teams.' });
}

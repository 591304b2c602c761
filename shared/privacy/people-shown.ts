import { compareText } from '../kernel/id.ts';
import type { AccessRole } from '../ledger/change.ts';

/** What a workspace has set about the activity of people. [V1] [V2] */
export interface PrivacyRule {
  readonly hidesPeople: boolean;
  /** A team with fewer people is folded together with others while people are hidden: 1 or more. */
  readonly teamMin: number;
}

/** As long as nothing was set. */
export const privacyAtFirst: PrivacyRule = { hidesPeople: false, teamMin: 3 };

/** Who looks. */
export interface Viewer {
  /** null where nobody was chosen on this computer: its owner, who may see everything. */
  readonly memberId: string | null;
  readonly access: AccessRole;
  readonly teamId: string | null;
}

/** Who may be looked at. */
export interface Person {
  readonly id: string;
  readonly teamId: string | null;
  readonly active: boolean;
}

/** Whose activity may be shown to somebody. Every view, link, export and search asks this. [E5] [V1] [V2] [V3] */
export interface PeopleShown {
  /** Nobody is left out. */
  readonly everybody: boolean;
  /** The list of people may be opened at all. */
  readonly byUser: boolean;
  /** Whether what this person did may be shown with their name. Everybody sees themselves. */
  readonly person: (memberId: string) => boolean;
  /** The team to show instead: itself, or `smallTeamsId` for one that is folded. */
  readonly team: (teamId: string) => string;
}

/** Stands for all teams that are too small to be shown by themselves. */
export const smallTeamsId = '~small-teams';

export function peopleShown(given: {
  readonly rule: PrivacyRule;
  readonly viewer: Viewer;
  readonly people: readonly Person[];
  /** Ids of all teams, those without people too. */
  readonly teams: readonly string[];
}): PeopleShown {
  const { rule, viewer, people } = given;
  const own = (memberId: string): boolean => memberId === viewer.memberId;
  if (rule.hidesPeople) {
    const folded = foldedTeams(given);
    return {
      everybody: false,
      byUser: false,
      person: own,
      team: (teamId) => (folded.has(teamId) ? smallTeamsId : teamId),
    };
  }
  const team = (teamId: string): string => teamId;
  switch (viewer.access) {
    case 'company-admin':
      return { everybody: true, byUser: true, person: () => true, team };
    case 'team-lead': {
      const { teamId } = viewer;
      const ofTeam = new Set(teamId === null ? [] : people.flatMap((one) => (one.teamId === teamId ? one.id : [])));
      return { everybody: false, byUser: true, person: (id) => own(id) || ofTeam.has(id), team };
    }
    case 'member':
      return { everybody: false, byUser: false, person: own, team };
  }
}

/**
 * Teams that are too small, and as many of the next larger ones as it takes until nobody can tell them apart: a single
 * small team among large ones would be given away by what is left over. [V2]
 */
function foldedTeams(given: {
  readonly rule: PrivacyRule;
  readonly people: readonly Person[];
  readonly teams: readonly string[];
}): ReadonlySet<string> {
  const { rule, people, teams } = given;
  const sizes = new Map(teams.map((id) => [id, 0]));
  for (const { teamId, active } of people) {
    if (teamId !== null && active) sizes.set(teamId, (sizes.get(teamId) ?? 0) + 1);
  }
  const smallestFirst = [...sizes].toSorted(
    ([leftId, left], [rightId, right]) => left - right || compareText(leftId, rightId),
  );
  const folded = new Set<string>();
  let together = 0;
  for (const [id, size] of smallestFirst) {
    const isSmall = size < rule.teamMin;
    const givesAway = folded.size > 0 && (together < rule.teamMin || folded.size === 1);
    if (!isSmall && !givesAway) break;
    folded.add(id);
    together += size;
  }
  return folded;
}

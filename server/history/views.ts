// What somebody may see of a workspace, and the name of that.
import { createHash } from 'node:crypto';
import type { Instant } from '../../shared/kernel/instant.ts';
import { holdingAt } from '../../shared/ledger/change.ts';
import type { TermsIndex } from '../../shared/ledger/schedule.ts';
import { peopleShown, privacyAtFirst, smallTeamsId, type PrivacyRule } from '../../shared/privacy/people-shown.ts';
import { canonicalText } from '../../shared/protocol/body-hash.ts';
import type { Database, Transaction } from '../database/database.ts';
import { authorOf, teamOf } from '../review/may-write.ts';
import { indexOf, type Terms } from '../review/terms.ts';
import type { Standing } from './booking.ts';
import type { WorkspaceOf } from './counter.ts';

/** Everything that what somebody sees depends on: the same grounds show the same of every entry. */
export type Grounds =
  /** All, people included: company admins. */
  | { readonly kind: 'clear' }
  | {
      readonly kind: 'partial';
      readonly personId: string;
      readonly memberId: string | null;
      /** The team whose people are shown, and who they are; null for none but oneself. */
      readonly team: { readonly teamId: string; readonly memberIds: readonly string[] } | null;
      /** Teams that are too small to be shown by themselves. [V2] */
      readonly foldedTeamIds: readonly string[];
    };

export interface Viewer extends Standing {
  readonly personId: string;
  readonly deviceId: string;
}

export function groundsOf(terms: Terms, viewer: Viewer, now: Instant): Grounds {
  const index = indexOf(terms);
  const author = authorOf(viewer, { index, now });
  if (author.access === 'company-admin') return { kind: 'clear' };
  // It is a way of looking: what was said last holds for the whole history.
  const privacy = index?.privacy.at(-1)?.value ?? privacyAtFirst;
  const teamId = author.access === 'team-lead' && !privacy.hidesPeople ? teamOf(author, { index, now }) : null;
  return {
    kind: 'partial',
    personId: viewer.personId,
    memberId: author.memberId,
    team: index && teamId !== null ? { teamId, memberIds: membersOf(index, teamId, now) } : null,
    foldedTeamIds: index ? foldedTeams(index, privacy, now) : [],
  };
}

function membersOf(index: TermsIndex, teamId: string, now: Instant): readonly string[] {
  return [...index.members]
    .filter(([, dated]) => holdingAt(dated, now)?.member.teamId === teamId)
    .map(([memberId]) => memberId)
    .toSorted();
}

/** Teams that stand together under a common name for those who see no people. [V2] */
function foldedTeams(index: TermsIndex, rule: PrivacyRule, now: Instant): readonly string[] {
  const people = [...index.members].flatMap(([id, dated]) => {
    const member = holdingAt(dated, now)?.member;
    return member ? [{ id, teamId: member.teamId, active: member.active }] : [];
  });
  const viewer = { memberId: null, access: 'member', teamId: null } as const;
  const teams = [...index.teams.keys()];
  const { team } = peopleShown({ rule, viewer, people, teams });
  return teams.filter((teamId) => team(teamId) === smallTeamsId).toSorted();
}

/** Names a view. A device that leaves one and comes back to the same grounds later gets another name. [Y10] */
export function viewName(grounds: Grounds, generation: number): string {
  return `${grounds.kind}.${hashOf(grounds).slice(0, 16)}.${generation}`;
}

function hashOf(grounds: Grounds): string {
  return createHash('sha256').update(canonicalText(grounds)).digest('hex');
}

/** The name of a device's view as it was told last; null where other grounds, or none, were written down for it. */
export async function knownView(
  { query }: Pick<Transaction, 'query'>,
  given: { readonly workspaceId: string; readonly deviceId: string; readonly grounds: Grounds },
): Promise<string | null> {
  const { rows } = await query<{ readonly generation: number; readonly grounds: string }>(
    'SELECT generation, grounds FROM device_view WHERE workspace_id = $1 AND device_id = $2',
    [given.workspaceId, given.deviceId],
  );
  const [row] = rows;
  return row?.grounds === hashOf(given.grounds) ? viewName(given.grounds, row.generation) : null;
}

/** Writes down what a device sees from now on. */
export async function changeView(
  database: Database,
  given: { readonly workspace: WorkspaceOf; readonly deviceId: string; readonly grounds: Grounds },
): Promise<void> {
  const { workspace, deviceId, grounds } = given;
  await database.inOrganisation(workspace.organisationId, ({ query }) =>
    query(
      `INSERT INTO device_view AS known (organisation_id, workspace_id, device_id, generation, grounds)
       VALUES ($1, $2, $3, 0, $4)
       ON CONFLICT (workspace_id, device_id) DO UPDATE SET generation = known.generation + 1, grounds = excluded.grounds
       WHERE known.grounds <> excluded.grounds`,
      [workspace.organisationId, workspace.workspaceId, deviceId, hashOf(grounds)],
    ),
  );
}

// Which workspaces an organisation has on this server, and what a person may open of them.
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import type { MeAnswer, OrganisationRole } from '../../shared/protocol/identity.ts';
import type { Transaction } from '../database/database.ts';
import type { Membership } from './caller.ts';

/** Makes an empty workspace; once more does nothing. */
export async function publishWorkspace(
  { query }: Transaction,
  given: {
    readonly organisationId: string;
    readonly workspaceId: string;
    readonly name: string;
    readonly personId: string;
  },
): Promise<Result<boolean, 'taken'>> {
  const { organisationId, workspaceId, name, personId } = given;
  const { rowCount } = await query(
    `INSERT INTO workspace (organisation_id, id, name, created_by) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING`,
    [organisationId, workspaceId, name, personId],
  );
  if (rowCount === 1) return ok(true);
  // A row of another organisation is not seen from here.
  const { rowCount: own } = await query('SELECT FROM workspace WHERE id = $1', [workspaceId]);
  return own === 1 ? ok(false) : err('taken');
}

export async function hasWorkspace({ query }: Transaction, workspaceId: string): Promise<boolean> {
  const { rowCount } = await query('SELECT FROM workspace WHERE id = $1', [workspaceId]);
  return rowCount === 1;
}

export interface ListedWorkspace {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly members: number;
}

export async function listWorkspaces(
  { query }: Transaction,
  page: { readonly after: string; readonly rowsMax: number },
): Promise<readonly ListedWorkspace[]> {
  const { rows } = await query<ListedWorkspace>(
    `SELECT w.id, w.name, floor(extract(epoch FROM w.created_at) * 1000)::float8 AS "createdAt",
        (SELECT count(*)::int FROM membership m WHERE m.workspace_id = w.id) AS members
      FROM workspace w WHERE w.id > $1 ORDER BY w.id LIMIT $2`,
    [page.after, page.rowsMax],
  );
  return rows;
}

/** The access that members have in their workspaces just now, as the histories say. */
export type AccessIn = (
  transaction: Transaction,
  memberships: readonly Membership[],
) => Promise<ReadonlyMap<string, OrganisationRole>>;

/** Who a device speaks for and what they may open. */
export async function readMe(
  transaction: Transaction,
  given: {
    readonly personId: string;
    readonly deviceId: string;
    readonly accessIn: AccessIn;
    readonly rowsMax: number;
  },
): Promise<MeAnswer | null> {
  const { query } = transaction;
  const { rows } = await query<PersonRow>(
    `SELECT o.id AS organisation_id, o.name AS organisation_name, p.id, p.name, p.role
      FROM person p JOIN organisation o ON o.id = p.organisation_id WHERE p.id = $1`,
    [given.personId],
  );
  const [person] = rows;
  if (!person) return null;
  const { rows: workspaces } = await query<{
    readonly id: string;
    readonly name: string;
    readonly memberId: string | null;
  }>(
    `SELECT w.id, w.name, m.member_id AS "memberId"
      FROM workspace w LEFT JOIN membership m ON m.workspace_id = w.id AND m.person_id = $1
      WHERE m.member_id IS NOT NULL OR $2 ORDER BY w.id LIMIT $3`,
    [person.id, person.role === 'company-admin', given.rowsMax],
  );
  const memberships = workspaces.flatMap(({ id, memberId }) =>
    memberId === null ? [] : { workspaceId: id, memberId },
  );
  const access = await given.accessIn(transaction, memberships);
  return {
    organisation: { id: person.organisation_id, name: person.organisation_name },
    person: { id: person.id, name: person.name, role: person.role },
    deviceId: given.deviceId,
    workspaces: workspaces.map((workspace) => ({
      ...workspace,
      access: accessOf(person.role, access.get(workspace.id)),
    })),
  };
}

interface PersonRow {
  readonly organisation_id: string;
  readonly organisation_name: string;
  readonly id: string;
  readonly name: string;
  readonly role: OrganisationRole;
}

/** A company admin goes everywhere; guests and visitors stay what they are; for all others the history says it. */
function accessOf(role: OrganisationRole, inHistory: OrganisationRole = 'member'): OrganisationRole {
  return role === 'company-admin' || role === 'guest' || role === 'visitor' ? role : inHistory;
}

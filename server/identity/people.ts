// The people of an organisation, and which member of which workspace each is.
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import type { OrganisationRole } from '../../shared/protocol/identity.ts';
import type { Person } from '../../shared/protocol/admin.ts';
import type { Transaction } from '../database/database.ts';
import { markStanding } from './mark-standing.ts';

export interface NewPerson {
  readonly organisationId: string;
  readonly id: string;
  readonly name: string;
  readonly role: OrganisationRole;
  /** As the identity provider names the person, in the form in which it is compared; null for invites only. */
  readonly signsInAs?: string | null;
}

/** Adds a person; answers whether nobody else signs in under that name. */
export async function addPerson({ query }: Transaction, person: NewPerson): Promise<boolean> {
  const { organisationId, id, name, role, signsInAs = null } = person;
  const { rowCount } = await query(
    `INSERT INTO person (organisation_id, id, name, role, signs_in_as) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (organisation_id, signs_in_as) WHERE signs_in_as IS NOT NULL DO NOTHING`,
    [organisationId, id, name, role, signsInAs],
  );
  return rowCount === 1;
}

export interface PersonChange {
  readonly name?: string;
  readonly role?: OrganisationRole;
  readonly active?: boolean;
  /** Another name at the identity provider, or none: whichever account signed in before is forgotten. */
  readonly signsInAs?: string | null;
}

export type PersonChangeProblem = 'no-such-person' | 'last-admin' | 'name-is-taken';

/** Changes a person; answers whether anything was not so already. Who is no longer active loses all devices. */
export async function changePerson(
  transaction: Transaction,
  personId: string,
  change: PersonChange,
): Promise<Result<boolean, PersonChangeProblem>> {
  const { query } = transaction;
  // All admins are locked in one order, so that two changes at once never take the last two away.
  const { rows: admins } = await query<{ readonly id: string }>(
    `SELECT id FROM person WHERE role = 'company-admin' AND active ORDER BY id FOR UPDATE`,
  );
  const { rows } = await query<Required<PersonChange>>(
    'SELECT name, role, active, signs_in_as AS "signsInAs" FROM person WHERE id = $1 FOR UPDATE',
    [personId],
  );
  const [before] = rows;
  if (!before) return err('no-such-person');
  const after = { ...before, ...change };
  const staysAdmin = after.role === 'company-admin' && after.active;
  if (!staysAdmin && admins.length === 1 && admins[0]?.id === personId) return err('last-admin');
  const sameAccount = after.signsInAs === before.signsInAs;
  if (sameAccount && after.name === before.name && after.role === before.role && after.active === before.active) {
    return ok(false);
  }
  if (!sameAccount && after.signsInAs !== null) {
    const { rowCount } = await query('SELECT FROM person WHERE signs_in_as = $2 AND id <> $1', [
      personId,
      after.signsInAs,
    ]);
    if (rowCount !== 0) return err('name-is-taken');
  }
  await query(
    `UPDATE person SET name = $2, role = $3, active = $4, signs_in_as = $5,
        account_issuer = CASE WHEN $6 THEN account_issuer END, account_subject = CASE WHEN $6 THEN account_subject END
      WHERE id = $1`,
    [personId, after.name, after.role, after.active, after.signsInAs, sameAccount],
  );
  if (!after.active) {
    await query(
      `UPDATE device SET revoked_at = now(), revoked_reason = 'person-left' WHERE person_id = $1 AND revoked_at IS NULL`,
      [personId],
    );
    await query(
      `UPDATE invite SET withdrawn_at = now()
        WHERE person_id = $1 AND used_at IS NULL AND withdrawn_at IS NULL AND expires_at > now()`,
      [personId],
    );
  }
  await markStanding(transaction, personId);
  return ok(true);
}

export type MembershipProblem = 'no-such-person' | 'no-such-workspace' | 'member-is-taken';

/** Says which member of a workspace's history a person is; null takes the workspace from the person. */
export async function setMembership(
  transaction: Transaction,
  given: {
    readonly organisationId: string;
    readonly personId: string;
    readonly workspaceId: string;
    readonly memberId: string | null;
  },
): Promise<Result<boolean, MembershipProblem>> {
  const { query } = transaction;
  const { organisationId, personId, workspaceId, memberId } = given;
  const person = await query('SELECT FROM person WHERE id = $1 FOR UPDATE', [personId]);
  if (person.rowCount === 0) return err('no-such-person');
  const workspace = await query('SELECT FROM workspace WHERE id = $1', [workspaceId]);
  if (workspace.rowCount === 0) return err('no-such-workspace');
  const before = await query<{ readonly member_id: string }>(
    'SELECT member_id FROM membership WHERE workspace_id = $1 AND person_id = $2',
    [workspaceId, personId],
  );
  if ((before.rows[0]?.member_id ?? null) === memberId) return ok(false);
  await query('DELETE FROM membership WHERE workspace_id = $1 AND person_id = $2', [workspaceId, personId]);
  if (memberId !== null) {
    const { rowCount } = await query(
      `INSERT INTO membership (organisation_id, workspace_id, person_id, member_id) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace_id, member_id) DO NOTHING`,
      [organisationId, workspaceId, personId, memberId],
    );
    if (rowCount === 0) {
      transaction.rollBack();
      return err('member-is-taken');
    }
  }
  await markStanding(transaction, personId);
  return ok(true);
}

export async function listPeople(
  { query }: Transaction,
  page: { readonly after: string; readonly rowsMax: number },
): Promise<readonly Person[]> {
  const { rows } = await query<Person>(
    `SELECT p.id, p.name, p.role, p.active, p.signs_in_as AS "signsInAs",
        (SELECT count(*)::int FROM device d WHERE d.person_id = p.id AND d.revoked_at IS NULL) AS devices,
        (SELECT coalesce(json_agg(json_build_object('workspaceId', m.workspace_id, 'memberId', m.member_id)
            ORDER BY m.workspace_id), '[]') FROM membership m WHERE m.person_id = p.id) AS memberships
      FROM person p WHERE p.id > $1 ORDER BY p.id LIMIT $2`,
    [page.after, page.rowsMax],
  );
  return rows;
}

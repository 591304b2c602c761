// What only the operator of the server does: organisations, and the invite of their first admin.
import { v7 as uuidv7 } from 'uuid';
import { assert } from '../../shared/kernel/assert.ts';
import type { Database, Transaction } from '../database/database.ts';
import { createInvite, type NewInvite } from './invites.ts';
import { addPerson } from './people.ts';

export interface NewOrganisation {
  readonly organisationId: string;
  readonly adminId: string;
  readonly invite: NewInvite;
}

/** An organisation with one company admin, and the invite for the admin's first device. */
export async function createOrganisation(
  transaction: Transaction,
  given: { readonly name: string; readonly adminName: string },
): Promise<NewOrganisation> {
  const [organisationId, adminId] = [uuidv7(), uuidv7()];
  await transaction.query('INSERT INTO organisation (id, name) VALUES ($1, $2)', [organisationId, given.name]);
  await addPerson(transaction, { organisationId, id: adminId, name: given.adminName, role: 'company-admin' });
  const invite = await createInvite(transaction, { organisationId, personId: adminId, id: uuidv7(), createdBy: null });
  assert(invite.ok, 'The admin was just added.');
  return { organisationId, adminId, invite: invite.value };
}

/** The first organisation of an empty server; null where there is one already, whoever made it. */
export async function createFirstOrganisation(database: Database): Promise<NewOrganisation | null> {
  return database.asServer(async (transaction) => {
    // Several servers that start on one empty database make one organisation between them.
    await transaction.query('SELECT pg_advisory_xact_lock(4605123879)');
    const { rowCount } = await transaction.query('SELECT FROM organisation LIMIT 1');
    return rowCount === 0 ? createOrganisation(transaction, { name: 'My organisation', adminName: 'Admin' }) : null;
  });
}

export interface OrganisationStatus {
  readonly id: string;
  readonly name: string;
  readonly people: number;
  readonly devices: number;
  readonly workspaces: number;
  readonly adminIds: readonly string[];
}

export async function listOrganisations({ query }: Transaction): Promise<readonly OrganisationStatus[]> {
  const { rows } = await query<OrganisationStatus>(
    `SELECT o.id, o.name,
        (SELECT count(*)::int FROM person p WHERE p.organisation_id = o.id AND p.active) AS people,
        (SELECT count(*)::int FROM device d WHERE d.organisation_id = o.id AND d.revoked_at IS NULL) AS devices,
        (SELECT count(*)::int FROM workspace w WHERE w.organisation_id = o.id) AS workspaces,
        (SELECT coalesce(json_agg(p.id ORDER BY p.id), '[]') FROM person p
          WHERE p.organisation_id = o.id AND p.role = 'company-admin' AND p.active) AS "adminIds"
      FROM organisation o ORDER BY o.id`,
  );
  return rows;
}

/** Whether there is such an organisation. */
export async function renameOrganisation({ query }: Transaction, id: string, name: string): Promise<boolean> {
  const { rowCount } = await query('UPDATE organisation SET name = $2 WHERE id = $1', [id, name]);
  return rowCount === 1;
}

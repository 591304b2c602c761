// Invites: a code for one device of one person, good for a day.
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import type { inviteStates } from '../../shared/protocol/admin.ts';
import type { Transaction } from '../database/database.ts';
import { freshInviteCode, hashOf } from './secrets.ts';

const inviteHours = 24;

export interface NewInvite {
  readonly id: string;
  /** Told this once: only its hash is kept. */
  readonly code: string;
  readonly expiresAt: number;
}

/** Makes an invite for a person who is active. */
export async function createInvite(
  { query }: Transaction,
  given: {
    readonly organisationId: string;
    readonly personId: string;
    readonly id: string;
    /** The person who asked; null for the operator of the server. */
    readonly createdBy: string | null;
  },
): Promise<Result<NewInvite, 'no-such-person'>> {
  const code = freshInviteCode();
  const { rows } = await query<{ readonly expires_at: number }>(
    `INSERT INTO invite (organisation_id, id, person_id, code_hash, created_by, expires_at)
      SELECT organisation_id, $3, id, $4, $5, now() + $6 * interval '1 hour'
      FROM person WHERE organisation_id = $1 AND id = $2 AND active
      RETURNING (extract(epoch FROM expires_at) * 1000)::float8 AS expires_at`,
    [given.organisationId, given.personId, given.id, hashOf(plainCode(code)), given.createdBy, inviteHours],
  );
  const [row] = rows;
  return row ? ok({ id: given.id, code, expiresAt: Math.floor(row.expires_at) }) : err('no-such-person');
}

/** As the wire takes it: how a code is spaced plays no part. [Y13] */
function plainCode(code: string): string {
  return code.replaceAll('-', '');
}

/** Whether it was open until now. */
export async function withdrawInvite({ query }: Transaction, inviteId: string): Promise<boolean> {
  const { rowCount } = await query(
    'UPDATE invite SET withdrawn_at = now() WHERE id = $1 AND used_at IS NULL AND withdrawn_at IS NULL',
    [inviteId],
  );
  return rowCount === 1;
}

interface ListedInvite {
  readonly id: string;
  readonly personId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly state: (typeof inviteStates)[number];
}

export async function listInvites(
  { query }: Transaction,
  page: { readonly after: string; readonly rowsMax: number },
): Promise<readonly ListedInvite[]> {
  const { rows } = await query<ListedInvite>(
    `SELECT id, person_id AS "personId",
        floor(extract(epoch FROM created_at) * 1000)::float8 AS "createdAt",
        floor(extract(epoch FROM expires_at) * 1000)::float8 AS "expiresAt",
        CASE WHEN used_at IS NOT NULL THEN 'used' WHEN withdrawn_at IS NOT NULL THEN 'withdrawn'
          WHEN expires_at <= now() THEN 'expired' ELSE 'open' END AS state
      FROM invite WHERE id > $1 ORDER BY id LIMIT $2`,
    [page.after, page.rowsMax],
  );
  return rows;
}

// The devices of an organisation: seen by its admins, and revoked.
import type { Transaction } from '../database/database.ts';

export interface ListedDevice {
  readonly id: string;
  readonly personId: string;
  readonly name: string;
  readonly enrolledAt: number;
  readonly lastSeenAt: number;
  readonly program: string | null;
  readonly revokedAt: number | null;
  readonly revokedReason: 'admin' | 'token-reuse' | 'person-left' | null;
}

export async function listDevices(
  { query }: Transaction,
  page: { readonly after: string; readonly rowsMax: number },
): Promise<readonly ListedDevice[]> {
  const { rows } = await query<ListedDevice>(
    `SELECT id, person_id AS "personId", name, program, revoked_reason AS "revokedReason",
        floor(extract(epoch FROM enrolled_at) * 1000)::float8 AS "enrolledAt",
        floor(extract(epoch FROM last_seen_at) * 1000)::float8 AS "lastSeenAt",
        floor(extract(epoch FROM revoked_at) * 1000)::float8 AS "revokedAt"
      FROM device WHERE id > $1 ORDER BY id LIMIT $2`,
    [page.after, page.rowsMax],
  );
  return rows;
}

/** Revokes a device; answers whose it is and whether it could be used until now, or null where there is none. */
export async function revokeDevice(
  { query }: Transaction,
  deviceId: string,
): Promise<{ readonly personId: string; readonly changed: boolean } | null> {
  const { rows } = await query<{ readonly person_id: string; readonly revoked: boolean }>(
    'SELECT person_id, revoked_at IS NOT NULL AS revoked FROM device WHERE id = $1 FOR UPDATE',
    [deviceId],
  );
  const [device] = rows;
  if (!device) return null;
  if (!device.revoked) {
    await query(`UPDATE device SET revoked_at = now(), revoked_reason = 'admin' WHERE id = $1`, [deviceId]);
  }
  return { personId: device.person_id, changed: !device.revoked };
}

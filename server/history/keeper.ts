// What has to be done in histories by time or from outside: leases whose reclaim has come, leases of revoked devices.
import type { Database } from '../database/database.ts';
import { clockMs } from './counter.ts';
import type { TermsCache } from './history-terms.ts';
import { closeLeases } from './lending.ts';

export interface KeeperGiven {
  readonly database: Database;
  readonly cache: TermsCache;
}

/** Takes back what devices did not report in time, in all workspaces; answers how many leases that were. */
export async function reclaimDue(given: KeeperGiven): Promise<number> {
  const { database } = given;
  const { rows: organisations } = await database.asServer(({ query }) =>
    query<{ readonly id: string }>('SELECT id FROM organisation'),
  );
  let closed = 0;
  for (const { id: organisationId } of organisations) {
    const { rows } = await database.inOrganisation(
      organisationId,
      ({ query }) =>
        query<{ readonly id: string }>(
          `SELECT DISTINCT workspace_id AS id FROM lease WHERE closed IS NULL AND reclaim_at <= ${clockMs}`,
        ),
      { readOnly: true },
    );
    for (const { id: workspaceId } of rows) {
      closed += await closeLeases({ ...given, workspace: { organisationId, workspaceId } }, { kind: 'reclaimed' });
    }
  }
  return closed;
}

/** Closes every lease of a person's devices that may not be used any more. */
export async function closeRevoked(
  given: KeeperGiven,
  { organisationId, personId }: { readonly organisationId: string; readonly personId: string },
): Promise<number> {
  const { rows } = await given.database.inOrganisation(
    organisationId,
    ({ query }) =>
      query<{ readonly deviceId: string; readonly workspaceId: string }>(
        `SELECT DISTINCT l.device_id AS "deviceId", l.workspace_id AS "workspaceId"
         FROM lease l JOIN device d ON d.id::text = l.device_id JOIN person p ON p.id = d.person_id
         WHERE l.closed IS NULL AND d.person_id = $1 AND (d.revoked_at IS NOT NULL OR NOT p.active)`,
        [personId],
      ),
    { readOnly: true },
  );
  let closed = 0;
  for (const { deviceId, workspaceId } of rows) {
    const workspace = { organisationId, workspaceId };
    closed += await closeLeases({ ...given, workspace }, { kind: 'revoked', deviceId });
  }
  return closed;
}

/** Runs `work` again and again, once at a time, until it is stopped. */
export function every(
  ms: number,
  work: () => Promise<unknown>,
  onFailure: (error: unknown) => void,
): () => Promise<void> {
  let running: Promise<unknown> | null = null;
  const timer = setInterval(() => {
    running ??= work()
      .catch(onFailure)
      .finally(() => {
        running = null;
      });
  }, ms);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}

// How one process learns what another has written: one notification for all that came together, never within a writer's
// transaction, and a look at the counters now and then for what a notification did not bring.
import { randomUUID } from 'node:crypto';
import type { Database } from '../database/database.ts';
import type { StreamHub } from './stream.ts';

const channel = 'fuelgauge_history';
const gatherMs = 40;
const pollMs = 2_000;
/** A payload of PostgreSQL is at most 8,000 bytes, and an id up to 200 letters. */
const idsMax = 12;

export interface Notices {
  /** After the commit of what was written in a workspace. */
  readonly written: (workspaceId: string) => void;
  readonly close: () => Promise<void>;
}

export async function openNotices(
  database: Database,
  hub: StreamHub,
  onFailure: (error: unknown) => void,
): Promise<Notices> {
  const own = randomUUID();
  const waiting = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  const tellOthers = async (): Promise<void> => {
    timer = null;
    const workspaceIds = [...waiting];
    waiting.clear();
    for (let from = 0; from < workspaceIds.length; from += idsMax) {
      await database.notify(channel, [own, ...workspaceIds.slice(from, from + idsMax)].join('\n'));
    }
  };
  const unlisten = await database.listen(channel, (payload) => {
    const [from, ...workspaceIds] = payload.split('\n');
    if (from !== own) for (const workspaceId of workspaceIds) hub.noticed(workspaceId);
  });
  let looking: Promise<void> | null = null;
  const poll = setInterval(() => {
    looking ??= lookAtCounters(database, hub)
      .catch(onFailure)
      .finally(() => {
        looking = null;
      });
  }, pollMs);
  poll.unref();
  return {
    written: (workspaceId) => {
      hub.noticed(workspaceId);
      waiting.add(workspaceId);
      timer ??= setTimeout(() => void tellOthers().catch(onFailure), gatherMs);
    },
    close: async () => {
      clearInterval(poll);
      if (timer) clearTimeout(timer);
      await unlisten();
      await looking;
    },
  };
}

/** One question an organisation, for all workspaces that somebody listens to. */
async function lookAtCounters(database: Database, hub: StreamHub): Promise<void> {
  const byOrganisation = Map.groupBy(hub.listenedTo(), ({ workspace }) => workspace.organisationId);
  for (const [organisationId, groups] of byOrganisation) {
    const ids = groups.map(({ workspace }) => workspace.workspaceId);
    const { rows } = await database.inOrganisation(organisationId, ({ query }) =>
      query<{ readonly id: string; readonly seq: number; readonly epoch: string }>(
        `SELECT workspace_id AS id, seq::float8 AS seq, epochs -> -1 ->> 'epoch' AS epoch FROM history
         WHERE workspace_id = ANY($1)`,
        [ids],
      ),
    );
    const present = new Map(rows.map((row) => [row.id, row]));
    for (const { workspace, seq, epoch } of groups) {
      const row = present.get(workspace.workspaceId);
      if (row && (row.seq !== seq || row.epoch !== epoch)) hub.noticed(workspace.workspaceId);
    }
  }
}

// What the contract answers about a whole data directory, as plain JSON: kept beside golden files and compared later.
import type { SqliteConnection } from '../../replica/storage-sqlite/connection.ts';
import type { Client } from './replica.ts';

const collections = [
  'workspaces',
  'plans',
  'pools',
  'transactions',
  'changes',
  'orders',
  'readings',
  'refusals',
  'settings',
] as const;

/** The instants at which balances and reports are asked for, besides now. */
const instants = ['2026-09-20T00:00:00Z', '2026-10-20T00:00:00Z', '2026-11-10T00:00:00Z', undefined] as const;

export type GoldenFigures = Awaited<ReturnType<typeof figuresOf>>;

/** Everything that a later program must answer in the same way. */
export async function figuresOf(client: Client, connection: SqliteConnection) {
  const workspaces = [];
  for (const { id } of await client.workspaces.list()) workspaces.push(await workspaceFigures(client, id));
  const { damagedRows } = await client.app.info();
  const quarantine = await client.app.quarantine();
  const byId = (left: { readonly id: string }, right: { readonly id: string }) => (left.id < right.id ? -1 : 1);
  return {
    workspaces,
    catalogues: (await client.catalogues.list()).map(({ catalogue, origin }) => ({
      platform: catalogue.platform,
      name: catalogue.name,
      versions: catalogue.versions.map(({ version }) => version),
      origin,
    })),
    damagedRows,
    quarantine: quarantine.toSorted(byId).map(({ collection, id }) => ({ collection, id })),
    documents: documentCounts(connection),
  };
}

/**
 * Documents of each collection that the ledger may read, whatever their schema version; without what the alerts note
 * when they first look at a workspace, which is in a moment of their own.
 */
function documentCounts(connection: SqliteConnection): Readonly<Record<string, number>> {
  const counts = collections.map((collection) => {
    const table = connection.tableOf(collection)?.quotedName ?? '';
    const row = connection
      .prepare(`SELECT count(*) AS n FROM ${table} WHERE deleted=0 AND id NOT GLOB 'alerts/*'`)
      .get();
    return [collection, Number(row?.['n'])];
  });
  return Object.fromEntries(counts);
}

async function workspaceFigures(client: Client, workspaceId: string) {
  const { features, ...workspace } = await client.workspaces.get({ workspaceId });
  const balances = [];
  const reports = [];
  for (const asOf of instants) {
    const when = asOf === undefined ? {} : { asOf };
    balances.push({ asOf: asOf ?? null, ...(await client.balance.get({ workspaceId, ...when })) });
    for (const by of ['feature', 'team', 'user'] as const) {
      for (const period of ['day', 'quarter'] as const) {
        const answer = await client.report.get({ workspaceId, by, period, ...when });
        reports.push({ asOf: asOf ?? null, by, period, ...answer });
      }
    }
  }
  const { rows, total } = await client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 1000 });
  return {
    workspace,
    features: features.map(({ id, name, origin }) => ({ id, name, origin })),
    balances,
    reports,
    rows,
    total,
    last: await client.usage.last({ workspaceId }),
    ...(await subscriptionFigures(client, workspaceId)),
  };
}

async function subscriptionFigures(client: Client, workspaceId: string) {
  for await (const view of await client.subscription.live({ workspaceId })) {
    const { planEndedAt, catalogueVersion, seats, peopleWithSeat, enteredAllotment, resetAt, orders, addOns } = view;
    const changes = view.changes.map(({ id, kind, effectiveFrom, authorName, reason }) => ({
      id,
      kind,
      effectiveFrom,
      authorName,
      reason,
    }));
    const drift = await driftOf(client, workspaceId);
    return {
      planEndedAt,
      catalogueVersion,
      seats,
      peopleWithSeat,
      enteredAllotment,
      resetAt,
      orders,
      addOns,
      changes,
      drift,
    };
  }
  throw new Error('A live view answers at once');
}

async function driftOf(client: Client, workspaceId: string) {
  for await (const { drift } of await client.overview.live({ workspaceId })) return drift;
  throw new Error('A live view answers at once');
}

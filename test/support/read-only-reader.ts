// Opens a data directory for reading only, in a process of its own, and prints what is booked there as one JSON object.
import { createRouterClient } from '@orpc/server';
import { openReplica } from '../../replica/main.ts';

const [dataDir = ''] = process.argv.slice(2);
const replica = await openReplica({ dataDir, readOnly: true });
const client = createRouterClient(replica.router, { context: {} });
const [workspace] = await client.workspaces.list();
const workspaceId = workspace?.id ?? '';
const { total, rows } = await client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 1_000 });
const refused = await client.usage.log({ workspaceId, feature: 'video', quantity: '1', happened: true }).then(
  () => 'booked',
  (error: unknown) => (error instanceof Error ? error.message : String(error)),
);
console.log(JSON.stringify({ total, ids: rows.map((row) => row.id), refused }));
await replica.close();

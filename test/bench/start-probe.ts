// Opens the data directory of the first argument and shows the workspace of the second: prints how long that took since
// the process began, and how much memory is resident after it and a quarter's views.
import { parseArgs } from 'node:util';
import { createRouterClient } from '@orpc/server';
import { openReplica } from '../../replica/main.ts';
import { overviewOnce, quarterViews } from './views.ts';

const [dataDir = '', workspaceId = ''] = parseArgs({ allowPositionals: true }).positionals;

const openedAt = performance.now();
const replica = await openReplica({ dataDir });
const client = createRouterClient(replica.router, { context: {} });
await overviewOnce(client, workspaceId);
const shownAt = performance.now();
await quarterViews(replica, client, workspaceId);
await client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 50 });
const residentMegabytes = process.memoryUsage().rss / 1e6;
await replica.close();

console.log(
  JSON.stringify({ openToFirstViewMs: shownAt - openedAt, processToFirstViewMs: shownAt, residentMegabytes }),
);

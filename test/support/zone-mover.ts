// A process that moves a workspace from one time zone to another and back without end, and prints each answer.
import { createRouterClient } from '@orpc/server';
import { openReplica } from '../../replica/main.ts';

const [dataDir = '', workspaceId = ''] = process.argv.slice(2);
const replica = await openReplica({ dataDir });
const client = createRouterClient(replica.router, { context: {} });
for (let count = 0; ; count += 1) {
  const timeZone = ['Asia/Kolkata', 'America/New_York', 'Pacific/Kiritimati'][count % 3] ?? 'UTC';
  const moved = client.workspaces.change({ workspaceId, timeZone });
  await client.usage.log({ workspaceId, feature: 'text', quantity: '1', member: 'ana', happened: true });
  await moved;
  process.stdout.write(`${timeZone}\n`);
}

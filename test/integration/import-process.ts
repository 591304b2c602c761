// A process that imports the file of so many rows into a new workspace, and says how far its booking has come.
import { openReplica } from '../../replica/main.ts';
import { copilotFile, importFile } from '../support/imports.ts';
import { clientOf } from '../support/replica.ts';

const [dataDir = '', rows = '0'] = process.argv.slice(2);
const replica = await openReplica({ dataDir });
const client = clientOf(replica);
const { workspaceId } = await client.workspaces.create({
  platform: 'github-copilot',
  plan: 'business',
  seats: { member: 50 },
  anchor: '2026-09-01',
  timeZone: 'UTC',
});
process.stdout.write(`${workspaceId}\n`);
await importFile(client, workspaceId, copilotFile(Number(rows)), {
  onEvent: (event) => {
    if (event.kind === 'progress' && event.phase === 'booking') process.stdout.write(`${event.done}\n`);
  },
});
process.stdout.write('all\n');

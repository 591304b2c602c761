// A process that makes one backup after another of a data directory and says of each how it went.
import { createRouterClient, ORPCError } from '@orpc/server';
import { openReplica } from '../../replica/main.ts';

const replica = await openReplica({ dataDir: process.argv[2] ?? '' });
const client = createRouterClient(replica.router, { context: {} });
process.stdout.write('open\n');
for (;;) {
  try {
    process.stdout.write(`${(await client.backups.make()).name}\n`);
  } catch (error) {
    process.stdout.write(`${error instanceof ORPCError ? JSON.stringify(error.data) : String(error)}\n`);
    await replica.close();
    break;
  }
}

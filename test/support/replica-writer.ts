// A process that books one use after another in a data directory and prints each id as soon as it was answered.
import { createRouterClient } from '@orpc/server';
import { openReplica } from '../../replica/main.ts';

const [dataDir = '', workspaceId = ''] = process.argv.slice(2);
const replica = await openReplica({ dataDir });
const client = createRouterClient(replica.router, { context: {} });
process.stdout.write('open\n');
for (let count = 1; ; count += 1) {
  const use = { workspaceId, feature: 'text', quantity: String(count), member: 'ana', happened: true };
  if (count % 5 === 0) {
    const { transactionId } = await client.usage.hold({ workspaceId, feature: 'text', quantity: '1', member: 'ben' });
    const captured = await client.usage.capture({ id: transactionId ?? '' });
    process.stdout.write(`${transactionId}\n${captured.transactionId}\n`);
  } else {
    const { transactionId } = await client.usage.log(use);
    process.stdout.write(`${transactionId}\n`);
  }
}

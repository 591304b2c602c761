/** Another device of the same person, in a process of its own: it logs a use whenever it is asked to, and says when. */

import { createRouterClient } from '@orpc/server';
import { z } from 'zod';
import { openReplica } from '../../replica/main.ts';

const startSchema = z.object({ dataDir: z.string(), invite: z.string(), workspaceId: z.string() });

process.once('message', (message) => {
  const { dataDir, invite, workspaceId } = startSchema.parse(message);
  void write(dataDir, invite, workspaceId);
});

async function write(dataDir: string, invite: string, workspaceId: string): Promise<void> {
  const replica = await openReplica({ dataDir });
  const client = createRouterClient(replica.router, { context: {} });
  await client.sync.connect({ invite, deviceName: 'Writer' });
  await client.sync.now({});
  process.on('message', () => {
    const given = { workspaceId, feature: 'image', quantity: '1', happened: true };
    void client.usage.log(given).then(({ transactionId }) => process.send?.({ id: transactionId, at: Date.now() }));
  });
  process.send?.({ id: '', at: 0 });
}

import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { openHistories, type Asking, type Histories } from '../../../server/history/history.ts';
import { instant } from '../../../shared/kernel/instant.ts';
import { streamMessageSchema, type StreamMessage } from '../../../shared/protocol/stream.ts';
import { published, presentEpoch, serveWorkspace } from '../../support/served-workspace.ts';
import { testDatabase } from '../../support/test-database.ts';

it('[Y11] what one process books, another one tells those who listen to it', async () => {
  const { database } = await testDatabase();
  const { organisationId, workspaceId } = await serveWorkspace(database);
  const failures: unknown[] = [];
  const open = (): Promise<Histories> => openHistories({ database, onFailure: (error) => failures.push(error) });
  const [writer, teller] = [await open(), await open()];
  const asking: Asking = {
    workspace: { organisationId, workspaceId },
    viewer: { role: 'company-admin', memberId: null, personId: randomUUID(), deviceId: randomUUID() },
  };
  const heard: StreamMessage[] = [];
  const hear = Promise.withResolvers<StreamMessage>();
  const leave = await teller.listen(asking, {
    again: () => Promise.resolve(asking.viewer),
    outlet: {
      write: (chunk) => {
        const message = streamMessageSchema.parse(JSON.parse(chunk.toString().slice('data: '.length)));
        heard.push(message);
        if (message.kind === 'changes') hear.resolve(message);
        return true;
      },
      end: () => undefined,
    },
  });
  const epoch = await presentEpoch(database, organisationId, workspaceId);
  const plan = { platform: 'miro', plan: 'enterprise', from: instant(Date.UTC(2025, 0, 1)) } as const;
  const rows = published(workspaceId, plan).map((entry, place) => ({
    id: entry.kind === 'change' ? entry.change.id : workspaceId,
    by: { deviceId: asking.viewer.deviceId, number: place + 1 },
    entry,
  }));
  await writer.push(asking, { epoch, rows });
  expect(await hear.promise).toMatchObject({ kind: 'changes', afterSeq: 0, documents: [{ seq: 1 }, { seq: 2 }] });
  expect(heard.map(({ kind }) => kind)).toEqual(['resync', 'changes']);
  leave?.();
  expect(teller.streams()).toBe(0);
  await writer.close();
  await teller.close();
  expect(failures).toEqual([]);
});

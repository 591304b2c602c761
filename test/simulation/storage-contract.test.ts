import { poolOf } from '../../server/review/terms.ts';
import { sha256 } from '../../server/history/push.ts';
import { assert } from '../../shared/kernel/assert.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { contentOf } from '../../shared/protocol/entry.ts';
import { acceptPush } from '../../shared/sync-engine/accept-push.ts';
import { serverStorageContract, type ServerStorage } from '../contract/server-storage.ts';
import { at, cr } from '../support/ledger-lines.ts';
import { published } from '../support/served-workspace.ts';
import { member } from '../support/workspace-terms.ts';
import { documentsAfter } from './kept.ts';
import { productRules } from './product-rules.ts';
import type { Asker } from './rules.ts';
import { SimulatedDatabase } from './simulated-database.ts';
import { SimulatedStorage } from './simulated-storage.ts';

const workspaceId = 'workspace';
const now = at('2026-01-15T12:00');

function asker(deviceId: string): Asker {
  return { deviceId, personId: 'ada', ownDevices: new Set([deviceId]), role: 'company-admin', memberId: 'ada' };
}

/** As on PostgreSQL: Piktochart Pro, 500 credits a seat and month, a hard limit. Every statement lets others go on. */
async function openSimulated(): Promise<ServerStorage> {
  const database = new SimulatedDatabase(() => new Promise((resolve) => setImmediate(resolve)));
  let leases = 0;
  const storage = new SimulatedStorage({
    database,
    rules: productRules(),
    now: () => now,
    activeDevices: 1,
    freshId: () => `lease-${++leases}`,
  });
  const entries = published(workspaceId, {
    platform: 'piktochart',
    plan: 'pro',
    seats: { member: 1 },
    from: instant(Date.UTC(2025, 0, 1)),
    changes: [{ value: member(), subject: 'ada' }],
  });
  const sender = await storage.senderOf(workspaceId, asker('founder'));
  const epoch = () => database.kept(workspaceId).epochs.at(-1)?.epoch ?? '';
  const rows = entries.map((entry, place) => ({
    id: contentOf(entry).id,
    by: { deviceId: 'founder', number: place + 1 },
    entry,
  }));
  const { answer } = await acceptPush(storage.transactFor(workspaceId, asker('founder')), {
    request: { epoch: epoch(), rows },
    sender,
    digest: sha256,
  });
  assert(answer.kind === 'pushed' && answer.accepted.every(({ seq }) => seq !== null), 'The workspace is there');
  const kept = () => database.kept(workspaceId);
  return {
    workspaceId,
    poolId: poolOf(workspaceId, null).poolId,
    granted: cr(500),
    now,
    epoch: () => Promise.resolve(epoch()),
    book: (deviceId) => storage.transactFor(workspaceId, asker(deviceId)),
    lend: (deviceId) => storage.transactFor(workspaceId, asker(deviceId)),
    documents: (afterSeq) => Promise.resolve(documentsAfter(kept(), afterSeq, Infinity)),
    seq: () => Promise.resolve(kept().seq),
    books: () => Promise.resolve([...kept().books.values()]),
    leases: () => Promise.resolve([...kept().leases.values()]),
    close: () => Promise.resolve(),
  };
}

serverStorageContract('simulated', openSimulated);

import { bookingOn } from '../../../server/history/booking.ts';
import { readCounter } from '../../../server/history/counter.ts';
import { clearDocuments } from '../../../server/history/documents.ts';
import { TermsCache } from '../../../server/history/history-terms.ts';
import { lendingIn } from '../../../server/history/lending.ts';
import { booksWhere, leasesWhere } from '../../../server/history/read-facts.ts';
import { booksSchema, leasesSchema } from '../../../server/history/stored-rows.ts';
import { assert } from '../../../shared/kernel/assert.ts';
import { instant } from '../../../shared/kernel/instant.ts';
import { segmentSchema } from '../../../shared/protocol/pull.ts';
import { serverStorageContract, type ServerStorage } from '../../contract/server-storage.ts';
import { cr } from '../../support/ledger-lines.ts';
import { published, serveWorkspace } from '../../support/served-workspace.ts';
import { makeTestDatabase } from '../../support/test-database.ts';
import { member } from '../../support/workspace-terms.ts';

/** Piktochart Pro: 500 credits a seat and month, a hard limit. */
async function openOnPostgres(): Promise<ServerStorage> {
  const { database, drop } = await makeTestDatabase({ connectionsMax: 12 });
  const cache = new TermsCache();
  const { organisationId, workspaceId, poolId, admin } = await serveWorkspace(database, cache);
  const from = instant(Date.UTC(2025, 0, 1));
  const entries = published(workspaceId, {
    platform: 'piktochart',
    plan: 'pro',
    seats: { member: 1 },
    from,
    changes: [{ value: member(), subject: 'ada' }],
  });
  await admin.push(...entries);
  const given = {
    database,
    cache,
    workspace: { organisationId, workspaceId },
    standing: { role: 'company-admin', memberId: 'ada' } as const,
  };
  const read = <Value>(select: string, parse: (value: unknown) => Value): Promise<Value> =>
    database.inOrganisation(organisationId, async ({ query }) => {
      const { rows } = await query<{ readonly found: unknown }>(`SELECT ${select} AS found`, [workspaceId]);
      return parse(rows[0]?.found);
    });
  const counter = () =>
    database.inOrganisation(organisationId, async (transaction) => {
      const found = await readCounter(transaction, workspaceId);
      assert(found, 'The workspace has a history');
      return found;
    });
  const now = instant(Date.now());
  return {
    workspaceId,
    poolId,
    granted: cr(500),
    now,
    epoch: async () => (await counter()).epoch,
    book: () => bookingOn(given),
    lend: () => (work) =>
      database.inOrganisation(organisationId, (transaction) => work(lendingIn(given, transaction, now))),
    documents: (afterSeq) =>
      database.inOrganisation(organisationId, async (transaction) => {
        const upToSeq = Number.MAX_SAFE_INTEGER;
        const { text } = await clearDocuments(transaction, { workspaceId, afterSeq, upToSeq });
        return segmentSchema.parse({ lastSeq: 0, documents: JSON.parse(`[${text}]`) }).documents;
      }),
    seq: async () => (await counter()).seq,
    books: () => read(booksWhere('true'), (found) => booksSchema.parse(found)),
    leases: () => read(leasesWhere('true'), (found) => leasesSchema.parse(found)),
    close: drop,
  };
}

serverStorageContract('PostgreSQL', openOnPostgres);

// The server's storage on PostgreSQL behind the ports of its engine, with bugs that it can be given.
import { bookingOn } from '../../server/history/booking.ts';
import { readCounter } from '../../server/history/counter.ts';
import { clearDocuments } from '../../server/history/documents.ts';
import { TermsCache } from '../../server/history/history-terms.ts';
import { lendingIn } from '../../server/history/lending.ts';
import { booksWhere, leasesWhere } from '../../server/history/read-facts.ts';
import { booksSchema, leasesSchema } from '../../server/history/stored-rows.ts';
import type { Database, Transaction } from '../../server/database/database.ts';
import { assert } from '../../shared/kernel/assert.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { segmentSchema } from '../../shared/protocol/pull.ts';
import type { ServerStorage } from '../contract/server-storage.ts';
import { cr } from './ledger-lines.ts';
import { published, serveWorkspace } from './served-workspace.ts';
import { makeTestDatabase } from './test-database.ts';
import { member } from './workspace-terms.ts';

/**
 * one-statement-grant: the lock is taken by the statement that reads, which sees what was so before it waited.
 * text-alias-sort: documents are sorted by the text of their places.
 */
export type PostgresBug = 'one-statement-grant' | 'text-alias-sort';

/** Piktochart Pro: 500 credits a seat and month, a hard limit. */
export async function openPostgresStorage(bug: PostgresBug | null = null): Promise<ServerStorage> {
  const made = await makeTestDatabase({ connectionsMax: 12 });
  const cache = new TermsCache();
  const { organisationId, workspaceId, poolId, admin } = await serveWorkspace(made.database, cache);
  const from = instant(Date.UTC(2025, 0, 1));
  const changes = [{ value: member(), subject: 'ada' }];
  const plan = { platform: 'piktochart', plan: 'pro', seats: { member: 1 }, from, changes } as const;
  await admin.push(...published(workspaceId, plan));
  const database = withBug(made.database, bug);
  const standing = { role: 'company-admin', memberId: 'ada' } as const;
  const given = { database, cache, workspace: { organisationId, workspaceId }, standing };
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
    close: made.drop,
  };
}

function withBug(database: Database, bug: PostgresBug | null): Database {
  if (bug === null) return database;
  return {
    ...database,
    inOrganisation: (organisationId, work, options) =>
      database.inOrganisation(organisationId, (transaction) => work(faulty(transaction, bug)), options),
  };
}

const lock = ' FOR UPDATE';
const inPlaces = 'ORDER BY seq) AS text';

function faulty(transaction: Transaction, bug: PostgresBug): Transaction {
  let lockLater: (() => Promise<unknown>) | null = null;
  return {
    ...transaction,
    query: async (text, values) => {
      if (bug === 'text-alias-sort')
        return transaction.query(text.replace(inPlaces, 'ORDER BY seq::text) AS text'), values);
      if (text.endsWith(lock)) {
        lockLater = () => transaction.query(text, values);
        return transaction.query(text.slice(0, -lock.length), values);
      }
      if (text.startsWith('WITH part_0')) await lockLater?.();
      return transaction.query(text, values);
    },
  };
}

import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { serverStorageChecks, serverStorageContract, type ServerStorage } from '../../contract/server-storage.ts';
import { openPostgresStorage, type PostgresBug } from '../../support/postgres-storage.ts';
import { historyLog, missedRows, sequenceLog } from '../../support/cursor-logs.ts';
import { published, serveWorkspace } from '../../support/served-workspace.ts';
import { testDatabase } from '../../support/test-database.ts';
import { instant } from '../../../shared/kernel/instant.ts';

serverStorageContract('PostgreSQL', openPostgresStorage);

describe('bugs that were planted are caught', () => {
  const race = '[M6] a race for the last credits ends within what there is';
  const places = '[M1] places rise without gaps in the order of the commits, and every one has its document';

  const failureOf = async (check: string, bug: PostgresBug): Promise<unknown> => {
    const run = serverStorageChecks[check];
    if (!run) throw new Error(`There is no check ${check}`);
    const opened: ServerStorage[] = [];
    const open = async (): Promise<ServerStorage> => {
      const storage = await openPostgresStorage(bug);
      opened.push(storage);
      return storage;
    };
    try {
      return await run(open).catch((error: unknown) => error);
    } finally {
      for (const storage of opened) await storage.close();
    }
  };

  it('a lease that is granted by the statement that takes the lock', async () => {
    expect(await failureOf(race, 'one-statement-grant')).toBeInstanceOf(Error);
  });

  it('documents that are sorted by the text of their places', async () => {
    expect(await failureOf(places, 'text-alias-sort')).toBeInstanceOf(Error);
  });

  it('[Y3] a cursor over places of a sequence misses rows, and one over the history none', async () => {
    const { database, ownerUrl } = await testDatabase({ connectionsMax: 12 });
    const workspace = await serveWorkspace(database);
    const from = instant(Date.UTC(2025, 0, 1));
    await workspace.admin.push(
      ...published(workspace.workspaceId, { platform: 'miro', plan: 'enterprise', seats: { member: 9 }, from }),
    );
    const writing = { writers: 8, writes: 12, rows: 5 };
    expect(await missedRows(historyLog(workspace), writing)).toBe(0);
    const planted = await sequenceLog(ownerUrl);
    expect(await missedRows(planted, { ...writing, writes: 60 })).toBeGreaterThan(0);
    await planted.close();
  });

  it('a book beyond what was granted is refused by its table, and by nothing else', async () => {
    const { database, ownerUrl } = await testDatabase();
    const owner = new pg.Client({ connectionString: ownerUrl });
    await owner.connect();
    const organisationId = randomUUID();
    await database.asServer(({ query }) =>
      query('INSERT INTO organisation (id, name) VALUES ($1, $2)', [organisationId, 'Some organisation']),
    );
    const overspend = () =>
      database.inOrganisation(organisationId, ({ query }) =>
        query(`INSERT INTO pool_book VALUES ($1, 'w', 'pool', 0, 1, true, 100, 60, 50, 0, 0, 0)`, [organisationId]),
      );
    await expect(overspend()).rejects.toThrow('pool_book_bound');
    await owner.query('ALTER TABLE pool_book DROP CONSTRAINT pool_book_bound');
    await owner.end();
    await expect(overspend()).resolves.toMatchObject({ rowCount: 1 });
  });
});

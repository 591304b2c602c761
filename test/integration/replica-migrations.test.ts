import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createRxSchema, defaultHashSha256 } from 'rxdb';
import { describe, expect, it } from 'vitest';
import { collectionCreators, type CollectionDefinitions } from '../../replica/database/collections.ts';
import { openDatabase } from '../../replica/database/open-database.ts';
import { openReplica } from '../../replica/main.ts';
import { keepBeforeMigration } from '../../replica/backup/before-migration.ts';
import { restoreBackup } from '../../replica/backup/restore.ts';
import { toColumnText } from '../../replica/storage-sqlite/column-text.ts';
import { SqliteStorageError } from '../../replica/storage-sqlite/storage-error.ts';
import { goldenNow } from '../golden/replica/story.ts';
import { figuresOf, type GoldenFigures } from '../support/golden-figures.ts';
import { expectedOf, goldenCopy, goldenFormats, releasedSchemas } from '../support/golden-files.ts';
import { firstLaterCollections, secondLaterCollections } from '../support/later-collections.ts';
import { at, openTestReplica } from '../support/replica.ts';
import { rollUpsOf } from '../support/roll-ups.ts';
import { canMakeDisk, smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const format = 'collections-0.usage-rollup-1';
const fileIn = (dataDir: string): string => join(dataDir, 'fuelgauge.sqlite');
const released = collectionCreators.transactions.schema.version;

/**
 * What the golden file answers once it was migrated: a row of its ledger that is no JSON has left the ledger's table, in
 * which it was counted, and is told with what was set aside.
 */
const expected = ((): GoldenFigures => {
  const figures = expectedOf(format);
  const { transactions = 0 } = figures.documents;
  return {
    ...figures,
    documents: { ...figures.documents, transactions: transactions - 1 },
    workspaces: figures.workspaces.map((each) =>
      each.workspace.platform === 'piktochart' && !each.workspace.sample ? { ...each, total: each.total - 1 } : each,
    ),
  };
})();

/** Everything of a collection's table that a migration must not change. */
function stampsOf(dataDir: string, table: string): readonly unknown[] {
  return inFile(dataDir, (file) =>
    file
      .prepare(
        `SELECT sequence, id, deleted, lwt, CASE WHEN json_valid(document) THEN document->>'$._rev' END AS rev
         FROM ${table} WHERE json_valid(document) ORDER BY sequence`,
      )
      .all(),
  );
}

function inFile<Answer>(dataDir: string, look: (file: DatabaseSync) => Answer): Answer {
  const file = new DatabaseSync(fileIn(dataDir), { readOnly: true });
  try {
    return look(file);
  } finally {
    file.close();
  }
}

function tablesIn(dataDir: string): readonly string[] {
  const rows = inFile(dataDir, (file) => file.prepare('SELECT name FROM rxstorage_tables').all());
  return rows.map((row) => String(row['name']));
}

async function failureOf(opening: Promise<unknown>): Promise<SqliteStorageError> {
  const error = await opening.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SqliteStorageError)) throw new Error('Opening should have failed by name', { cause: error });
  return error;
}

describe('a file whose collections are of an earlier version', () => {
  const later: readonly (readonly [string, readonly CollectionDefinitions[]])[] = [
    ['one version later', [firstLaterCollections()]],
    ['two versions later, at once', [secondLaterCollections()]],
    ['two versions later, one after the other', [firstLaterCollections(), secondLaterCollections()]],
  ];

  it.each(later)('%s: holds every figure, revision and sequence', async (_, versions) => {
    const dataDir = await goldenCopy(format);
    const before = { lines: stampsOf(dataDir, 'transactions_v0'), workspaces: stampsOf(dataDir, 'workspaces_v0') };
    for (const collections of versions) {
      const told: string[] = [];
      const { client, replica, close } = await openTestReplica({
        dataDir,
        collections,
        now: goldenNow,
        onMigrating: ({ done, total }) => told.push(`${done}/${total}`),
      });
      const { connection } = replica.state.database;
      expect(await figuresOf(client, connection)).toMatchObject(expected);
      expect(connection.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
      const kept = rollUpsOf(replica);
      replica.rollup.rebuild(replica.state.database);
      expect(rollUpsOf(replica)).toEqual(kept);
      expect(told.at(-1)).toMatch(/^(\d+)\/\1$/);
      await close();
    }
    const { transactions, workspaces } = versions.at(-1) ?? collectionCreators;
    const version = transactions.schema.version;
    expect(stampsOf(dataDir, `transactions_v${version}`)).toEqual(before.lines);
    expect(stampsOf(dataDir, `workspaces_v${workspaces.schema.version}`)).toEqual(before.workspaces);
    expect(tablesIn(dataDir)).not.toContain(`transactions_v${version - 1}`);
    expect(tablesIn(dataDir)).not.toContain('workspaces_v0');

    const again = await openTestReplica({ dataDir, collections: versions.at(-1)!, now: goldenNow });
    const workspaceId = expected.workspaces.find(({ workspace }) => workspace.platform === 'own-tool')!.workspace.id;
    await again.client.usage.log({ workspaceId, feature: 'summarizer', quantity: '1' });
    expect(again.replica.state.linesWhere('"workspaceId"=?', [workspaceId])).toHaveLength(2);
  });

  it('is found by its new fields, in every alphabet', async () => {
    const dataDir = await goldenCopy(format);
    const { replica } = await openTestReplica({ dataDir, collections: firstLaterCollections(), now: goldenNow });
    const { connection, rx } = replica.state.database;
    const studio = 'Studio 🎬 \ud83d Łódź';
    const byName = connection
      .prepare(
        `SELECT count(*) AS n FROM ${connection.tableOf('workspaces')?.quotedName ?? ''} WHERE deleted=0 AND "name"=?`,
      )
      .get(toColumnText(studio));
    expect(byName).toEqual({ n: 1 });
    const found = await rx.workspaces.find({ selector: { name: { $eq: studio } } as object }).exec();
    expect(found).toHaveLength(1);
    const lines = connection.tableOf('transactions')?.quotedName ?? '';
    const origins = connection
      .prepare(`SELECT "origin", count(*) AS n FROM ${lines} WHERE deleted=0 GROUP BY 1 ORDER BY 1`)
      .all()
      .map((row) => row['origin']);
    expect(origins).toEqual(['app', 'import', 'reading']);
  });

  it('is kept as it was, beside the new one', async () => {
    const dataDir = await goldenCopy(format);
    const { close } = await openTestReplica({ dataDir, collections: firstLaterCollections(), now: goldenNow });
    await close();
    const [copy, ...others] = readdirSync(join(dataDir, 'backups'));
    expect([copy, others]).toEqual([expect.stringMatching(/^fuelgauge-\d{8}T\d{6}Z-before-migration\.sqlite$/), []]);
    const elsewhere = await temporaryFolder();
    const kept = new DatabaseSync(join(dataDir, 'backups', copy!));
    kept.exec(`VACUUM INTO '${fileIn(elsewhere)}'`);
    kept.close();
    const { client, replica } = await openTestReplica({ dataDir: elsewhere, now: goldenNow });
    expect(await figuresOf(client, replica.state.database.connection)).toMatchObject(expectedOf(format));
  });

  it('is migrated again when the copy that was kept is restored', async () => {
    const dataDir = await goldenCopy(format);
    const collections = firstLaterCollections();
    const migrated = await openTestReplica({ dataDir, collections, now: goldenNow });
    await migrated.close();
    const [copy] = readdirSync(join(dataDir, 'backups'));
    const restored = await restoreBackup({ dataDir, file: join(dataDir, 'backups', copy!), at: at(goldenNow) });
    expect(restored.ok).toBe(true);
    expect(tablesIn(dataDir)).toContain('transactions_v0');
    const { client, replica } = await openTestReplica({ dataDir, collections, now: goldenNow });
    expect(await figuresOf(client, replica.state.database.connection)).toMatchObject(expected);
  });

  it('is read in a copy where it must not be touched', async () => {
    const dataDir = await goldenCopy(format);
    const before = readFileSync(fileIn(dataDir));
    const { client, replica, close } = await openTestReplica({
      dataDir,
      collections: secondLaterCollections(),
      now: goldenNow,
      readOnly: true,
    });
    expect(await figuresOf(client, replica.state.database.connection)).toMatchObject(expected);
    await close();
    expect(readdirSync(dataDir)).toEqual(['fuelgauge.sqlite']);
    expect(readFileSync(fileIn(dataDir)).equals(before)).toBe(true);
  });
});

describe('a migration that goes wrong', () => {
  it('sets aside what a step cannot take, tells it, and brings it back once a later step can', async () => {
    const dataDir = await goldenCopy(format);
    const refusing = firstLaterCollections({
      transactions: (document) => {
        if (document['kind'] === 'grant') throw new Error('Grants are not understood');
        return { ...document, origin: 'app' };
      },
    });
    const broken = await openTestReplica({ dataDir, collections: refusing, now: goldenNow });
    const rows = await broken.client.app.quarantine();
    expect(rows.filter(({ reason }) => reason.includes('Grants are not understood'))).toHaveLength(5);
    expect(rows).toContainEqual(expect.objectContaining({ collection: 'transactions', reason: 'It is no JSON.' }));
    // One that is no JSON, one that breaks a rule of the ledger, and the grants.
    expect(rows).toHaveLength(7);
    await broken.close();

    const { client, replica } = await openTestReplica({
      dataDir,
      collections: secondLaterCollections(),
      now: goldenNow,
    });
    expect(await figuresOf(client, replica.state.database.connection)).toMatchObject(expected);
  });

  it('leaves the old version as it was when the disk is full, and says so', async () => {
    const dataDir = await goldenCopy(format);
    const stamps = stampsOf(dataDir, 'transactions_v0');
    const error = await failureOf(
      openDatabase({
        folder: dataDir,
        onWrite: () => undefined,
        collections: firstLaterCollections(),
        migration: {
          keepCopy: (file) => keepBeforeMigration(file, { dataDir, at: at(goldenNow) }),
          onMigrated: (database) => {
            // Everything is rewritten, and no page more may be taken.
            const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
            database.exec(`PRAGMA max_page_count=${pages}; CREATE TABLE more (bytes BLOB)`);
            database.exec('INSERT INTO more VALUES (zeroblob(10000000))');
          },
        },
      }),
    );
    expect([error.code, error.message]).toEqual([
      'disk-full',
      expect.stringContaining('the version that wrote it still'),
    ]);
    expect(readdirSync(join(dataDir, 'backups'))).toEqual([]);
    expect(stampsOf(dataDir, 'transactions_v0')).toEqual(stamps);
    const { client, replica } = await openTestReplica({ dataDir, now: goldenNow });
    expect(await figuresOf(client, replica.state.database.connection)).toMatchObject(expectedOf(format));
  });

  // There is room for the copy that is kept, and not for all of the new tables.
  it.runIf(canMakeDisk())('leaves the old version as it was when the disk fills up in the middle', async () => {
    const dataDir = await smallDisk(1_700);
    copyFileSync(fileIn(await goldenCopy(format)), fileIn(dataDir));
    const stamps = stampsOf(dataDir, 'transactions_v0');
    const error = await failureOf(openReplica({ dataDir, collections: firstLaterCollections() }));
    expect([error.code, error.message]).toEqual(['disk-full', expect.stringContaining('nothing in it was changed')]);
    expect(readdirSync(join(dataDir, 'backups'))).toEqual([]);
    expect(stampsOf(dataDir, 'transactions_v0')).toEqual(stamps);
    const { client, replica } = await openTestReplica({ dataDir, now: goldenNow });
    expect(await figuresOf(client, replica.state.database.connection)).toMatchObject(expectedOf(format));
  });

  it('does not begin when no copy can be kept', async () => {
    const dataDir = await goldenCopy(format);
    const before = readFileSync(fileIn(dataDir));
    writeFileSync(join(dataDir, 'backups'), 'a file where the folder should be');
    const error = await failureOf(openReplica({ dataDir, collections: firstLaterCollections() }));
    expect([error.code, error.message]).toEqual([
      expect.stringMatching(/read-only|input-output/),
      expect.stringContaining('only after a backup of it was made. Nothing in it was changed.'),
    ]);
    expect(readFileSync(fileIn(dataDir)).equals(before)).toBe(true);
  });
});

describe('a file of a later version of the program', () => {
  it('is refused by name and left alone, for reading too', async () => {
    const dataDir = await goldenCopy(format);
    const { close } = await openTestReplica({ dataDir, collections: firstLaterCollections(), now: goldenNow });
    await close();
    const before = readFileSync(fileIn(dataDir));
    for (const readOnly of [false, true]) {
      const error = await failureOf(openReplica({ dataDir, readOnly }));
      expect([error.code, error.message]).toEqual([
        'newer-format',
        expect.stringMatching(/newer version.*Update the program.*is of version 1, known is 0/),
      ]);
    }
    expect(readFileSync(fileIn(dataDir)).equals(before)).toBe(true);
  });
});

describe('the released schemas', () => {
  it('never change without a new version, a step to it, and a golden file', async () => {
    for (const [name, { schema, steps }] of Object.entries(collectionCreators)) {
      const hashes = releasedSchemas()[name] ?? [];
      const hash = await createRxSchema<object>(schema as never, defaultHashSha256).hash;
      expect(hash, `${name}: see docs/decisions/0009-migrations.md`).toBe(hashes[schema.version]);
      expect(hashes).toHaveLength(schema.version + 1);
      const versions = Array.from({ length: schema.version }, (__, place) => place + 1);
      expect(Object.keys(steps).map(Number)).toEqual(versions);
    }
    expect(goldenFormats.some((name) => name.startsWith(`collections-${released}.`))).toBe(true);
  });
});

/** The storage under a whole RxDatabase: live queries, migration, replication, opening again. */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addRxPlugin, createRxDatabase, removeRxDatabase } from 'rxdb';
import type { RxCollection, RxDatabase, RxJsonSchema } from 'rxdb';
import { RxDBMigrationSchemaPlugin } from 'rxdb/plugins/migration-schema';
import { replicateRxCollection } from 'rxdb/plugins/replication';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectionOf, getRxStorageSqlite } from '../../replica/storage-sqlite/storage-sqlite.ts';

addRxPlugin(RxDBMigrationSchemaPlugin);

interface Line {
  readonly id: string;
  readonly memberId: string;
  readonly at: number;
}
type Collections = { readonly lines: RxCollection<Line> };

const lineSchema: RxJsonSchema<Line> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 40 },
    memberId: { type: 'string', maxLength: 40 },
    at: { type: 'integer', minimum: 0, maximum: 1_000_000, multipleOf: 1 },
  },
  required: ['id', 'memberId', 'at'],
  indexes: [['memberId', 'at']],
};

let folder: string;
let databases: RxDatabase<Collections>[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storage-sqlite-database-'));
});
afterEach(async () => {
  await Promise.all(databases.map((database) => database.close()));
  databases = [];
  rmSync(folder, { recursive: true });
});

describe('an RxDatabase on SQLite', () => {
  it('keeps live queries current through insert, change, removal and a second life', async () => {
    const { lines } = await open();
    const seen: string[][] = [];
    const newest = lines.find({ selector: { memberId: '🦊' }, sort: [{ at: 'desc' }], limit: 2 });
    const subscription = newest.$.subscribe((found) => seen.push(found.map((line) => line.id)));
    await newest.exec();
    await lines.bulkInsert([line('a', 1), line('b', 2), line('c', 3)]);
    await newest.exec();
    await (await lines.findOne('a').exec(true)).incrementalPatch({ at: 9 });
    await newest.exec();
    await (await lines.findOne('c').exec(true)).remove();
    await newest.exec();
    await lines.insert(line('c', 11));
    const last = await newest.exec();
    subscription.unsubscribe();
    expect(last.map((found) => found.id)).toEqual(['c', 'a']);
    expect(seen).toEqual([[], ['c', 'b'], ['a', 'c'], ['a', 'b'], ['c', 'a']]);
    expect(await lines.count({ selector: { memberId: '🦊' } }).exec()).toBe(3);
  });

  it('has everything again when it is opened again', async () => {
    const before = await open();
    await before.lines.bulkInsert([line('a', 1), line('b', 2)]);
    await before.close();
    const { lines } = await open();
    expect((await lines.find({ sort: [{ at: 'asc' }] }).exec()).map((found) => found.toJSON())).toEqual([
      line('a', 1),
      line('b', 2),
    ]);
  });

  it('migrates every document to a new schema version and drops the old table', async () => {
    const before = await open();
    await before.lines.bulkInsert(Array.from({ length: 30 }, (_, index) => line(`l${index}`, index)));
    await before.close();
    const after = await open({ ...lineSchema, version: 1 }, (old) => ({ ...old, at: old.at + 100 }));
    const found = await after.lines.find({ selector: { memberId: '🦊' }, sort: [{ at: 'asc' }] }).exec();
    expect(found.map((document) => document.at)).toEqual(Array.from({ length: 30 }, (_, index) => index + 100));
    const { database } = connectionOf(storage(), after.name);
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'lines%'").all();
    expect(tables).toEqual([{ name: 'lines_v1' }]);
  });

  it('pushes each local write once and takes in what is pulled, before and after opening again', async () => {
    const pushed: string[] = [];
    const remote = [line('r1', 50), line('r2', 51)];
    const sync = async () => {
      const database = await open();
      const replication = replicateRxCollection<Line, { readonly at: number }>({
        collection: database.lines,
        replicationIdentifier: 'test',
        live: false,
        waitForLeadership: false,
        pull: {
          handler: (checkpoint, batchSize) => {
            const documents = remote.filter((document) => document.at > (checkpoint?.at ?? 0)).slice(0, batchSize);
            const next = documents.at(-1) ?? checkpoint ?? { at: 0 };
            return Promise.resolve({
              documents: documents.map((document) => ({ ...document, _deleted: false })),
              checkpoint: { at: next.at },
            });
          },
        },
        push: {
          handler: (rows) => {
            pushed.push(...rows.map((row) => row.newDocumentState.id));
            return Promise.resolve([]);
          },
        },
      });
      await replication.awaitInSync();
      await replication.cancel();
      return database;
    };
    const first = await sync();
    await first.lines.bulkInsert([line('a', 1), line('b', 2)]);
    await first.close();
    remote.push(line('r3', 52));
    const second = await sync();
    expect(pushed.toSorted()).toEqual(['a', 'b']);
    const ids = (await second.lines.find({ sort: [{ id: 'asc' }] }).exec()).map((found) => found.id);
    expect(ids).toEqual(['a', 'b', 'r1', 'r2', 'r3']);
    await second.close();
    await (await sync()).close();
    expect(pushed.toSorted()).toEqual(['a', 'b']);
  });

  it('is gone with its file when it is removed', async () => {
    const database = await open();
    await database.lines.insert(line('a', 1));
    await database.close();
    await removeRxDatabase('team', storage());
    expect(existsSync(join(folder, 'team.sqlite'))).toBe(false);
  });
});

function storage() {
  return getRxStorageSqlite({ folder, synchronous: 'NORMAL' });
}

async function open(
  schema: RxJsonSchema<Line> = lineSchema,
  migrate?: (old: Line) => Line,
): Promise<RxDatabase<Collections>> {
  const database: RxDatabase<Collections> = await createRxDatabase<Collections>({
    name: 'team',
    storage: storage(),
    multiInstance: false,
  });
  databases.push(database);
  await database.addCollections({
    lines: { schema, ...(migrate === undefined ? {} : { migrationStrategies: { 1: migrate } }) },
  });
  return database;
}

function line(id: string, at: number): Line {
  return { id, memberId: '🦊', at };
}

/** What an RxDB user does, on RxDB's memory storage and on SQLite: the database above must not see which one it is. */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  addRxPlugin,
  createRxDatabase,
  defaultConflictHandler,
  removeRxDatabase,
  rxStorageInstanceToReplicationHandler,
} from 'rxdb';
import type { RxCollection, RxDatabase, RxJsonSchema, RxStorage } from 'rxdb';
import { disableWarnings, RxDBDevModePlugin } from 'rxdb/plugins/dev-mode';
import { RxDBJsonDumpPlugin } from 'rxdb/plugins/json-dump';
import { wrappedKeyCompressionStorage } from 'rxdb/plugins/key-compression';
import { RxDBLocalDocumentsPlugin } from 'rxdb/plugins/local-documents';
import { replicateRxCollection } from 'rxdb/plugins/replication';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { wrappedValidateAjvStorage } from 'rxdb/plugins/validate-ajv';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { getRxStorageSqlite } from '../../replica/storage-sqlite/storage-sqlite.ts';
import { thoroughness } from '../support/thoroughness.ts';

// Development mode freezes documents, checks schemas and queries, and demands a validator around each storage.
disableWarnings();
addRxPlugin(RxDBDevModePlugin);
addRxPlugin(RxDBJsonDumpPlugin);
addRxPlugin(RxDBLocalDocumentsPlugin);

interface Animal {
  readonly id: string;
  readonly name: string;
  readonly level: number;
  readonly nick?: string;
}
type Animals = RxCollection<Animal>;
type Zoo = RxDatabase<{ readonly animals: Animals }>;

const schema: RxJsonSchema<Animal> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 20 },
    name: { type: 'string', maxLength: 20 },
    level: { type: 'integer', minimum: 0, maximum: 100, multipleOf: 1 },
    nick: { type: 'string' },
  },
  required: ['id', 'name', 'level'],
  indexes: ['name', ['level', 'name']],
};

// A guard against a test that hangs.
vi.setConfig({ testTimeout: 60_000 * thoroughness });

const folder = mkdtempSync(join(tmpdir(), 'rx-database-'));
afterAll(() => rmSync(folder, { recursive: true }));
const opened: Zoo[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map(async (database) => database.closed || database.remove()));
});

const memory: RxStorage<unknown, object> = getRxStorageMemory();
const sqlite: RxStorage<unknown, object> = getRxStorageSqlite({ folder, synchronous: 'NORMAL' });
const storages = [
  { name: 'memory', storage: memory },
  { name: 'sqlite', storage: sqlite },
];
let databaseCount = 0;

describe.each(storages)('an RxDatabase on $name', ({ name, storage }) => {
  it('inserts, finds, changes, removes and counts', async () => {
    const { animals } = await zoo(storage);
    await animals.bulkInsert([animal('a', 1), animal('b', 2), animal('c', 3)]);
    const { error } = await animals.bulkInsert([animal('a', 9), animal('d', 4)]);
    expect(error.map((item) => [item.status, item.documentId])).toEqual([[409, 'a']]);
    await animals.bulkUpsert([animal('a', 10), animal('e', 5)]);
    await animals.upsert(animal('f', 6));
    const b = await animals.findOne('b').exec(true);
    await Promise.all(
      Array.from({ length: 20 }, () => b.incrementalModify((data) => ({ ...data, level: data.level + 1 }))),
    );
    await b.getLatest().incrementalPatch({ nick: '🦊' });
    await expect(b.patch({ nick: 'stale' })).rejects.toMatchObject({ code: 'CONFLICT' });
    await animals.bulkRemove(['c', 'd']);
    await animals.find({ selector: { level: { $gte: 6, $lt: 10 } } }).remove();
    expect(await levelsOf(animals)).toEqual({ a: 10, b: 22, e: 5 });
    expect(await animals.count({ selector: { level: { $gt: 5 } } }).exec()).toBe(2);
    await animals.insert(animal('c', 7));
    const found = await animals.findByIds(['c', 'nobody', 'b']).exec();
    expect([...found.values()].map((one) => [one.id, one.nick])).toEqual([
      ['c', undefined],
      ['b', '🦊'],
    ]);
    expect((await animals.findOne({ selector: { name: 'B' }, sort: [{ level: 'desc' }] }).exec())?.id).toBe('b');
    expect(await animals.findOne('d').exec()).toBe(null);
  });

  it('keeps live queries, documents and counts current', async () => {
    const { animals } = await zoo(storage);
    const pages: string[][] = [];
    const counts: number[] = [];
    const query = animals.find({ selector: { level: { $gt: 1 } }, sort: [{ level: 'desc' }], limit: 2 });
    const subscriptions = [
      query.$.subscribe((found) => pages.push(found.map((one) => one.id))),
      animals.count({ selector: { level: { $gt: 1 } } }).$.subscribe((count) => counts.push(count)),
    ];
    await settled(animals, query);
    await animals.bulkInsert([animal('a', 1), animal('b', 2), animal('c', 3), animal('d', 4)]);
    await settled(animals, query);
    await (await animals.findOne('d').exec(true)).incrementalRemove();
    await settled(animals, query);
    await (await animals.findOne('a').exec(true)).incrementalPatch({ level: 9 });
    await settled(animals, query);
    for (const subscription of subscriptions) {
      subscription.unsubscribe();
    }
    expect(pages).toEqual([[], ['d', 'c'], ['c', 'b'], ['a', 'c']]);
    expect(counts).toEqual([0, 3, 2, 3]);
  });

  it('dumps to JSON and takes the dump in', async () => {
    const { animals } = await zoo(storage);
    await animals.bulkInsert([animal('a', 1), { ...animal('b', 2), nick: 'a\0\uD83D' }]);
    const dump = await animals.exportJSON();
    const other = await zoo(storage);
    await other.animals.importJSON(JSON.parse(JSON.stringify(dump)));
    expect(await levelsOf(other.animals)).toEqual({ a: 1, b: 2 });
    expect((await other.animals.findOne('b').exec(true)).nick).toBe('a\0\uD83D');
  });

  it('keeps local documents', async () => {
    const { animals } = await zoo(storage);
    const seen: unknown[] = [];
    await animals.insertLocal('settings', { colour: 'red' });
    const subscription = animals.getLocal$('settings').subscribe((found) => seen.push(found?.get('colour')));
    await animals.upsertLocal('settings', { colour: 'blue' });
    const settings = await animals.getLocal('settings');
    expect(settings?.get('colour')).toBe('blue');
    await settings?.remove();
    expect(await animals.getLocal('settings')).toBe(null);
    subscription.unsubscribe();
    expect(seen.at(-1)).toBe(undefined);
    expect(await animals.count().exec()).toBe(0);
  });

  it('removes a collection and makes it anew', async () => {
    const database = await zoo(storage);
    await database.animals.insert(animal('a', 1));
    await database.animals.remove();
    const { animals } = await database.addCollections({ animals: { schema, localDocuments: true } });
    expect(await animals.find().exec()).toEqual([]);
    await animals.insert(animal('a', 2));
    expect(await levelsOf(animals)).toEqual({ a: 2 });
  });

  it('shares a database between two of one process, and goes on when one is closed', async () => {
    const one = await zoo(storage, 'shared');
    const other = await zoo(storage, 'shared');
    const seen: string[] = [];
    const subscription = other.animals.$.subscribe((event) => seen.push(`${event.operation} ${event.documentId}`));
    await one.animals.insert(animal('a', 1));
    await (await other.animals.findOne('a').exec(true)).incrementalPatch({ level: 2 });
    expect(await levelsOf(one.animals)).toEqual({ a: 2 });
    await one.close();
    await other.animals.insert(animal('b', 3));
    subscription.unsubscribe();
    expect(seen).toEqual(['INSERT a', 'UPDATE a', 'INSERT b']);
    expect(await levelsOf(other.animals)).toEqual({ a: 2, b: 3 });
    await other.remove();
    const empty = await zoo(storage, 'shared');
    expect(await levelsOf(empty.animals)).toEqual({});
  });

  it('works under RxDB’s key compression', async () => {
    const compressed = wrappedKeyCompressionStorage({ storage });
    const { animals } = await zoo(compressed, undefined, { ...schema, keyCompression: true });
    await animals.bulkInsert([animal('a', 1), animal('b', 2)]);
    const found = await animals.find({ selector: { level: { $gt: 1 }, name: 'B' }, sort: [{ name: 'desc' }] }).exec();
    expect(found.map((one) => one.toJSON())).toEqual([animal('b', 2)]);
    await animals.findOne('a').remove();
    expect(await animals.count().exec()).toBe(1);
  });

  it('is gone when it is removed', async () => {
    const database = await zoo(storage, 'gone');
    await database.animals.insert(animal('a', 1));
    await database.close();
    await removeRxDatabase('gone', storage);
    const again = await zoo(storage, 'gone');
    expect(await levelsOf(again.animals)).toEqual({});
    await again.remove();
    expect(existsSync(join(folder, 'gone.sqlite'))).toBe(false);
    expect(storage.name).toBe(name);
  });
});

describe.each([
  { name: 'memory to sqlite', from: memory, to: sqlite },
  { name: 'sqlite to memory', from: sqlite, to: memory },
  { name: 'sqlite to sqlite', from: sqlite, to: sqlite },
])('replication from $name', ({ from, to }) => {
  it('leaves both with the same, whatever was changed on either side meanwhile', async () => {
    const change = fc.record({
      side: fc.constantFrom('main' as const, 'fork' as const),
      id: fc.constantFrom('a', 'b', 'c', 'd', 'é😀'),
      level: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined, freq: 4 }),
    });
    const rounds = fc.array(fc.array(change, { maxLength: 8, size: 'max' }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(rounds, async (changesByRound) => {
        const [main, fork] = [await zoo(from), await zoo(to)];
        for (const changes of changesByRound) {
          for (const { side, id, level } of changes) {
            const { animals } = side === 'main' ? main : fork;
            await (level === undefined ? animals.findOne(id).remove() : animals.upsert(animal(id, level)));
          }
          await syncOnce(main.animals, fork.animals);
          expect(await levelsOf(fork.animals)).toEqual(await levelsOf(main.animals));
        }
        await main.remove();
        await fork.remove();
      }),
      { numRuns: 4 * thoroughness },
    );
  });
});

/** Pulls and pushes until both have the same; the main side wins conflicts. */
async function syncOnce(main: Animals, fork: Animals): Promise<void> {
  const handler = rxStorageInstanceToReplicationHandler(
    main.storageInstance,
    defaultConflictHandler,
    main.database.token,
  );
  const replication = replicateRxCollection<Animal, unknown>({
    collection: fork,
    replicationIdentifier: 'contract',
    live: false,
    retryTime: 10,
    waitForLeadership: false,
    pull: { handler: (checkpoint, batchSize) => handler.masterChangesSince(checkpoint, batchSize), batchSize: 3 },
    push: { handler: (rows) => handler.masterWrite(rows), batchSize: 2 },
  });
  const failures: unknown[] = [];
  replication.error$.subscribe((failure) => failures.push(failure));
  await replication.awaitInitialReplication();
  await replication.cancel();
  expect(failures).toEqual([]);
}

async function zoo(storage: RxStorage<unknown, object>, name?: string, ofAnimals = schema): Promise<Zoo> {
  databaseCount += 1;
  const database: Zoo = await createRxDatabase<{ readonly animals: Animals }>({
    name: name ?? `zoo${databaseCount}`,
    storage: wrappedValidateAjvStorage({ storage }),
    multiInstance: name !== undefined,
    ignoreDuplicate: name !== undefined,
    localDocuments: true,
  });
  opened.push(database);
  await database.addCollections({ animals: { schema: ofAnimals, localDocuments: true } });
  return database;
}

/** Until the stream of events has reached the query. */
async function settled(animals: Animals, query: { exec(): Promise<unknown> }): Promise<void> {
  await query.exec();
  await animals.database.requestIdlePromise();
}

async function levelsOf(animals: Animals): Promise<Record<string, number>> {
  const found = await animals.find({ sort: [{ id: 'asc' }] }).exec();
  return Object.fromEntries(found.map((one) => [one.id, one.level]));
}

function animal(id: string, level: number): Animal {
  return { id, name: id.toUpperCase(), level };
}

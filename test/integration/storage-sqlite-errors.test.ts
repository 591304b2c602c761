/** What a person's disk can do to the storage: every failure is named, and nothing answered is lost. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
  closeSync,
  existsSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { fillWithDefaultSettings, getChangedDocumentsSince, normalizeMangoQuery, prepareQuery } from 'rxdb';
import type { RxDocumentData, RxJsonSchema, RxStorageInstance } from 'rxdb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectionOf, getRxStorageSqlite } from '../../replica/storage-sqlite/storage-sqlite.ts';
import type {
  RxStorageSqlite,
  SqliteStorageOptions,
  SqliteWrite,
} from '../../replica/storage-sqlite/storage-sqlite.ts';
import { SqliteStorageError } from '../../replica/storage-sqlite/storage-error.ts';
import type { SqliteStorageErrorCode } from '../../replica/storage-sqlite/storage-error.ts';

interface Line {
  readonly id: string;
  readonly kind: string;
  readonly filling?: string;
}

const schema: RxJsonSchema<RxDocumentData<Line>> = fillWithDefaultSettings<Line>({
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 40 },
    kind: { type: 'string', maxLength: 40 },
    filling: { type: 'string' },
  },
  required: ['id', 'kind'],
  indexes: ['kind'],
});

let folder: string;
const opened: RxStorageInstance<Line, unknown, object>[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storage-sqlite-'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((instance) => instance.close()));
  rmSync(folder, { recursive: true });
});

describe('opening', () => {
  it('says that the folder is missing', async () => {
    await expectError('folder-missing', open({ folder: join(folder, 'nowhere') }));
  });

  it('says that the folder is a file', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'text');
    await expectError('folder-missing', open({ folder: file }));
  });

  it('says that the place of the file is a folder', async () => {
    mkdirSync(join(folder, 'ledger.sqlite'));
    await expectError('read-only', open({ folder }));
  });

  it('refuses a file that is no database, and leaves it as it is', async () => {
    const file = join(folder, 'ledger.sqlite');
    const content = 'Dear diary, today I burned 40 credits. '.repeat(100);
    writeFileSync(file, content);
    await expectError('not-a-database', open({ folder }));
    expect(readFileSync(file, 'utf8')).toBe(content);
  });

  it('refuses the database of another program, and leaves it as it is', async () => {
    const foreign = new DatabaseSync(join(folder, 'ledger.sqlite'));
    foreign.exec('CREATE TABLE notes (text TEXT)');
    await expectError('not-a-database', open({ folder }));
    expect(foreign.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'notes' }]);
    foreign.close();
  });

  it('refuses a file of a newer format, and leaves it as it is', async () => {
    await (await open({ folder })).close();
    const file = join(folder, 'ledger.sqlite');
    const newer = new DatabaseSync(file);
    newer.exec('PRAGMA user_version=99');
    newer.close();
    const before = readFileSync(file);
    await expectError('newer-format', open({ folder }));
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('refuses the file of an RxDatabase of another name', async () => {
    const file = join(folder, 'one.sqlite');
    await open({ file });
    await expectError('other-database', open({ file }, { databaseName: 'other' }));
  });

  it('refuses other indexes under the same schema version', async () => {
    await (await open({ folder })).close();
    const changed = { ...schema, indexes: [] };
    await expectError('schema-changed', open({ folder }, { schema: changed }));
  });

  it('refuses attachments when the collection is created', async () => {
    await expectError('not-supported', open({ folder }, { schema: { ...schema, attachments: {} } }));
    expect(existsSync(join(folder, 'ledger.sqlite'))).toBe(false);
  });

  it('gives the connection only while the database is open', async () => {
    const storage = getRxStorageSqlite({ folder });
    expect(() => connectionOf(storage, 'ledger')).toThrow(SqliteStorageError);
    const [one, two] = [await openWith(storage, 'one'), await openWith(storage, 'two')];
    const connection = connectionOf(storage, 'ledger');
    await one.close();
    expect(connection.database.isOpen).toBe(true);
    await two.close();
    expect(connection.database.isOpen).toBe(false);
    expect(() => connectionOf(storage, 'ledger')).toThrow(SqliteStorageError);
    await expectError('closed', two.findDocumentsById(['a'], false));
  });
});

describe('writing', () => {
  it('refuses to write to a file opened for reading, which still answers', async () => {
    const writable = await open({ folder });
    await writable.bulkWrite(rows('a', 3), 'test');
    await writable.close();
    const instance = await open({ folder, readOnly: true });
    await expectError('read-only', instance.bulkWrite(rows('b', 1), 'test'));
    expect(await idsOf(instance)).toEqual(['a0', 'a1', 'a2']);
  });

  it('stores nothing of a bulk for which the disk has no space, and goes on when there is', async () => {
    const storage = getRxStorageSqlite({ folder });
    const instance = await openWith(storage, 'lines');
    await instance.bulkWrite(rows('a', 3), 'test');
    const { database } = connectionOf(storage, 'ledger');
    const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
    database.exec(`PRAGMA max_page_count=${pages + 20}`);
    const events: unknown[] = [];
    const subscription = instance.changeStream().subscribe((bulk) => events.push(bulk));
    const sequence = connectionOf(storage, 'ledger').lastSequence();
    await expectError('disk-full', instance.bulkWrite(rows('b', 1_000), 'test'));
    expect(await idsOf(instance)).toEqual(['a0', 'a1', 'a2']);
    expect(events).toEqual([]);
    expect(connectionOf(storage, 'ledger').lastSequence()).toBe(sequence);

    database.exec('PRAGMA max_page_count=1000000');
    expect((await instance.bulkWrite(rows('b', 1_000), 'test')).error).toEqual([]);
    expect(await idsOf(instance)).toHaveLength(1_003);
    expect(events).toHaveLength(1);
    subscription.unsubscribe();
  });

  it('says that a damaged file is damaged', async () => {
    const before = await open({ folder });
    await before.bulkWrite(rows('a', 2_000), 'test');
    await before.close();
    const file = join(folder, 'ledger.sqlite');
    const descriptor = openSync(file, 'r+');
    for (let offset = 8_192 * 8; offset < 8_192 * 100; offset += 8_192) {
      writeSync(descriptor, Buffer.alloc(8_192, 0x5a), 0, 8_192, offset);
    }
    closeSync(descriptor);
    const instance = await open({ folder });
    await expectError('damaged', idsOf(instance));
    await expectError('damaged', instance.bulkWrite(rows('a', 2_000), 'test'));
  });

  it('says that another process holds the file', async () => {
    const instance = await open({ folder });
    const other = new DatabaseSync(join(folder, 'ledger.sqlite'));
    other.exec('BEGIN IMMEDIATE');
    await expectError('locked', instance.bulkWrite(rows('a', 1), 'test'));
    other.exec('ROLLBACK');
    other.close();
    expect((await instance.bulkWrite(rows('a', 1), 'test')).error).toEqual([]);
  });

  it('refuses to write into a transaction that other code left open', async () => {
    const storage = getRxStorageSqlite({ folder });
    const instance = await openWith(storage, 'lines');
    const { database } = connectionOf(storage, 'ledger');
    database.exec('BEGIN');
    await expectError('transaction-open', instance.bulkWrite(rows('a', 1), 'test'));
    database.exec('COMMIT');
    expect(await idsOf(instance)).toEqual([]);
  });

  it('answers a conflict for the second of two equal ids in one bulk', async () => {
    const instance = await open({ folder });
    const [first, second] = [...rows('a', 1), ...rows('a', 1)].map((row, index) => ({
      document: { ...row.document, kind: `kind${index}` },
    }));
    const { error } = await instance.bulkWrite(
      [first, second].filter((row) => row !== undefined),
      'test',
    );
    expect(error.map((item) => [item.status, item.documentId])).toEqual([[409, 'a0']]);
    expect(await instance.findDocumentsById(['a0'], false)).toEqual([first?.document]);
  });
});

describe('projections in the same transaction', () => {
  it('are stored with the documents, and neither when they fail', async () => {
    let failing = false;
    const writes: SqliteWrite[] = [];
    const storage = getRxStorageSqlite({
      folder,
      onWrite: (write) => {
        writes.push(write);
        const count = write.connection.prepare(
          'INSERT INTO counts (kind, n) VALUES (?, 1) ON CONFLICT (kind) DO UPDATE SET n = n + 1',
        );
        for (const { document } of write.changes) {
          count.run(String(document['kind']));
        }
        if (failing) {
          throw new Error('the projection does not add up');
        }
      },
    });
    const instance = await openWith(storage, 'lines');
    const { database } = connectionOf(storage, 'ledger');
    database.exec('CREATE TABLE counts (kind TEXT PRIMARY KEY, n INTEGER NOT NULL)');
    await instance.bulkWrite(rows('a', 3), 'first');
    expect(database.prepare('SELECT * FROM counts').all()).toEqual([{ kind: 'usage', n: 3 }]);
    expect(writes[0]).toMatchObject({
      sequence: 3,
      context: 'first',
      table: { name: 'lines_v0', collectionName: 'lines' },
    });
    expect(writes[0]?.changes.map((change) => [change.document['id'], change.sequence, change.previous])).toEqual([
      ['a0', 1, undefined],
      ['a1', 2, undefined],
      ['a2', 3, undefined],
    ]);

    failing = true;
    const error = await expectError('hook-failed', instance.bulkWrite(rows('b', 2), 'second'));
    expect(error.message).toContain('the projection does not add up');
    expect(await idsOf(instance)).toEqual(['a0', 'a1', 'a2']);
    expect(database.prepare('SELECT * FROM counts').all()).toEqual([{ kind: 'usage', n: 3 }]);
    expect((await getChangedDocumentsSince(instance, 10, { sequence: 3 })).documents).toEqual([]);

    failing = false;
    await instance.bulkWrite([...rows('a', 1), ...rows('b', 1)], 'third');
    expect(writes.at(-1)?.changes.map((change) => [change.document['id'], change.sequence])).toEqual([['b0', 4]]);
  });

  it('see the columns that the contract promises', async () => {
    const storage = getRxStorageSqlite({ folder });
    const instance = await openWith(storage, 'lines');
    await instance.bulkWrite(rows('a', 2), 'test');
    const connection = connectionOf(storage, 'ledger');
    const table = connection.tableOf('lines');
    expect(table).toMatchObject({ name: 'lines_v0', quotedName: '"lines_v0"', schemaVersion: 0 });
    expect(['id', 'kind', '_deleted', '_meta.lwt', 'filling'].map((path) => table?.columnOf(path))).toEqual([
      'id',
      '"kind"',
      'deleted',
      'lwt',
      undefined,
    ]);
    expect(connection.prepare('SELECT sequence, id, deleted, kind FROM lines_v0 WHERE deleted=0').all()).toEqual([
      { sequence: 1, id: 'a0', deleted: 0, kind: 'usage' },
      { sequence: 2, id: 'a1', deleted: 0, kind: 'usage' },
    ]);
  });
});

describe('the write sequence', () => {
  it('never gives a number twice, even when the table that had the highest is removed', async () => {
    const storage = getRxStorageSqlite({ folder });
    const [kept, removed] = [await openWith(storage, 'kept'), await openWith(storage, 'removed')];
    await kept.bulkWrite(rows('a', 1), 'test');
    await removed.bulkWrite(rows('b', 5), 'test');
    await removed.remove();
    await kept.close();
    const again = await openWith(storage, 'kept');
    expect(connectionOf(storage, 'ledger').lastSequence()).toBe(6);
    await again.bulkWrite(rows('c', 1), 'test');
    expect((await getChangedDocumentsSince(again, 10, { sequence: 1 })).checkpoint).toEqual({ sequence: 7 });
  });

  it('takes the file with it when the last collection is removed', async () => {
    const instance = await open({ folder });
    await instance.bulkWrite(rows('a', 1), 'test');
    await instance.remove();
    expect(existsSync(join(folder, 'ledger.sqlite'))).toBe(false);
  });

  it('takes the file with it when SQLite left its statistics there', async () => {
    const storage = getRxStorageSqlite({ folder });
    const instance = await openWith(storage, 'lines');
    await instance.bulkWrite(rows('a', 1), 'test');
    connectionOf(storage, 'ledger').database.exec('ANALYZE');
    await instance.remove();
    expect(existsSync(join(folder, 'ledger.sqlite'))).toBe(false);
  });

  it('leaves the file while there is another collection, even one named like the storage’s own tables', async () => {
    const storage = getRxStorageSqlite({ folder });
    const [removed, kept] = [await openWith(storage, 'lines'), await openWith(storage, 'rxstorage_lines')];
    await kept.bulkWrite(rows('a', 1), 'test');
    await kept.close();
    await removed.remove();
    expect(await idsOf(await openWith(storage, 'rxstorage_lines'))).toEqual(['a0']);
  });
});

describe('after SIGKILL in the middle of writing', () => {
  it('has every bulk that was answered, and no half of any', async () => {
    const writer = fileURLToPath(new URL('storage-sqlite-writer.ts', import.meta.url));
    const child = spawn(process.execPath, [writer, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exit = once(child, 'exit');
    let answered = -1;
    for await (const line of createInterface({ input: child.stdout })) {
      answered = Math.max(answered, Number(line));
      if (answered === 20) {
        child.kill('SIGKILL');
      }
    }
    expect((await exit)[1]).toBe('SIGKILL');
    expect(answered).toBeGreaterThanOrEqual(20);

    const file = new DatabaseSync(join(folder, 'killed.sqlite'));
    expect(file.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    const bulks = file.prepare('SELECT bulk, count(*) AS n FROM lines_v0 GROUP BY bulk ORDER BY bulk').all();
    file.close();
    expect(bulks.length).toBeGreaterThanOrEqual(answered + 1);
    expect(bulks).toEqual(bulks.map((_, bulk) => ({ bulk, n: 50 })));
  });
});

function rows(prefix: string, count: number): { document: RxDocumentData<Line> }[] {
  return Array.from({ length: count }, (_, index) => ({
    document: {
      id: `${prefix}${index}`,
      kind: 'usage',
      filling: 'x'.repeat(500),
      _deleted: false,
      _attachments: {},
      _rev: '1-test',
      _meta: { lwt: 1_750_000_000_000 },
    },
  }));
}

function open(
  options: SqliteStorageOptions,
  changed: { readonly databaseName?: string; readonly schema?: RxJsonSchema<RxDocumentData<Line>> } = {},
): Promise<RxStorageInstance<Line, unknown, object>> {
  return openWith(getRxStorageSqlite(options), 'lines', changed);
}

async function openWith(
  storage: RxStorageSqlite,
  collectionName: string,
  changed: { readonly databaseName?: string; readonly schema?: RxJsonSchema<RxDocumentData<Line>> } = {},
): Promise<RxStorageInstance<Line, unknown, object>> {
  const instance = await storage.createStorageInstance<Line>({
    databaseInstanceToken: 'token',
    databaseName: changed.databaseName ?? 'ledger',
    collectionName,
    schema: changed.schema ?? schema,
    options: {},
    multiInstance: false,
    devMode: false,
  });
  opened.push(instance);
  return instance;
}

async function idsOf(instance: RxStorageInstance<Line, unknown, object>): Promise<string[]> {
  const query = { selector: { kind: { $eq: 'usage' } }, sort: [{ id: 'asc' as const }] };
  const { documents } = await instance.query(prepareQuery(schema, normalizeMangoQuery(schema, query)));
  return documents.map((document) => document.id);
}

async function expectError(code: SqliteStorageErrorCode, work: Promise<unknown>): Promise<SqliteStorageError> {
  const error: unknown = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof SqliteStorageError)) {
    throw new Error(`expected ${code}, got ${String(error)}`, { cause: error });
  }
  expect(error.code, error.message).toBe(code);
  expect(error.message).toContain(error.file);
  return error;
}

/** The storage against raw `node:sqlite` doing the same work on the same table, in the same run. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { fillWithDefaultSettings, normalizeMangoQuery, prepareQuery } from 'rxdb';
import type { MangoQuery, RxDocumentData, RxJsonSchema, RxStorageInstance } from 'rxdb';
import { v7 } from 'uuid';
import { getRxStorageSqlite } from '../../replica/storage-sqlite/storage-sqlite.ts';
import { tableLayout } from '../../replica/storage-sqlite/table.ts';
import { figureOf } from './figure.ts';
import type { Figure } from './figure.ts';

interface Line {
  readonly id: string;
  readonly workspaceId: string;
  readonly occurredAt: number;
  readonly memberId: string;
  readonly body: Readonly<Record<string, string | number>>;
}
type StoredLine = RxDocumentData<Line>;
type LineInstance = RxStorageInstance<Line, unknown, object>;

const RUNS = 5;
const BULKS = 20;
const BULK_DOCUMENTS = 1_000;
const APPENDS = 300;
const RANGE_DOCUMENTS = 10_000;
const LOOKUPS = 2_000;
const COUNTS = 20;
const STARTED_AT = 1_750_000_000_000;

const id = { type: 'string', maxLength: 40 } as const;
const schema: RxJsonSchema<StoredLine> = fillWithDefaultSettings<Line>({
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id,
    workspaceId: id,
    occurredAt: { type: 'integer', minimum: 0, maximum: 10_000_000_000_000, multipleOf: 1 },
    memberId: id,
    body: { type: 'object', additionalProperties: true },
  },
  required: ['id', 'workspaceId', 'occurredAt', 'memberId', 'body'],
  indexes: [
    ['workspaceId', 'occurredAt'],
    ['workspaceId', 'memberId', 'occurredAt'],
  ],
});

export async function storageFigures(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'storage-bench-'));
  const runs = [];
  try {
    for (let run = 0; run < RUNS; run += 1) {
      runs.push(await measure(folder, run));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return [
    figureOf({
      name: 'storage.bulk-insert',
      unit: 'documents/s',
      n: BULKS * BULK_DOCUMENTS,
      runs: runs.map((run) => run.bulkInsert),
    }),
    figureOf({
      name: 'storage.single-append',
      unit: 'documents/s',
      n: APPENDS,
      runs: runs.map((run) => run.singleAppend),
    }),
    figureOf({ name: 'storage.range-10k-sorted', unit: 'ms', n: 1, runs: runs.map((run) => run.range) }),
    figureOf({ name: 'storage.find-by-id', unit: 'µs', n: LOOKUPS, runs: runs.map((run) => run.find) }),
    figureOf({ name: 'storage.count', unit: 'µs', n: COUNTS, runs: runs.map((run) => run.count) }),
  ];
}

/** Seconds that both sides took; which one begins changes with every step. */
interface Times {
  readonly value: number;
  readonly baseline: number;
}

async function measure(folder: string, run: number) {
  const databaseName = `run${run}`;
  const instance: LineInstance = await getRxStorageSqlite({ folder }).createStorageInstance<Line>({
    databaseInstanceToken: databaseName,
    databaseName,
    collectionName: 'lines',
    schema,
    options: {},
    multiInstance: false,
    devMode: false,
  });
  const raw = new RawLines(join(folder, `raw${run}.sqlite`));

  const bulks: Times[] = [];
  for (let bulk = 0; bulk < BULKS; bulk += 1) {
    const documents = lines(bulk * BULK_DOCUMENTS, BULK_DOCUMENTS);
    const rows = documents.map((document) => ({ document }));
    bulks.push(
      await both(
        bulk + run,
        () => instance.bulkWrite(rows, 'bench'),
        () => raw.insertBulk(documents),
      ),
    );
  }
  const appends: Times[] = [];
  for (let append = 0; append < APPENDS; append += 1) {
    const [document] = lines(BULKS * BULK_DOCUMENTS + append, 1);
    if (document !== undefined) {
      appends.push(
        await both(
          append,
          () => instance.bulkWrite([{ document }], 'bench'),
          () => raw.insert(document),
        ),
      );
    }
  }

  const until = STARTED_AT + RANGE_DOCUMENTS;
  const ascending = {
    selector: { workspaceId: { $eq: 'w' }, occurredAt: { $lt: until } },
    sort: [{ occurredAt: 'asc' as const }],
  };
  const range = await both(
    run,
    () => instance.query(prepared(ascending)),
    () => raw.range(until),
  );

  const ids = raw.someIds(LOOKUPS);
  const find = await both(
    run + 1,
    async () => {
      for (const one of ids) {
        await instance.findDocumentsById([one], false);
      }
    },
    () => ids.map((one) => raw.find(one)),
  );
  const counted = prepared(ascending);
  const count = await both(
    run,
    async () => {
      for (let index = 0; index < COUNTS; index += 1) {
        await instance.count(counted);
      }
    },
    () => Array.from({ length: COUNTS }, () => raw.count(until)),
  );
  await instance.close();
  raw.close();
  return {
    bulkInsert: perSecond(bulks, BULKS * BULK_DOCUMENTS),
    singleAppend: perSecond(appends, APPENDS),
    range: scaled(range, 1_000),
    find: scaled(find, 1_000_000 / LOOKUPS),
    count: scaled(count, 1_000_000 / COUNTS),
  };
}

/** The same table, indexes and settings, without a storage around it. */
class RawLines {
  readonly #database: DatabaseSync;
  readonly #insert;
  readonly #range;
  readonly #find;
  readonly #count;

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec(
      'PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=10000; ' +
        'PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY',
    );
    for (const sql of tableLayout('lines', schema).createSql) {
      this.#database.exec(sql);
    }
    this.#insert = this.#database.prepare(
      'INSERT INTO lines_v0 (id, deleted, lwt, workspaceId, occurredAt, memberId, document) VALUES (?, 0, ?, ?, ?, ?, ?)',
    );
    const inRange = 'FROM lines_v0 WHERE deleted=0 AND workspaceId = ? AND occurredAt < ?';
    this.#range = this.#database.prepare(`SELECT document ${inRange} ORDER BY occurredAt, id`);
    this.#count = this.#database.prepare(`SELECT count(*) AS n ${inRange}`);
    this.#find = this.#database.prepare('SELECT document FROM lines_v0 WHERE id = ?');
  }

  insert(line: StoredLine): void {
    this.#insert.run(line.id, line._meta.lwt, line.workspaceId, line.occurredAt, line.memberId, JSON.stringify(line));
  }

  insertBulk(documents: readonly StoredLine[]): void {
    this.#database.exec('BEGIN');
    for (const document of documents) {
      this.insert(document);
    }
    this.#database.exec('COMMIT');
  }

  range(until: number): unknown[] {
    return this.#range.all('w', until).map((row) => JSON.parse(String(row['document'])));
  }

  find(one: string): unknown {
    return JSON.parse(String(this.#find.get(one)?.['document']));
  }

  count(until: number): unknown {
    return this.#count.get('w', until)?.['n'];
  }

  someIds(count: number): string[] {
    const sql = 'SELECT id FROM lines_v0 WHERE sequence % 7 = 3 ORDER BY lwt + sequence * 7919 % 10007 LIMIT ?';
    return this.#database
      .prepare(sql)
      .all(count)
      .map((row) => String(row['id']));
  }

  close(): void {
    this.#database.close();
  }
}

function lines(start: number, count: number): StoredLine[] {
  return Array.from({ length: count }, (_, offset) => {
    const number = start + offset;
    return {
      id: v7(),
      workspaceId: 'w',
      occurredAt: STARTED_AT + number,
      memberId: `member-${number % 90}`,
      body: {
        kind: 'usage',
        feature: `feature-${number % 20}`,
        variant: 'deep',
        quantity: 1 + (number % 5),
        note: 'n'.repeat(120),
      },
      _deleted: false,
      _attachments: {},
      _rev: '1-bench',
      _meta: { lwt: STARTED_AT + number },
    };
  });
}

function prepared(query: MangoQuery<Line>) {
  const selector: object = { ...query.selector, _deleted: { $eq: false } };
  return prepareQuery(schema, normalizeMangoQuery(schema, { ...query, selector }));
}

async function both(turn: number, product: () => unknown, baseline: () => unknown): Promise<Times> {
  if (turn % 2 === 0) {
    const value = await seconds(product);
    return { value, baseline: await seconds(baseline) };
  }
  const time = await seconds(baseline);
  return { value: await seconds(product), baseline: time };
}

async function seconds(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}

function perSecond(times: readonly Times[], operations: number): Times {
  const total = (side: keyof Times) => operations / times.reduce((sum, time) => sum + time[side], 0);
  return { value: total('value'), baseline: total('baseline') };
}

function scaled(times: Times, factor: number): Times {
  return { value: times.value * factor, baseline: times.baseline * factor };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.table(await storageFigures());
}

/** The storage against raw `node:sqlite` doing the same work on the same table, in the same run. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { normalizeMangoQuery, prepareQuery } from 'rxdb';
import type { MangoQuery, RxStorageInstance } from 'rxdb';
import { getRxStorageSqlite } from '../../replica/storage-sqlite/storage-sqlite.ts';
import { figureOf } from './figure.ts';
import type { Figure } from './figure.ts';
import { both, perSecond, scaled, type Times } from './both.ts';
import { lines, STARTED_AT, storedLineSchema as schema, type Line } from './lines.ts';
import { RawLines } from './raw-lines.ts';

type LineInstance = RxStorageInstance<Line, unknown, object>;

const RUNS = 5;
const BULKS = 20;
const BULK_DOCUMENTS = 1_000;
const APPENDS = 300;
const RANGE_DOCUMENTS = 10_000;
const LOOKUPS = 2_000;
const COUNTS = 20;
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

function prepared(query: MangoQuery<Line>) {
  const selector: object = { ...query.selector, _deleted: { $eq: false } };
  return prepareQuery(schema, normalizeMangoQuery(schema, { ...query, selector }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.table(await storageFigures());
}

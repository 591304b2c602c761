/** RxDB's collections on the storage against raw `node:sqlite` doing the same work on the same table, in the same run. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRxDatabase, type RxCollection } from 'rxdb';
import { getRxStorageSqlite } from '../../replica/storage-sqlite/storage-sqlite.ts';
import { both, perSecond, scaled, type Times } from './both.ts';
import { BULK_DOCUMENTS, BULKS, linesBefore, plainLine } from './collection-steps.ts';
import { figureOf, type Figure } from './figure.ts';
import { lines, lineSchema, STARTED_AT, type Line } from './lines.ts';
import { RawLines } from './raw-lines.ts';

const RUNS = 5;
const APPENDS = 300;
const RANGE_DOCUMENTS = 10_000;
const LOOKUPS = 2_000;
const COUNTS = 20;

export async function collectionFigures(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'collection-bench-'));
  const runs: Run[] = [];
  try {
    for (let run = 0; run < RUNS; run += 1) runs.push(await measure(folder, run));
  } finally {
    rmSync(folder, { recursive: true });
  }
  const bulkDocuments = BULKS * BULK_DOCUMENTS;
  const figure = (name: string, unit: string, n: number, pick: (run: Run) => Times): Figure =>
    figureOf({ name: `collection.${name}`, unit, n, runs: runs.map(pick) });
  return [
    figure('bulk-insert', 'documents/s', bulkDocuments, (run) => run.bulkInsert),
    figure('single-append', 'documents/s', APPENDS, (run) => run.singleAppend),
    figure('range-10k-sorted', 'ms', 1, (run) => run.range),
    figure('find-by-id', 'µs', LOOKUPS, (run) => run.find),
    figure('count', 'µs', COUNTS, (run) => run.count),
  ];
}

interface Run {
  readonly bulkInsert: Times;
  readonly singleAppend: Times;
  readonly range: Times;
  readonly find: Times;
  readonly count: Times;
}

async function measure(folder: string, run: number): Promise<Run> {
  const raw = new RawLines(join(folder, `raw${run}.sqlite`));
  const written = await withCollection(folder, run, (collection) => measureWrites(collection, raw, run));
  // Opened anew, so that no document of the writes is still in memory.
  const read = await withCollection(folder, run, (collection) => measureReads(collection, raw, run));
  raw.close();
  return { ...written, ...read };
}

async function withCollection<Answer>(
  folder: string,
  run: number,
  work: (collection: RxCollection<Line>) => Promise<Answer>,
): Promise<Answer> {
  const database = await createRxDatabase<{ lines: RxCollection<Line> }>({
    name: `run${run}`,
    storage: getRxStorageSqlite({ folder }),
    multiInstance: false,
    eventReduce: false,
  });
  const { lines: collection } = await database.addCollections({ lines: { schema: lineSchema } });
  try {
    return await work(collection);
  } finally {
    await database.close();
  }
}

async function measureWrites(collection: RxCollection<Line>, raw: RawLines, run: number) {
  const bulks: Times[] = [];
  for (let bulk = 0; bulk < BULKS; bulk += 1) {
    const documents = lines(bulk * BULK_DOCUMENTS, BULK_DOCUMENTS);
    const plain = documents.map(plainLine);
    bulks.push(
      await both(
        bulk + run,
        () => collection.bulkInsert(plain),
        () => raw.insertBulk(documents),
      ),
    );
  }
  const appends: Times[] = [];
  for (let append = 0; append < APPENDS; append += 1) {
    const [document] = lines(BULKS * BULK_DOCUMENTS + append, 1);
    if (document === undefined) continue;
    const plain = plainLine(document);
    appends.push(
      await both(
        append,
        () => collection.insert(plain),
        () => raw.insert(document),
      ),
    );
  }
  return {
    bulkInsert: perSecond(bulks, BULKS * BULK_DOCUMENTS),
    singleAppend: perSecond(appends, APPENDS),
  };
}

async function measureReads(collection: RxCollection<Line>, raw: RawLines, run: number) {
  const until = STARTED_AT + RANGE_DOCUMENTS;
  // RxDB compiles the form of a query once a process.
  await collection.find(linesBefore(STARTED_AT)).exec();
  const range = await both(
    run,
    () => collection.find(linesBefore(until)).exec(),
    () => raw.range(until),
  );
  const ids = raw.someIds(LOOKUPS);
  const find = await both(
    run + 1,
    async () => {
      for (const one of ids) await collection.findOne(one).exec();
    },
    () => ids.map((one) => raw.find(one)),
  );
  // Each with another end: the answer to the same question again would come from memory.
  const ends = Array.from({ length: COUNTS }, (_, index) => until - index);
  const count = await both(
    run,
    async () => {
      for (const end of ends) await collection.count({ selector: linesBefore(end).selector }).exec();
    },
    () => ends.map((end) => raw.count(end)),
  );
  return {
    range: scaled(range, 1_000),
    find: scaled(find, 1_000_000 / LOOKUPS),
    count: scaled(count, 1_000_000 / COUNTS),
  };
}

/** One contract for every RxStorage: RxDB's memory storage as the reference implementation, and the one on SQLite. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { getChangedDocumentsSince } from 'rxdb';
import type { BulkWriteRow, EventBulk, MangoQuery, RxStorageChangeEvent } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { getRxStorageSqlite } from '../../replica/storage-sqlite/storage-sqlite.ts';
import { thoroughness } from '../support/thoroughness.ts';
import {
  animalBodies,
  nastyText,
  openAnimals,
  ordinaryText,
  ALIVE,
  prepared,
  queries,
  reference,
  stored,
} from './rx-storage-cases.ts';
import type { Animal, AnimalInstance, AnyStorage, StoredAnimal } from './rx-storage-cases.ts';

const folder = mkdtempSync(join(tmpdir(), 'rx-storage-contract-'));
const memory: AnyStorage = getRxStorageMemory();
const sqlite: AnyStorage = getRxStorageSqlite({ folder, synchronous: 'NORMAL' });
const storages = [
  { name: 'memory', storage: memory },
  { name: 'sqlite', storage: sqlite },
];

// Keeps the file open, so that the many collections below do not open and close it each.
let keeper: AnimalInstance;
beforeAll(async () => {
  keeper = await openAnimals(sqlite);
});
afterAll(async () => {
  await keeper.close();
  rmSync(folder, { recursive: true });
});

const NOW_MS = 1_750_000_000_000;
// A guard against a test that hangs.
vi.setConfig({ testTimeout: 60_000 * thoroughness });

describe.each(storages)('RxStorage on $name', ({ storage }) => {
  it('answers every query as RxDB’s matcher and comparator over all documents', async () => {
    const cases = fc.tuple(
      animalBodies(ordinaryText, { complete: true }),
      fc.array(queries(ordinaryText, { optional: false, outside: false }), { minLength: 10, maxLength: 10 }),
    );
    await fc.assert(
      fc.asyncProperty(cases, ([animals, asked]) => expectReference(storage, animals, asked)),
      { numRuns: 200 * thoroughness },
    );
  });

  it('keeps, counts and finds what a random history of bulks leaves, and reports each change once', async () => {
    await fc.assert(
      fc.asyncProperty(histories(), async (history) => {
        const instance = await openAnimals(storage);
        const model = new HistoryModel();
        const bulks: EventBulk<RxStorageChangeEvent<Animal>, unknown>[] = [];
        const subscription = instance.changeStream().subscribe((bulk) => bulks.push(bulk));
        let checkpoint: unknown;
        for (const bulk of history) {
          const { rows, conflicts, changed } = model.apply(bulk);
          bulks.length = 0;
          const { error } = await instance.bulkWrite(rows, 'history');
          expect(
            error.map((item) => [item.status, item.documentId, 'documentInDb' in item && item.documentInDb]),
          ).toEqual(conflicts.map((document) => [409, document.id, document]));
          const events = bulks.flatMap((item) => item.events);
          expect(sortedById(events.map((event) => event.documentData))).toEqual(
            sortedById(changed.map((row) => row.document)),
          );
          for (const event of events) {
            const row = changed.find((item) => item.document.id === event.documentId);
            expect(event.operation).toBe(row?.operation);
            if (event.operation !== 'INSERT') {
              expect(event.previousDocumentData).toEqual(row?.previous);
            }
          }
          expect(bulks.every((item) => item.context === 'history' && item.checkpoint !== null)).toBe(true);

          const since = await getChangedDocumentsSince(instance, 1_000, checkpoint);
          const last = bulks.at(-1);
          checkpoint = since.checkpoint;
          for (const { document } of changed) {
            expect(since.documents).toContainEqual(document);
          }
          if (last !== undefined) {
            expect((await getChangedDocumentsSince(instance, 10, last.checkpoint)).documents).toEqual([]);
          }
        }
        subscription.unsubscribe();
        await expectContent(instance, model.documents());
        await instance.remove();
      }),
      { numRuns: 200 * thoroughness },
    );
  });

  it('gives every changed document once when the changes are read in pages', async () => {
    const instance = await openAnimals(storage);
    const documents = numbered(25);
    await instance.bulkWrite(
      documents.slice(0, 10).map((document) => ({ document })),
      'first',
    );
    await instance.bulkWrite(
      documents.slice(10).map((document) => ({ document })),
      'second',
    );
    const pages: string[][] = [];
    let checkpoint: unknown;
    for (;;) {
      const page = await getChangedDocumentsSince(instance, 7, checkpoint);
      if (page.documents.length === 0) {
        break;
      }
      pages.push(page.documents.map((document) => document.id));
      checkpoint = page.checkpoint;
    }
    expect(pages.map((page) => page.length)).toEqual([7, 7, 7, 4]);
    expect(new Set(pages.flat()).size).toBe(25);
    await instance.remove();
  });

  it('finds documents by id in the order of the ids, tombstones only when asked', async () => {
    const instance = await openAnimals(storage);
    const [first, second, third] = [numberedAnimal(1), numberedAnimal(2), numberedAnimal(3)];
    const gone = { ...second, _deleted: true, _rev: '2-test' };
    await instance.bulkWrite([{ document: first }, { document: second }, { document: third }], 'test');
    await instance.bulkWrite([{ previous: second, document: gone }], 'test');
    const ids = [third.id, 'nobody', second.id, first.id];
    expect(await instance.findDocumentsById(ids, false)).toEqual([third, first]);
    expect(await instance.findDocumentsById(ids, true)).toEqual([third, gone, first]);
    await instance.remove();
  });

  it('removes tombstones that are old enough, and nothing else', async () => {
    const instance = await openAnimals(storage);
    const [alive, older, newer] = [numberedAnimal(1), numberedAnimal(2), numberedAnimal(3)];
    const old = { ...older, _deleted: true, _rev: '2-test' };
    const recent = { ...newer, _deleted: true, _rev: '2-test', _meta: { lwt: Date.now() } };
    await instance.bulkWrite([{ document: alive }, { document: older }, { document: newer }], 'test');
    await instance.bulkWrite(
      [
        { previous: older, document: old },
        { previous: newer, document: recent },
      ],
      'test',
    );
    expect(await instance.cleanup(1_000 * 60 * 60)).toBe(true);
    const ids = [alive.id, older.id, newer.id];
    expect(await instance.findDocumentsById(ids, true)).toEqual([alive, recent]);
    await instance.remove();
  });

  it('shares one change stream and one content between the instances of a collection', async () => {
    const one = await openAnimals(storage, 'shared');
    const other = await openAnimals(storage, 'shared');
    const seen: string[] = [];
    const subscription = other
      .changeStream()
      .subscribe((bulk) => seen.push(...bulk.events.map((event) => event.documentId)));
    const document = numberedAnimal(1);
    await one.bulkWrite([{ document }], 'test');
    expect(seen).toEqual([document.id]);
    expect(await other.findDocumentsById([document.id], false)).toEqual([document]);
    await one.close();
    expect(await other.findDocumentsById([document.id], false)).toEqual([document]);
    subscription.unsubscribe();
    await other.remove();
  });

  it('has everything again after closing and opening', async () => {
    const before = await openAnimals(storage, 'reopened');
    const documents = numbered(12);
    await before.bulkWrite(
      documents.map((document) => ({ document })),
      'test',
    );
    const { checkpoint } = await getChangedDocumentsSince(before, 100);
    await before.close();
    const after = await openAnimals(storage, 'reopened');
    await expectContent(after, documents);
    expect((await getChangedDocumentsSince(after, 100, checkpoint)).documents).toEqual([]);
    await after.remove();
  });
});

describe('RxStorage on sqlite beside RxStorage on memory', () => {
  it('misses no change when the clock steps back, the last document is cleaned up and the file is opened again', async () => {
    const before = await openAnimals(sqlite, 'stepped');
    const [first, last] = [numberedAnimal(1), numberedAnimal(2)];
    await before.bulkWrite([{ document: first }, { document: last }], 'test');
    await before.bulkWrite([{ previous: last, document: { ...last, _deleted: true, _rev: '2-test' } }], 'test');
    const { checkpoint } = await getChangedDocumentsSince(before, 100);
    expect(await before.cleanup(0)).toBe(true);
    await before.close();
    await keeper.close();
    keeper = await openAnimals(sqlite);
    const after = await openAnimals(sqlite, 'stepped');
    const later = { ...numberedAnimal(3), _meta: { lwt: NOW_MS - 1_000_000 } };
    await after.bulkWrite([{ document: later }], 'test');
    expect((await getChangedDocumentsSince(after, 100, checkpoint)).documents).toEqual([later]);
    await after.remove();
  });

  it('gives the same documents in the same order when indexed fields are missing', async () => {
    const cases = fc.tuple(
      animalBodies(ordinaryText, { complete: false }),
      fc.array(queries(ordinaryText, { optional: true, outside: false }), { minLength: 10, maxLength: 10 }),
    );
    await fc.assert(
      fc.asyncProperty(cases, ([animals, asked]) => expectSame(animals, asked)),
      { numRuns: 200 * thoroughness },
    );
  });

  // RxDB's memory storage pads strings in its indexes and fits numbers into the schema's range, so that only the
  // matcher and comparator can be the reference here.
  it('compares spaces, NUL, control characters, lone surrogates and numbers beyond the schema as JavaScript does', async () => {
    const cases = fc.tuple(
      animalBodies(nastyText, { complete: true }),
      fc.array(queries(nastyText, { optional: false, outside: true }), { minLength: 10, maxLength: 10 }),
    );
    await fc.assert(
      fc.asyncProperty(cases, ([animals, asked]) => expectReference(sqlite, animals, asked)),
      { numRuns: 200 * thoroughness },
    );
  });
});

async function expectReference(
  storage: AnyStorage,
  animals: readonly Animal[],
  asked: readonly MangoQuery<Animal>[],
): Promise<void> {
  const documents = animals.map((animal, index) => stored(animal, 1, NOW_MS + index, index % 7 === 6));
  const instance = await openAnimals(storage);
  await instance.bulkWrite(
    documents.map((document) => ({ document })),
    'test',
  );
  for (const query of asked) {
    const expected = reference(documents, query);
    const { documents: found } = await instance.query(prepared(query));
    expect(found, JSON.stringify(query)).toEqual(expected);
    const { limit: _limit, skip: _skip, ...whole } = query;
    const { count } = await instance.count(prepared(whole));
    expect(count, `count ${JSON.stringify(whole)}`).toBe(reference(documents, whole).length);
  }
  await instance.remove();
}

async function expectSame(animals: readonly Animal[], asked: readonly MangoQuery<Animal>[]): Promise<void> {
  const rows = animals.map((animal, index) => ({ document: stored(animal, 1, NOW_MS + index) }));
  const [ours, theirs] = [await openAnimals(sqlite), await openAnimals(memory)];
  await ours.bulkWrite(rows, 'test');
  await theirs.bulkWrite(rows, 'test');
  for (const query of asked) {
    const plan = prepared(query);
    expect(await ours.query(plan), JSON.stringify(query)).toEqual(await theirs.query(plan));
  }
  await ours.remove();
  await theirs.remove();
}

async function expectContent(instance: AnimalInstance, documents: readonly StoredAnimal[]): Promise<void> {
  const alive = documents.filter((document) => !document._deleted);
  const everything: MangoQuery<Animal> = { selector: ALIVE, sort: [{ id: 'asc' }] };
  expect((await instance.query(prepared(everything))).documents).toEqual(sortedById(alive));
  expect((await instance.count(prepared(everything))).count).toBe(alive.length);
  expect(
    await instance.findDocumentsById(
      documents.map((document) => document.id),
      true,
    ),
  ).toEqual(documents);
  const changed = await getChangedDocumentsSince(instance, 1_000);
  expect(sortedById(changed.documents)).toEqual(sortedById(documents));
}

function numbered(count: number): StoredAnimal[] {
  return Array.from({ length: count }, (_, index) => numberedAnimal(index));
}

function numberedAnimal(index: number): StoredAnimal {
  const animal = {
    id: `animal${String(index).padStart(3, '0')}`,
    name: `n${index % 4}`,
    age: index,
    weight: 0.25,
    tame: index % 2 === 0,
    home: { kind: 'barn', rooms: [] },
    tags: [],
  };
  return stored(animal, 1, NOW_MS + index);
}

function sortedById(documents: readonly StoredAnimal[]): StoredAnimal[] {
  return [...documents].sort((a, b) => (a.id < b.id ? -1 : 1));
}

interface Step {
  readonly animal: number;
  readonly action: 'write' | 'delete' | 'write-unseen' | 'write-outdated';
  readonly age: number;
}

function histories(): fc.Arbitrary<readonly (readonly Step[])[]> {
  const step = fc.record({
    animal: fc.integer({ min: 0, max: 9 }),
    action: fc.constantFrom(
      'write' as const,
      'write' as const,
      'delete' as const,
      'write-unseen' as const,
      'write-outdated' as const,
    ),
    age: fc.integer({ min: 0, max: 100 }),
  });
  const bulk = fc.uniqueArray(step, { selector: (item) => item.animal, maxLength: 6 });
  return fc.array(bulk, { minLength: 1, maxLength: 8 });
}

interface ChangedRow {
  readonly operation: 'INSERT' | 'UPDATE' | 'DELETE';
  readonly document: StoredAnimal;
  readonly previous: StoredAnimal | undefined;
}

/** What a storage must hold after a history of bulks. */
class HistoryModel {
  readonly #documents = new Map<string, StoredAnimal>();
  #writes = 0;

  documents(): StoredAnimal[] {
    return [...this.#documents.values()];
  }

  apply(steps: readonly Step[]): {
    readonly rows: BulkWriteRow<Animal>[];
    readonly conflicts: readonly StoredAnimal[];
    readonly changed: readonly ChangedRow[];
  } {
    const rows: BulkWriteRow<Animal>[] = [];
    const conflicts: StoredAnimal[] = [];
    const changed: ChangedRow[] = [];
    for (const { animal, action, age } of steps) {
      this.#writes += 1;
      const template = numberedAnimal(animal);
      const current = this.#documents.get(template.id);
      const document: StoredAnimal = {
        ...(current ?? template),
        age,
        _deleted: action === 'delete',
        _rev: `${this.#writes}-new`,
        _meta: { lwt: NOW_MS + this.#writes },
      };
      const previous = action === 'write-outdated' && current !== undefined ? { ...current, _rev: '0-old' } : current;
      if (previous === undefined || action === 'write-unseen') {
        rows.push({ document });
      } else {
        rows.push({ document, previous });
      }
      if (current !== undefined && (action === 'write-unseen' || action === 'write-outdated')) {
        conflicts.push(current);
        continue;
      }
      this.#documents.set(document.id, document);
      const born = current === undefined || current._deleted;
      if (current !== undefined || !document._deleted) {
        changed.push({
          operation: document._deleted ? 'DELETE' : born ? 'INSERT' : 'UPDATE',
          document,
          previous: current,
        });
      }
    }
    return { rows, conflicts, changed };
  }
}

/** Single cases that every RxStorage has to answer alike; most were found by the random ones and shrunk. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventBulk, MangoQuery, RxStorageChangeEvent } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { afterAll, describe, expect, it } from 'vitest';
import { getRxStorageSqlite } from '../../replica/storage-sqlite/storage-sqlite.ts';
import { bodyOf, collectionWith, idsFound, level, preparedFor, schemaWith, text } from './plain-collection.ts';
import type { Body } from './random-queries.ts';
import { openBodies } from './storage-pair.ts';
import type { AnyStorage } from './storage-pair.ts';

const folder = mkdtempSync(join(tmpdir(), 'rx-storage-named-'));
afterAll(() => rmSync(folder, { recursive: true }));

const storages: { readonly name: string; readonly storage: AnyStorage }[] = [
  { name: 'memory', storage: getRxStorageMemory() },
  { name: 'sqlite', storage: getRxStorageSqlite({ folder, synchronous: 'NORMAL' }) },
];
const named = schemaWith({ name: text, nick: text, level }, ['name', 'nick', 'level', ['name', 'level']]);

describe.each(storages)('queries of RxStorage on $name', ({ storage }) => {
  it('uses indexes whose names differ in case only', async () => {
    const schema = schemaWith({ name: text, Name: text, ID: text }, [
      'name',
      'Name',
      'ID',
      ['name', 'ID'],
      ['Name', 'ID'],
    ]);
    const animals = await collectionWith(storage, schema, [
      { id: 'one', name: 'a', Name: 'b', ID: 'c' },
      { id: 'two', name: 'b', Name: 'a', ID: 'd' },
    ]);
    expect(await idsFound(animals, { selector: { Name: 'a' } })).toEqual(['two']);
    expect(await idsFound(animals, { selector: { name: 'a', ID: 'c' } })).toEqual(['one']);
    expect(await idsFound(animals, { selector: {}, sort: [{ Name: 'asc' }] })).toEqual(['two', 'one']);
    await animals.remove();
  });

  it.each<{ readonly what: string; readonly selector: object }>([
    { what: '$or of 1,500 parts', selector: { $or: numbers(1_500).map((n) => ({ name: `n${n}` })) } },
    {
      what: '$and of 1,500 parts',
      selector: { name: 'n7', $and: numbers(1_500).map((n) => ({ name: { $ne: `m${n}` } })) },
    },
    { what: '$nor of 1,500 parts', selector: { level: 7, $nor: numbers(1_500).map((n) => ({ name: `m${n}` })) } },
    {
      what: '$in of 20,000 values',
      selector: { name: { $in: numbers(20_000).map((n) => `n${n + 7}`) }, level: { $lt: 8 } },
    },
    {
      what: 'nine $in of 4,096 values',
      selector: {
        level: 7,
        $or: numbers(9).map((n) => ({ name: { $in: numbers(4_096).map((m) => `n${m + n * 4_096}`) } })),
      },
    },
    {
      what: '$nin of 4,096 values in each of ten $and',
      selector: { level: 7, $and: numbers(10).map(() => ({ name: { $nin: numbers(4_096).map((m) => `m${m}`) } })) },
    },
    { what: '$and 300 deep', selector: nested(300, { name: 'n7' }) },
    { what: '$not 300 deep', selector: { name: negated(300, { $eq: 'n7' }) } },
  ])('answers $what', async ({ what, selector }) => {
    const animals = await collectionWith(
      storage,
      named,
      numbers(12).map((n) => ({ id: `k${n}`, name: `n${n}`, level: n })),
    );
    const expected =
      what === '$or of 1,500 parts'
        ? numbers(12)
            .map((n) => `k${n}`)
            .toSorted()
        : ['k7'];
    expect(sorted(await idsFound(animals, { selector: { ...selector } }))).toEqual(expected);
    expect((await animals.count(preparedFor(animals, { selector: { ...selector } }))).count).toBe(expected.length);
    await animals.remove();
  });

  it.each<{ readonly selector: object; readonly ids: readonly string[] }>([
    { selector: {}, ids: ['a', 'b', 'c'] },
    { selector: { name: {} }, ids: ['a', 'b', 'c'] },
    { selector: { name: { $not: {} } }, ids: ['a', 'b', 'c'] },
    { selector: { $and: [] }, ids: ['a', 'b', 'c'] },
    { selector: { $or: [] }, ids: [] },
    { selector: { $nor: [] }, ids: ['a', 'b', 'c'] },
    { selector: { name: { $in: [] } }, ids: [] },
    { selector: { name: { $nin: [] } }, ids: ['a', 'b', 'c'] },
    { selector: { name: null }, ids: ['c'] },
    { selector: { name: { $in: [null, 'x'] } }, ids: ['a', 'c'] },
    { selector: { name: { $exists: false } }, ids: ['c'] },
    { selector: { level: { $gt: 5, $lt: 2 } }, ids: [] },
    { selector: { level: { $gt: 2, $gte: 1, $lt: 9, $lte: 3 } }, ids: [] },
    { selector: { name: 'x', $nor: [{ level: 1 }] }, ids: [] },
    { selector: { id: { $gt: 'a', $lte: 'c' } }, ids: ['b', 'c'] },
    { selector: { id: { $in: ['c', 'nobody', 'a', 'a'] } }, ids: ['a', 'c'] },
    { selector: { name: { $not: { $regex: 'X', $options: 'i' } } }, ids: ['b', 'c'] },
    { selector: { level: { $mod: [2, 0] } }, ids: ['b'] },
    { selector: { nobody: { $exists: false }, name: { $type: 'string' } }, ids: ['a', 'b'] },
  ])('answers $selector', async ({ selector, ids }) => {
    const animals = await collectionWith(storage, named, [
      { id: 'a', name: 'x', level: 1 },
      { id: 'b', name: 'y', level: 2 },
      { id: 'c' },
    ]);
    expect(sorted(await idsFound(animals, { selector: { ...selector } }))).toEqual(ids);
    await animals.remove();
  });

  it('orders what the comparator leaves open as the index of the plan does', async () => {
    const schema = schemaWith({ name: text, tags: { type: 'array', items: { type: 'string' } } }, ['name']);
    const animals = await collectionWith(storage, schema, [
      { id: 'b', name: 'x', tags: [] },
      { id: 'c', name: 'y', tags: [] },
      { id: 'a', name: 'z', tags: [] },
    ]);
    const index = ['_deleted', 'name', 'id'];
    const byTags: MangoQuery<Body> = { selector: {}, sort: [{ tags: 'asc' }, { id: 'asc' }], index };
    expect(await idsFound(animals, byTags)).toEqual(['b', 'c', 'a']);
    await animals.remove();
  });

  it.each([
    { selector: { name: { $unknown: 1 } } },
    { selector: { $where: 'true' } },
    { selector: { name: { $regex: '(' } } },
  ])('refuses $selector and goes on', async ({ selector }) => {
    const animals = await collectionWith(storage, named, [{ id: 'a', name: 'x', level: 1 }]);
    const wrong = preparedFor(animals, { selector: { ...selector } });
    // RxDB's memory storage throws before there is a promise.
    await expect((async () => animals.query(wrong))()).rejects.toThrow(Error);
    await expect((async () => animals.count(wrong))()).rejects.toThrow(Error);
    expect(await idsFound(animals, { selector: { name: 'x' } })).toEqual(['a']);
    await animals.remove();
  });
});

describe.each(storages)('documents and events of RxStorage on $name', ({ storage }) => {
  it('finds 5,000 documents by id, unknown and doubled ids among them', async () => {
    const all = numbers(5_000).map((n) => ({ id: `k${n}`, name: `n${n}`, level: 1 }));
    const animals = await collectionWith(storage, named, all);
    const ids = [...numbers(5_000).map((n) => `k${4_999 - n}`), 'nobody', 'k1', 'toString', '__proto__'];
    const found = await animals.findDocumentsById(ids, false);
    expect(found.map((document) => document['id'])).toEqual([...ids.slice(0, 5_000), 'k1']);
    await animals.remove();
  });

  it('keeps ids and fields that have a meaning in JavaScript', async () => {
    const animals = await collectionWith(storage, named, [
      JSON.parse('{"id":"__proto__","name":"constructor","__proto__":{"x":1}}'),
      { id: 'constructor', name: '__proto__' },
      { id: 'hasOwnProperty', name: 'toString' },
    ]);
    const found = await animals.findDocumentsById(['__proto__', 'toString', 'constructor'], true);
    expect(found.map((document) => Object.entries(document).slice(0, 3))).toEqual([
      [
        ['id', '__proto__'],
        ['name', 'constructor'],
        ['__proto__', { x: 1 }],
      ],
      [
        ['id', 'constructor'],
        ['name', '__proto__'],
        ['_deleted', false],
      ],
    ]);
    expect(await idsFound(animals, { selector: { name: 'toString' } })).toEqual(['hasOwnProperty']);
    await animals.remove();
  });

  it('tells birth, change, end and second life, and nothing of conflicts and unseen tombstones', async () => {
    const animals = await collectionWith(storage, named, []);
    const told: unknown[] = [];
    const bulks: EventBulk<RxStorageChangeEvent<Body>, unknown>[] = [];
    const subscription = animals.changeStream().subscribe((bulk) => {
      bulks.push(bulk);
      told.push(bulk.events.map(({ operation, documentData }) => [operation, documentData._rev]));
    });
    const states = [1, 2, 3, 4, 5].map((revision) =>
      bodyOf({ id: 'a', name: `${revision}` }, revision, revision === 3),
    );
    const [born, changed, gone, back] = states;
    const unseen = bodyOf({ id: 'z', name: '' }, 1, true);
    const write = async (rows: Parameters<typeof animals.bulkWrite>[0], context: string) =>
      (await animals.bulkWrite(rows, context)).error.map((error) => [error.status, error.documentId, error.context]);
    if (born === undefined || changed === undefined || gone === undefined || back === undefined) {
      throw new Error('five states');
    }
    expect(await write([], 'none')).toEqual([]);
    expect(await write([{ document: born }], 'birth')).toEqual([]);
    expect(await write([{ document: changed, previous: born }, { document: unseen }], 'change')).toEqual([]);
    expect(await write([{ document: gone, previous: born }], 'stale')).toEqual([[409, 'a', 'stale']]);
    expect(await write([{ document: unseen }], 'again')).toEqual([[409, 'z', 'again']]);
    expect(await write([{ document: gone, previous: changed }], 'end')).toEqual([]);
    expect(await write([{ document: back }], 'blind')).toEqual([[409, 'a', 'blind']]);
    expect(await write([{ document: back, previous: gone }], 'back')).toEqual([]);
    subscription.unsubscribe();
    expect(told).toEqual([
      [['INSERT', '1-test']],
      [['UPDATE', '2-test']],
      [['DELETE', '3-test']],
      [['INSERT', '4-test']],
    ]);
    expect(bulks.map((bulk) => bulk.context)).toEqual(['birth', 'change', 'end', 'back']);
    expect(bulks.slice(1, 3).map((bulk) => bulk.events[0]?.previousDocumentData)).toEqual([born, changed]);
    expect(new Set(bulks.map((bulk) => bulk.id)).size).toBe(4);
    await animals.remove();
  });
});

describe.each(storages)('cleanup of RxStorage on $name', ({ storage }) => {
  it('removes 2,500 tombstones in as many turns as it needs, and leaves the rest', async () => {
    const animals = await collectionWith(storage, named, [{ id: 'alive', name: 'a', level: 1 }]);
    const gone = numbers(2_500).map((n) => bodyOf({ id: `k${n}`, name: '', level: 1 }, 1, true));
    await animals.bulkWrite(
      gone.map((document) => ({ document })),
      'test',
    );
    let turns = 1;
    while (!(await animals.cleanup(0))) {
      turns += 1;
      expect(turns).toBeLessThan(10);
    }
    expect(await idsFound(animals, { selector: { level: 1 } })).toEqual(['alive']);
    expect(await animals.findDocumentsById(['alive', 'k0', 'k1200', 'k2499'], true)).toHaveLength(1);
    expect(
      (
        await animals.bulkWrite(
          gone.slice(0, 1).map((document) => ({ document })),
          'again',
        )
      ).error,
    ).toEqual([]);
    await animals.remove();
  });
});

describe.each(storages)('instances of RxStorage on $name', ({ name, storage }) => {
  it('keeps two schema versions of a collection apart', async () => {
    const old = await openBodies(storage, schemaWith({ name: text }, ['name'], 0), 'versions');
    const current = await openBodies(storage, schemaWith({ name: text, level }, ['level'], 1), 'versions');
    await old.bulkWrite([{ document: bodyOf({ id: 'a', name: 'old' }) }], 'test');
    await current.bulkWrite([{ document: bodyOf({ id: 'a', name: 'new', level: 1 }) }], 'test');
    expect(await idsFound(old, { selector: { name: 'old' } })).toEqual(['a']);
    await old.remove();
    expect(await idsFound(current, { selector: { level: 1, name: 'new' } })).toEqual(['a']);
    await current.remove();
  });

  it('closes twice, and is empty again after it was removed', async () => {
    const schema = schemaWith({ name: text }, ['name']);
    const animals = await openBodies(storage, schema, 'twice');
    await animals.bulkWrite([{ document: bodyOf({ id: 'a', name: 'x' }) }], 'test');
    await animals.close();
    await animals.close();
    const again = await openBodies(storage, schema, 'twice');
    expect(await idsFound(again, { selector: {} })).toEqual(['a']);
    await again.remove();
    await expect(again.remove()).rejects.toThrow(Error);
    const empty = await openBodies(storage, schema, 'twice');
    expect(await idsFound(empty, { selector: {} })).toEqual([]);
    await empty.remove();
  });

  it('refuses writes through the other instance of a removed collection', async () => {
    const schema = schemaWith({ name: text }, ['name']);
    const [one, other] = [await openBodies(storage, schema, 'gone'), await openBodies(storage, schema, 'gone')];
    await one.remove();
    const write = async () => other.bulkWrite([{ document: bodyOf({ id: 'a', name: 'x' }) }], 'test');
    await expect(write()).rejects.toThrow(Error);
    expect(() => other.changeStream()).toThrow(Error);
    await expect((async () => other.remove())()).rejects.toThrow(Error);
    await other.close();
    expect(name).toBe(storage.name);
  });
});

function sorted(ids: readonly unknown[]): readonly string[] {
  return ids.map(String).toSorted();
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function nested(depth: number, innermost: object): object {
  return numbers(depth).reduce((inner: object) => ({ $and: [inner] }), innermost);
}

function negated(depth: number, innermost: object): object {
  return numbers(depth).reduce((inner: object) => ({ $not: inner }), innermost);
}

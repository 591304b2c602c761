/**
 * Every difference between the storage on SQLite and RxDB's memory storage, each on purpose and each in the storage's
 * README. The random comparisons leave out these and nothing else.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonSchema } from 'rxdb';
import { getChangedDocumentsSince } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { afterAll, describe, expect, it } from 'vitest';
import { getRxStorageSqlite } from '../../replica/storage-sqlite/storage-sqlite.ts';
import { bodyOf, collectionWith, idsFound, level, preparedFor, schemaWith, text } from './plain-collection.ts';
import { openBodies } from './storage-pair.ts';
import type { AnyStorage } from './storage-pair.ts';

const folder = mkdtempSync(join(tmpdir(), 'rx-storage-differences-'));
afterAll(() => rmSync(folder, { recursive: true }));

const memoryStorage: AnyStorage = getRxStorageMemory();
const sqliteStorage: AnyStorage = getRxStorageSqlite({ folder, synchronous: 'NORMAL' });

/** What both say to the same. */
async function both<Answer>(ask: (storage: AnyStorage) => Promise<Answer>) {
  return { memory: await ask(memoryStorage), sqlite: await ask(sqliteStorage) };
}

const named = schemaWith({ name: text, level }, ['name', ['level', 'name']]);

describe('on purpose unlike RxDB’s memory storage', () => {
  it('D1 compares texts as JavaScript does, where memory pads them with spaces', async () => {
    const found = await both(async (storage) => {
      const animals = await collectionWith(storage, named, [
        { id: 'a', name: 'x', level: 1 },
        { id: 'b', name: 'x ', level: 1 },
        { id: 'c', name: 'x\0', level: 1 },
      ]);
      const selector = { _deleted: { $eq: false }, name: { $eq: 'x' } };
      const ids = await idsFound(animals, { selector });
      const sorted = await idsFound(animals, { selector: {}, sort: [{ level: 'asc' }, { name: 'asc' }] });
      await animals.remove();
      return { ids, sorted };
    });
    expect(found.sqlite).toEqual({ ids: ['a'], sorted: ['a', 'c', 'b'] });
    expect(found.memory).toEqual({ ids: ['a', 'b'], sorted: ['a', 'c', 'b'] });
  });

  it('D1 keeps ids apart that differ in spaces at the end, where memory loses one', async () => {
    const found = await both(async (storage) => {
      const animals = await collectionWith(storage, schemaWith({ level }, ['level']), []);
      const born = ['k', 'k ', 'k  '].map((id) => bodyOf({ id, level: 1 }));
      await animals.bulkWrite(
        born.map((document) => ({ document })),
        'test',
      );
      const changed = born
        .slice(0, 1)
        .map((previous) => ({ previous, document: { ...previous, _rev: '2-test', level: 2 } }));
      await animals.bulkWrite(changed, 'test');
      const ids = await idsFound(animals, { selector: { level: 1 } });
      await animals.remove();
      return ids.map(String).toSorted();
    });
    expect(found.sqlite).toEqual(['k ', 'k  ']);
    expect(found.memory).toEqual(['k', 'k  ']);
  });

  it('D2 compares numbers as they are, where memory fits them into the schema’s range and steps', async () => {
    const found = await both(async (storage) => {
      const animals = await collectionWith(storage, named, [
        { id: 'a', name: '', level: 2 },
        { id: 'b', name: '', level: 3 },
      ]);
      const ids = await idsFound(animals, { selector: { _deleted: { $eq: false }, level: { $gte: 2.5 } } });
      await animals.remove();
      return ids;
    });
    expect(found).toEqual({ sqlite: ['b'], memory: ['a', 'b'] });
  });

  it('D3 finds nothing for an operand of another type, where memory’s index ignores it', async () => {
    const found = await both(async (storage) => {
      const animals = await collectionWith(storage, named, [{ id: 'a', name: 'x', level: 1 }]);
      const ids = await idsFound(animals, { selector: { _deleted: { $eq: false }, name: { $gt: null } } });
      await animals.remove();
      return ids;
    });
    expect(found).toEqual({ sqlite: [], memory: ['a'] });
  });

  it('D4 refuses the second row of one document in one bulk, where memory takes both', async () => {
    const answers = await both(async (storage) => {
      const animals = await collectionWith(storage, named, []);
      const first = bodyOf({ id: 'a', name: 'first', level: 1 });
      const second = bodyOf({ id: 'a', name: 'second', level: 1 });
      const { error } = await animals.bulkWrite([{ document: first }, { document: second }], 'test');
      const ids = await idsFound(animals, { selector: {} });
      await animals.remove();
      return { refused: error.map((item) => [item.status, item.documentId]), ids };
    });
    expect(answers).toEqual({
      sqlite: { refused: [[409, 'a']], ids: ['a'] },
      memory: { refused: [], ids: ['a', 'a'] },
    });
  });

  it('D5 counts what a query with skip and limit would find, where memory counts all that match', async () => {
    const counts = await both(async (storage) => {
      const all = ['a', 'b', 'c', 'd'].map((id) => ({ id, name: id, level: 1 }));
      const animals = await collectionWith(storage, named, all);
      const { count } = await animals.count(preparedFor(animals, { selector: {}, skip: 1, limit: 2 }));
      await animals.remove();
      return count;
    });
    expect(counts).toEqual({ sqlite: 2, memory: 4 });
  });

  it('D6 refuses everything on a closed instance, where memory goes on', async () => {
    const answers = await both(async (storage) => {
      const [closed, other] = [await openBodies(storage, named, 'closed'), await openBodies(storage, named, 'closed')];
      await closed.close();
      const attempts: readonly (() => unknown)[] = [
        () => closed.bulkWrite([{ document: bodyOf({ id: 'a', name: 'x', level: 1 }) }], 'test'),
        () => closed.findDocumentsById(['a'], true),
        () => closed.query(preparedFor(closed, { selector: {} })),
        () => closed.count(preparedFor(closed, { selector: {} })),
        () => closed.cleanup(0),
        () => getChangedDocumentsSince(closed, 10),
        () => closed.changeStream(),
        () => closed.remove(),
      ];
      const refused = await Promise.all(
        attempts.map(async (attempt) => {
          try {
            await attempt();
            return false;
          } catch {
            return true;
          }
        }),
      );
      await other.remove();
      return refused.filter(Boolean).length;
    });
    // Memory refuses `remove` alone.
    expect(answers).toEqual({ sqlite: 8, memory: 1 });
  });

  it('D7 holds JSON, so that -0 comes back as 0 and undefined not at all, where memory hands out the caller’s object', async () => {
    const anything: JsonSchema = {};
    const found = await both(async (storage) => {
      const animals = await collectionWith(storage, schemaWith({ name: text, anything }, ['name']), [
        { id: 'a', name: 'x', anything: { minus: -0, nothing: undefined } },
      ]);
      const [document] = await animals.findDocumentsById(['a'], false);
      await animals.remove();
      return document?.['anything'];
    });
    expect(found.sqlite).toStrictEqual({ minus: 0 });
    expect(found.memory).toStrictEqual({ minus: -0, nothing: undefined });
  });

  it('D8 tells no previous document with an INSERT, where memory tells null or what the caller sent', async () => {
    const told = await both(async (storage) => {
      const animals = await collectionWith(storage, named, []);
      const seen: unknown[] = [];
      const subscription = animals
        .changeStream()
        .subscribe((bulk) => seen.push(...bulk.events.map((event) => event.previousDocumentData)));
      const body = { id: 'a', name: 'x', level: 1 };
      const unknown = bodyOf(body, 1);
      await animals.bulkWrite([{ document: bodyOf(body, 2), previous: unknown }], 'test');
      await animals.bulkWrite([{ document: bodyOf(body, 3, true), previous: bodyOf(body, 2) }], 'test');
      await animals.bulkWrite([{ document: bodyOf(body, 4), previous: bodyOf(body, 3, true) }], 'test');
      subscription.unsubscribe();
      await animals.remove();
      return [seen[0], seen[2]];
    });
    expect(told).toEqual({ sqlite: [undefined, undefined], memory: [bodyOf({ id: 'a', name: 'x', level: 1 }), null] });
  });

  it('D9 gives changes in the order of the writes, where memory goes by the clock and misses one that steps back', async () => {
    const pages = await both(async (storage) => {
      const animals = await collectionWith(storage, named, [{ id: 'a', name: 'x', level: 1 }]);
      const first = await getChangedDocumentsSince(animals, 10);
      const late = { ...bodyOf({ id: 'b', name: 'x', level: 1 }), _meta: { lwt: 500 } };
      await animals.bulkWrite([{ document: late }], 'test');
      const second = await getChangedDocumentsSince(animals, 10, first.checkpoint);
      await animals.remove();
      return second.documents.map((document) => document['id']);
    });
    expect(pages).toEqual({ sqlite: ['b'], memory: [] });
  });

  it('D10 refuses attachments, keys that are no strings and collections that differ in case only', async () => {
    const attachments = { ...named, attachments: {} };
    const numbered = { ...named, properties: { ...named.properties, id: level } };
    const refusals = await both(async (storage) => {
      const plain = await openBodies(storage, named, 'cased');
      const attempts = [
        openBodies(storage, attachments, 'attached'),
        openBodies(storage, numbered, 'numbered'),
        openBodies(storage, named, 'CASED'),
      ];
      const opened = await Promise.allSettled(attempts);
      const reasons = opened.map((one) => (one.status === 'rejected' ? codeOf(one.reason) : 'opened'));
      await Promise.all(opened.map(async (one) => one.status === 'fulfilled' && one.value.remove()));
      await plain.remove();
      return reasons;
    });
    expect(refusals).toEqual({
      sqlite: ['not-supported', 'not-supported', 'other-database'],
      memory: ['opened', 'opened', 'opened'],
    });
  });

  it('D10 has no attachment to give', async () => {
    const answers = await both(async (storage) => {
      const animals = await collectionWith(storage, named, []);
      const answer = await (async () => animals.getAttachmentData('a', 'photo', 'digest'))().catch(codeOf);
      await animals.remove();
      return answer;
    });
    expect(answers.sqlite).toBe('not-supported');
    expect(answers.memory).toBeInstanceOf(TypeError);
  });

  it('are all in the README, with the same numbers', () => {
    const readme = readFileSync(new URL('../../replica/storage-sqlite/README.md', import.meta.url), 'utf8');
    const source = readFileSync(new URL(import.meta.url), 'utf8');
    const tested = new Set(source.match(/(?<=it\('D)\d+/g));
    const documented = new Set(readme.match(/(?<=^\| D)\d+/gm));
    expect(tested.size).toBe(10);
    expect([...documented]).toEqual([...tested]);
  });
});

function codeOf(reason: unknown): unknown {
  return reason instanceof Error && 'code' in reason ? reason.code : reason;
}

/** One random collection on two storages at once: every operation is done on both and all that they say is compared. */

import { isDeepStrictEqual } from 'node:util';
import { getChangedDocumentsSince, normalizeMangoQuery, prepareQuery } from 'rxdb';
import type {
  BulkWriteRow,
  EventBulk,
  MangoQuery,
  PreparedQuery,
  RxStorage,
  RxStorageChangeEvent,
  RxStorageInstance,
} from 'rxdb';
import type { Subscription } from 'rxjs';
import { expect } from 'vitest';
import { expectedDocuments, memoryIndexIsExact } from './index-reference.ts';
import type { BodySchema, Operation, RandomCollection, StoredBody } from './random-collections.ts';
import type { Body } from './random-queries.ts';

// RxDB leaves internals and options of a storage open; what they are is none of the contract's business.
export type AnyStorage = RxStorage<unknown, object>;
export type BodyInstance = RxStorageInstance<Body, unknown, object>;
type Bulk = EventBulk<RxStorageChangeEvent<Body>, unknown>;

const MINUTE_MS = 60_000;
/** Bulks are a minute apart and all in the past, so that a cleanup can name one of them by its age. */
const PAST_MINUTES = 600;

export interface StoragesToCompare {
  readonly ours: AnyStorage;
  /** RxDB's memory storage. */
  readonly theirs: AnyStorage;
  /** Closes the file of `ours` and opens it again, when nothing else of it is open. */
  readonly reopenFile: () => Promise<void>;
}

let collectionCount = 0;

/** A collection on one storage: up to two instances, what their streams said, and what a reader of pages knows. */
class Side {
  readonly name: 'ours' | 'theirs';
  readonly #storage: AnyStorage;
  readonly #schema: BodySchema;
  readonly #collectionName: string;
  /** Whether changes can be read in pages: RxDB's memory storage does so by an index of padded ids. */
  readonly readable: boolean;
  first: BodyInstance;
  second: BodyInstance | undefined;
  /** Of the last operation, as the first and the second instance saw them. */
  readonly seen: { readonly first: Bulk[]; readonly second: Bulk[] } = { first: [], second: [] };
  readonly mirror = new Map<unknown, StoredBody>();
  #checkpoint: unknown;
  readonly #subscriptions: { first?: Subscription; second?: Subscription } = {};

  private constructor(options: {
    readonly name: 'ours' | 'theirs';
    readonly storage: AnyStorage;
    readonly schema: BodySchema;
    readonly collectionName: string;
    readonly readable: boolean;
    readonly first: BodyInstance;
  }) {
    this.readable = options.readable;
    this.name = options.name;
    this.#storage = options.storage;
    this.#schema = options.schema;
    this.#collectionName = options.collectionName;
    this.first = options.first;
    this.#listen('first', options.first);
  }

  static async open(
    name: 'ours' | 'theirs',
    storage: AnyStorage,
    { schema, nasty }: RandomCollection,
    collectionName: string,
  ): Promise<Side> {
    const first = await openBodies(storage, schema, collectionName);
    return new Side({ name, storage, schema, collectionName, readable: name === 'ours' || !nasty, first });
  }

  /** A stream goes on for as long as the collection has instances: whoever listens has to stop. */
  #listen(which: 'first' | 'second', instance: BodyInstance): void {
    this.#subscriptions[which]?.unsubscribe();
    this.#subscriptions[which] = instance.changeStream().subscribe((bulk) => this.seen[which].push(bulk));
  }

  async openSecond(): Promise<void> {
    this.second = await openBodies(this.#storage, this.#schema, this.#collectionName);
    this.#listen('second', this.second);
  }

  /** @param meanwhile what else has to happen while nothing of the collection is open */
  async reopen(meanwhile: () => Promise<void>): Promise<void> {
    this.#subscriptions.first?.unsubscribe();
    this.#subscriptions.second?.unsubscribe();
    await this.first.close();
    await this.second?.close();
    this.second = undefined;
    await meanwhile();
    this.first = await openBodies(this.#storage, this.#schema, this.#collectionName);
    this.#listen('first', this.first);
  }

  /** The first goes, the second goes on as the first. */
  async closeFirst(second: BodyInstance): Promise<void> {
    await this.first.close();
    this.first = second;
    this.second = undefined;
    this.#listen('first', second);
  }

  async readPage(limit: number): Promise<number> {
    if (!this.readable) {
      return 0;
    }
    const page = await getChangedDocumentsSince(this.first, limit, this.#checkpoint);
    for (const document of page.documents) {
      expectEqual(
        isDeepStrictEqual(this.mirror.get(document['id']), document),
        false,
        `${this.name}: a change is given once`,
      );
      this.mirror.set(document['id'], document);
    }
    this.#checkpoint = page.checkpoint;
    return page.documents.length;
  }

  async readToTheEnd(limit: number): Promise<void> {
    while ((await this.readPage(limit)) === limit) {
      // Until a page is not full.
    }
  }
}

export function openBodies(storage: AnyStorage, schema: BodySchema, collectionName: string): Promise<BodyInstance> {
  return storage.createStorageInstance<Body>({
    databaseInstanceToken: 'token',
    databaseName: 'zoo',
    collectionName,
    schema,
    options: {},
    multiInstance: true,
    devMode: false,
  });
}

/** Does all operations on both storages and compares all answers. */
export async function expectSameBehaviour(storages: StoragesToCompare, collection: RandomCollection): Promise<void> {
  collectionCount += 1;
  const name = `random${collectionCount}`;
  const pair = new StoragePair(
    await Side.open('ours', storages.ours, collection, name),
    await Side.open('theirs', storages.theirs, collection, name),
    collection,
    storages.reopenFile,
  );
  try {
    for (const operation of collection.operations) {
      await pair.run(operation);
    }
    await pair.finish();
  } finally {
    await pair.remove();
  }
}

class StoragePair {
  readonly #ours: Side;
  readonly #theirs: Side;
  readonly #collection: RandomCollection;
  readonly #reopenFile: () => Promise<void>;
  /** What both must hold. */
  readonly #documents = new Map<string, StoredBody>();
  readonly #startMs = Date.now() - PAST_MINUTES * MINUTE_MS;
  #bulks = 0;

  constructor(ours: Side, theirs: Side, collection: RandomCollection, reopenFile: () => Promise<void>) {
    this.#reopenFile = reopenFile;
    this.#ours = ours;
    this.#theirs = theirs;
    this.#collection = collection;
  }

  async run(operation: Operation): Promise<void> {
    switch (operation.kind) {
      case 'bulk':
        return this.#write(operation);
      case 'queries':
        for (const query of operation.queries) {
          await this.#query(query);
        }
        return undefined;
      case 'find':
        return this.#find(
          operation.slots.map((slot) => this.#collection.ids[slot] ?? 'nobody'),
          operation.withDeleted,
        );
      case 'page':
        await this.#ours.readPage(operation.limit);
        await this.#theirs.readPage(operation.limit);
        return undefined;
      case 'cleanup':
        return this.#cleanup(this.#bulks - operation.keepBulks);
      case 'reopen':
        await this.#ours.reopen(this.#reopenFile);
        return this.#theirs.reopen(() => Promise.resolve());
      case 'second-instance':
        return this.#toggleSecond();
    }
  }

  async finish(): Promise<void> {
    await this.#find([...this.#collection.ids, 'nobody'], true);
    for (const side of [this.#ours, this.#theirs]) {
      await side.readToTheEnd(3);
      if (side.readable) {
        const read = [...this.#documents.keys()].map((id) => side.mirror.get(id));
        expectEqual(read, [...this.#documents.values()], `${side.name}: read in pages`);
      }
    }
  }

  async remove(): Promise<void> {
    await this.#ours.first.remove();
    await this.#theirs.first.remove();
  }

  async #write({ rows, through }: Extract<Operation, { kind: 'bulk' }>): Promise<void> {
    this.#bulks += 1;
    const context = `bulk${this.#bulks}`;
    const written: BulkWriteRow<Body>[] = rows.map(({ slot, write, body }) => {
      const id = this.#collection.ids[slot] ?? '';
      const current = this.#documents.get(id);
      const document: StoredBody = {
        ...body,
        id,
        _deleted: write === 'delete',
        _attachments: {},
        _rev: `${this.#bulks}-${context}`,
        _meta: { lwt: this.#startMs + this.#bulks * MINUTE_MS },
      };
      const outdated = { ...(current ?? document), _rev: '0-outdated' };
      const previous =
        write === 'without-previous' || (write === 'orphan-previous' && current !== undefined)
          ? undefined
          : write === 'outdated-previous' || write === 'orphan-previous'
            ? outdated
            : current;
      return previous === undefined ? { document } : { document, previous };
    });
    const answers = await this.#both(async (side) => {
      side.seen.first.length = 0;
      side.seen.second.length = 0;
      const instance = (through === 'second' ? side.second : undefined) ?? side.first;
      const { error } = await instance.bulkWrite(written, context);
      if (side.second !== undefined) {
        expectEqual(side.seen.second, side.seen.first, `${side.name}: both instances see the same`);
      }
      const bulks = side.seen.first;
      if (side.name === 'ours' && bulks[0] !== undefined) {
        const { documents } = await getChangedDocumentsSince(side.first, 100, bulks[0].checkpoint);
        expectEqual(documents, [], 'nothing is after the last event');
      }
      return { error, bulks: bulks.map(comparableBulk) };
    });
    const refused = new Set(answers.error.map((item) => item.documentId));
    for (const { document } of written) {
      const id = String(document['id']);
      if (!refused.has(id)) {
        this.#documents.set(id, document);
      }
    }
  }

  async #query(query: MangoQuery<Body>): Promise<void> {
    const { schema } = this.#collection;
    const prepared = prepareQuery(schema, normalizeMangoQuery(schema, query));
    const documents = [...this.#documents.values()];
    const expected = expectedDocuments(schema, documents, prepared);
    const said = JSON.stringify(prepared);
    const found = await this.#ours.first.query(prepared);
    expectEqual(found.documents, expected.documents, said);
    expectEqual(await this.#ours.first.count(prepared), { count: expected.documents.length, mode: 'fast' }, said);
    const theirs = this.#theirs.first;
    if (memoryIndexIsExact(schema, documents, prepared)) {
      expectEqual(await theirs.query(prepared), found, said);
      // RxDB's memory storage counts all that match, whatever `skip` and `limit` say.
      expectEqual((await theirs.count(prepared)).count, expected.matching.length, said);
    } else if (!prepared.queryPlan.selectorSatisfiedByIndex) {
      const { documents: inMemory } = await theirs.query(withoutIndex(prepared));
      expectEqual(sortedById(inMemory), sortedById(expected.matching), said);
    }
  }

  async #find(ids: string[], withDeleted: boolean): Promise<void> {
    const found = await this.#both((side) => side.first.findDocumentsById(ids, withDeleted));
    const known = ids.map((id) => this.#documents.get(id)).filter((document) => document !== undefined);
    expectEqual(
      found,
      known.filter((document) => withDeleted || !document._deleted),
      'found by id',
    );
  }

  async #cleanup(upToBulk: number): Promise<void> {
    // Who reads pages has to know of a tombstone before it goes.
    await this.#ours.readToTheEnd(4);
    await this.#theirs.readToTheEnd(4);
    const cutMs = this.#startMs + upToBulk * MINUTE_MS + MINUTE_MS / 2;
    expectEqual(await this.#both((side) => side.first.cleanup(Date.now() - cutMs)), true, 'cleaned up');
    for (const [id, document] of this.#documents) {
      if (document._deleted && document._meta.lwt <= cutMs) {
        this.#documents.delete(id);
      }
    }
    await this.#find([...this.#collection.ids], true);
  }

  async #toggleSecond(): Promise<void> {
    for (const side of [this.#ours, this.#theirs]) {
      await (side.second === undefined ? side.openSecond() : side.closeFirst(side.second));
    }
  }

  /** Asks both and demands that they say the same. */
  async #both<Answer>(ask: (side: Side) => Promise<Answer>): Promise<Answer> {
    const ours = await ask(this.#ours);
    const theirs = await ask(this.#theirs);
    expectEqual(ours, theirs, 'both storages say the same');
    return ours;
  }
}

function expectEqual(actual: unknown, expected: unknown, message: string): void {
  expect(actual, message).toEqual(expected);
}

/** Without the id, which is random, and the checkpoint, which is each storage's own. */
function comparableBulk({ events, context, checkpoint }: Bulk): object {
  return {
    context,
    hasCheckpoint: checkpoint !== null && checkpoint !== undefined,
    events: events.map((event) =>
      // An INSERT has no previous document by its type; RxDB's memory storage puts null there, or what the caller sent.
      event.operation === 'INSERT' ? { ...event, previousDocumentData: undefined } : event,
    ),
  };
}

function sortedById(documents: readonly StoredBody[]): readonly StoredBody[] {
  return documents.toSorted((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1));
}

/** The whole selector, answered by RxDB's memory storage from its matcher over all documents. */
function withoutIndex(prepared: PreparedQuery<Body>): PreparedQuery<Body> {
  const { query, queryPlan } = prepared;
  const { limit: _limit, ...endless } = query;
  return {
    query: { ...endless, skip: 0 },
    queryPlan: {
      ...queryPlan,
      startKeys: queryPlan.index.map(() => Number.MIN_SAFE_INTEGER),
      endKeys: queryPlan.index.map(() => '\uFFFF'),
      inclusiveStart: true,
      inclusiveEnd: true,
      selectorSatisfiedByIndex: false,
      sortSatisfiedByIndex: false,
    },
  };
}

/** A plain collection for single cases of the contract: its schema, its documents, its queries. */

import { fillWithDefaultSettings, normalizeMangoQuery, prepareQuery } from 'rxdb';
import type { JsonSchema, MangoQuery, PreparedQuery } from 'rxdb';
import type { BodySchema, StoredBody } from './random-collections.ts';
import type { Body } from './random-queries.ts';
import { openBodies } from './storage-pair.ts';
import type { AnyStorage, BodyInstance } from './storage-pair.ts';

export const text: JsonSchema = { type: 'string', maxLength: 20 };
export const level: JsonSchema = { type: 'integer', minimum: 0, maximum: 100, multipleOf: 1 };

export function schemaWith(
  properties: Readonly<Record<string, JsonSchema>>,
  indexes: readonly (string | string[])[],
  version = 0,
): BodySchema {
  return fillWithDefaultSettings<Body>({
    version,
    primaryKey: 'id',
    type: 'object',
    properties: { id: text, ...properties },
    required: ['id'],
    indexes: [...indexes],
  });
}

export function bodyOf(body: Body, revision = 1, deleted = false): StoredBody {
  return { ...body, _deleted: deleted, _attachments: {}, _rev: `${revision}-test`, _meta: { lwt: 1_000 + revision } };
}

export function preparedFor(instance: BodyInstance, query: MangoQuery<Body>): PreparedQuery<Body> {
  return prepareQuery(instance.schema, normalizeMangoQuery(instance.schema, query));
}

/** Ids of what a query finds, in its order. */
export async function idsFound(instance: BodyInstance, query: MangoQuery<Body>): Promise<unknown[]> {
  const { documents } = await instance.query(preparedFor(instance, query));
  return documents.map((document) => document['id']);
}

let collectionCount = 0;

/** A new collection with these documents in it. */
export async function collectionWith(
  storage: AnyStorage,
  schema: BodySchema,
  bodies: readonly Body[],
): Promise<BodyInstance> {
  collectionCount += 1;
  const instance = await openBodies(storage, schema, `plain${collectionCount}`);
  await instance.bulkWrite(
    bodies.map((body) => ({ document: bodyOf(body) })),
    'test',
  );
  return instance;
}

/** Random schemas, documents, queries and operations for the contract of an RxStorage, all of one collection. */

import fc from 'fast-check';
import { fillWithDefaultSettings } from 'rxdb';
import type { JsonSchema, MangoQuery, RxDocumentData, RxJsonSchema } from 'rxdb';
import { randomQueries } from './random-queries.ts';
import type { Body, Ground } from './random-queries.ts';
import { randomText, randomValue } from './random-values.ts';
import type { Field, FieldKind } from './random-values.ts';

export type StoredBody = RxDocumentData<Body>;
export type BodySchema = RxJsonSchema<StoredBody>;

export interface RandomCollection {
  /** Whether there are texts and numbers on which the indexes of RxDB's memory storage go wrong. */
  readonly nasty: boolean;
  readonly schema: BodySchema;
  readonly fields: readonly Field[];
  /** Paths that may be missing in documents. */
  readonly optional: ReadonlySet<string>;
  /** Ids of all documents that the operations speak of. */
  readonly ids: readonly string[];
  readonly operations: readonly Operation[];
}

export type WriteKind = 'write' | 'delete' | 'without-previous' | 'outdated-previous' | 'orphan-previous';

export type Operation =
  | {
      readonly kind: 'bulk';
      readonly rows: readonly { readonly slot: number; readonly write: WriteKind; readonly body: Body }[];
      readonly through: 'first' | 'second';
    }
  | { readonly kind: 'queries'; readonly queries: readonly MangoQuery<Body>[] }
  | { readonly kind: 'find'; readonly slots: readonly number[]; readonly withDeleted: boolean }
  | { readonly kind: 'page'; readonly limit: number }
  | { readonly kind: 'cleanup'; readonly keepBulks: number }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'second-instance' };

/** Names that an SQL storage may stumble over: fixed columns, keywords, quotes, case, nesting. */
const FIELDS: readonly Field[] = [
  { path: 'name', kind: 'text' },
  { path: 'Name', kind: 'text' },
  { path: 'sequence', kind: 'integer' },
  { path: 'DELETED', kind: 'boolean' },
  { path: 'document', kind: 'text' },
  { path: 'order', kind: 'integer' },
  { path: 'quo"te', kind: 'text' },
  { path: 'weight', kind: 'number' },
  { path: 'tame', kind: 'boolean' },
  { path: 'home.kind', kind: 'text' },
  { path: 'home.floor', kind: 'integer' },
  { path: 'a.b.c', kind: 'number' },
  { path: 'a.b.open', kind: 'boolean' },
];
/** Beside the fields that can be indexed; they can be asked for and sorted by. */
const LOOSE_FIELDS: readonly Field[] = [
  { path: 'note', kind: 'text' },
  { path: 'tags', kind: 'texts' },
  { path: 'home.rooms', kind: 'numbers' },
  { path: 'anything', kind: 'json' },
];
const PRIMARY: Field = { path: 'id', kind: 'text' };

const TEXT_LENGTH_MAX = 12;
const SCHEMA_OF: Readonly<Record<FieldKind, JsonSchema>> = {
  text: { type: 'string', maxLength: TEXT_LENGTH_MAX },
  integer: { type: 'integer', minimum: -20, maximum: 1_000_000_000_000, multipleOf: 1 },
  number: { type: 'number', minimum: -10, maximum: 10, multipleOf: 0.25 },
  boolean: { type: 'boolean' },
  texts: { type: 'array', items: { type: 'string' } },
  numbers: { type: 'array', items: { type: 'number' } },
  json: {},
};

/** @param nasty whether texts and numbers on which the indexes of RxDB's memory storage go wrong take part. */
export function collections(nasty: boolean, operationsMax: number): fc.Arbitrary<RandomCollection> {
  const text = randomText(nasty);
  return fc
    .record({
      fields: fc.subarray([...FIELDS], { minLength: 1 }),
      loose: fc.subarray([...LOOSE_FIELDS]),
      ids: fc.uniqueArray(
        text.map((id) => `k${id}`),
        // RxDB's memory storage loses its way with ids that differ in spaces at the end only.
        { minLength: 2, maxLength: 16, size: 'max', selector: (id) => id.padEnd(TEXT_LENGTH_MAX, ' ') },
      ),
      composite: fc.boolean(),
      version: fc.integer({ min: 0, max: 2 }),
    })
    .chain(({ fields, loose, ids, composite, version }) => {
      const all = [...fields, ...loose];
      const indexable = [...fields.map((field) => field.path), 'id'];
      const index = fc.uniqueArray(fc.constantFrom(...indexable), { minLength: 1, maxLength: 3 });
      return fc
        .record({
          indexes: fc.array(index, { maxLength: 5 }),
          optional: fc.subarray(all.map((field) => field.path)),
        })
        .chain(({ indexes, optional: paths }) => {
          const optional = new Set(paths);
          const schema = schemaOf(all, optional, { indexes, composite, version });
          const ground = { fields: [...all, PRIMARY], ids, indexes: indexesOf(schema), nasty };
          const body = bodies(all, optional, nasty);
          return fc.record({
            nasty: fc.constant(nasty),
            schema: fc.constant(schema),
            fields: fc.constant(all),
            optional: fc.constant(optional),
            ids: fc.constant(ids),
            operations: fc
              .tuple(
                firstBulk(ids, body),
                fc.array(operations(ground, body), { maxLength: operationsMax, size: 'max' }),
              )
              .map(([first, rest]) => [first, ...rest]),
          });
        });
    });
}

function schemaOf(
  fields: readonly Field[],
  optional: ReadonlySet<string>,
  options: { readonly indexes: readonly (readonly string[])[]; readonly composite: boolean; readonly version: number },
): BodySchema {
  const root: JsonSchema = { type: 'object', properties: {} };
  for (const field of [PRIMARY, ...fields]) {
    setAt(root, field.path, SCHEMA_OF[field.kind]);
  }
  const top = fields.filter((field) => !field.path.includes('.') && !optional.has(field.path));
  const plain: RxJsonSchema<Body> = {
    version: options.version,
    primaryKey: options.composite ? { key: 'id', fields: ['name', 'order'], separator: '|' } : 'id',
    type: 'object',
    properties: root.properties ?? {},
    required: ['id', ...top.map((field) => field.path)],
    indexes: options.indexes.map((index) => [...index]),
  };
  return fillWithDefaultSettings(plain);
}

/** Puts a field's schema at its path, objects in between included. */
function setAt(node: JsonSchema, path: string, leaf: JsonSchema): void {
  const [name = '', ...rest] = path.split('.');
  const child: JsonSchema =
    rest.length === 0 ? leaf : { type: 'object', properties: { ...node.properties?.[name]?.properties } };
  node.properties = { ...node.properties, [name]: child };
  if (rest.length > 0) {
    setAt(child, rest.join('.'), leaf);
  }
}

/** Most of the documents at once, so that there is something to ask for. */
function firstBulk(ids: readonly string[], body: fc.Arbitrary<Body>): fc.Arbitrary<Operation> {
  const row = (_id: string, slot: number) =>
    fc.record({
      slot: fc.constant(slot),
      write: fc.constantFrom('write' as const, 'write' as const, 'delete' as const),
      body,
    });
  return fc.record({
    kind: fc.constant('bulk' as const),
    rows: fc.tuple(...ids.map(row)).map((rows) => rows.filter((item) => item.slot === 0 || item.write === 'write')),
    through: fc.constant('first' as const),
  });
}

function indexesOf(schema: BodySchema): readonly (readonly string[])[] {
  return (schema.indexes ?? []).map((index) => (typeof index === 'string' ? [index] : index.map(String)));
}

function operations(ground: Ground, body: fc.Arbitrary<Body>): fc.Arbitrary<Operation> {
  const { ids } = ground;
  const slot = fc.integer({ min: 0, max: ids.length - 1 });
  const row = fc.record({
    slot,
    write: fc.constantFrom<WriteKind>(
      ...(['write', 'write', 'write', 'write', 'delete', 'without-previous'] as const),
      ...(['outdated-previous', 'orphan-previous'] as const),
    ),
    body,
  });
  const bulk = fc.record({
    kind: fc.constant('bulk' as const),
    rows: fc.uniqueArray(row, { selector: (item) => item.slot, maxLength: 10, size: 'max' }),
    through: fc.constantFrom('first' as const, 'second' as const),
  });
  return fc.oneof(
    { weight: 6, arbitrary: bulk },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('queries' as const),
        queries: fc.array(randomQueries(ground), {
          minLength: 3,
          maxLength: 8,
          size: 'max',
        }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('find' as const),
        slots: fc.array(fc.integer({ min: 0, max: ids.length + 1 }), { maxLength: 12 }),
        withDeleted: fc.boolean(),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('page' as const), limit: fc.integer({ min: 1, max: 7 }) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('cleanup' as const), keepBulks: fc.integer({ min: 0, max: 3 }) }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'reopen' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'second-instance' as const }) },
  );
}

function bodies(fields: readonly Field[], optional: ReadonlySet<string>, nasty: boolean): fc.Arbitrary<Body> {
  const parts = fields.map((field) => {
    const value = randomValue(field.kind, nasty);
    return optional.has(field.path) ? fc.option(value, { nil: undefined, freq: 2 }) : value;
  });
  return fc.tuple(...parts).map((values) => {
    const body: Record<string, unknown> = {};
    for (const [index, value] of values.entries()) {
      if (value !== undefined) {
        putAt(body, fields[index]?.path ?? '', value);
      }
    }
    return body;
  });
}

/** Sets a value at a path of a plain object, parents included. */
export function putAt(target: Record<string, unknown>, path: string, value: unknown): void {
  const [name = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const held = target[name];
  const child: Record<string, unknown> = typeof held === 'object' ? { ...held } : {};
  target[name] = child;
  putAt(child, rest.join('.'), value);
}

/** Random schemas, documents, queries and operations for the contract of an RxStorage, all of one collection. */

import fc from 'fast-check';
import { fillWithDefaultSettings } from 'rxdb';
import type { JsonSchema, MangoQuery, RxDocumentData, RxJsonSchema } from 'rxdb';

export type Body = Readonly<Record<string, unknown>>;
export type StoredBody = RxDocumentData<Body>;
export type BodySchema = RxJsonSchema<StoredBody>;

/** What a field holds; `json` is anything at all and is never indexed. */
type FieldKind = 'text' | 'integer' | 'number' | 'boolean' | 'texts' | 'numbers' | 'json';

export interface Field {
  /** Path in the document, with dots. */
  readonly path: string;
  readonly kind: FieldKind;
}

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

/** Strings on which padded indexes and JavaScript agree. */
const ordinaryText = fc.oneof(
  fc.constantFrom('', 'a', 'ab', 'b', 'B', 'é', '2024-05-01', '\uD7FF', '\uE000', '\uFFEE', '😀', '\uD83D', 'a\uDE00'),
  fc.string({ unit: fc.constantFrom('a', 'b', '中', '\uE000', '\uFFEE', '😀', '\uD83D', '\uDE00'), maxLength: 3 }),
);
const nastyText = fc.oneof(
  ordinaryText,
  fc.constantFrom('a ', ' a', ' ', 'a\0', '\0', '\0\0', '\t', '\uFFFF', 'a\uFFFF', '"', '\\', '%', '_', '__proto__'),
  fc.string({ unit: fc.constantFrom('a', ' ', '\0', '\uFFFF', '"', "'", '😀', '\uDC00'), maxLength: 4 }),
);

/** @param nasty whether texts and numbers on which the indexes of RxDB's memory storage go wrong take part. */
export function collections(nasty: boolean, operationsMax: number): fc.Arbitrary<RandomCollection> {
  const text = nasty ? nastyText : ordinaryText;
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
          return fc.record({
            nasty: fc.constant(nasty),
            schema: fc.constant(schemaOf(all, optional, { indexes, composite, version })),
            fields: fc.constant(all),
            optional: fc.constant(optional),
            ids: fc.constant(ids),
            operations: fc
              .tuple(
                firstBulk(ids, bodies(all, optional, text, nasty)),
                fc.array(operations(all, optional, ids, text, nasty), { maxLength: operationsMax, size: 'max' }),
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

function operations(
  fields: readonly Field[],
  optional: ReadonlySet<string>,
  ids: readonly string[],
  text: fc.Arbitrary<string>,
  nasty: boolean,
): fc.Arbitrary<Operation> {
  const slot = fc.integer({ min: 0, max: ids.length - 1 });
  const row = fc.record({
    slot,
    write: fc.constantFrom<WriteKind>(
      ...(['write', 'write', 'write', 'write', 'delete', 'without-previous'] as const),
      ...(['outdated-previous', 'orphan-previous'] as const),
    ),
    body: bodies(fields, optional, text, nasty),
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
        queries: fc.array(randomQueries([...fields, PRIMARY], ids, text, nasty), {
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

function bodies(
  fields: readonly Field[],
  optional: ReadonlySet<string>,
  text: fc.Arbitrary<string>,
  nasty: boolean,
): fc.Arbitrary<Body> {
  const parts = fields.map((field) => {
    const value = valueOf(field.kind, text, nasty);
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

function valueOf(kind: FieldKind, text: fc.Arbitrary<string>, nasty: boolean): fc.Arbitrary<unknown> {
  switch (kind) {
    case 'text':
      return text;
    case 'integer':
      return fc.oneof(
        { weight: 5, arbitrary: fc.integer({ min: -2, max: 3 }) },
        { weight: 1, arbitrary: fc.constantFrom(-20, 999_999_999_999, 1_000_000_000_000) },
        // Beyond the schema's range and steps.
        { weight: nasty ? 1 : 0, arbitrary: fc.constantFrom(2.5, -21, Number.MAX_SAFE_INTEGER, 2 ** 60, 1e300) },
      );
    case 'number':
      return fc.oneof(
        { weight: 5, arbitrary: fc.integer({ min: -8, max: 8 }).map((quarters) => quarters / 4) },
        { weight: nasty ? 1 : 0, arbitrary: fc.constantFrom(0.1, 0.1 + 0.2, 1e-300, -1e300, 5e-324) },
      );
    case 'boolean':
      return fc.boolean();
    case 'texts':
      return fc.array(text, { maxLength: 3 });
    case 'numbers':
      return fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 });
    case 'json':
      return fc.oneof(
        text,
        fc.integer({ min: -1, max: 2 }),
        fc.boolean(),
        fc.constant(null),
        fc.array(text, { maxLength: 2 }),
        fc.record({ kind: text }, { noNullPrototype: true }),
      );
  }
}

/** As RxDB adds it to every RxQuery; left out at times, since a storage may be asked for tombstones too. */
const ALIVE = { _deleted: { $eq: false } };

function randomQueries(
  fields: readonly Field[],
  ids: readonly string[],
  text: fc.Arbitrary<string>,
  nasty: boolean,
): fc.Arbitrary<MangoQuery<Body>> {
  const conditions = fc.oneof(...fields.map((field) => conditionOn(field, ids, text, nasty)));
  const { selector } = fc.letrec<{ selector: object; leaf: object }>((tie) => ({
    leaf: fc
      .array(conditions, { minLength: 0, maxLength: 3, size: 'max' })
      .map((parts): object => Object.assign({}, ...parts)),
    selector: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      { weight: 5, arbitrary: tie('leaf') },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom('$and', '$or', '$nor'), fc.array(tie('selector'), { maxLength: 3 }), tie('leaf'))
          .map(([operator, parts, beside]) => ({ ...beside, [operator]: parts })),
      },
    ),
  }));
  const sort = fc
    .uniqueArray(
      fc.tuple(
        fc.constantFrom(...fields.map((field) => field.path), '_deleted', '_meta.lwt'),
        fc.constantFrom('asc' as const, 'desc' as const),
      ),
      { selector: ([path]) => path, minLength: 1, maxLength: 3 },
    )
    .map((parts) => parts.map(([path, direction]) => ({ [path]: direction })));
  return fc.record(
    {
      selector: fc
        .tuple(selector, fc.constantFrom(ALIVE, ALIVE, ALIVE, { _deleted: { $eq: true } }, {}))
        .map(([parts, alive]): object => ({ ...parts, ...alive })),
      sort,
      skip: fc.integer({ min: 0, max: 4 }),
      limit: fc.integer({ min: 0, max: 9 }),
    },
    { requiredKeys: ['selector'] },
  );
}

function conditionOn(
  field: Field,
  ids: readonly string[],
  text: fc.Arbitrary<string>,
  nasty: boolean,
): fc.Arbitrary<object> {
  const items = field.kind === 'texts' ? 'text' : field.kind === 'numbers' ? 'integer' : field.kind;
  const own = field.path === 'id' ? fc.constantFrom(...ids) : valueOf(items, text, nasty);
  const foreign = fc.constantFrom<unknown>(null, '', 0, 1, true, false, 'a', [], ['a'], Number.POSITIVE_INFINITY, -0);
  const operand = fc.oneof({ weight: 12, arbitrary: own }, { weight: 1, arbitrary: foreign });
  const list = fc.array(operand, { maxLength: 5 });
  const leaf = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constantFrom('$eq', '$gt', '$gte', '$lt', '$lte', '$ne'), operand).map(pair) },
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom('$in', '$nin'), list).map(pair) },
    {
      weight: 2,
      arbitrary: fc.tuple(fc.constantFrom('$gt', '$gte'), own, fc.constantFrom('$lt', '$lte'), own).map(range),
    },
    { weight: 1, arbitrary: fc.record({ $exists: fc.boolean() }) },
    {
      weight: 1,
      arbitrary: fc.record({
        $type: fc.constantFrom('string', 'number', 'boolean', 'bool', 'null', 'array', 'object', 'int'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom<object>({ $mod: [2, 0] }, { $mod: [3, 1] }, { $size: 1 }, { $size: 0 }, {}),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom<object>(
        { $regex: '^a' },
        { $regex: 'B', $options: 'i' },
        { $regex: '😀', $options: 'u' },
        { $regex: '' },
      ),
    },
    {
      weight: field.kind === 'texts' || field.kind === 'numbers' || field.kind === 'json' ? 4 : 1,
      arbitrary: fc.record({
        $elemMatch: fc.oneof(
          fc
            .tuple(fc.constantFrom('$eq', '$gt', '$in'), own)
            .map(([operator, value]) => pair([operator, operator === '$in' ? [value] : value])),
          fc.record({ kind: text }, { noNullPrototype: true }),
        ),
      }),
    },
  );
  const condition = fc.oneof(
    { weight: 8, arbitrary: leaf },
    { weight: 1, arbitrary: leaf.map((inner) => ({ $not: inner })) },
    { weight: 1, arbitrary: leaf.map((inner) => ({ $not: { $not: inner } })) },
    // The operand without an operator means $eq.
    { weight: 1, arbitrary: own },
  );
  return condition.map((operators) => ({ [field.path]: operators }));
}

function pair([operator, operand]: readonly [string, unknown]): object {
  return { [operator]: operand };
}

function range([lower, from, upper, to]: readonly [string, unknown, string, unknown]): object {
  return { [lower]: from, [upper]: to };
}

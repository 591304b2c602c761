/** Documents, queries and the reference for the contract of an RxStorage. */

import fc from 'fast-check';
import { fillWithDefaultSettings, getQueryMatcher, getSortComparator, normalizeMangoQuery, prepareQuery } from 'rxdb';
import type { MangoQuery, PreparedQuery, RxDocumentData, RxJsonSchema, RxStorage, RxStorageInstance } from 'rxdb';

export interface Animal {
  readonly id: string;
  readonly name: string;
  readonly age: number;
  readonly weight: number;
  readonly tame: boolean;
  readonly home: { readonly kind: string; readonly rooms: readonly number[] };
  readonly tags: readonly string[];
  readonly note?: string;
  readonly nickname?: string;
  readonly rank?: number;
}

export type StoredAnimal = RxDocumentData<Animal>;
// RxDB leaves internals and options of a storage open; what they are is none of the contract's business.
export type AnyStorage = RxStorage<unknown, object>;
export type AnimalInstance = RxStorageInstance<Animal, unknown, object>;

const text = { type: 'string', maxLength: 20 } as const;

const plainSchema: RxJsonSchema<Animal> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: text,
    name: text,
    age: { type: 'integer', minimum: 0, maximum: 100, multipleOf: 1 },
    weight: { type: 'number', minimum: -10, maximum: 10, multipleOf: 0.25 },
    tame: { type: 'boolean' },
    home: {
      type: 'object',
      properties: { kind: text, rooms: { type: 'array', items: { type: 'number' } } },
      required: ['kind'],
    },
    tags: { type: 'array', items: { type: 'string' } },
    note: { type: 'string' },
    nickname: text,
    rank: { type: 'integer', minimum: 0, maximum: 100, multipleOf: 1 },
  },
  required: ['id', 'name', 'age', 'weight', 'tame', 'home', 'tags'],
  indexes: [
    'name',
    'age',
    ['name', 'age'],
    ['tame', 'age', 'name'],
    ['home.kind', 'weight'],
    ['age', 'weight'],
    'nickname',
    ['rank', 'name'],
  ],
};

const schema: RxJsonSchema<StoredAnimal> = fillWithDefaultSettings(plainSchema);

const INDEXED_TEXT = ['name', 'home.kind', 'id'];
const INDEXED_NUMBERS = ['age', 'weight'];
const OPTIONAL = ['nickname', 'rank'];

/** Strings on which RxDB's padded indexes and JavaScript agree: no characters below '!'. */
export const ordinaryText = fc.oneof(
  // Few different ones, so that equal values and hits are common.
  fc.constantFrom('', 'a', 'ab', 'b', 'é', '\uD7FF', '\uE000', '\uFFEE', '😀', '\uD83D', 'a\uDE00'),
  fc.string({
    unit: fc.constantFrom('a', 'B', '中', '\uD7FF', '\uE000', '\uFFEE', '😀', '\uD83D', '\uDE00'),
    maxLength: 3,
  }),
);
/** Adds what an index of padded strings cannot tell apart or orders otherwise. */
export const nastyText = fc.oneof(
  ordinaryText,
  fc.constantFrom('a ', ' a', 'a\0', '\0', '\t', '\uFFFF', 'a\uFFFF', '"', '\\'),
  fc.string({ unit: fc.constantFrom('a', ' ', '\0', '\uFFFF', '"', "'", '😀', '\uDC00'), maxLength: 4 }),
);

export function animalBodies(
  textOf: fc.Arbitrary<string>,
  options: { readonly complete: boolean },
): fc.Arbitrary<readonly Animal[]> {
  const optional = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
    options.complete ? value : fc.option(value, { nil: undefined, freq: 2 });
  const body = fc
    .record({
      id: textOf.map((id) => `k${id}`),
      name: textOf,
      age: fc.integer({ min: 0, max: 12 }),
      weight: fc.integer({ min: -8, max: 8 }).map((quarters) => quarters / 4),
      tame: fc.boolean(),
      home: fc.record({ kind: textOf, rooms: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }) }),
      tags: fc.array(textOf, { maxLength: 3 }),
      note: fc.option(textOf, { nil: undefined }),
      nickname: optional(textOf),
      rank: optional(fc.integer({ min: 0, max: 3 })),
    })
    // A missing field is absent: JSON has no undefined.
    .map(({ note, nickname, rank, ...rest }) => ({
      ...rest,
      ...(note === undefined ? {} : { note }),
      ...(nickname === undefined ? {} : { nickname }),
      ...(rank === undefined ? {} : { rank }),
    }));
  return fc.uniqueArray(body, { selector: (animal) => animal.id, minLength: 1, maxLength: 20, size: 'max' });
}

export function stored(animal: Animal, revision: number, lastWriteMs: number, deleted = false): StoredAnimal {
  return { ...animal, _deleted: deleted, _attachments: {}, _rev: `${revision}-test`, _meta: { lwt: lastWriteMs } };
}

export interface QueryOptions {
  /** Fields that may be missing take part too. */
  readonly optional: boolean;
  /** Numbers beyond what the schema allows, and between its steps, are asked for too. */
  readonly outside: boolean;
}

/** As RxDB adds it to every RxQuery: tombstones are left out. */
export const ALIVE: object = { _deleted: { $eq: false } };

/** Queries over every common operator. */
export function queries(textOf: fc.Arbitrary<string>, options: QueryOptions): fc.Arbitrary<MangoQuery<Animal>> {
  const texts = [...INDEXED_TEXT, 'note', ...(options.optional ? ['nickname', 'nickname', 'nickname'] : [])];
  const numbers = [...INDEXED_NUMBERS, ...(options.optional ? ['rank', 'rank'] : [])];
  const number = options.outside
    ? fc.oneof(fc.integer({ min: -3, max: 120 }), fc.constantFrom(0.1, 2.5, 99.9))
    : fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 10 }));
  const conditions = fc.oneof(
    { weight: 5, arbitrary: fieldCondition(fc.constantFrom(...texts), textOf) },
    { weight: 5, arbitrary: fieldCondition(fc.constantFrom(...numbers), number) },
    { weight: 2, arbitrary: fc.record({ tame: fc.record({ $eq: fc.boolean() }) }) },
    { weight: 1, arbitrary: fc.record({ name: fc.constantFrom({ $regex: '^a' }, { $regex: 'b', $options: 'i' }) }) },
    { weight: 1, arbitrary: fc.record({ tags: fc.record({ $elemMatch: fc.record({ $eq: textOf }) }) }) },
    { weight: 1, arbitrary: fc.record({ tags: fc.record({ $size: fc.integer({ min: 0, max: 3 }) }) }) },
    { weight: 1, arbitrary: fc.record({ 'home.rooms': fc.record({ $in: fc.array(number, { maxLength: 2 }) }) }) },
    { weight: 1, arbitrary: fc.record({ age: fc.constantFrom({ $mod: [3, 1] }, { $type: 'number' }) }) },
    { weight: 1, arbitrary: fc.record({ note: fc.record({ $exists: fc.boolean() }) }) },
    { weight: 2, arbitrary: pageAfter(textOf, options.optional) },
  );
  const { selector } = fc.letrec<{ selector: object; leaf: object }>((tie) => ({
    leaf: fc.array(conditions, { minLength: 1, maxLength: 2 }).map((parts): object => Object.assign({}, ...parts)),
    selector: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      { weight: 4, arbitrary: tie('leaf') },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom('$and', '$or', '$nor'), fc.array(tie('selector'), { minLength: 1, maxLength: 3 }))
          .map(([operator, parts]) => ({ [operator]: parts })),
      },
    ),
  }));
  const sortable = [...INDEXED_TEXT, ...INDEXED_NUMBERS, 'tame', 'note', ...(options.optional ? OPTIONAL : [])];
  const sort = fc
    .uniqueArray(fc.tuple(fc.constantFrom(...sortable), fc.constantFrom('asc' as const, 'desc' as const)), {
      selector: ([field]) => field,
      minLength: 1,
      maxLength: 3,
    })
    .map((parts) => parts.map(([field, direction]) => ({ [field]: direction })));
  const base = fc.record({
    selector: selector.map((parts): object => ({ ...parts, ...ALIVE })),
    sort: fc.option(sort, { nil: undefined, freq: 2 }),
    skip: fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined, freq: 2 }),
    limit: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined, freq: 2 }),
  });
  return base.map(({ sort: order, skip, limit, ...rest }) => ({
    ...rest,
    ...(order === undefined ? {} : { sort: order }),
    ...(skip === undefined ? {} : { skip }),
    ...(limit === undefined ? {} : { limit }),
  }));
}

function fieldCondition(field: fc.Arbitrary<string>, value: fc.Arbitrary<string | number>): fc.Arbitrary<object> {
  const list = fc.array(fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) }), {
    maxLength: 5,
  });
  const operators = fc.oneof(
    fc.tuple(fc.constantFrom('$eq', '$gt', '$gte', '$lt', '$lte', '$ne'), value),
    fc.tuple(fc.constantFrom('$in', '$nin'), list),
    fc.tuple(fc.constant('$not'), fc.oneof(fc.record({ $gt: value }), fc.record({ $in: list }))),
  );
  const range = fc
    .tuple(fc.constantFrom('$gt', '$gte'), value, fc.constantFrom('$lt', '$lte'), value)
    .map(([lower, from, upper, to]) => ({ [lower]: from, [upper]: to }));
  const single = operators.map(([operator, operand]) => ({ [operator]: operand }));
  return fc.tuple(field, fc.oneof(single, range)).map(([path, condition]) => ({ [path]: condition }));
}

/** The page after a known document in an order of two or three fields, and conditions that look nearly like it. */
function pageAfter(textOf: fc.Arbitrary<string>, optional: boolean): fc.Arbitrary<object> {
  const after = fc.constantFrom('$lt', '$gt');
  const age = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 12 }));
  return fc
    .record({
      age,
      otherAge: age,
      weight: fc.integer({ min: -2, max: 2 }).map((quarters) => quarters / 4),
      name: textOf,
      last: fc.constantFrom('name', ...(optional ? ['nickname'] : [])),
      operator: after,
      otherOperator: after,
      alike: fc.boolean(),
      three: fc.boolean(),
      inclusive: fc.boolean(),
    })
    .map(({ age: first, otherAge, weight, name, last, operator, otherOperator, alike, three, inclusive }) => {
      const equalAge = { age: { $eq: alike ? first : otherAge } };
      const equalWeight = three ? { weight: { $eq: weight } } : {};
      const end = { [last]: { [inclusive ? `${operator}e` : operator]: name } };
      return {
        $or: [
          { age: { [alike ? operator : otherOperator]: first } },
          ...(three ? [{ ...equalAge, weight: { [operator]: weight } }] : []),
          { ...equalAge, ...equalWeight, ...end },
        ],
      };
    });
}

export function prepared(query: MangoQuery<Animal>): PreparedQuery<Animal> {
  return prepareQuery(schema, normalizeMangoQuery(schema, query));
}

/** What RxDB's own matcher and comparator say over all documents, without any index. */
export function reference(documents: readonly StoredAnimal[], query: MangoQuery<Animal>): StoredAnimal[] {
  const filled = normalizeMangoQuery(schema, query);
  return documents
    .filter(getQueryMatcher(schema, filled))
    .sort(getSortComparator(schema, filled))
    .slice(filled.skip, filled.limit === undefined ? undefined : filled.skip + filled.limit);
}

let instances = 0;

/** A new, empty collection. */
export function openAnimals(storage: AnyStorage, collectionName?: string): Promise<AnimalInstance> {
  instances += 1;
  return storage.createStorageInstance<Animal>({
    databaseInstanceToken: `token${instances}`,
    databaseName: 'zoo',
    collectionName: collectionName ?? `animals${instances}`,
    schema,
    options: {},
    multiInstance: false,
    devMode: false,
  });
}

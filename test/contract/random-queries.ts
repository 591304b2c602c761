/** Random Mango queries over random documents. */

import fc from 'fast-check';
import type { MangoQuery } from 'rxdb';
import { randomText, randomValue } from './random-values.ts';
import type { Field } from './random-values.ts';

export type Body = Readonly<Record<string, unknown>>;

/** What queries can speak of. */
export interface Ground {
  /** The primary key included. */
  readonly fields: readonly Field[];
  readonly ids: readonly string[];
  /** As they stand in the filled schema. */
  readonly indexes: readonly (readonly string[])[];
  readonly nasty: boolean;
}

/** As RxDB adds it to every RxQuery; left out at times, since a storage may be asked for tombstones too. */
const ALIVE = { _deleted: { $eq: false } };

/** Queries with every operator that RxDB knows, over any fields. */
export function randomQueries({ fields, ids, indexes, nasty }: Ground): fc.Arbitrary<MangoQuery<Body>> {
  const conditions = fc.oneof(...fields.map((field) => conditionOn(field, ids, nasty)));
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
  return fc
    .record(
      {
        selector: fc
          .tuple(selector, fc.constantFrom(ALIVE, ALIVE, ALIVE, { _deleted: { $eq: true } }, {}))
          .map(([parts, alive]): object => ({ ...parts, ...alive })),
        sort,
        skip: fc.integer({ min: 0, max: 4 }),
        limit: fc.integer({ min: 0, max: 9 }),
        index: fc.option(fc.constantFrom(...indexes), { nil: undefined, freq: 1 }),
      },
      { requiredKeys: ['selector'] },
    )
    .map(({ index, ...query }) => (index === undefined ? query : { ...query, index: [...index] }));
}

function conditionOn(field: Field, ids: readonly string[], nasty: boolean): fc.Arbitrary<object> {
  const items = field.kind === 'texts' ? 'text' : field.kind === 'numbers' ? 'integer' : field.kind;
  const own = field.path === 'id' ? fc.constantFrom(...ids) : randomValue(items, nasty);
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
          fc.record({ kind: randomText(nasty) }, { noNullPrototype: true }),
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

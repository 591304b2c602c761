/**
 * What a query must answer, computed without any index: RxDB's matcher and comparator over all documents, with one rule
 * that RxDB's storages share. Where RxDB's planner says that the index alone decides, a missing value counts as '', 0 or
 * false, because that is what stands in the index.
 */

import { getQueryMatcher, getSchemaByObjectPath, getSortComparator, objectPathMonad } from 'rxdb';
import type { JsonSchema, PreparedQuery } from 'rxdb';
import { putAt } from './random-collections.ts';
import type { BodySchema, StoredBody } from './random-collections.ts';
import type { Body } from './random-queries.ts';

type Indexed = { readonly path: string; readonly schema: JsonSchema };

/** Indexed paths with their schema, the primary key included. */
function indexedPaths(schema: BodySchema): readonly Indexed[] {
  const paths = new Set((schema.indexes ?? []).flat().concat('id'));
  return [...paths].map((path) => ({ path, schema: getSchemaByObjectPath(schema, path) }));
}

export function expectedDocuments(
  schema: BodySchema,
  documents: readonly StoredBody[],
  { query, queryPlan }: PreparedQuery<Body>,
): { readonly documents: readonly StoredBody[]; readonly matching: readonly StoredBody[] } {
  const indexed = indexedPaths(schema);
  const filled = new Map(documents.map((document) => [document, withDefaults(document, indexed)]));
  const filledOf = (document: StoredBody): StoredBody => filled.get(document) ?? document;
  const compare = getSortComparator(schema, query);
  const inIndex = queryPlan.index.map((path) => ({ [path]: 'asc' as const }));
  const compareByIndex = getSortComparator(schema, { ...query, sort: inIndex });
  const indexDecides = queryPlan.selectorSatisfiedByIndex && operandsFit(query.selector, indexed);
  // No operator at all: a comparison with {} for the matcher, no condition for an index.
  const conditions = Object.entries(query.selector).filter(
    ([, operators]) => !indexDecides || JSON.stringify(operators) !== '{}',
  );
  const matches = getQueryMatcher(schema, { ...query, selector: Object.fromEntries(conditions) });
  const matching = documents
    .filter((document) => matches(indexDecides ? filledOf(document) : document))
    // The comparator leaves ties open, of arrays for instance: they fall as in the index of the plan.
    .toSorted((a, b) => compareByIndex(filledOf(a), filledOf(b)))
    .toSorted((a, b) => (queryPlan.sortSatisfiedByIndex ? compare(filledOf(a), filledOf(b)) : compare(a, b)));
  const end = query.limit === undefined ? undefined : query.skip + query.limit;
  return { documents: matching.slice(query.skip, end), matching };
}

/**
 * Whether the indexes of RxDB's memory storage can tell these documents and this query right: no text that needs more
 * than padding with spaces, no number that has to be fitted into the schema's range and steps, no operand of another
 * type than the field's.
 */
export function memoryIndexIsExact(
  schema: BodySchema,
  documents: readonly StoredBody[],
  { query }: PreparedQuery<Body>,
): boolean {
  const indexed = indexedPaths(schema);
  return (
    operandsFit(query.selector, indexed) &&
    indexed.every(({ path, schema: field }) => {
      const read = objectPathMonad<StoredBody>(path);
      const operands = operandsOf(Object.entries(query.selector).find(([key]) => key === path)?.[1]);
      return [...documents.map((document) => read(document) ?? defaultOf(field)), ...operands].every((value) =>
        fitsIndex(value, field),
      );
    })
  );
}

function fitsIndex(value: unknown, field: JsonSchema): boolean {
  if (typeof value === 'string') {
    return /^[!-\uFFFE]*$/.test(value) && value.length <= (field.maxLength ?? 0);
  }
  if (typeof value === 'number') {
    const { minimum = 0, maximum = 0, multipleOf = 1 } = field;
    return value >= minimum && value <= maximum && (multipleOf < 0.1 || Number.isInteger(value / multipleOf));
  }
  return true;
}

/** Whether all operands of the selector's own fields are of the field's type. */
function operandsFit(selector: object, indexed: readonly Indexed[]): boolean {
  return indexed.every(({ path, schema }) => {
    const type = schema.type === 'integer' ? 'number' : schema.type;
    return operandsOf(Object.entries(selector).find(([key]) => key === path)?.[1]).every(
      (operand) => typeof operand === type && operand !== Number.POSITIVE_INFINITY,
    );
  });
}

function operandsOf(condition: unknown): readonly unknown[] {
  if (typeof condition !== 'object' || condition === null) {
    return [];
  }
  return Object.entries(condition).flatMap(([operator, operand]) =>
    ['$eq', '$gt', '$gte', '$lt', '$lte'].includes(operator)
      ? [operand]
      : operator === '$in' && Array.isArray(operand)
        ? operand
        : [],
  );
}

function withDefaults(document: StoredBody, indexed: readonly Indexed[]): StoredBody {
  const filled = { ...document };
  for (const { path, schema } of indexed) {
    if ((objectPathMonad<StoredBody>(path)(document) ?? undefined) === undefined) {
      putAt(filled, path, defaultOf(schema));
    }
  }
  return filled;
}

function defaultOf(schema: JsonSchema): string | number | boolean {
  return schema.type === 'string' ? '' : schema.type === 'boolean' ? false : 0;
}

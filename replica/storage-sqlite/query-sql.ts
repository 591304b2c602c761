/**
 * Translates what SQLite can answer of an RxDB query: a condition that holds for every document that matches, and an
 * order. Each says whether it is exact; where it is not, RxDB's matcher and comparator have the last word.
 */

import type { PreparedQuery } from 'rxdb';
import { toColumnText } from './column-text.ts';
import { isPlainObject } from './plain-object.ts';
import type { SqliteColumn, TableLayout } from './table.ts';

export type SqlCondition = {
  /** Part of a WHERE clause, true for every document that matches and possibly for more. */
  readonly sql: string;
  readonly values: readonly (string | number)[];
  /** Whether it is true for matching documents only. */
  readonly exact: boolean;
};

export type SqlQuery = {
  readonly where: SqlCondition;
  /** ORDER BY list; undefined when SQLite cannot order as RxDB does. */
  readonly orderBy: string | undefined;
};

type Scope = {
  readonly layout: TableLayout;
  readonly looseColumns: ReadonlySet<string>;
  /**
   * RxDB's planner says that the index alone decides. Then a missing value counts as '' or 0, as in RxDB's other
   * storages with indexes.
   */
  readonly indexDecides: boolean;
  /** How many logical operators stand around the selector. */
  readonly nesting: number;
};

const EVERYTHING: SqlCondition = { sql: '1', values: [], exact: true };
const NOTHING: SqlCondition = { sql: '0', values: [], exact: true };
/** No help from SQLite: every document may match. */
const UNDECIDED: SqlCondition = { sql: '1', values: [], exact: false };

const COMPARISONS: ReadonlyMap<string, string> = new Map([
  ['$eq', '='],
  ['$gt', '>'],
  ['$gte', '>='],
  ['$lt', '<'],
  ['$lte', '<='],
]);
/** Longer lists are left to the matcher. */
const LIST_LENGTH_MAX = 4_096;
/** SQLite binds up to 32,766 values in a statement; a page takes two of them. */
const VALUES_MAX = 32_764;
/** SQLite allows expressions 1,000 deep; each level costs one for itself and the logarithm of its parts. */
const NESTING_MAX = 25;

export function translateQuery<RxDocType>(
  layout: TableLayout,
  looseColumns: ReadonlySet<string>,
  prepared: PreparedQuery<RxDocType>,
): SqlQuery {
  const { query, queryPlan } = prepared;
  const scope: Scope = { layout, looseColumns, indexDecides: queryPlan.selectorSatisfiedByIndex, nesting: 0 };
  const order: string[] = [];
  for (const part of query.sort) {
    const [path, direction] = Object.entries(part)[0] ?? ['', 'asc'];
    const column = layout.columnsByPath.get(path);
    if (column === undefined || (looseColumns.has(path) && !queryPlan.sortSatisfiedByIndex)) {
      return { where: selectorCondition(query.selector, scope), orderBy: undefined };
    }
    order.push(`${column.quotedName}${direction === 'desc' ? ' DESC' : ''}`);
  }
  return { where: selectorCondition(query.selector, scope), orderBy: order.join(', ') };
}

function selectorCondition(selector: unknown, outer: Scope): SqlCondition {
  if (!isPlainObject(selector) || outer.nesting > NESTING_MAX) {
    return UNDECIDED;
  }
  const scope = { ...outer, nesting: outer.nesting + 1 };
  return all(
    Object.entries(selector).map(([key, operand]) => {
      switch (key) {
        case '$and':
          return all(listOf(operand).map((part) => selectorCondition(part, scope)));
        case '$or':
          return keysetCondition(listOf(operand), scope) ?? any(listOf(operand), scope);
        case '$nor':
          return not(any(listOf(operand), scope));
        default:
          return key.startsWith('$') ? UNDECIDED : fieldCondition(key, operand, scope);
      }
    }),
  );
}

function fieldCondition(path: string, operators: unknown, scope: Scope): SqlCondition {
  const column = scope.layout.columnsByPath.get(path);
  if (column === undefined || !isPlainObject(operators) || scope.nesting > NESTING_MAX) {
    return UNDECIDED;
  }
  const entries = Object.entries(operators);
  if (entries.length === 0) {
    // For the matcher that is a comparison with an empty object, for an index no condition at all.
    return scope.indexDecides ? EVERYTHING : UNDECIDED;
  }
  const loose = scope.looseColumns.has(path);
  return all(
    entries.map(([operator, operand]) => {
      const sign = COMPARISONS.get(operator);
      if (sign !== undefined) {
        const value = columnValue(column, operand);
        return value === undefined ? UNDECIDED : comparison(column, sign, value, !loose || scope.indexDecides);
      }
      switch (operator) {
        case '$ne': {
          const value = columnValue(column, operand);
          return value === undefined || loose ? UNDECIDED : comparison(column, '<>', value, true);
        }
        case '$in':
          return listCondition(column, operand, loose);
        case '$nin':
          return not(listCondition(column, operand, loose));
        case '$not':
          return not(fieldCondition(path, operand, { ...scope, indexDecides: false, nesting: scope.nesting + 1 }));
        default:
          return UNDECIDED;
      }
    }),
  );
}

function comparison(column: SqliteColumn, sign: string, value: string | number, exact: boolean): SqlCondition {
  // Partial indexes are used only when their condition stands in the query literally.
  return column.valueType === 'boolean'
    ? { sql: `${column.quotedName}${sign}${value}`, values: [], exact }
    : { sql: `${column.quotedName} ${sign} ?`, values: [value], exact };
}

function listCondition(column: SqliteColumn, operand: unknown, loose: boolean): SqlCondition {
  const values = listOf(operand).map((item) => columnValue(column, item));
  const bound = values.filter((value) => value !== undefined);
  if (!Array.isArray(operand) || bound.length < values.length || bound.length > LIST_LENGTH_MAX) {
    return UNDECIDED;
  }
  const last = bound.at(-1);
  if (last === undefined) {
    return NOTHING;
  }
  // Lists are filled up to a power of two, so that few different statements have to be prepared.
  const length = 2 ** Math.ceil(Math.log2(bound.length));
  const filled = [...bound, ...Array.from({ length: length - bound.length }, () => last)];
  return { sql: `${column.quotedName} IN (${filled.map(() => '?').join(',')})`, values: filled, exact: !loose };
}

/**
 * "After this document" in an order of several fields: `a < x or (a = x and b < y)` as the row value
 * `(a, b) < (x, y)`, which SQLite finds by index at once. Undefined for any other `$or`.
 */
function keysetCondition(branches: readonly unknown[], scope: Scope): SqlCondition | undefined {
  const last = branches.at(-1);
  if (branches.length < 2 || !isPlainObject(last)) {
    return undefined;
  }
  const paths = Object.keys(last);
  const columns = paths.map((path) => scope.layout.columnsByPath.get(path));
  const known = columns.filter((column) => column !== undefined);
  if (paths.length !== branches.length || known.length !== paths.length) {
    return undefined;
  }
  const operands = paths.map((path, index) => soleOperand(last[path], index < paths.length - 1 ? ['$eq'] : undefined));
  const sign = COMPARISONS.get(operands.at(-1)?.operator ?? '');
  const strict = sign?.charAt(0);
  const values = known.map((column, index) => columnValue(column, operands[index]?.operand));
  const bound = values.filter((value) => value !== undefined);
  if (strict === undefined || strict === '=' || bound.length !== values.length) {
    return undefined;
  }
  const fits = branches.slice(0, -1).every((branch, depth) => {
    if (!isPlainObject(branch) || Object.keys(branch).length !== depth + 1) {
      return false;
    }
    return paths.slice(0, depth + 1).every((path, index) => {
      const operand = soleOperand(branch[path], [index < depth ? '$eq' : strict === '<' ? '$lt' : '$gt']);
      return operand !== undefined && operand.operand === operands[index]?.operand;
    });
  });
  return fits
    ? {
        sql: `(${known.map((column) => column.quotedName).join(', ')}) ${sign} (${bound.map(() => '?').join(', ')})`,
        values: bound,
        exact: !paths.some((path) => scope.looseColumns.has(path)),
      }
    : undefined;
}

function soleOperand(
  operators: unknown,
  allowed: readonly string[] | undefined,
): { readonly operator: string; readonly operand: unknown } | undefined {
  const entries = isPlainObject(operators) ? Object.entries(operators) : [];
  const [operator, operand] = entries[0] ?? ['', undefined];
  return entries.length === 1 && (allowed === undefined || allowed.includes(operator))
    ? { operator, operand }
    : undefined;
}

function all(parts: readonly SqlCondition[]): SqlCondition {
  const exact = parts.every((part) => part.exact);
  const helpful = parts.filter((part) => part.sql !== '1');
  return helpful.length === 0 ? { ...EVERYTHING, exact } : joined(helpful, 'AND', exact);
}

function any(selectors: readonly unknown[], scope: Scope): SqlCondition {
  const parts = selectors.map((selector) => selectorCondition(selector, scope));
  if (parts.length === 0 || parts.some((part) => part.sql === '1' && !part.exact)) {
    return UNDECIDED;
  }
  const exact = parts.every((part) => part.exact);
  const either = joined(
    parts.map((part) => ({ ...part, sql: `(${part.sql})` })),
    'OR',
    exact,
  );
  return either === UNDECIDED ? UNDECIDED : { ...either, sql: `(${either.sql})` };
}

function joined(parts: readonly SqlCondition[], operator: 'AND' | 'OR', exact: boolean): SqlCondition {
  const values = parts.flatMap((part) => part.values);
  return values.length > VALUES_MAX
    ? UNDECIDED
    : {
        sql: joinedSql(
          parts.map((part) => part.sql),
          operator,
        ),
        values,
        exact,
      };
}

/** As a balanced tree: a thousand parts in a row would be an expression a thousand deep. */
function joinedSql(parts: readonly string[], operator: 'AND' | 'OR'): string {
  if (parts.length <= 8) {
    return parts.join(` ${operator} `);
  }
  const half = Math.ceil(parts.length / 2);
  return `(${joinedSql(parts.slice(0, half), operator)}) ${operator} (${joinedSql(parts.slice(half), operator)})`;
}

function not(part: SqlCondition): SqlCondition {
  // The opposite of "possibly more than match" says nothing. Columns are never NULL, so that NOT has two values.
  return part.exact ? { sql: `NOT (${part.sql})`, values: part.values, exact: true } : UNDECIDED;
}

/** What to bind for `value`; undefined when it is not of the column's type, which only the matcher can judge. */
function columnValue(column: SqliteColumn, value: unknown): string | number | undefined {
  switch (typeof value) {
    case 'string':
      return column.valueType === 'string' ? toColumnText(value) : undefined;
    case 'number':
      return column.valueType === 'number' && Number.isFinite(value) ? value : undefined;
    case 'boolean':
      return column.valueType === 'boolean' ? Number(value) : undefined;
    default:
      return undefined;
  }
}

function listOf(operand: unknown): readonly unknown[] {
  return Array.isArray(operand) ? operand : [];
}

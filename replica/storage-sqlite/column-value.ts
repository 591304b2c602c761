/** What a column holds of a document's field. */

import type { SQLInputValue } from 'node:sqlite';
import { toColumnText } from './column-text.ts';
import type { SqliteColumn } from './table.ts';

/** What to store for a value; undefined when it is not of the column's type. */
export function toColumnValue(column: SqliteColumn, value: unknown): SQLInputValue | undefined {
  if (typeof value !== column.valueType) {
    return undefined;
  }
  switch (typeof value) {
    case 'string':
      return toColumnText(value);
    case 'boolean':
      return value ? 1 : 0;
    case 'number':
      return Number.isFinite(value) ? value : undefined;
    default:
      return undefined;
  }
}

/** A missing value is '' or 0, as in RxDB's own indexes. The column is marked then: SQL alone cannot judge it. */
export function missingValue(column: SqliteColumn): SQLInputValue {
  return column.valueType === 'string' ? '' : 0;
}

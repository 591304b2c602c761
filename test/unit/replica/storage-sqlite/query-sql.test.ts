import { DatabaseSync } from 'node:sqlite';
import { fillWithDefaultSettings, normalizeMangoQuery, prepareQuery } from 'rxdb';
import type { MangoQuery, RxDocumentData, RxJsonSchema } from 'rxdb';
import { describe, expect, it } from 'vitest';
import { translateQuery } from '../../../../replica/storage-sqlite/query-sql.ts';
import { tableLayout } from '../../../../replica/storage-sqlite/table.ts';

interface Line {
  readonly id: string;
  readonly workspaceId: string;
  readonly at: number;
  readonly open: boolean;
  readonly note: string;
}

const id = { type: 'string', maxLength: 40 } as const;
const schema: RxJsonSchema<RxDocumentData<Line>> = fillWithDefaultSettings<Line>({
  version: 3,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id,
    workspaceId: id,
    at: { type: 'integer', minimum: 0, maximum: 1_000_000, multipleOf: 1 },
    open: { type: 'boolean' },
    note: { type: 'string' },
  },
  required: ['id', 'workspaceId', 'at', 'open', 'note'],
  indexes: [
    ['workspaceId', 'at'],
    ['open', 'at'],
  ],
});
const layout = tableLayout('lines', schema);

describe('tables', () => {
  it('have lean, partial indexes: neither RxDB’s leading _deleted nor its trailing primary key', () => {
    expect(layout.createSql).toEqual([
      'CREATE TABLE "lines_v3" (sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, deleted INTEGER NOT NULL, ' +
        'lwt REAL NOT NULL, "workspaceId" TEXT NOT NULL, "at" INTEGER NOT NULL, "open" INTEGER NOT NULL, document TEXT NOT NULL)',
      'CREATE INDEX "rxstorage_lines_v3_tombstones" ON "lines_v3" (lwt) WHERE deleted=1',
      'CREATE INDEX "rxstorage_lines_v3_by_workspaceId,at" ON "lines_v3" ("workspaceId", "at") WHERE deleted=0',
      'CREATE INDEX "rxstorage_lines_v3_by_open,at" ON "lines_v3" ("open", "at") WHERE deleted=0',
    ]);
  });

  it('give a path whose name is taken a free one', () => {
    const text = { type: 'string', maxLength: 10 } as const;
    const taken = tableLayout(
      'odd',
      fillWithDefaultSettings<{ key: string; id: string; Sequence: string; sequence_: string }>({
        version: 0,
        primaryKey: 'key',
        type: 'object',
        properties: { key: text, id: text, Sequence: text, sequence_: text },
        required: ['key', 'id', 'Sequence', 'sequence_'],
        indexes: ['id', 'Sequence', 'sequence_'],
      }),
    );
    const names = ['key', 'id', 'Sequence', 'sequence_'].map((path) => taken.columnOf(path));
    expect(names).toEqual(['id', '"id_"', '"Sequence_"', '"sequence__"']);
    const database = new DatabaseSync(':memory:');
    for (const sql of taken.createSql) {
      database.exec(sql);
    }
    database.close();
  });
});

describe('queries', () => {
  it('are exact in SQL, newest first, by index and without sorting more than equal values', () => {
    const { sql, values, exact } = translated({
      selector: { workspaceId: { $eq: 'w' }, at: { $gte: 5, $lt: 9 } },
      sort: [{ at: 'desc' }],
    });
    expect(sql).toBe('deleted=0 AND "workspaceId" = ? AND "at" >= ? AND "at" < ? ORDER BY "at" DESC, id');
    expect(values).toEqual(['w', 5, 9]);
    expect(exact).toBe(true);
    expect(planOf(sql, values)).toEqual([
      'SEARCH lines_v3 USING INDEX rxstorage_lines_v3_by_workspaceId,at (workspaceId=? AND at>? AND at<?)',
      'USE TEMP B-TREE FOR LAST TERM OF ORDER BY',
    ]);
  });

  it('page by key with one row value', () => {
    const after = { $or: [{ at: { $lt: 7 } }, { at: { $eq: 7 }, id: { $lt: 'x' } }] };
    const { sql, values, exact } = translated({
      selector: { workspaceId: { $eq: 'w' }, ...after },
      sort: [{ at: 'desc' }, { id: 'desc' }],
    });
    expect(sql).toBe('deleted=0 AND "workspaceId" = ? AND ("at", id) < (?, ?) ORDER BY "at" DESC, id DESC');
    expect(values).toEqual(['w', 7, 'x']);
    expect(exact).toBe(true);
    expect(planOf(sql, values)[0]).toContain('(workspaceId=? AND at<?)');
  });

  it('bind booleans as literals and lists filled up to a power of two', () => {
    const { sql, values } = translated({
      selector: { open: { $eq: true }, at: { $in: [1, 2, 3] } },
      sort: [{ id: 'asc' }],
    });
    expect(sql).toBe('deleted=0 AND "open"=1 AND "at" IN (?,?,?,?) ORDER BY id');
    expect(values).toEqual([1, 2, 3, 3]);
  });

  it.each<{ readonly why: string; readonly selector: object }>([
    { why: 'a pattern', selector: { workspaceId: { $regex: '^w' } } },
    { why: 'a field without index', selector: { note: { $eq: 'n' } } },
    { why: 'a value of another type', selector: { at: { $gt: '5' } } },
    { why: 'null', selector: { at: { $eq: null } } },
    { why: 'a list with null', selector: { at: { $in: [1, null] } } },
    { why: 'the opposite of a pattern', selector: { $nor: [{ workspaceId: { $regex: '^w' } }] } },
    { why: 'a pattern as alternative', selector: { $or: [{ at: { $eq: 1 } }, { workspaceId: { $regex: '^w' } }] } },
  ])('leave $why to the matcher, over all documents', ({ selector }) => {
    const { sql, exact } = translated({ selector, sort: [{ id: 'asc' }] });
    expect(sql).toBe('deleted=0 ORDER BY id');
    expect(exact).toBe(false);
  });

  it('leave an order by a field without index to the comparator', () => {
    expect(translated({ selector: {}, sort: [{ note: 'asc' }] }).orderBy).toBeUndefined();
  });

  it('leave fields that some document lacks to the matcher and comparator', () => {
    const query = { selector: { at: { $ne: 0 } }, sort: [{ at: 'desc' as const }] };
    expect(translated(query)).toMatchObject({ sql: 'deleted=0 AND "at" <> ? ORDER BY "at" DESC, id', exact: true });
    expect(translated(query, ['at'])).toMatchObject({ sql: 'deleted=0', exact: false, orderBy: undefined });
  });
});

function translated(query: MangoQuery<Line>, looseColumns: readonly string[] = []) {
  const selector: object = { _deleted: { $eq: false }, ...query.selector };
  const prepared = prepareQuery(schema, normalizeMangoQuery(schema, { ...query, selector }));
  const { where, orderBy } = translateQuery(layout, new Set(looseColumns), prepared);
  const sql = orderBy === undefined ? where.sql : `${where.sql} ORDER BY ${orderBy}`;
  return { sql, values: where.values, exact: where.exact, orderBy };
}

function planOf(condition: string, values: readonly (string | number)[]): string[] {
  const database = new DatabaseSync(':memory:');
  for (const sql of layout.createSql) {
    database.exec(sql);
  }
  const plan = database.prepare(`EXPLAIN QUERY PLAN SELECT document FROM lines_v3 WHERE ${condition}`).all(...values);
  database.close();
  return plan.map((row) => String(row['detail']));
}

import { credits, type Credits } from '../../shared/kernel/credits.ts';
import { dayOf, type LocalDate } from '../../shared/kernel/time-zone.ts';
import { useOf, type Transaction } from '../../shared/ledger/transaction.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { readLines } from '../database/stored-rows.ts';
import { fromDocument } from '../database/transaction-document.ts';
import type { SqliteConnection } from '../storage-sqlite/connection.ts';
import { highestSequence, isCurrent, makeTables, rememberSequence } from './projection.ts';
import type { ProjectedTable, Projection } from './projection.ts';

export type Dimension = 'feature' | 'team' | 'user';

/** Credits and uses of one feature, team or member; an empty id is *unattributed*. */
export interface RollupRow {
  readonly id: string;
  readonly credits: Credits;
  readonly uses: number;
}

/** Days [from, to) of the workspace's calendar. */
export interface DaySpan {
  readonly workspaceId: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/**
 * Use per day: by feature and team, and by member, in the workspace's zone. Updated in the transaction of every write,
 * rebuilt from the ledger at any time.
 */
export function createUsageRollup(zoneOf: (workspaceId: string) => string): Projection {
  const rebuild = (database: OpenDatabase, workspaceId?: string): void => {
    const { connection } = database;
    connection.transaction(() => {
      const [where, parameters] = workspaceId === undefined ? ['1=1', []] : ['"workspaceId"=?', [workspaceId]];
      if (workspaceId === undefined) for (const { name } of tables) connection.prepare(`DELETE FROM ${name}`).run();
      else forgetDays(connection, workspaceId);
      const batch = new Batch(zoneOf);
      for (const line of readLines(database, where, parameters)) batch.add(line, 1);
      batch.flush(connection);
      if (workspaceId === undefined) rememberSequence(connection, identity, highestSequence(connection));
    });
  };
  return {
    ...identity,
    tables,
    rebuild,
    prepare: (database) => {
      const complete = makeTables(database, { tables });
      if (!complete || !isCurrent(database.connection, identity)) rebuild(database);
    },
    onWrite: (write) => {
      if (write.table.collectionName !== 'transactions') return;
      const batch = new Batch(zoneOf);
      for (const { document, previous } of write.changes) {
        const before = previous && previous['_deleted'] !== true ? fromDocument(previous) : undefined;
        const after = document['_deleted'] === true ? undefined : fromDocument(document);
        if (before) batch.add(before, -1);
        if (after) batch.add(after, 1);
      }
      batch.flush(write.connection);
      rememberSequence(write.connection, identity, write.sequence);
    },
  };
}

/** Totals per feature, team or member, most credits first. */
export function breakdownOf(connection: SqliteConnection, span: DaySpan, by: Dimension): readonly RollupRow[] {
  const source = by === 'user' ? 'usage_by_member_day' : 'usage_by_day';
  const column = { feature: 'feature_id', team: 'team_id', user: 'member_id' }[by];
  return connection
    .prepare(
      `SELECT ${column} AS id, sum(credits) AS credits, sum(uses) AS uses FROM ${source}
       WHERE workspace_id=? AND day>=? AND day<? GROUP BY ${column} HAVING sum(uses)<>0 OR sum(credits)<>0
       ORDER BY credits DESC`,
    )
    .all(span.workspaceId, span.from, span.to)
    .map((row) => ({ id: String(row['id']), credits: credits(Number(row['credits'])), uses: Number(row['uses']) }));
}

/** What a member, or a team, used on whole days. */
export function usedOn(
  connection: SqliteConnection,
  span: DaySpan,
  whose: { readonly memberId: string } | { readonly teamId: string },
): Credits {
  const [source, column, id] =
    'memberId' in whose
      ? (['usage_by_member_day', 'member_id', whose.memberId] as const)
      : (['usage_by_day', 'team_id', whose.teamId] as const);
  const row = connection
    .prepare(
      `SELECT coalesce(sum(credits), 0) AS credits FROM ${source}
       WHERE workspace_id=? AND day>=? AND day<? AND ${column}=?`,
    )
    .get(span.workspaceId, span.from, span.to, id);
  return credits(Number(row?.['credits'] ?? 0));
}

/** Totals per day; days without use are left out. */
export function daysOf(
  connection: SqliteConnection,
  span: DaySpan,
): readonly { readonly day: LocalDate; readonly credits: Credits }[] {
  return connection
    .prepare(
      `SELECT day, sum(credits) AS credits FROM usage_by_day WHERE workspace_id=? AND day>=? AND day<?
       GROUP BY day ORDER BY day`,
    )
    .all(span.workspaceId, span.from, span.to)
    .map((row) => ({ day: String(row['day']), credits: credits(Number(row['credits'])) }));
}

/** Drops the days of a workspace whose lines are all gone: what is left of them are rows of zeros. */
export function forgetDays(connection: SqliteConnection, workspaceId: string): void {
  connection.transaction(() => {
    for (const { name } of tables) {
      connection.prepare(`DELETE FROM ${name} WHERE workspace_id=?`).run(workspaceId);
    }
  });
}

const identity = { name: 'usage-rollup', version: 1 } as const;

const saysSomething = 'credits<>0 OR uses<>0';

const tables: readonly ProjectedTable[] = [
  {
    name: 'usage_by_day',
    saysSomething,
    sql: `CREATE TABLE IF NOT EXISTS usage_by_day (
      workspace_id TEXT NOT NULL, day TEXT NOT NULL, feature_id TEXT NOT NULL, team_id TEXT NOT NULL,
      credits INTEGER NOT NULL, uses INTEGER NOT NULL,
      PRIMARY KEY (workspace_id, day, feature_id, team_id)
    ) WITHOUT ROWID`,
  },
  {
    name: 'usage_by_member_day',
    saysSomething,
    sql: `CREATE TABLE IF NOT EXISTS usage_by_member_day (
      workspace_id TEXT NOT NULL, day TEXT NOT NULL, member_id TEXT NOT NULL,
      credits INTEGER NOT NULL, uses INTEGER NOT NULL,
      PRIMARY KEY (workspace_id, day, member_id)
    ) WITHOUT ROWID`,
  },
];

/** Sums up lines before they touch the tables, so that a bulk of a thousand lines costs a handful of updates. */
class Batch {
  readonly #zoneOf: (workspaceId: string) => string;
  readonly #byFeature = new Map<string, { readonly key: readonly string[]; credits: number; uses: number }>();
  readonly #byMember = new Map<string, { readonly key: readonly string[]; credits: number; uses: number }>();

  constructor(zoneOf: (workspaceId: string) => string) {
    this.#zoneOf = zoneOf;
  }

  add(line: Transaction, sign: 1 | -1): void {
    const use = useOf(line);
    if (!use || line.kind === 'grant') return;
    const day = dayOf(use.at, this.#zoneOf(line.workspaceId));
    const uses = line.kind === 'usage' || line.kind === 'capture' ? sign : line.kind === 'void' ? -sign : 0;
    const amount = sign * use.credits;
    sumUp(this.#byFeature, [line.workspaceId, day, line.featureId ?? '', line.teamId ?? ''], amount, uses);
    sumUp(this.#byMember, [line.workspaceId, day, line.memberId ?? ''], amount, uses);
  }

  flush(connection: SqliteConnection): void {
    const byFeature = connection.prepare(
      `INSERT INTO usage_by_day (workspace_id, day, feature_id, team_id, credits, uses) VALUES (?,?,?,?,?,?)
       ON CONFLICT DO UPDATE SET credits=credits+excluded.credits, uses=uses+excluded.uses`,
    );
    for (const { key, credits: amount, uses } of this.#byFeature.values()) byFeature.run(...key, amount, uses);
    const byMember = connection.prepare(
      `INSERT INTO usage_by_member_day (workspace_id, day, member_id, credits, uses) VALUES (?,?,?,?,?)
       ON CONFLICT DO UPDATE SET credits=credits+excluded.credits, uses=uses+excluded.uses`,
    );
    for (const { key, credits: amount, uses } of this.#byMember.values()) byMember.run(...key, amount, uses);
  }
}

function sumUp(
  sums: Map<string, { readonly key: readonly string[]; credits: number; uses: number }>,
  key: readonly string[],
  amount: number,
  uses: number,
): void {
  const joined = key.join('\u0000');
  const known = sums.get(joined);
  if (known) {
    known.credits += amount;
    known.uses += uses;
  } else sums.set(joined, { key, credits: amount, uses });
}

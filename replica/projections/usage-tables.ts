import type { SqliteConnection } from '../storage-sqlite/connection.ts';
import type { ProjectedTable } from './projection.ts';

/**
 * The tables of the usage roll-up. Days and hours belong to a *calendar*: a workspace in one time zone. A workspace has
 * one calendar that counts (`active`); the next one is made beside it (`building`) when the zone is to be changed, and
 * what has served its time (`dropped`) is cleared away in the background.
 */
export interface Calendar {
  readonly id: number;
  readonly workspaceId: string;
  readonly timeZone: string;
  /** From this day on every hour is there; hours of earlier days were dropped. */
  readonly hoursFrom: string;
}

export type CalendarState = 'active' | 'building' | 'dropped';

/** The calendar that counts; undefined before the first line of a workspace. */
export function activeCalendar(connection: SqliteConnection, workspaceId: string): Calendar | undefined {
  return calendarsIn(connection, `state='active' AND workspace_id=?`, [workspaceId])[0];
}

export function calendarsIn(
  connection: SqliteConnection,
  where: string,
  parameters: readonly (string | number)[] = [],
): readonly Calendar[] {
  return connection
    .prepare(`SELECT id, workspace_id, time_zone, hours_from FROM usage_calendar WHERE ${where}`)
    .all(...parameters)
    .map((row) => ({
      id: Number(row['id']),
      workspaceId: String(row['workspace_id']),
      timeZone: String(row['time_zone']),
      hoursFrom: String(row['hours_from']),
    }));
}

/** Tables of figures, each keyed by a calendar first. */
export const figureTables = [
  'usage_by_day',
  'usage_by_feature_day',
  'usage_by_team_day',
  'usage_by_member_day',
  'usage_by_member_month',
  'usage_by_hour',
] as const;

/** What figures are told apart by within a calendar; the first column leads the key. */
export const figureKeys = {
  usage_by_day: 'team_id, day, feature_id',
  usage_by_feature_day: 'day, feature_id',
  usage_by_team_day: 'day, team_id',
  usage_by_member_day: 'day, member_id',
  usage_by_member_month: 'month, member_id',
  usage_by_hour: 'hour',
} as const satisfies Record<FigureTable, string>;

export type FigureTable = (typeof figureTables)[number];

const ofActive = `calendar IN (SELECT id FROM usage_calendar WHERE state='active')`;
const saysSomething = `(credits<>0 OR uses<>0) AND ${ofActive}`;

function figures(name: FigureTable): ProjectedTable {
  const keys = figureKeys[name];
  const columns = keys.split(', ').map((key) => `${key} ${key === 'hour' ? 'INTEGER' : 'TEXT'} NOT NULL`);
  return {
    name,
    saysSomething,
    sql: `CREATE TABLE IF NOT EXISTS ${name} (
      calendar INTEGER NOT NULL, ${columns.join(', ')}, credits INTEGER NOT NULL, uses INTEGER NOT NULL,
      PRIMARY KEY (calendar, ${keys})
    ) WITHOUT ROWID`,
  };
}

/**
 * Views ask for one of feature, team and member over many days at a time: each has a table of its own, so that a quarter
 * is a few thousand rows of it. Members are many, and are summed up by the month as well. An hour is keyed by the instant
 * at which it begins, in UTC milliseconds.
 */
export const usageTables: readonly ProjectedTable[] = [
  {
    name: 'usage_calendar',
    saysSomething: `state='active'`,
    sql: `CREATE TABLE IF NOT EXISTS usage_calendar (
      id INTEGER PRIMARY KEY, workspace_id TEXT NOT NULL, time_zone TEXT NOT NULL, state TEXT NOT NULL,
      sequence INTEGER NOT NULL, hours_from TEXT NOT NULL
    )`,
  },
  ...figureTables.map(figures),
];

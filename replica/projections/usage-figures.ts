import { credits, type Credits } from '../../shared/kernel/credits.ts';
import { hoursOf } from '../../shared/kernel/hours.ts';
import { instant } from '../../shared/kernel/instant.ts';
import type { Period } from '../../shared/kernel/period.ts';
import { addDays, daysBetween, shiftWindow, windowStart, type LocalDate } from '../../shared/kernel/time-zone.ts';
import type { SqliteConnection } from '../storage-sqlite/connection.ts';
import { monthOf } from './usage-batch.ts';
import { activeCalendar } from './usage-tables.ts';

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

/** Totals per feature, team or member, most credits first; `teamId` leaves the features of one team. */
export function breakdownOf(
  connection: SqliteConnection,
  span: DaySpan,
  by: Dimension | { readonly featuresOfTeam: string },
): readonly RollupRow[] {
  const calendar = activeCalendar(connection, span.workspaceId);
  if (!calendar) return [];
  const days = [calendar.id, span.from, span.to];
  const of = 'calendar=? AND day>=? AND day<?';
  if (typeof by !== 'string') {
    const source = `SELECT feature_id AS id, credits, uses FROM usage_by_day WHERE ${of} AND team_id=?`;
    return totals(connection, source, [...days, by.featuresOfTeam]);
  }
  switch (by) {
    case 'feature':
      return totals(connection, `SELECT feature_id AS id, credits, uses FROM usage_by_feature_day WHERE ${of}`, days);
    case 'team':
      return totals(connection, `SELECT team_id AS id, credits, uses FROM usage_by_team_day WHERE ${of}`, days);
    case 'user':
      return membersOf(connection, calendar.id, span);
  }
}

/** Whole months come from the months, what is left at both ends from the days. */
function membersOf(connection: SqliteConnection, calendar: number, { from, to }: DaySpan): readonly RollupRow[] {
  const month = windowStart('month', from, 1);
  const first = month === from ? from : shiftWindow('month', month, 1);
  const last = windowStart('month', to, 1);
  const ofDays = 'SELECT member_id AS id, credits, uses FROM usage_by_member_day WHERE calendar=? AND day>=? AND day<?';
  if (first >= last) return totals(connection, ofDays, [calendar, from, to]);
  const ofMonths =
    'SELECT member_id AS id, credits, uses FROM usage_by_member_month WHERE calendar=? AND month>=? AND month<?';
  const months = [calendar, monthOf(first), monthOf(last)];
  const ends = [calendar, from, first, calendar, last, to];
  return totals(connection, `${ofMonths} UNION ALL ${ofDays} UNION ALL ${ofDays}`, [...months, ...ends]);
}

function totals(
  connection: SqliteConnection,
  source: string,
  parameters: readonly (string | number)[],
): readonly RollupRow[] {
  return connection
    .prepare(
      `SELECT id, sum(credits) AS credits, sum(uses) AS uses FROM (${source}) GROUP BY id
       HAVING sum(uses)<>0 OR sum(credits)<>0 ORDER BY 2 DESC`,
    )
    .all(...parameters)
    .map((row) => ({ id: String(row['id']), credits: credits(Number(row['credits'])), uses: Number(row['uses']) }));
}

/** What a member, or a team, used on whole days: each day is one row, and no other's is looked at. */
export function usedOn(
  connection: SqliteConnection,
  span: DaySpan,
  whose: { readonly memberId: string } | { readonly teamId: string },
): Credits {
  const [source, column, id] =
    'memberId' in whose
      ? (['usage_by_member_day', 'member_id', whose.memberId] as const)
      : (['usage_by_team_day', 'team_id', whose.teamId] as const);
  const row = connection
    .prepare(
      `SELECT coalesce(sum(credits), 0) AS credits FROM ${source}
       WHERE calendar=(${calendarSql}) AND day IN (SELECT value FROM json_each(?)) AND ${column}=?`,
    )
    .get(span.workspaceId, JSON.stringify(daysIn(span)), id);
  return credits(Number(row?.['credits'] ?? 0));
}

function daysIn({ from, to }: DaySpan): readonly LocalDate[] {
  return Array.from({ length: Math.max(daysBetween(from, to), 0) }, (_, index) => addDays(from, index));
}

/** Totals per day; days without use are left out. */
export function daysOf(
  connection: SqliteConnection,
  span: DaySpan,
): readonly { readonly day: LocalDate; readonly credits: Credits }[] {
  return connection
    .prepare(
      `SELECT day, sum(credits) AS credits FROM usage_by_team_day WHERE calendar=(${calendarSql}) AND day>=? AND day<?
       GROUP BY day ORDER BY day`,
    )
    .all(span.workspaceId, span.from, span.to)
    .map((row) => ({ day: String(row['day']), credits: credits(Number(row['credits'])) }));
}

/** The first day with use; null without any. */
export function firstDayOf(connection: SqliteConnection, workspaceId: string): LocalDate | null {
  const row = connection
    .prepare(`SELECT min(day) AS day FROM usage_by_team_day WHERE calendar=(${calendarSql})`)
    .get(workspaceId);
  return typeof row?.['day'] === 'string' ? row['day'] : null;
}

/** Use in one hour of the clock on the wall. */
export interface HourRow extends Period {
  readonly credits: Credits;
  readonly uses: number;
}

/** Every hour of a recent day, those without use too; undefined for a day whose hours were dropped. */
export function hoursOn(
  connection: SqliteConnection,
  workspaceId: string,
  day: LocalDate,
): readonly HourRow[] | undefined {
  const calendar = activeCalendar(connection, workspaceId);
  if (!calendar || day < calendar.hoursFrom) return undefined;
  const hours = hoursOf(day, calendar.timeZone);
  const rows = connection
    .prepare('SELECT hour, credits, uses FROM usage_by_hour WHERE calendar=? AND hour>=? AND hour<?')
    .all(calendar.id, hours[0]?.start ?? 0, hours.at(-1)?.end ?? 0);
  const used = new Map(rows.map((row) => [instant(Number(row['hour'])), row]));
  return hours.map(({ start, end }) => ({
    start,
    end,
    credits: credits(Number(used.get(start)?.['credits'] ?? 0)),
    uses: Number(used.get(start)?.['uses'] ?? 0),
  }));
}

const calendarSql = `SELECT id FROM usage_calendar WHERE state='active' AND workspace_id=?`;

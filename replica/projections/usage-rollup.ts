import { setImmediate as nextTurn } from 'node:timers/promises';
import { assert } from '../../shared/kernel/assert.ts';
import type { Clock } from '../../shared/kernel/instant.ts';
import { addDays, dayOf, startOfDay, type LocalDate } from '../../shared/kernel/time-zone.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { readLines } from '../database/stored-rows.ts';
import type { SqliteConnection } from '../storage-sqlite/connection.ts';
import type { SqliteWrite } from '../storage-sqlite/storage-sqlite.ts';
import { differencesBetween, type Difference } from './check.ts';
import { highestSequence, isCurrent, makeTables, rememberSequence, type Projection } from './projection.ts';
import { latestZone, zonesSetIn } from './time-zone-set.ts';
import { countedIn, countedOf, UsageBatch } from './usage-batch.ts';
import {
  activeCalendar,
  calendarsIn,
  figureTables,
  figureKeys,
  usageTables,
  type Calendar,
  type CalendarState,
} from './usage-tables.ts';

/**
 * Use per day: by feature and team, and by member, in the workspace's zone; and per hour of the last two weeks. Updated
 * in the transaction of every write, rebuilt from the ledger at any time.
 */
export interface UsageRollup extends Projection {
  /**
   * Makes the days of another zone beside those that count, in small pieces between which everything else goes on. They
   * begin to count in the transaction of the change that sets the zone; what is then still missing is made up for there.
   */
  readonly prepareZone: (database: OpenDatabase, workspaceId: string, timeZone: string) => Promise<void>;
  /** Clears away, in small pieces, days that count no more. */
  readonly clearAway: (database: OpenDatabase, closing?: AbortSignal) => Promise<void>;
}

/** What the roll-up is told about workspaces and time. */
export interface UsageRollupOptions {
  /** The zone in which the days of a workspace are cut. */
  readonly zoneOf: (workspaceId: string) => string;
  readonly clock: Clock;
}

export function createUsageRollup(options: UsageRollupOptions): UsageRollup {
  let opened: OpenDatabase | undefined;
  const rebuild = (database: OpenDatabase, workspaceId?: string): void => {
    const { connection } = database;
    connection.transaction(() => {
      if (workspaceId === undefined) rebuildAll(database, options);
      else rebuildOne(database, options, workspaceId);
      if (workspaceId === undefined) rememberSequence(connection, identity, highestSequence(connection));
    });
  };
  return {
    ...identity,
    rebuild,
    prepare: (database) => {
      opened = database;
      const complete = makeTables(database, identity);
      const { connection } = database;
      if (!complete || !isCurrent(connection, identity)) return rebuild(database);
      connection.transaction(() => {
        connection.prepare(`UPDATE usage_calendar SET state='dropped' WHERE state='building'`).run();
        for (const calendar of calendarsIn(connection, `state='active'`)) {
          // Days that were cut in another zone than the one that holds must never be taken for its days.
          if (calendar.timeZone !== options.zoneOf(calendar.workspaceId)) rebuild(database, calendar.workspaceId);
          else keepRecentHours(database, options, calendar);
        }
      });
    },
    onWrite: (write) => {
      if (write.table.collectionName === 'transactions') followLines(write, options);
      if (write.table.collectionName === 'changes' && opened) followZones(opened, options, write);
    },
    prepareZone: (database, workspaceId, timeZone) => build(database, options, { workspaceId, timeZone }),
    clearAway,
    beside: {
      rebuild: async (database, workspaceId) => {
        await withRebuilt(database, options, workspaceId, ({ kept, rebuilt }) =>
          activate(database.connection, { before: kept, after: rebuilt }),
        );
      },
      check: (database, workspaceId) =>
        withRebuilt(database, options, workspaceId, ({ kept, rebuilt }) => {
          setState(database.connection, rebuilt.id, 'dropped');
          return kept ? differencesOf(database.connection, kept, rebuilt) : [];
        }),
    },
  };
}

/** Drops the days of a workspace whose lines are all gone: what is left of them are rows of zeros. */
export function forgetDays(connection: SqliteConnection, workspaceId: string): void {
  connection.transaction(() => {
    for (const { id } of calendarsIn(connection, 'workspace_id=?', [workspaceId])) {
      emptyCalendar(connection, id);
      connection.prepare('DELETE FROM usage_calendar WHERE id=?').run(id);
    }
  });
}

function followLines(write: SqliteWrite, options: UsageRollupOptions): void {
  const { connection } = write;
  const batch = new UsageBatch();
  const calendarOf = calendarFinder(connection, options);
  for (const { document, previous } of write.changes) {
    const before = previous && previous['_deleted'] !== true ? countedIn(previous) : undefined;
    const after = document['_deleted'] === true ? undefined : countedIn(document);
    if (before) batch.add(calendarOf(before.workspaceId), before, -1);
    if (after) batch.add(calendarOf(after.workspaceId), after, 1);
    // A line that was counted and is now another one, or none: days in the making do not look back.
    if (before) connection.prepare(`UPDATE usage_calendar SET state='dropped' WHERE state='building'`).run();
  }
  batch.flush(connection);
  rememberSequence(connection, identity, write.sequence);
}

/** The calendar of each workspace that is met, made or brought to the present day where it has to be. */
function calendarFinder(connection: SqliteConnection, options: UsageRollupOptions): (workspaceId: string) => Calendar {
  const known = new Map<string, Calendar>();
  return (workspaceId) => {
    const found = known.get(workspaceId);
    if (found) return found;
    const active = activeCalendar(connection, workspaceId);
    const calendar = active
      ? dropOldHours(connection, options, active)
      : makeCalendar(connection, options, { workspaceId, timeZone: options.zoneOf(workspaceId), state: 'active' });
    known.set(workspaceId, calendar);
    return calendar;
  };
}

/** A change of zone counts from the transaction that holds it: together with it, its days begin to count. */
function followZones(database: OpenDatabase, options: UsageRollupOptions, write: SqliteWrite): void {
  const { connection } = write;
  for (const workspaceId of zonesSetIn(write)) {
    const active = activeCalendar(connection, workspaceId);
    const timeZone = latestZone(connection, workspaceId);
    if (!active || timeZone === undefined || active.timeZone === timeZone) continue;
    while (!buildPiece(database, options, { workspaceId, timeZone })) continue;
    const [built] = calendarsIn(connection, building, [workspaceId, timeZone]);
    if (built) activate(connection, { before: active, after: built });
  }
}

/** Makes a calendar beside those that count, until it has all lines of this moment. */
async function build(
  database: OpenDatabase,
  options: UsageRollupOptions,
  wanted: { readonly workspaceId: string; readonly timeZone: string },
): Promise<void> {
  while (!database.connection.transaction(() => buildPiece(database, options, wanted))) await nextTurn();
}

/** Makes the days of a workspace anew and does something with the old and the new ones in one transaction. */
async function withRebuilt<Answer>(
  database: OpenDatabase,
  options: UsageRollupOptions,
  workspaceId: string,
  work: (made: { readonly kept: Calendar | undefined; readonly rebuilt: Calendar }) => Answer,
): Promise<Answer> {
  const { connection } = database;
  const zoneNow = (): string => latestZone(connection, workspaceId) ?? options.zoneOf(workspaceId);
  const wanted = { workspaceId, timeZone: zoneNow() };
  const drop = connection.prepare(`UPDATE usage_calendar SET state='dropped' WHERE ${building}`);
  // What an attempt has left that was cut off may be what is wrong.
  drop.run(workspaceId, wanted.timeZone);
  await build(database, options, wanted);
  const answer = connection.transaction(() => {
    // Days of a zone that the workspace has left meanwhile must not count again.
    if (zoneNow() !== wanted.timeZone) {
      drop.run(workspaceId, wanted.timeZone);
      return null;
    }
    while (!buildPiece(database, options, wanted)) continue;
    const active = activeCalendar(connection, workspaceId);
    const kept = active && keepRecentHours(database, options, active);
    const [rebuilt] = calendarsIn(connection, building, [workspaceId, wanted.timeZone]);
    assert(rebuilt, 'It has just been made');
    return { done: work({ kept, rebuilt: dropOldHours(connection, options, rebuilt) }) };
  });
  await clearAway(database);
  return answer ? answer.done : withRebuilt(database, options, workspaceId, work);
}

async function clearAway({ rx, connection }: OpenDatabase, closing?: AbortSignal): Promise<void> {
  while (!rx.closed && closing?.aborted !== true && connection.transaction(() => clearPiece(connection)))
    await nextTurn();
}

function activate(
  connection: SqliteConnection,
  calendars: { readonly before: Calendar | undefined; readonly after: Calendar },
): void {
  if (calendars.before) setState(connection, calendars.before.id, 'dropped');
  setState(connection, calendars.after.id, 'active');
}

function setState(connection: SqliteConnection, id: number, state: CalendarState): void {
  connection.prepare('UPDATE usage_calendar SET state=? WHERE id=?').run(state, id);
}

/** Figures that two calendars of a workspace tell in different ways. */
function differencesOf(connection: SqliteConnection, kept: Calendar, rebuilt: Calendar): readonly Difference[] {
  const zones = [kept, rebuilt].map(({ timeZone }) => `kept in ${timeZone}`);
  const zone: readonly Difference[] =
    kept.timeZone === rebuilt.timeZone
      ? []
      : [{ table: 'usage_calendar', keptOnly: 1, rebuiltOnly: 1, examples: zones.slice(0, 1) }];
  const figures = figureTables.flatMap((table) => {
    const select = `SELECT ${figureKeys[table]}, credits, uses FROM ${table}
      WHERE calendar=? AND (credits<>0 OR uses<>0)`;
    const parameters = { kept: [kept.id], rebuilt: [rebuilt.id] };
    return differencesBetween(connection, table, { kept: select, rebuilt: select, parameters });
  });
  return [...zone, ...figures];
}

/** Adds the next lines to a calendar that is being made. Returns whether it has all of them. */
function buildPiece(
  database: OpenDatabase,
  options: UsageRollupOptions,
  wanted: { readonly workspaceId: string; readonly timeZone: string },
): boolean {
  const { connection } = database;
  const { workspaceId, timeZone } = wanted;
  const calendar =
    calendarsIn(connection, building, [workspaceId, timeZone])[0] ??
    makeCalendar(connection, options, { ...wanted, state: 'building' });
  const row = connection.prepare('SELECT sequence FROM usage_calendar WHERE id=?').get(calendar.id);
  const after = Number(row?.['sequence'] ?? 0);
  const last = highestSequence(connection);
  const until = Math.min(after + pieceLines, last);
  // The plus keeps SQLite from the index of the workspace: the lines lie together in the order in which they were written.
  addAll(database, () => calendar, ['sequence>? AND sequence<=? AND +"workspaceId"=?', [after, until, workspaceId]]);
  connection.prepare('UPDATE usage_calendar SET sequence=? WHERE id=?').run(until, calendar.id);
  return until >= last;
}

function rebuildAll(database: OpenDatabase, options: UsageRollupOptions): void {
  const { connection } = database;
  for (const name of figureTables) connection.prepare(`DELETE FROM ${name}`).run();
  connection.prepare(`DELETE FROM usage_calendar WHERE state<>'active'`).run();
  for (const calendar of calendarsIn(connection, `state='active'`)) resetCalendar(connection, options, calendar);
  addAll(database, calendarFinder(connection, options), ['1=1', []]);
}

function rebuildOne(database: OpenDatabase, options: UsageRollupOptions, workspaceId: string): void {
  const { connection } = database;
  const active = activeCalendar(connection, workspaceId);
  if (active) {
    emptyCalendar(connection, active.id);
    resetCalendar(connection, options, active);
  }
  addAll(database, calendarFinder(connection, options), ['"workspaceId"=?', [workspaceId]]);
}

function addAll(
  database: OpenDatabase,
  calendarOf: (workspaceId: string) => Calendar,
  [where, parameters]: readonly [string, readonly (string | number)[]],
): void {
  const batch = new UsageBatch();
  for (const line of readLines(database, where, parameters)) {
    const use = countedOf(line);
    if (use) batch.add(calendarOf(use.workspaceId), use, 1);
    if (batch.size >= sumsKeptMax) batch.flush(database.connection);
  }
  batch.flush(database.connection);
}

function resetCalendar(connection: SqliteConnection, options: UsageRollupOptions, calendar: Calendar): void {
  const timeZone = options.zoneOf(calendar.workspaceId);
  connection
    .prepare('UPDATE usage_calendar SET time_zone=?, hours_from=? WHERE id=?')
    .run(timeZone, hoursWantedFrom(options, timeZone), calendar.id);
}

function makeCalendar(
  connection: SqliteConnection,
  options: UsageRollupOptions,
  given: { readonly workspaceId: string; readonly timeZone: string; readonly state: 'active' | 'building' },
): Calendar {
  const { workspaceId, timeZone, state } = given;
  const hoursFrom = hoursWantedFrom(options, timeZone);
  const { lastInsertRowid } = connection
    .prepare('INSERT INTO usage_calendar (workspace_id, time_zone, state, sequence, hours_from) VALUES (?,?,?,0,?)')
    .run(workspaceId, timeZone, state, hoursFrom);
  return { id: Number(lastInsertRowid), workspaceId, timeZone, hoursFrom };
}

function emptyCalendar(connection: SqliteConnection, id: number): void {
  for (const name of figureTables) connection.prepare(`DELETE FROM ${name} WHERE calendar=?`).run(id);
}

/** Deletes some rows of calendars that count no more. Returns whether anything was left to do. */
function clearPiece(connection: SqliteConnection): boolean {
  const dropped = calendarsIn(connection, `state='dropped' LIMIT 1`)[0];
  if (!dropped) return false;
  for (const name of figureTables) {
    const key = connection
      .prepare(`SELECT * FROM ${name} WHERE calendar=? LIMIT 1 OFFSET ?`)
      .get(dropped.id, pieceLines);
    const [column = ''] = figureKeys[name].split(', ');
    const { changes } = key
      ? connection.prepare(`DELETE FROM ${name} WHERE calendar=? AND ${column}<=?`).run(dropped.id, String(key[column]))
      : connection.prepare(`DELETE FROM ${name} WHERE calendar=?`).run(dropped.id);
    if (Number(changes) > 0) return true;
  }
  connection.prepare('DELETE FROM usage_calendar WHERE id=?').run(dropped.id);
  return true;
}

/** The first of the days whose hours are kept. */
function hoursWantedFrom({ clock }: UsageRollupOptions, timeZone: string): LocalDate {
  return addDays(dayOf(clock(), timeZone), 1 - hourDays);
}

/** Drops hours of days that are no longer recent. A clock that was set back drops nothing and brings nothing back. */
function dropOldHours(connection: SqliteConnection, options: UsageRollupOptions, calendar: Calendar): Calendar {
  const hoursFrom = hoursWantedFrom(options, calendar.timeZone);
  if (hoursFrom <= calendar.hoursFrom) return calendar;
  connection
    .prepare('DELETE FROM usage_by_hour WHERE calendar=? AND hour<?')
    .run(calendar.id, startOfDay(hoursFrom, calendar.timeZone));
  connection.prepare('UPDATE usage_calendar SET hours_from=? WHERE id=?').run(hoursFrom, calendar.id);
  return { ...calendar, hoursFrom };
}

/** The same at the start, where hours that a wrong clock had dropped are summed up again. */
function keepRecentHours(database: OpenDatabase, options: UsageRollupOptions, calendar: Calendar): Calendar {
  const { connection } = database;
  const hoursFrom = hoursWantedFrom(options, calendar.timeZone);
  if (hoursFrom >= calendar.hoursFrom) return dropOldHours(connection, options, calendar);
  connection.prepare('DELETE FROM usage_by_hour WHERE calendar=?').run(calendar.id);
  connection.prepare('UPDATE usage_calendar SET hours_from=? WHERE id=?').run(hoursFrom, calendar.id);
  const batch = new UsageBatch();
  const since = startOfDay(hoursFrom, calendar.timeZone);
  for (const line of readLines(database, '"workspaceId"=? AND "spentAt">=?', [calendar.workspaceId, since])) {
    const use = countedOf(line);
    if (use) batch.addHour({ ...calendar, hoursFrom }, use, 1, dayOf(use.at, calendar.timeZone));
  }
  batch.flush(connection);
  return { ...calendar, hoursFrom };
}

const building = `state='building' AND workspace_id=? AND time_zone=?`;

const identity = { name: 'usage-rollup', version: 2, tables: usageTables } as const;

/** Hours are kept of today and of the thirteen days before it. */
export const hourDays = 14;

/** Few enough that nobody waits for a piece. */
const pieceLines = 2_000;
/** Enough that most lines of a rebuild meet a sum that is there, and few enough to hold. */
const sumsKeptMax = 400_000;

// The folder of backups: what is in it by name, what a new one is called, and which old ones may go.
import { existsSync, readdirSync, rmSync, statSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import {
  backupReasons,
  type BackupReason,
  type BackupSettingsView,
  type BackupView,
} from '../../shared/bridge/backup-views.ts';
import { compareText } from '../../shared/kernel/id.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { codeOf } from '../database/error-code.ts';

const namePattern = new RegExp(
  `^fuelgauge-(\\d{4})(\\d{2})(\\d{2})T(\\d{2})(\\d{2})(\\d{2})Z-(${backupReasons.join('|')})(?:-(\\d+))?\\.sqlite$`,
);
const leftoverPattern = /^\.fuelgauge-[^/]+\.sqlite\.partial(?:-journal|-wal|-shm)?$/;

/** Where backups lie unless another folder was chosen. */
export function usualBackupFolder(dataDir: string): string {
  return join(dataDir, 'backups');
}

/** Backups of the folder that they are written to, and those that an earlier choice left in the data folder; newest first. */
export function listAllBackups(dataDir: string, folder: string): readonly BackupView[] {
  const folders = new Set([folder, usualBackupFolder(dataDir)]);
  return [...folders].flatMap(listBackups).sort((left, right) => right.madeAt - left.madeAt);
}

/** All backups in a folder, newest first; files that this program did not name are passed over. None when the folder cannot be read. */
export function listBackups(folder: string): readonly BackupView[] {
  return namesIn(folder)
    .flatMap((name) => {
      const named = readName(name);
      if (named === undefined) return [];
      const file = join(folder, name);
      const stat = statOf(file);
      if (stat?.isFile() !== true) return [];
      const { count, ...view } = named;
      return [{ view: { ...view, name, file, bytes: stat.size }, count, writtenAt: stat.mtimeMs }];
    })
    .sort(
      (left, right) =>
        right.view.madeAt - left.view.madeAt ||
        // Names carry whole seconds.
        right.writtenAt - left.writtenAt ||
        right.count - left.count ||
        compareText(left.view.name, right.view.name),
    )
    .map(({ view }) => view);
}

/** Undefined for what cannot be looked at, such as a link that leads nowhere: the others are listed all the same. */
function statOf(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return undefined;
  }
}

/** The name of a backup that is made now: one that is not taken yet, so that nothing is ever written over. */
export function freeBackupName(folder: string, reason: BackupReason, at: Instant): string {
  const stamp = stampOf(at);
  for (let count = 1; ; count += 1) {
    const name = `fuelgauge-${stamp}-${reason}${count === 1 ? '' : `-${count}`}.sqlite`;
    if (!existsSync(join(folder, name))) return name;
  }
}

/** `20261120T101500Z` */
export function stampOf(at: Instant): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
}

/** The name under which a backup is written until it is whole. */
export function partialName(name: string): string {
  return `.${name}.partial`;
}

/** Takes away what a process that was ended left of a backup. Nobody may be making one in this folder. */
export function removeLeftovers(folder: string): void {
  for (const name of namesIn(folder)) if (leftoverPattern.test(name)) rmSync(join(folder, name), { force: true });
}

/**
 * Scheduled backups that are no longer kept: all but the newest of each of the last `keepDaily` days (UTC) and of each
 * of the last `keepWeekly` weeks that have one. Whatever was made for another reason stays, and the newest always does.
 * One that is dated after `now`, when a clock was wrong, stays too and takes nobody's place.
 */
export function expiredBackups(
  backups: readonly BackupView[],
  keep: Pick<BackupSettingsView, 'keepDaily' | 'keepWeekly'> & { readonly now: Instant },
): readonly BackupView[] {
  const scheduled = backups
    .filter((backup) => backup.reason === 'scheduled' && backup.madeAt <= keep.now)
    .toSorted((left, right) => right.madeAt - left.madeAt);
  const kept = new Set([
    ...scheduled.slice(0, 1),
    ...newestOfEach(scheduled, dayNumber).slice(0, keep.keepDaily),
    ...newestOfEach(scheduled, weekNumber).slice(0, keep.keepWeekly),
  ]);
  return scheduled.filter((backup) => !kept.has(backup));
}

function newestOfEach(backups: readonly BackupView[], spanOf: (at: Instant) => number): readonly BackupView[] {
  const newest = new Map<number, BackupView>();
  for (const backup of backups) {
    const span = spanOf(backup.madeAt);
    if (!newest.has(span)) newest.set(span, backup);
  }
  return [...newest.values()];
}

function readName(name: string): (Pick<BackupView, 'reason' | 'madeAt'> & { readonly count: number }) | undefined {
  const parts = namePattern.exec(name);
  const reason = backupReasons.find((each) => each === parts?.[7]);
  if (parts === null || reason === undefined) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7);
  const milliseconds = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(milliseconds)
    ? undefined
    : { reason, madeAt: instant(milliseconds), count: Number(parts[8] ?? 1) };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    // Whoever writes to it tells what is wrong with it; other folders are listed all the same.
    if (codeOf(error) === undefined) throw error;
    return [];
  }
}

const dayMs = 86_400_000;

function dayNumber(at: Instant): number {
  return Math.floor(at / dayMs);
}

/** Weeks begin on Monday; 1 January 1970 was a Thursday. */
function weekNumber(at: Instant): number {
  return Math.floor((dayNumber(at) + 3) / 7);
}

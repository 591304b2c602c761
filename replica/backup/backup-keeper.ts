// Backups of the data that is open: on request, and one a day by itself.
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import {
  backupReasons,
  type BackupFailureView,
  type BackupReason,
  type BackupSettingsView,
  type BackupsView,
  type BackupView,
} from '../../shared/bridge/backup-views.ts';
import type { Problem } from '../../shared/bridge/problem.ts';
import { instant, type Clock, type Every, type Instant } from '../../shared/kernel/instant.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { putRecord } from '../database/append.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { readRecords } from '../database/stored-rows.ts';
import { backUpClosedFile, backUpOpenFile } from './backup.ts';
import { expiredBackups, listAllBackups, listBackups, removeLeftovers, usualBackupFolder } from './backup-folder.ts';
import { claimFolder, folderIsClaimed } from './chosen-folder.ts';
import { codeOf } from '../database/error-code.ts';
import { fileProblem } from './file-failure.ts';
import { unchangedAddress } from './whole-file.ts';

export const defaultBackupSettings: BackupSettingsView = { on: true, keepDaily: 7, keepWeekly: 4, folder: null };

/** How often it is looked whether a backup is due. Short, since some open the app for a few minutes a day. */
const lookEveryMs = 60_000;
const dueAfterMs = 24 * 3_600_000;
/** A disk that is full or gone is not asked again at once. */
const retryAfterMs = 3_600_000;

/** Makes, lists and removes backups of an open database; one at a time. */
export class BackupKeeper {
  readonly #database: OpenDatabase;
  readonly #dataDir: string;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  #lastTurn: Promise<unknown> = Promise.resolve();
  #stopLooking: () => void = () => undefined;
  #lastFailure: BackupFailureView | null;

  constructor(options: { readonly database: OpenDatabase; readonly dataDir: string; readonly clock: Clock }) {
    this.#database = options.database;
    this.#dataDir = options.dataDir;
    this.#clock = options.clock;
    this.#lastFailure = this.#storedFailure();
  }

  /** Clears away what an ended process left, and looks from now on whether a backup is due. */
  start(every: Every): void {
    this.#clearLeftovers();
    this.#stopLooking = every(lookEveryMs, () => void this.makeIfDue());
  }

  /** Breaks off a backup that is under way. To be awaited before the database is closed. */
  async close(): Promise<void> {
    this.#stopLooking();
    this.#closing.abort();
    await this.#lastTurn;
  }

  settings(): BackupSettingsView {
    const stored = settingsSchema.safeParse(this.#record(settingsId));
    return stored.success ? stored.data : defaultBackupSettings;
  }

  /**
   * Stores what is given over what there is. A folder has to be there, and is marked as the one of this data. What went
   * wrong in the folder before is settled when one is chosen: nobody has to connect its disk, and the next backup is made
   * as soon as it is due.
   */
  async setSettings(given: Partial<BackupSettingsView>): Promise<Result<BackupSettingsView, Problem>> {
    const settings = settingsSchema.parse({ ...this.settings(), ...given });
    // Only one that is chosen now: the schedule can be changed while the disk of an earlier choice is not connected.
    if (given.folder !== undefined && settings.folder !== null) {
      const claimed = claimFolder(settings.folder, this.#dataDir);
      if (!claimed.ok) return claimed;
    }
    const folder = settings.folder === null ? null : resolve(settings.folder);
    await this.#put(settingsId, { ...settings, folder });
    if (given.folder !== undefined) await this.#keepFailure(null);
    return ok({ ...settings, folder });
  }

  /** Goes on as before where a backup was restored, which brings the settings of its own time or computer. */
  async goOnWith({ settings, lastFailure }: Pick<BackupsView, 'settings' | 'lastFailure'>): Promise<void> {
    if (JSON.stringify(settings) !== JSON.stringify(this.settings())) await this.#put(settingsId, { ...settings });
    if (JSON.stringify(lastFailure) !== JSON.stringify(this.#lastFailure)) await this.#keepFailure(lastFailure);
  }

  /** Absolute path of the folder that backups are written to. */
  folder(): string {
    return this.settings().folder ?? usualBackupFolder(this.#dataDir);
  }

  /** Of the folder that is used now, and what an earlier choice left in the data folder. Newest first. */
  backups(): readonly BackupView[] {
    return listAllBackups(this.#dataDir, this.folder());
  }

  view(): BackupsView {
    const settings = this.settings();
    const backups = this.backups();
    return {
      folder: this.folder(),
      backups,
      settings,
      lastFailure: this.#lastFailure,
      nextDueAt: settings.on ? this.#nextDueAt(backups) : null,
    };
  }

  /** Makes a backup once the one that is under way is done. A failure is kept and visible until one succeeds. */
  make(
    reason: BackupReason,
    options: { readonly onProgress?: (donePages: number, totalPages: number) => void } = {},
  ): Promise<Result<BackupView, Problem>> {
    return this.#inTurn(async () => {
      const made = await this.#write(reason, options.onProgress);
      if (made.ok) this.#rotate();
      if (this.#closing.signal.aborted) return made;
      await this.#keepFailure(made.ok ? null : { at: this.#clock(), reason, message: told(made.error) });
      return made;
    });
  }

  /**
   * Makes the scheduled backup when the last one is a day old and something was written since; answers what it made.
   * Never fails: what goes wrong is kept as the last failure and tried again after a while.
   */
  async makeIfDue(): Promise<BackupView | null> {
    try {
      if (!this.#isDue()) return null;
      const made = await this.make('scheduled');
      return made.ok ? made.value : null;
    } catch (error) {
      const message = `The scheduled backup failed: ${error instanceof Error ? error.message : String(error)}`;
      this.#lastFailure = { at: this.#clock(), reason: 'scheduled', message };
      return null;
    }
  }

  /** Deletes one of the listed backups; false when none has this name. */
  remove(name: string): Promise<Result<boolean, Problem>> {
    return this.#inTurn(async () => {
      const found = this.backups().find((backup) => backup.name === name);
      if (found === undefined) return ok(false);
      try {
        rmSync(found.file);
        return ok(true);
      } catch (error) {
        const known = fileProblem(error, found.file);
        if (known === undefined) throw error;
        return err(known);
      }
    });
  }

  async #write(
    reason: BackupReason,
    onProgress: ((donePages: number, totalPages: number) => void) | undefined,
  ): Promise<Result<BackupView, Problem>> {
    const { folder } = this.settings();
    if (folder !== null && !folderIsClaimed(folder, this.#dataDir)) return err(strangeFolder(folder));
    const backUp = this.#database.readOnly ? backUpClosedFile : backUpOpenFile;
    return backUp(this.#database.connection.file, {
      folder: this.folder(),
      reason,
      at: this.#clock(),
      signal: this.#closing.signal,
      onProgress,
    });
  }

  #isDue(): boolean {
    if (!this.settings().on || this.#closing.signal.aborted) return false;
    const now = this.#clock();
    const failedAt = this.#lastFailure?.at ?? -Infinity;
    if (failedAt <= now && now < failedAt + retryAfterMs) return false;
    // What is dated later, when a clock was wrong, says nothing about today.
    const backups = this.backups().filter((backup) => backup.madeAt <= now);
    const last = backups.find((backup) => backup.reason === 'scheduled');
    if (last !== undefined && now < last.madeAt + dueAfterMs) return false;
    return this.#changedSince(backups[0]);
  }

  #changedSince(backup: BackupView | undefined): boolean {
    if (backup === undefined) return readRecords(this.#database, 'workspaces').length > 0;
    try {
      const kept = new DatabaseSync(unchangedAddress(backup.file), { readOnly: true });
      try {
        return stateOf(kept) !== stateOf(this.#database.connection.database);
      } finally {
        kept.close();
      }
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      return true;
    }
  }

  #nextDueAt(backups: readonly BackupView[]): Instant {
    const now = this.#clock();
    const last = backups.find((backup) => backup.reason === 'scheduled' && backup.madeAt <= now);
    return last === undefined ? now : instant(Math.max(now, last.madeAt + dueAfterMs));
  }

  #rotate(): void {
    const settings = this.settings();
    for (const backup of expiredBackups(listBackups(this.folder()), { ...settings, now: this.#clock() })) {
      try {
        rmSync(backup.file, { force: true });
      } catch (error) {
        // Another program has it open, or it may not be removed: the new one is made all the same.
        if (codeOf(error) === undefined) throw error;
      }
    }
  }

  #clearLeftovers(): void {
    const { folder: chosen } = this.settings();
    const ours = chosen !== null && folderIsClaimed(chosen, this.#dataDir) ? [chosen] : [];
    for (const folder of new Set([...ours, usualBackupFolder(this.#dataDir)])) {
      try {
        removeLeftovers(folder);
      } catch (error) {
        // A folder that cannot be used is told when a backup is made in it.
        if (codeOf(error) === undefined) throw error;
      }
    }
  }

  async #keepFailure(failure: BackupFailureView | null): Promise<void> {
    const known = this.#lastFailure;
    this.#lastFailure = failure;
    if (known === null && failure === null) return;
    try {
      await this.#put(failureId, { failure });
    } catch (error) {
      // The same full disk: it is still told as long as this process runs.
      if (fileProblem(error, this.#dataDir) === undefined) throw error;
    }
  }

  #storedFailure(): BackupFailureView | null {
    const stored = failureSchema.safeParse(this.#record(failureId));
    return stored.success ? stored.data.failure : null;
  }

  #record(id: string): unknown {
    return readRecords(this.#database, 'settings', 'id=?', [id])[0]?.body;
  }

  #put(id: string, body: Readonly<Record<string, unknown>>): Promise<void> {
    return putRecord(this.#database, 'settings', { id, workspaceId: '', body });
  }

  #inTurn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const turn = this.#lastTurn.then(work);
    this.#lastTurn = turn.catch(() => undefined);
    return turn;
  }
}

/** What was written last to each table; settings are no reason for a backup, since making one writes them. */
function stateOf(database: DatabaseSync): string {
  const tables = database
    .prepare(
      `SELECT name FROM rxstorage_tables WHERE collection NOT IN ('settings') AND name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY name`,
    )
    .all()
    .map((row) => String(row['name']));
  const last = tables.map((name) =>
    database.prepare(`SELECT sequence, id, lwt FROM "${name}" ORDER BY sequence DESC LIMIT 1`).get(),
  );
  return JSON.stringify([tables, last]);
}

const settingsId = 'backups/settings';
const failureId = 'backups/last-failure';

const settingsSchema = z.object({
  on: z.boolean(),
  keepDaily: z.int().min(1),
  keepWeekly: z.int().min(0),
  folder: z.string().nullable(),
});
const failureSchema = z.object({
  failure: z.object({ at: z.int().transform(instant), reason: z.enum(backupReasons), message: z.string() }).nullable(),
});

function told({ message, kept, todo }: Problem): string {
  return `${message} ${kept} ${todo}`;
}

function strangeFolder(folder: string): Problem {
  return {
    code: 'unavailable',
    message: `The folder chosen for backups, ${folder}, is not the one that was chosen: perhaps its disk is not connected.`,
    kept: 'Your data and the earlier backups are as they were; no backup was made.',
    todo: 'Connect the disk, or choose the folder again.',
    issues: [],
  };
}

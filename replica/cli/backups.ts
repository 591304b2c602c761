// Backups: making, listing, checking and removing them; bringing one back, and saving what can be read of a damaged file.
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import type { BackupSettingsView, BackupsView, FileCheckView, SalvageView } from '../../shared/bridge/backup-views.ts';
import type { Problem } from '../../shared/bridge/problem.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import type { Result } from '../../shared/kernel/result.ts';
import { usualBackupFolder } from '../backup/backup-folder.ts';
import { restoreBackup, type RestoreOutcome } from '../backup/restore.ts';
import { salvage } from '../salvage/salvage.ts';
import { command, neededText, optionalCount, optionalText, toggle, type Command } from './command.ts';
import { iso, readableCount, readableNumberOf, readableTime, table } from './output.ts';
import { CommandFailure, wrongFlag } from './problem-of.ts';

const fileArgument = { name: 'file', help: 'the name of a listed backup, or a path' };

export const backupCommands: readonly Command[] = [
  command({
    words: 'backup make',
    help: 'Back up everything, now',
    flags: [],
    input: z.object({}),
    async answer(_given, context) {
      const made = await (await context.client()).backups.make();
      return {
        json: { ...made, madeAt: iso(made.madeAt) },
        text: `Backed up to ${made.file} (${readableBytes(made.bytes)}).`,
      };
    },
  }),
  command({
    words: 'backup list',
    help: 'The backups there are, newest first',
    flags: [],
    input: z.object({}),
    async answer(_given, context) {
      const view = await (await context.client()).backups.list();
      return { json: listJson(view), text: listText(view) };
    },
  }),
  command({
    words: 'backup check',
    help: 'Look at every part of a backup or another file; changes nothing',
    argument: fileArgument,
    flags: [],
    input: z.object({ file: neededText }),
    async answer({ file }, context) {
      const check = await (await context.client()).backups.check({ file: hereOrNamed(file) });
      return { json: checkJson(check), text: checkText(check), unusable: !check.restorable };
    },
  }),
  command({
    words: 'backup remove',
    help: 'Delete a listed backup',
    argument: { name: 'file', help: 'the name of a listed backup' },
    flags: [],
    input: z.object({ file: neededText }),
    async answer({ file }, context) {
      const name = basename(file);
      await (await context.client()).backups.remove({ name });
      return { json: { removed: name }, text: `Backup ${name} was deleted.` };
    },
  }),
  command({
    words: 'backup settings',
    help: 'Whether a backup is made every day, where, and how many are kept',
    flags: [
      ['--on', 'make one a day while Fuelgauge runs'],
      ['--off', 'make none by itself'],
      ['--keep-daily <count>', 'keep the last of each of so many days'],
      ['--keep-weekly <count>', 'and the last of each of so many weeks'],
      ['--folder <folder>', 'write backups to an existing folder, for instance on another disk'],
      ['--usual-folder', 'write them to the data folder'],
    ],
    input: z
      .object({
        on: toggle,
        off: toggle,
        keepDaily: optionalCount,
        keepWeekly: optionalCount,
        folder: optionalText,
        usualFolder: toggle,
      })
      .refine(({ on, off }) => !(on === true && off === true), { path: ['on'], error: 'cannot be combined with --off' })
      .refine(({ folder, usualFolder }) => folder === undefined || usualFolder !== true, {
        path: ['folder'],
        error: 'cannot be combined with --usual-folder',
      }),
    async answer({ on, off, keepDaily, keepWeekly, folder, usualFolder }, context) {
      const { backups } = await context.client();
      const given = {
        ...(on === true || off === true ? { on: on === true } : {}),
        ...(keepDaily === undefined ? {} : { keepDaily }),
        ...(keepWeekly === undefined ? {} : { keepWeekly }),
        ...(folder === undefined ? {} : { folder: resolve(folder) }),
        ...(usualFolder === true ? { folder: null } : {}),
      };
      const settings = Object.keys(given).length === 0 ? await backups.settings() : await backups.setSettings(given);
      return { json: { ...settings }, text: settingsText(settings) };
    },
  }),
  command({
    words: 'backup restore',
    help: 'Put a backup in the place of the data, which is kept',
    argument: fileArgument,
    flags: [],
    input: z.object({ file: neededText }),
    async answer({ file }, context) {
      const outcome = await context.onFiles<RestoreOutcome>({
        onFiles: async (dataDir) =>
          valueOf(await restoreBackup({ dataDir, file: listedOrPath(dataDir, file), at: now() })),
        throughOwner: ({ recovery }) => recovery.restore({ file: hereOrNamed(file) }),
      });
      return { json: restoreJson(outcome), text: restoreText(outcome) };
    },
  }),
  command({
    words: 'salvage',
    help: 'Save what can be read of damaged data into a new database; the damaged files are kept',
    flags: [['--file <file>', 'read this file instead of the data']],
    input: z.object({ file: optionalText }),
    async answer({ file }, context) {
      const report = await context.onFiles<SalvageView>({
        onFiles: async (dataDir) => {
          const given = file === undefined ? undefined : listedOrPath(dataDir, file);
          const onProgress = (done: number, total: number): void =>
            context.showProgress(`Saving: ${readableCount(done)} of ${readableCount(total)} rows`);
          return valueOf(await salvage({ dataDir, file: given, at: now(), onProgress }));
        },
        throughOwner: async ({ recovery }) =>
          (await recovery.salvage(file === undefined ? {} : { file: hereOrNamed(file) })).report,
      });
      context.showProgress('');
      return { json: salvageJson(report), text: salvageText(report) };
    },
  }),
];

function now(): Instant {
  return instant(Date.now());
}

function valueOf<Value>(result: Result<Value, Problem>): Value {
  if (result.ok) return result.value;
  throw new CommandFailure(result.error);
}

/** The owner of the data may run in another folder than this command. */
function hereOrNamed(file: string): string {
  return existsSync(file) ? resolve(file) : file;
}

function listedOrPath(dataDir: string, file: string): string {
  const listed = join(usualBackupFolder(dataDir), file);
  if (basename(file) === file && existsSync(listed)) return listed;
  if (existsSync(file)) return resolve(file);
  throw wrongFlag('FILE', `${file} is no backup in ${usualBackupFolder(dataDir)} and no file; give the full path`);
}

function listJson(view: BackupsView) {
  const { folder, settings, lastFailure, nextDueAt } = view;
  return {
    folder,
    settings,
    lastFailure: lastFailure && { ...lastFailure, at: iso(lastFailure.at) },
    nextDueAt: iso(nextDueAt),
    backups: view.backups.map((backup) => ({ ...backup, madeAt: iso(backup.madeAt) })),
  };
}

function listText({ folder, backups, lastFailure }: BackupsView): string {
  const rows = backups.map(({ name, madeAt, bytes }) => [name, readableTime(madeAt), readableBytes(bytes)]);
  return [
    backups.length === 0 ? `There is no backup in ${folder} yet.` : `Folder  ${folder}`,
    ...(rows.length === 0 ? [] : [table(rows, ['left', 'left', 'right'])]),
    ...(lastFailure === null
      ? []
      : [`The last attempt failed (${readableTime(lastFailure.at)}): ${lastFailure.message}`]),
  ].join('\n');
}

function checkJson(check: FileCheckView) {
  const { newestTransaction: newest } = check;
  return {
    ...check,
    firstRecordedAt: iso(check.firstRecordedAt),
    lastRecordedAt: iso(check.lastRecordedAt),
    newestTransaction: newest && { ...newest, occurredAt: iso(newest.occurredAt), recordedAt: iso(newest.recordedAt) },
  };
}

function checkText(check: FileCheckView): string {
  const verdict = check.ok
    ? `${check.file} is whole.`
    : check.restorable
      ? `${check.file} can be restored; some of its rows cannot be read.`
      : `${check.file} cannot be restored.`;
  const lastAt = check.lastRecordedAt === null ? '' : `, the last recorded on ${readableTime(check.lastRecordedAt)}`;
  return [
    verdict,
    ...check.faults.map(({ message }) => `- ${message}`),
    ...(check.restorable
      ? [`${readableNumberOf(check.transactions, 'transaction')}${lastAt}`, ...workspacesText(check)]
      : []),
  ].join('\n');
}

function workspacesText({ workspaces }: FileCheckView): readonly string[] {
  const rows = workspaces.map(({ name, transactions }) => [name, readableNumberOf(transactions, 'transaction')]);
  return rows.length === 0 ? [] : [table(rows, ['left', 'right'])];
}

function settingsText({ on, keepDaily, keepWeekly, folder }: BackupSettingsView): string {
  return [
    on ? 'A backup is made every day on which something was written.' : 'No backup is made by itself.',
    `Kept: the last of each of ${readableNumberOf(keepDaily, 'day')} and ${readableNumberOf(keepWeekly, 'week')}.`,
    folder === null ? 'They lie in the data folder.' : `They lie in ${folder}.`,
  ].join('\n');
}

function restoreJson({ check, before }: RestoreOutcome) {
  return {
    restored: checkJson(check),
    before: {
      kind: before.kind,
      file: before.kind === 'backup' ? before.backup.file : before.kind === 'folder' ? before.folder : null,
    },
  };
}

function restoreText({ check, before }: RestoreOutcome): string {
  const kept =
    before.kind === 'backup'
      ? `What was there before is kept as ${before.backup.file}.`
      : before.kind === 'folder'
        ? `The files that were there before are kept in ${before.folder}.`
        : 'There was no data before.';
  return [
    `Restored ${check.file}: ${readableNumberOf(check.transactions, 'transaction')}.`,
    ...workspacesText(check),
    kept,
  ].join('\n');
}

function salvageJson(report: SalvageView) {
  return {
    ...report,
    lost: report.lost.map((row) => ({ ...row, occurredAt: iso(row.occurredAt) })),
    lostFrom: iso(report.lostFrom),
    lostTo: iso(report.lostTo),
    backup: report.backup && { ...report.backup, madeAt: iso(report.backup.madeAt) },
  };
}

function salvageText({
  transactions,
  documents,
  lostTotal,
  lostFrom,
  lostTo,
  brokenPlaces,
  setAside,
}: SalvageView): string {
  const when =
    lostFrom === null || lostTo === null ? '' : `, from ${readableTime(lostFrom)} to ${readableTime(lostTo)}`;
  return [
    `Saved: ${readableNumberOf(transactions, 'transaction')} of ${readableNumberOf(documents['workspaces'] ?? 0, 'workspace')}.`,
    lostTotal === 0
      ? 'No row is known to be lost.'
      : `Lost: ${readableNumberOf(lostTotal, 'row')} that cannot be read${when}.`,
    ...(brokenPlaces === 0 ? [] : [`${readableNumberOf(brokenPlaces, 'place')} of the file could not be read.`]),
    ...(setAside === null ? [] : [`The damaged files are kept in ${setAside}.`]),
  ].join('\n');
}

function readableBytes(bytes: number): string {
  return bytes < 1_000_000
    ? `${readableCount(Math.ceil(bytes / 1_000))} kB`
    : `${readableCount(Math.ceil(bytes / 1_000_000))} MB`;
}

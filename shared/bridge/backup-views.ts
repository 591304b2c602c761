import type { Instant } from '../kernel/instant.ts';

/** Why a backup was made. */
export const backupReasons = ['manual', 'scheduled', 'before-restore', 'before-migration', 'salvage'] as const;
export type BackupReason = (typeof backupReasons)[number];

/** A backup in the folder of backups: one file that holds everything. */
export interface BackupView {
  /** `fuelgauge-20261120T101500Z-scheduled.sqlite` */
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
  readonly reason: BackupReason;
  readonly madeAt: Instant;
  readonly bytes: number;
}

/** What is wrong with a file that is to be restored, as far as one can tell from outside. */
export type FileFaultKind =
  /** There is no file, or it is a folder, or it cannot be read. */
  | 'unreadable'
  | 'empty'
  /** No database, or one of another program. */
  | 'foreign'
  /** Written by a later version of Fuelgauge. */
  | 'newer'
  /** The database is broken. */
  | 'damaged'
  /** A part that every file of Fuelgauge has is missing. */
  | 'incomplete'
  /** The database is whole, and some of its rows cannot be read. */
  | 'unreadable-rows';

export interface FileFault {
  readonly kind: FileFaultKind;
  /** For the person: what is wrong. */
  readonly message: string;
}

/** What a look at every part of a file has found. Nothing of the file or beside it is changed by it. */
export interface FileCheckView {
  /** Absolute path. */
  readonly file: string;
  /** No fault at all. */
  readonly ok: boolean;
  /** Whether it may replace the data: the database is whole, though rows may be in it that nobody can read. */
  readonly restorable: boolean;
  readonly faults: readonly FileFault[];
  readonly bytes: number;
  /** By name; those that can be read. */
  readonly workspaces: readonly { readonly id: string; readonly name: string; readonly transactions: number }[];
  /** Documents of each collection, deleted ones left out. */
  readonly documents: Readonly<Record<string, number>>;
  readonly transactions: number;
  readonly firstRecordedAt: Instant | null;
  readonly lastRecordedAt: Instant | null;
  /** The line that was recorded last. */
  readonly newestTransaction: {
    readonly id: string;
    readonly kind: string;
    readonly occurredAt: Instant;
    readonly recordedAt: Instant;
  } | null;
}

export interface BackupSettingsView {
  /** Whether backups are made by themselves, one a day. */
  readonly on: boolean;
  /** Of the scheduled ones, the last of each of so many days is kept. */
  readonly keepDaily: number;
  /** And the last of each of so many weeks. */
  readonly keepWeekly: number;
  /** Absolute path; null keeps them in the data folder. */
  readonly folder: string | null;
}

export interface BackupFailureView {
  readonly at: Instant;
  readonly reason: BackupReason;
  /** For the person: what happened, what was kept, what to do. */
  readonly message: string;
}

export interface BackupsView {
  /** Where backups are written; absolute path. */
  readonly folder: string;
  /** Newest first. */
  readonly backups: readonly BackupView[];
  readonly settings: BackupSettingsView;
  /** Set when the last attempt failed; the next success takes it away. */
  readonly lastFailure: BackupFailureView | null;
  /** When the next scheduled one is due if something is written until then; null when the schedule is off. */
  readonly nextDueAt: Instant | null;
}

/** What was read of a damaged file and is in the data now. */
export interface SalvageView {
  /** The file that was read; absolute path. */
  readonly file: string;
  /** Documents of each collection that were read. */
  readonly documents: Readonly<Record<string, number>>;
  readonly transactions: number;
  /** The first 1,000 rows of which is known that they were there and cannot be read; `lostTotal` counts all. */
  readonly lost: readonly { readonly collection: string; readonly id: string; readonly occurredAt: Instant | null }[];
  readonly lostTotal: number;
  /** When the first and the last of the lost transactions happened, as far as it is known. */
  readonly lostFrom: Instant | null;
  readonly lostTo: Instant | null;
  /** Pages and rows that could not be read, whatever was on them. 0 says that nothing is missing. */
  readonly brokenPlaces: number;
  /** The folder with the damaged files; null when there were none in the data folder. */
  readonly setAside: string | null;
  /** A backup of what was salvaged; null when it could not be made. */
  readonly backup: BackupView | null;
}

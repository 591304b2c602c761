// Files of earlier versions of the program, brought to the present one before they are opened.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { backup, type DatabaseSync } from 'node:sqlite';
import { migratedCollection, type MigratedCollection } from '../storage-sqlite/collection-migration.ts';
import { migrateFile, pendingMigrations, type MigrationProgress } from '../storage-sqlite/migrate-file.ts';
import { openForReading } from '../storage-sqlite/open-for-reading.ts';
import { SqliteStorageError } from '../storage-sqlite/storage-error.ts';
import type { CollectionDefinitions } from './collections.ts';

export interface KeptCopy {
  readonly file: string;
  /** Whether it was made for this attempt; else it was there already. */
  readonly isNew: boolean;
}

/** What goes with a migration beside the documents themselves. */
export interface MigrationSurroundings {
  /** Keeps a copy of a file that nobody has open, before anything in it changes. When it throws, nothing is migrated. */
  readonly keepCopy: (file: string) => Promise<KeptCopy>;
  /** Called inside the migration's transaction: forgets what was worked out from the documents as they were. */
  readonly onMigrated: (database: DatabaseSync) => void;
  readonly onProgress?: ((progress: MigrationProgress) => void) | undefined;
}

/**
 * Brings a file of earlier schema versions to those of `definitions`; does nothing with any other. It is wholly old or
 * wholly new, whatever ends the process on the way, and a copy of the old one is kept first.
 * @throws SqliteStorageError `newer-format` for a file of a later version; any other code when it stayed as it was.
 */
export async function bringUpToDate(
  file: string,
  definitions: CollectionDefinitions,
  { keepCopy, onMigrated, onProgress }: MigrationSurroundings,
): Promise<void> {
  const collections = migratedCollections(definitions);
  if (pendingMigrations(file, collections).length === 0) return;
  const copy = await keepCopy(file);
  try {
    await migrateFile({ file, collections, onMigrated, onProgress });
  } catch (error) {
    // The file itself is what the copy holds, and a full disk needs the space. After any other failure, that of a disk for
    // one, the copy may be all that is whole.
    const full = error instanceof SqliteStorageError && error.code === 'disk-full';
    if (full && copy.isNew) rmSync(copy.file, { force: true });
    throw error;
  }
}

/** A file of the present versions that holds the same, and whether it is another one, to be removed when done. */
export interface ReadableFile {
  readonly file: string;
  readonly dispose: () => void;
}

/** The same for a file that must not be touched: what is of an earlier version is read in a migrated copy. */
export async function broughtUpToDateElsewhere(
  file: string,
  definitions: CollectionDefinitions,
  onMigrated: MigrationSurroundings['onMigrated'],
): Promise<ReadableFile> {
  const collections = migratedCollections(definitions);
  if (pendingMigrations(file, collections).length === 0) return { file, dispose: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'fuelgauge-migrated-'));
  const dispose = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, basename(file));
    await backUp(file, copy);
    await migrateFile({ file: copy, collections, onMigrated });
    return { file: copy, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

async function backUp(file: string, copy: string): Promise<void> {
  const source = openForReading(file, lockWaitMs);
  try {
    await backup(source.database, copy);
  } finally {
    source.database.close();
    source.dispose();
  }
}

function migratedCollections(definitions: CollectionDefinitions): readonly MigratedCollection[] {
  const { transactions, ...records } = definitions;
  return [
    migratedCollection('transactions', transactions.schema, transactions.steps),
    ...Object.entries(records).map(([name, { schema, steps }]) => migratedCollection(name, schema, steps)),
  ];
}

const lockWaitMs = 2_000;

import { statSync } from 'node:fs';
import { v5, v7 } from 'uuid';
import packageJson from '../package.json' with { type: 'json' };
import { instant, type Clock, type Every } from '../shared/kernel/instant.ts';
import { naturalKeyNamespace, type Ids } from '../shared/kernel/id.ts';
import type { CollectionDefinitions } from './database/collections.ts';
import { makeLedgerIndex } from './database/ledger-index.ts';
import { databaseFile } from './database/data-directory.ts';
import { openDatabase } from './database/open-database.ts';
import { addSqlFunctions } from './database/stored-rows.ts';
import { createPoolBalances } from './projections/pool-balances.ts';
import { forgetProjections, type Projection } from './projections/projection.ts';
import { createUsageRollup, type UsageRollup } from './projections/usage-rollup.ts';
import { listBackups, usualBackupFolder } from './backup/backup-folder.ts';
import { BackupKeeper } from './backup/backup-keeper.ts';
import { keepBeforeMigration } from './backup/before-migration.ts';
import { finishReplacing } from './backup/replace-database.ts';
import { fileSecrets, secretsFile } from './secrets/file-secrets.ts';
import type { SecretStore } from './secrets/secret-store.ts';
import { storageErrorIn } from './services/problems.ts';
import { createRouter, type Router } from './router.ts';
import { AlertEngine } from './services/alerts.ts';
import { readyHolidays } from './services/calendar.ts';
import { storeShippedCatalogues } from './services/catalogues.ts';
import { resumeImports, uploadsToResume, type ResumedImport } from './services/import-usage.ts';
import type { CheckpointPace } from './services/pool-ledgers.ts';
import { ReplicaState } from './services/replica-state.ts';
import { SampleTeam } from './services/sample-team.ts';
import { syncHooks } from './services/sync-hooks.ts';
import type { MigrationProgress } from './storage-sqlite/migrate-file.ts';
import { SqliteStorageError } from './storage-sqlite/storage-error.ts';
import type { SqliteWrite } from './storage-sqlite/storage-sqlite.ts';
import { computerClocks } from './sync/clocks.ts';
import { SyncCenter } from './sync/sync-center.ts';
import { SyncedRows } from './sync/synced-rows.ts';
import { createUploadStore, refusingUploadStore } from './transfer/upload-store.ts';
import { WakeSignal } from './wake.ts';

/** One process's replica of the data: everything that the app can do, behind the contract. */
export interface Replica {
  readonly router: Router;
  readonly state: ReplicaState;
  /** Use per day, summed up beside the ledger. */
  readonly rollup: UsageRollup;
  /** All that is worked out from the ledger and kept beside it, in the order in which it is updated. */
  readonly projections: readonly Projection[];
  /** Imports that an earlier process was cut off from: they go on in the background, and are booked when this answers. */
  readonly resumed: Promise<readonly ResumedImport[]>;
  /** Backups of the data, on request and one a day. */
  readonly backups: BackupKeeper;
  /** Tells what was crossed, once. */
  readonly alerts: AlertEngine;
  /** A made-up company to look at. */
  readonly sample: SampleTeam;
  readonly secrets: SecretStore;
  readonly wake: WakeSignal;
  /** Servers, and the workspaces of them on this computer. */
  readonly sync: SyncCenter;
  /** Ends live views and closes the file. What was answered is on disk already. */
  readonly close: () => Promise<void>;
}

export interface OpenReplicaOptions {
  /** The data directory; it exists and this process holds its lock. */
  readonly dataDir: string;
  readonly shell?: 'electron' | 'browser' | 'command-line';
  readonly clock?: Clock;
  readonly ids?: Ids;
  /** Opens what is there and touches nothing of it: what writes is refused, what is computed besides stays in memory. */
  readonly readOnly?: boolean;
  /** Wakes up what is done from time to time; the computer's own timers unless given. */
  readonly every?: Every;
  /** Where secrets of this computer are kept; a file in the data directory unless the shell has something better. */
  readonly secrets?: SecretStore;
  /** Told which pages of an identity provider the person may be sent to while they sign in. */
  readonly onSignInPages?: (pages: readonly string[]) => void;
  /** What the shell tells of the network and of sleep; nothing unless given. */
  readonly wake?: WakeSignal;
  /** Tells how far a file of an earlier version has been brought to this one, while that is going on. */
  readonly onMigrating?: (progress: MigrationProgress) => void;
  /** Collections of a later version, for tests of migrations. */
  readonly collections?: CollectionDefinitions;
  /** How often the folding of a pool leaves something to go on from; the usual pace unless given. */
  readonly checkpointPace?: CheckpointPace;
}

/**
 * Opens the data of a directory. Fails with a `SqliteStorageError` whose message says what happened, what was kept and
 * what to do.
 */
export async function openReplica(options: OpenReplicaOptions): Promise<Replica> {
  const { dataDir, readOnly = false, clock = systemClock } = options;
  let state: ReplicaState | undefined;
  const rollup = createUsageRollup({ zoneOf: (id) => state?.timeZoneOf(id) ?? 'UTC', clock });
  const projections: readonly Projection[] = [rollup, createPoolBalances()];
  const ofComputer = surroundingsOf(options, clock);
  const syncedRows = new SyncedRows(ofComputer.clocks);
  if (!readOnly) finishReplacing(dataDir);
  refuseEmptied(dataDir);
  const database = await openDatabase({
    folder: dataDir,
    readOnly,
    collections: options.collections,
    migration: {
      keepCopy: (file) => keepBeforeMigration(file, { dataDir, at: clock() }),
      onMigrated: forgetProjections,
      onProgress: options.onMigrating,
    },
    onWrite: (write) => {
      for (const follower of [...projections, syncedRows]) follower.onWrite(write);
      if (rewritesLines(write)) state?.forgetLines();
    },
  });
  try {
    addSqlFunctions(database);
    makeLedgerIndex(database);
    if (!readOnly) await storeShippedCatalogues(database);
    state = ReplicaState.load({
      database,
      clock,
      ids: options.ids ?? uuids,
      shell: options.shell ?? 'browser',
      dataDirectory: dataDir,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      version: packageJson.version,
      checkpointPace: options.checkpointPace,
      projections,
      rollup,
      sync: new SyncCenter({ ...ofComputer, database, rows: syncedRows, hooks: syncHooks(() => state) }),
    });
    for (const projection of projections) projection.prepare(database);
    await readyHolidays(state.workspaces());
  } catch (error) {
    const { file } = database.connection;
    await database.close();
    throw storageErrorIn(error, file) ?? error;
  }
  const uploads = readOnly ? refusingUploadStore : createUploadStore(dataDir, uploadsToResume(database));
  const backups = new BackupKeeper({ database, dataDir, clock: state.clock });
  // A command is over before a backup would be due; whoever wants one asks for it.
  if (!readOnly && options.shell !== 'command-line') backups.start(options.every ?? systemTimer);
  const alerts = new AlertEngine(state, { readOnly });
  if (options.shell !== 'command-line') alerts.start(options.every ?? systemTimer, ofComputer.wake);
  const sample = new SampleTeam(state, { resumes: !readOnly && options.shell !== 'command-line' });
  const router = createRouter(state, { uploads, backups, alerts, sample });
  // A command syncs when it is asked to.
  const { sync } = state;
  if (options.shell !== 'command-line') sync.start();
  const closing = new AbortController();
  // What an earlier process was cut off from clearing away; what cannot be cleared now can be at the next start.
  const cleared = rollup.clearAway(database, closing.signal).catch(() => undefined);
  const resumed = readOnly ? Promise.resolve([]) : resumeImports(state, uploads, { closing: closing.signal });
  return {
    router,
    state,
    rollup,
    projections,
    resumed,
    backups,
    alerts,
    sample,
    secrets: ofComputer.secrets,
    wake: ofComputer.wake,
    sync,
    close: async () => {
      closing.abort();
      state.signal.close();
      await sync.close();
      await Promise.all([alerts.close(), backups.close(), sample.close(), resumed, cleared]);
      await state.inTurn(() => database.close());
    },
  };
}

/** What sync needs of the computer. */
function surroundingsOf({ dataDir, secrets, wake, onSignInPages, ids = uuids }: OpenReplicaOptions, clock: Clock) {
  return {
    onSignInPages: onSignInPages ?? (() => undefined),
    secrets: secrets ?? fileSecrets(secretsFile(dataDir)),
    wake: wake ?? new WakeSignal(),
    clock,
    clocks: computerClocks(clock),
    random: Math.random,
    freshId: () => ids.fresh(),
  };
}

/** A file of no bytes is made into new data; where there was data before, which the backups tell, that would hide it. */
function refuseEmptied(dataDir: string): void {
  const file = databaseFile(dataDir);
  if (statSync(file, { throwIfNoEntry: false })?.size !== 0) return;
  if (listBackups(usualBackupFolder(dataDir)).length === 0) return;
  throw new SqliteStorageError('damaged', file, new Error('it is empty, and there are backups of what was in it'));
}

/** Whether a write makes lines that were there others, or none. */
function rewritesLines({ table, changes }: SqliteWrite): boolean {
  return table.collectionName === 'transactions' && changes.some(({ previous }) => previous !== undefined);
}

/** Keeps no process alive. */
const systemTimer: Every = (everyMs, work) => {
  const timer = setInterval(work, everyMs).unref();
  return () => clearInterval(timer);
};

const systemClock: Clock = () => instant(Date.now());

const uuids: Ids = { fresh: () => v7(), ofName: idOfName };

/** The same id for the same name, everywhere. Half of a surrogate pair has no UTF-8 form, so it is written out. */
export function idOfName(name: string): string {
  return v5(name.isWellFormed() ? name : JSON.stringify(name), naturalKeyNamespace);
}

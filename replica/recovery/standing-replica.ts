// A replica that stands whatever happens to its file: it opens it, says what is wrong where that fails, and closes and
// opens it again, behind one router.
import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { implement, type AnyRouter } from '@orpc/server';
import packageJson from '../../package.json' with { type: 'json' };
import { contract, recoveryContract, type Contract } from '../../shared/bridge/contract.ts';
import type { BackupsView } from '../../shared/bridge/backup-views.ts';
import type { Problem } from '../../shared/bridge/problem.ts';
import { changesNothing } from '../../shared/bridge/changes-nothing.ts';
import type { RecoveryView, RestoredView, SalvagedView } from '../../shared/bridge/recovery.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import type { Result } from '../../shared/kernel/result.ts';
import type { ClaimError } from '../database/claim.ts';
import { databaseFile } from '../database/data-directory.ts';
import { openReplica, type OpenReplicaOptions, type Replica } from '../main.ts';
import { failure, failureOf } from '../router.ts';
import { folderIsClaimed } from '../backup/chosen-folder.ts';
import { fileProblem } from '../backup/file-failure.ts';
import { restoreBackup } from '../backup/restore.ts';
import { salvage } from '../salvage/salvage.ts';
import { ChangeSignal, everyWorkspace } from '../services/change-signal.ts';
import { ProblemError } from '../services/problems.ts';
import { closedBackupsRouter, closedFileNamed, listedBackups } from './closed-backups.ts';
import { desktopRouter, type DesktopShell } from './desktop-router.ts';
import { callIn, standingRouter, type StandingCall } from './standing-router.ts';
import { refusedWriting, troubleOf, troubleOfFolder, waysByReason, type Trouble } from './why-unopened.ts';

export interface StandingReplicaOptions extends OpenReplicaOptions {
  /**
   * Makes the data directory this process's own, or says why it cannot be; asked before each opening for writing. Without
   * it the directory is ours already.
   */
  readonly claim?: () => Result<unknown, ClaimError>;
  /** What the desktop app can do; without it the shell is none. */
  readonly desktop?: DesktopShell;
}

/** The whole contract of a data directory, whether or not its file can be opened. */
export interface StandingReplica {
  readonly router: Record<string, AnyRouter>;
  /** The same for callers in this process. */
  readonly client: ContractRouterClient<Contract>;
  /** How the data is now. */
  readonly status: () => RecoveryView;
  readonly close: () => Promise<void>;
}

/** What is open, and what is wrong where it is not open as usual. */
interface Standing {
  readonly replica: Replica | undefined;
  readonly trouble: Trouble | undefined;
}

/** Opens the data; where that fails it stands all the same and tells so. Never rejects because of the file. */
export async function openStandingReplica(options: StandingReplicaOptions): Promise<StandingReplica> {
  const desk = new Desk(options);
  await desk.open(options.readOnly === true ? 'reading' : 'writing');
  const recovery = recoveryRouter(desk);
  const desktop = desktopRouter(options.desktop);
  const answer = (call: StandingCall): Promise<unknown> => {
    switch (call.path[0]) {
      case 'recovery':
        return callIn({ recovery }, call);
      case 'desktop':
        return callIn({ desktop }, call);
      default:
        return desk.answer(call);
    }
  };
  return {
    router: standingRouter(contract, answer),
    client: createORPCClient<ContractRouterClient<Contract>>({
      call: (path, input, { signal }) => answer({ path, input, signal }),
    }),
    status: () => desk.status(),
    close: () => desk.close(),
  };
}

/** Where files are put in the place of the data, and when. */
interface ClosedPlace {
  readonly dataDir: string;
  readonly at: Instant;
  readonly backupFolder?: string;
}

/** Takes one turn after the other; every other call waits until none is under way. */
class Desk {
  readonly file: string;
  readonly signal = new ChangeSignal();
  readonly #options: StandingReplicaOptions;
  #standing: Standing = { replica: undefined, trouble: undefined };
  /** Stays through a turn, so that nobody takes data for lost that is only being opened again. */
  #mode: RecoveryView['mode'] = 'open';
  #busy: RecoveryView['busy'] = null;
  /** How backups were made when the data was last open. */
  #backups: BackupsView | undefined;
  #openings = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;
  readonly #restoring = new Map<string, Promise<RestoredView>>();
  readonly #salvaging = new Map<string, Promise<SalvagedView>>();

  constructor(options: StandingReplicaOptions) {
    this.#options = options;
    this.file = databaseFile(options.dataDir);
  }

  status(): RecoveryView {
    const { trouble } = this.#standing;
    return {
      mode: this.#mode,
      reason: trouble?.reason ?? null,
      problem: trouble?.problem ?? null,
      ways: trouble === undefined ? [] : waysByReason[trouble.reason].filter((way) => this.#leadsOn(way)),
      busy: this.#busy,
      openings: this.#openings,
      file: this.file,
      dataDirectory: this.#options.dataDir,
      version: packageJson.version,
    };
  }

  async answer(call: StandingCall): Promise<unknown> {
    // Another turn may have begun while this call waited for the last one.
    for (let turn = this.#turn; ; turn = this.#turn) {
      await turn;
      if (turn === this.#turn) break;
    }
    const { replica, trouble } = this.#standing;
    if (replica === undefined) {
      if (closedCalls.has(call.path.join('.'))) {
        return callIn(closedBackupsRouter(this.#options.dataDir, this.#folderOfBackups()), call);
      }
      throw failure(trouble?.problem ?? closedProblem);
    }
    if (trouble !== undefined && !changesNothing(call.path)) throw failure(refusedWriting(trouble));
    return callIn(replica.router, call);
  }

  /** Opens the data, for writing where that is possible; what is open like that already stays as it is. */
  async open(purpose: 'reading' | 'writing'): Promise<RecoveryView> {
    await this.#takeTurn('opening', async () => {
      const { replica, trouble } = this.#standing;
      if (replica !== undefined && (trouble !== undefined) === (purpose === 'reading')) return;
      await this.#letGo();
      await this.#open(purpose);
    });
    return this.status();
  }

  /** Restores a backup; the same one asked for again while that is under way is restored once. */
  restore(given: string): Promise<RestoredView> {
    return this.#once(this.#restoring, given, () => this.#restore(given));
  }

  /** Salvages the data, or the file that is given, once however often it is asked for meanwhile. */
  salvage(given: string | undefined): Promise<SalvagedView> {
    return this.#once(this.#salvaging, given ?? '', () => this.#salvage(given));
  }

  #once<Answer>(underWay: Map<string, Promise<Answer>>, key: string, begin: () => Promise<Answer>): Promise<Answer> {
    const known = underWay.get(key);
    if (known !== undefined) return known;
    const answer = begin().finally(() => underWay.delete(key));
    underWay.set(key, answer);
    return answer;
  }

  async #restore(given: string): Promise<RestoredView> {
    const restored = await this.#takeTurn('restoring', async () => {
      this.#refuseUnlessReplaceable('restore');
      const file = this.#fileNamed(given);
      // As of now, before what is restored brings settings of its own.
      this.#folderOfBackups();
      const before = this.#backups;
      const answer = await this.#onClosedFile((place) => restoreBackup({ ...place, file }));
      if (before !== undefined) await this.#goOnBackingUp(before);
      return answer;
    });
    if (!restored.ok) throw new ProblemError(restored.error);
    return { ...restored.value, status: this.status() };
  }

  async #salvage(given: string | undefined): Promise<SalvagedView> {
    const salvaged = await this.#takeTurn('salvaging', async () => {
      this.#refuseUnlessReplaceable('salvage');
      const file = given === undefined ? undefined : this.#fileNamed(given);
      return this.#onClosedFile((place) => salvage({ ...place, file }));
    });
    if (!salvaged.ok) throw new ProblemError(salvaged.error);
    return { report: salvaged.value, status: this.status() };
  }

  #fileNamed(given: string): string {
    const { dataDir } = this.#options;
    return closedFileNamed(given, dataDir, listedBackups(dataDir, this.#folderOfBackups()));
  }

  /** Data that is open for reading only because somebody asked for it, or that is not ours, is not replaced. */
  #refuseUnlessReplaceable(way: 'restore' | 'salvage'): void {
    const { trouble } = this.#standing;
    if (trouble !== undefined && !waysByReason[trouble.reason].includes(way)) throw failure(refusedWriting(trouble));
    const claimed = this.#options.claim?.();
    if (claimed?.ok === false) throw failure(refusedWriting(troubleOfFolder(claimed.error)));
  }

  /** The one that is chosen now; while nothing is open, the one that was chosen last. */
  #folderOfBackups(): string | undefined {
    const { replica } = this.#standing;
    try {
      if (replica !== undefined) this.#backups = replica.backups.view();
    } catch (error) {
      // Data that can no longer be asked is what a restore is for.
      if (fileProblem(error, this.file) === undefined) throw error;
    }
    return this.#backups?.folder;
  }

  /** Where backups go is a matter of this computer and this day, not of the data that was restored. */
  async #goOnBackingUp(before: BackupsView): Promise<void> {
    const { replica, trouble } = this.#standing;
    if (replica === undefined || trouble !== undefined) return;
    try {
      await replica.backups.goOnWith(before);
    } catch (error) {
      // The data is restored all the same; the settings are those that came with it.
      if (fileProblem(error, this.file) === undefined) throw error;
    }
  }

  /** Runs `work` while the file is closed, and opens whatever is there then. */
  async #onClosedFile<Answer>(work: (place: ClosedPlace) => Promise<Answer>): Promise<Answer> {
    const at = this.#options.clock?.() ?? instant(Date.now());
    const folder = this.#folderOfBackups();
    try {
      await this.#letGo();
      return await work({
        dataDir: this.#options.dataDir,
        at,
        // A chosen folder whose disk is not there would take what no list shows once it is.
        ...(folder === undefined || !folderIsClaimed(folder, this.#options.dataDir) ? {} : { backupFolder: folder }),
      });
    } finally {
      await this.#open('writing');
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await this.#takeTurn('opening', async () => {
      this.#closed = true;
      await this.#letGo();
    });
    this.signal.close();
  }

  #takeTurn<Answer>(busy: NonNullable<RecoveryView['busy']>, work: () => Promise<Answer>): Promise<Answer> {
    const turn = this.#turn.then(async () => {
      if (this.#closed) throw failure(closedProblem);
      this.#show(busy);
      try {
        return await work();
      } finally {
        this.#show(null);
      }
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #show(busy: RecoveryView['busy']): void {
    this.#busy = busy;
    this.signal.changed(everyWorkspace);
  }

  async #letGo(): Promise<void> {
    const { replica } = this.#standing;
    this.#folderOfBackups();
    this.#standing = { replica: undefined, trouble: this.#standing.trouble };
    await replica?.close();
  }

  async #open(purpose: 'reading' | 'writing'): Promise<void> {
    if (purpose === 'reading') return this.#openForReading(this.#standing.trouble ?? asked);
    const claimed = this.#options.claim?.();
    if (claimed?.ok === false) return this.#openForReading(troubleOfFolder(claimed.error));
    try {
      this.#stand({ replica: await openReplica({ ...this.#options, readOnly: false }), trouble: undefined });
    } catch (error) {
      const trouble = troubleOf(error, this.file);
      // Where only writing fails, everything can still be looked at.
      if (trouble.reason === 'read-only' || trouble.reason === 'disk-full') return this.#openForReading(trouble);
      this.#stand({ replica: undefined, trouble });
    }
  }

  async #openForReading(trouble: Trouble): Promise<void> {
    try {
      this.#stand({ replica: await openReplica({ ...this.#options, readOnly: true }), trouble });
    } catch (error) {
      this.#stand({ replica: undefined, trouble: trouble.problem === null ? troubleOf(error, this.file) : trouble });
    }
  }

  #stand(standing: Standing): void {
    this.#standing = standing;
    const { replica, trouble } = standing;
    this.#mode = replica === undefined ? 'unopened' : trouble === undefined ? 'open' : 'read-only';
    if (replica === undefined) return;
    this.#openings += 1;
    this.#folderOfBackups();
  }

  /** Reading only leads on from data that is not open at all. */
  #leadsOn(way: RecoveryView['ways'][number]): boolean {
    return way !== 'open-read-only' || this.#mode === 'unopened';
  }
}

function recoveryRouter(desk: Desk) {
  const to = implement(recoveryContract).use(async ({ next }) => {
    try {
      return await next();
    } catch (error) {
      throw failureOf(error, desk.file);
    }
  });
  return to.router({
    status: to.status.handler(() => desk.status()),
    live: to.live.handler(({ signal }) => statuses(desk, signal)),
    tryAgain: to.tryAgain.handler(() => desk.open('writing')),
    openReadOnly: to.openReadOnly.handler(() => desk.open('reading')),
    restore: to.restore.handler(({ input }) => desk.restore(input.file)),
    salvage: to.salvage.handler(({ input }) => desk.salvage(input.file)),
  });
}

async function* statuses(desk: Desk, signal: AbortSignal | undefined): AsyncGenerator<RecoveryView> {
  for await (const _tick of desk.signal.ticks(everyWorkspace, { signal, everyMs: everyMinuteMs })) yield desk.status();
}

const closedCalls: ReadonlySet<string> = new Set(['backups.list', 'backups.check']);

const asked: Trouble = { reason: 'asked', problem: null };

const closedProblem: Problem = {
  code: 'unavailable',
  message: 'Fuelgauge is closing its data.',
  kept: 'Everything that was confirmed is kept.',
  todo: 'Start Fuelgauge again.',
  issues: [],
};

const everyMinuteMs = 60_000;

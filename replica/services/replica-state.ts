import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import { assert } from '../../shared/kernel/assert.ts';
import { compareText, type Ids } from '../../shared/kernel/id.ts';
import type { Clock, Instant } from '../../shared/kernel/instant.ts';
import type { Change } from '../../shared/ledger/change.ts';
import type { WorkspaceRecord } from '../../shared/ledger/workspace-record.ts';
import { balanceOf } from '../../shared/ledger/balance-of.ts';
import type { Credits } from '../../shared/kernel/credits.ts';
import { poolOwnersAt } from '../../shared/ledger/pool-owners.ts';
import type { PoolLedger } from '../../shared/ledger/pool-ledger.ts';
import type { PoolState } from '../../shared/ledger/pool-state.ts';
import {
  indexTerms,
  planAt,
  scheduleOf,
  type AllotmentSchedule,
  type TermsIndex,
} from '../../shared/ledger/schedule.ts';
import type { SpendState } from '../../shared/ledger/spends.ts';
import type { Hold, Origin, Transaction, Usage } from '../../shared/ledger/transaction.ts';
import type { Entry, EntryKind } from '../../shared/protocol/entry.ts';
import { appendLines, appendRecords } from '../database/append.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { readLines, readRecords, tableNamed } from '../database/stored-rows.ts';
import type { Projection } from '../projections/projection.ts';
import type { UsageRollup } from '../projections/usage-rollup.ts';
import { allCatalogues } from './catalogues.ts';
import { ChangeSignal } from './change-signal.ts';
import { LedgerTallies } from './ledger-tally.ts';
import { PoolLedgers, type CheckpointPace } from './pool-ledgers.ts';
import type { SyncCenter } from '../sync/sync-center.ts';
import type { PoolPast } from './pool-past.ts';
import { notFound } from './problems.ts';
import { changeDocument, changeRecord, workspaceDocument, workspaceRecord, type Workspace } from './workspace.ts';

/** A pool of a workspace; `memberId` is null for a shared one. */
export interface Pool {
  readonly id: string;
  readonly memberId: string | null;
}

export interface ReplicaOptions {
  readonly database: OpenDatabase;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly shell: 'electron' | 'browser' | 'command-line';
  readonly dataDirectory: string;
  readonly timeZone: string;
  readonly version: string;
  readonly checkpointPace?: CheckpointPace | undefined;
  /** All that is worked out from the ledger and kept beside it. */
  readonly projections: readonly Projection[];
  readonly rollup: UsageRollup;
  /** Servers, and the workspaces of them on this computer. */
  readonly sync: SyncCenter;
}

/**
 * What all use cases work on: the database, the clock, and what has been read from the ledger so far. Whatever is kept
 * here is a cache of the database: dropping it costs time and changes nothing.
 */
export class ReplicaState {
  readonly database: OpenDatabase;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly options: ReplicaOptions;
  readonly signal = new ChangeSignal();
  /** How many lines of a ledger its filters select. */
  readonly tallies = new LedgerTallies();
  #catalogues: ReadonlyMap<string, Catalogue> = new Map();
  readonly #workspaces = new Map<string, Workspace>();
  readonly pools: PoolLedgers;
  readonly #poolIds = new Map<string, string>();
  readonly #lastRecordedAt = new Map<string, Instant | null>();
  #lastTurn: Promise<unknown> = Promise.resolve();
  #rewritten = 0;

  private constructor(options: ReplicaOptions) {
    this.database = options.database;
    this.clock = options.clock;
    this.ids = options.ids;
    this.options = options;
    this.pools = new PoolLedgers(options.database, options.clock, options.checkpointPace);
  }

  static load(options: ReplicaOptions): ReplicaState {
    const state = new ReplicaState(options);
    state.reload();
    return state;
  }

  /** Reads catalogues and workspaces anew. A workspace that cannot be read is passed over and noted. */
  reload(): void {
    const { database } = this;
    this.#catalogues = allCatalogues(database);
    const changes = readRecords(database, 'changes').flatMap((document) => {
      const change = changeRecord(document);
      if (!change) database.damaged.note('changes', document.id);
      return change ?? [];
    });
    const changesByWorkspace = Map.groupBy(changes, (change) => change.workspaceId);
    this.#workspaces.clear();
    this.pools.clear();
    this.#lastRecordedAt.clear();
    this.tallies.clear();
    for (const document of readRecords(database, 'workspaces')) {
      const record = workspaceRecord(document);
      const known = record && this.#catalogues.has(record.platform);
      if (known) this.#remember(record, changesByWorkspace.get(record.id) ?? []);
      const index = this.#workspaces.get(document.id)?.index;
      if (index && hasPlan(index)) continue;
      this.#workspaces.delete(document.id);
      // Of one that is being pulled the rest is still to come.
      if (this.sync.workspace(document.id)?.body.pulled !== false) database.damaged.note('workspaces', document.id);
    }
  }

  /**
   * Runs `work` once everything that was asked for before it is done. What reads, decides and then writes takes a turn:
   * otherwise two calls at once would both decide on what only one of them may have.
   */
  inTurn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const turn = this.#lastTurn.then(work);
    this.#lastTurn = turn.catch(() => undefined);
    return turn;
  }

  catalogue(platform: string): Catalogue {
    const catalogue = this.#catalogues.get(platform);
    if (!catalogue) throw notFound('platform', platform);
    return catalogue;
  }

  catalogues(): readonly Catalogue[] {
    return [...this.#catalogues.values()];
  }

  /** Oldest first. */
  workspaces(): readonly Workspace[] {
    return [...this.#workspaces.values()].sort(
      (left, right) => left.createdAt - right.createdAt || compareText(left.id, right.id),
    );
  }

  workspace(id: string): Workspace {
    const workspace = this.#workspaces.get(id);
    if (!workspace) throw notFound('workspace', id);
    return workspace;
  }

  timeZoneOf(workspaceId: string): string {
    const known = this.#workspaces.get(workspaceId)?.timeZone;
    if (known !== undefined) return known;
    // One whose plan has not been pulled yet.
    const [document] = readRecords(this.database, 'workspaces', 'id=?', [workspaceId]);
    return (document && workspaceRecord(document)?.timeZone) ?? 'UTC';
  }

  get sync(): SyncCenter {
    return this.options.sync;
  }

  /**
   * Takes over entries that came from another device, once they are in the file. A workspace is known as soon as its
   * plan is there.
   */
  takeOver(workspaceId: string, entries: readonly Entry[]): void {
    const changes = entries.flatMap((entry) => (entry.kind === 'change' ? [entry.change] : []));
    const lines = entries.flatMap((entry) => (entry.kind === 'line' ? [entry.line] : []));
    if (entries.some(({ kind }) => kind === 'catalogue')) this.reload();
    else if (changes.length > 0 || entries.some(({ kind }) => kind === 'workspace')) {
      this.#readWorkspace(workspaceId);
      this.#reschedulePools(workspaceId, changes);
    }
    if (lines.length > 0) this.#lastRecordedAt.delete(workspaceId);
    if (lines.length > linesAddedMax) this.pools.clear();
    else for (const line of lines) this.pools.add(line);
    this.signal.changed(workspaceId);
  }

  /** What is known of a workspace is read anew: entries of these kinds are no longer there. */
  takeAway(workspaceId: string, kinds: ReadonlySet<EntryKind>): void {
    if (kinds.has('change') || kinds.has('workspace') || kinds.has('catalogue')) this.reload();
    this.signal.changed(workspaceId);
  }

  #readWorkspace(workspaceId: string): void {
    const [document] = readRecords(this.database, 'workspaces', 'id=?', [workspaceId]);
    const record = document && workspaceRecord(document);
    if (!record || !this.#catalogues.has(record.platform)) return;
    const changes = readRecords(this.database, 'changes', '"workspaceId"=?', [workspaceId]);
    this.#remember(
      record,
      changes.flatMap((change) => changeRecord(change) ?? []),
    );
    const index = this.#workspaces.get(workspaceId)?.index;
    if (index && !hasPlan(index)) this.#workspaces.delete(workspaceId);
  }

  /**
   * Makes a workspace known with its changes and writes them; the workspace itself is written last. Many lines are
   * written in pieces, between which `giveWay` lets others have their answers; what it throws ends that.
   */
  async addWorkspace(
    record: WorkspaceRecord,
    changes: readonly Change[],
    lines: readonly Transaction[],
    giveWay: () => Promise<void> = async () => undefined,
  ): Promise<void> {
    this.#remember(record, changes);
    try {
      await appendRecords(this.database, 'changes', changes.map(changeDocument));
      for (let from = 0; from < lines.length; from += linesAtOnce) {
        await appendLines(this.database, lines.slice(from, from + linesAtOnce));
        await giveWay();
      }
      await appendRecords(this.database, 'workspaces', [workspaceDocument(record)]);
    } catch (error) {
      this.#workspaces.delete(record.id);
      throw error;
    }
    // Whoever has asked in between knows nothing of these lines.
    this.#lastRecordedAt.delete(record.id);
    for (const line of lines) this.pools.add(line);
    this.signal.changed(record.id);
  }

  /** How many times lines that were there became others, or none. Whoever works on lines for long looks at it again. */
  get rewritten(): number {
    return this.#rewritten;
  }

  /**
   * Called in the transaction of a write that makes lines others, or none. Lines are only ever added, but for those of a
   * sample team and those that something else rewrites in the file: what was read of these is no longer true.
   */
  forgetLines(): void {
    this.#rewritten += 1;
    this.pools.clear();
    this.tallies.clear();
    this.#lastRecordedAt.clear();
  }

  forgetWorkspace(workspaceId: string): void {
    this.#workspaces.delete(workspaceId);
    this.pools.clear();
    this.#lastRecordedAt.delete(workspaceId);
    this.tallies.clear();
    this.signal.changed(workspaceId);
  }

  async appendChanges(workspaceId: string, changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    await appendRecords(this.database, 'changes', changes.map(changeDocument));
    const workspace = this.workspace(workspaceId);
    this.#remember(workspace.record, [...workspace.changes, ...changes]);
    this.#reschedulePools(workspaceId, changes);
    this.signal.changed(workspaceId);
  }

  /** Writes lines durably, then moves what is cached forward. */
  async appendLines(workspaceId: string, lines: readonly Transaction[]): Promise<readonly string[]> {
    const { alreadyThere } = await appendLines(this.database, lines);
    const skipped = new Set(alreadyThere);
    if (skipped.size < lines.length) this.#lastRecordedAt.delete(workspaceId);
    for (const line of lines) if (!skipped.has(line.id)) this.pools.add(line);
    this.signal.changed(workspaceId);
    return alreadyThere;
  }

  /**
   * Takes over the ledgers of pools that were put together elsewhere, of everything that is booked; null forgets what is
   * kept of a pool. Tells live views.
   */
  adoptPools(workspaceId: string, folded: readonly FoldedElsewhere[]): void {
    for (const one of folded) this.pools.adopt(workspaceId, one);
    this.#lastRecordedAt.delete(workspaceId);
    this.signal.changed(workspaceId);
  }

  /** The pool that a member's use at `at` burns from. */
  poolOf(workspace: Workspace, memberId: string | null, at: Instant): Pool {
    const { plan } = planAt(workspace.index, at);
    const owner = plan.poolScope === 'member' ? memberId : null;
    return { id: this.#poolId(workspace.id, owner), memberId: owner };
  }

  /** The pool that a line burns from: the one that it was written for, whatever the plan has become since. */
  poolOfLine(line: Pick<Transaction, 'workspaceId' | 'poolId'> & { readonly memberId: string | null }): Pool {
    const shared = line.poolId === this.#poolId(line.workspaceId, null);
    return { id: line.poolId, memberId: shared ? null : line.memberId };
  }

  /** All pools of a workspace at an instant: one, or one per member who may hold one. */
  poolsOf(workspace: Workspace, at: Instant): readonly Pool[] {
    return poolOwnersAt(workspace.index, at).map((memberId) => this.poolOf(workspace, memberId, at));
  }

  /** Every pool that the workspace can ever have had, under whichever plan. */
  everyPoolOf(workspace: Workspace): readonly Pool[] {
    const owners = [null, ...workspace.index.members.keys()];
    return owners.map((memberId) => ({ id: this.#poolId(workspace.id, memberId), memberId }));
  }

  scheduleOf(workspace: Workspace, pool: Pool): AllotmentSchedule {
    return this.pools.scheduleOf(pool.id) ?? scheduleOf(workspace.index, pool.id, pool.memberId);
  }

  /** The ledger of a pool with every line that is booked, to be asked about `from` and later instants. */
  ledgerOf(workspace: Workspace, pool: Pool, from: Instant): PoolLedger {
    return this.pools.of(pool, from, { workspaceId: workspace.id, index: workspace.index });
  }

  /** The pool as of now. Never kept by the caller: the next line or question moves it. */
  poolNow(workspace: Workspace, pool: Pool): PoolState {
    return this.poolAt(workspace, pool, this.clock());
  }

  /** The pool as it stood, or will stand, at any instant. Never kept by the caller. */
  poolAt(workspace: Workspace, pool: Pool, asOf: Instant): PoolState {
    const past = this.#pastOf(workspace, pool, asOf);
    return past ? past.stateAt(asOf) : this.ledgerOf(workspace, pool, asOf).stateAt(asOf);
  }

  /** As `poolAt`, with every spend from an instant on: an older one is left out, and looking for it throws. */
  poolSince(workspace: Workspace, pool: Pool, given: { readonly from: Instant; readonly asOf: Instant }): PoolState {
    const { from, asOf } = given;
    return this.ledgerOf(workspace, pool, from < asOf ? from : asOf).stateAt(asOf);
  }

  /** A use or a hold as it stands now; undefined before it begins. */
  spendOf(
    workspace: Workspace,
    line: Pick<Usage | Hold, 'id' | 'occurredAt'> & Parameters<ReplicaState['poolOfLine']>[0],
  ): SpendState | undefined {
    const { id, occurredAt: from } = line;
    const pool = this.poolOfLine(line);
    const unchanged = this.#pastOf(workspace, pool, from)?.spend(id, from, this.clock);
    return unchanged ?? this.poolSince(workspace, pool, { from, asOf: this.clock() }).spendById.get(id, from);
  }

  /** What was used of a pool, in the allotment period of an instant and up to there. */
  usedAt(workspace: Workspace, pool: Pool, at: Instant): Credits {
    return balanceOf(this.poolAt(workspace, pool, at), at).used;
  }

  /** Lines by SQL over the columns of the transactions; texts are compared with columns, not with documents. */
  linesWhere(where: string, parameters: readonly (string | number)[]): readonly Transaction[] {
    return [...readLines(this.database, where, parameters)];
  }

  line(id: string): Transaction | undefined {
    return this.linesWhere('id=?', [id])[0];
  }

  /** When the last line of a workspace was written down; null before the first one. */
  lastRecordedAt(workspaceId: string): Instant | null {
    const known = this.#lastRecordedAt.get(workspaceId);
    if (known !== undefined) return known;
    const recently = this.database.connection.lastSequence() - recentWrites;
    const latest =
      this.linesWhere(recentWhere, [workspaceId, recently])[0] ??
      this.linesWhere(latestWhere(this.transactionsTable()), [workspaceId])[0];
    const at = latest?.recordedAt ?? null;
    this.#lastRecordedAt.set(workspaceId, at);
    return at;
  }

  transactionsTable(): string {
    const table = tableNamed(this.database, 'transactions');
    assert(table !== undefined, 'The transactions are open');
    return table;
  }

  #pastOf({ id, index }: Workspace, pool: Pool, at: Instant): PoolPast | null {
    return at < this.clock() ? this.pools.past(pool, at, { workspaceId: id, index }) : null;
  }

  #poolId(workspaceId: string, memberId: string | null): string {
    const name = `pool/${workspaceId}/${memberId ?? ''}`;
    const known = this.#poolIds.get(name);
    if (known !== undefined) return known;
    const id = this.ids.ofName(name);
    this.#poolIds.set(name, id);
    return id;
  }

  /** Pools whose allotments follow from what was changed are opened anew, under another schedule. */
  #reschedulePools(workspaceId: string, changes: readonly Change[]): void {
    const kinds = new Set(changes.map((change) => change.value.kind));
    const all = (['plan', 'seats', 'entered-allotment', 'add-on', 'time-zone'] as const).some((kind) =>
      kinds.has(kind),
    );
    if (!all && !kinds.has('member')) return;
    this.pools.forget(workspaceId, all ? 'all' : 'of-members');
  }

  #remember(record: WorkspaceRecord, changes: readonly Change[]): void {
    const catalogue = this.catalogue(record.platform);
    const index = indexTerms({
      workspaceId: record.id,
      catalogue,
      anchor: record.anchor,
      timeZone: record.timeZone,
      changes,
    });
    const { id, platform, anchor, sample, createdAt } = record;
    const plain = { id, platform, anchor, sample, createdAt, ...presentOf(record, index) };
    this.#workspaces.set(record.id, { ...plain, record, catalogue, changes, index });
  }
}

/** What was changed last holds, for the whole of the history: it is a way of looking and books nothing. [K3] [G12] */
function presentOf(
  record: WorkspaceRecord,
  index: TermsIndex,
): Pick<WorkspaceRecord, 'name' | 'timeZone' | 'weekStart'> {
  return {
    name: index.names.at(-1)?.value.name ?? record.name,
    timeZone: index.timeZone,
    weekStart: index.weekStarts.at(-1)?.value.weekStart ?? record.weekStart,
  };
}

/** Whether the workspace's plan is one that its catalogue knows: without one nothing about it can be told. */
function hasPlan(index: TermsIndex): boolean {
  const plans = index.terms.catalogue.versions.flatMap((version) => version.plans);
  const taken = index.plans.flatMap(({ value }) => value.planId ?? []);
  return taken.length > 0 && taken.every((id) => plans.some((plan) => plan.id === id));
}

/** A pool with its ledger, or null where nobody has put it together. */
export interface FoldedElsewhere {
  readonly pool: Pool;
  readonly ledger: PoolLedger | null;
}

/** The plus keeps SQLite from the index of the workspace, which it would have to sort: it goes back from the end. */
const recentWhere = '+"workspaceId"=? AND sequence>? ORDER BY sequence DESC LIMIT 1';
const recentWrites = 10_000;
/** With more lines at once it is quicker to open pools anew. */
const linesAddedMax = 200;
const linesAtOnce = 1_000;

/** Of a workspace in which nothing has happened for long, while others were busy: by its own index, without a row. */
function latestWhere(table: string): string {
  return `sequence=(SELECT max(sequence) FROM ${table} WHERE deleted=0 AND "workspaceId"=?)`;
}

/** Who does something, and through what. */
export interface Actor {
  readonly memberId: string | null;
  readonly origin: Origin;
}

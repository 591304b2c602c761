import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import { assert } from '../../shared/kernel/assert.ts';
import { compareText, type Ids } from '../../shared/kernel/id.ts';
import { latestInstant, type Clock, type Instant } from '../../shared/kernel/instant.ts';
import type { Change } from '../../shared/ledger/change.ts';
import { advance, applyLine, foldPool, isBehind, keyOf, type PoolState } from '../../shared/ledger/fold.ts';
import { indexTerms, planAt, scheduleOf, type AllotmentSchedule } from '../../shared/ledger/schedule.ts';
import type { Origin, Transaction } from '../../shared/ledger/transaction.ts';
import { appendLines, appendRecords } from '../database/append.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { fromDocument } from '../database/transaction-document.ts';
import { toColumnText } from '../storage-sqlite/column-text.ts';
import { allCatalogues } from './catalogues.ts';
import { ChangeSignal } from './change-signal.ts';
import { notFound } from './problems.ts';
import { changeDocument, changeRecord, workspaceDocument, workspaceRecord, type Workspace } from './workspace.ts';
import type { WorkspaceRecord } from './workspace.ts';

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
  #catalogues: ReadonlyMap<string, Catalogue> = new Map();
  readonly #workspaces = new Map<string, Workspace>();
  readonly #pools = new Map<string, CachedPool>();

  private constructor(options: ReplicaOptions) {
    this.database = options.database;
    this.clock = options.clock;
    this.ids = options.ids;
    this.options = options;
  }

  static async load(options: ReplicaOptions): Promise<ReplicaState> {
    const state = new ReplicaState(options);
    await state.reload();
    return state;
  }

  /** Reads catalogues and workspaces anew. */
  async reload(): Promise<void> {
    this.#catalogues = await allCatalogues(this.database);
    const [documents, changeDocuments] = await Promise.all([
      this.database.rx.workspaces.find().exec(),
      this.database.rx.changes.find().exec(),
    ]);
    const changesByWorkspace = Map.groupBy(
      changeDocuments.map((document) => changeRecord(document.toJSON())).filter((change) => change !== undefined),
      (change) => change.workspaceId,
    );
    this.#workspaces.clear();
    this.#pools.clear();
    for (const document of documents) {
      const record = workspaceRecord(document.toJSON());
      if (record) this.#remember(record, changesByWorkspace.get(record.id) ?? []);
    }
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
    return this.#workspaces.get(workspaceId)?.timeZone ?? 'UTC';
  }

  /** Makes a workspace known with its changes and writes them; the workspace itself is written last. */
  async addWorkspace(record: WorkspaceRecord, changes: readonly Change[], lines: readonly Transaction[]): Promise<void> {
    this.#remember(record, changes);
    try {
      await appendRecords(this.database, 'changes', changes.map(changeDocument));
      await appendLines(this.database, lines);
      await appendRecords(this.database, 'workspaces', [workspaceDocument(record)]);
    } catch (error) {
      this.#workspaces.delete(record.id);
      throw error;
    }
    this.signal.changed(record.id);
  }

  forgetWorkspace(workspaceId: string): void {
    this.#workspaces.delete(workspaceId);
    this.#pools.clear();
    this.signal.changed(workspaceId);
  }

  async appendChanges(workspaceId: string, changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    await appendRecords(this.database, 'changes', changes.map(changeDocument));
    const workspace = this.workspace(workspaceId);
    this.#remember(workspace, [...workspace.changes, ...changes]);
    this.#pools.clear(); // folding again costs milliseconds
    this.signal.changed(workspaceId);
  }

  /** Writes lines durably, then moves what is cached forward. */
  async appendLines(workspaceId: string, lines: readonly Transaction[]): Promise<readonly string[]> {
    const { alreadyThere } = await appendLines(this.database, lines);
    const skipped = new Set(alreadyThere);
    for (const line of lines.toSorted((left, right) => keyOf(left).at - keyOf(right).at)) {
      const pool = this.#pools.get(line.poolId);
      if (!pool || skipped.has(line.id)) continue;
      const key = keyOf(line);
      if (key.at > this.clock() || isBehind(pool.state, key)) this.#pools.delete(line.poolId);
      else applyLine(pool.state, line, key);
    }
    this.signal.changed(workspaceId);
    return alreadyThere;
  }

  /** The pool that a member's use at `at` burns from. */
  poolOf(workspace: Workspace, memberId: string | null, at: Instant): Pool {
    const { plan } = planAt(workspace.index, at);
    const owner = plan.poolScope === 'member' ? memberId : null;
    return { id: this.ids.ofName(`pool/${workspace.id}/${owner ?? ''}`), memberId: owner };
  }

  /** All pools of a workspace at an instant: one, or one per member who may hold one. */
  poolsOf(workspace: Workspace, at: Instant): readonly Pool[] {
    const { plan } = planAt(workspace.index, at);
    if (plan.poolScope !== 'member') return [this.poolOf(workspace, null, at)];
    const spenders = new Set(plan.roles.filter((role) => role.spends).map((role) => role.id));
    const pools: Pool[] = [];
    for (const [memberId, dated] of workspace.index.members) {
      const member = dated.findLast((entry) => entry.from <= at)?.value.member ?? dated[0]?.value.member;
      if (member && member.active && spenders.has(member.role)) pools.push(this.poolOf(workspace, memberId, at));
    }
    return pools;
  }

  scheduleOf(workspace: Workspace, pool: Pool): AllotmentSchedule {
    return this.#pools.get(pool.id)?.schedule ?? scheduleOf(workspace.index, pool.id, pool.memberId);
  }

  /** The pool as of now. Never kept by the caller: the next line moves it. */
  poolNow(workspace: Workspace, pool: Pool): PoolState {
    const now = this.clock();
    const known = this.#pools.get(pool.id);
    if (known && known.state.processedUntil <= now && now < known.refoldAt) {
      advance(known.state, now);
      return known.state;
    }
    const schedule = this.scheduleOf(workspace, pool);
    const lines = [...this.linesOf(pool.id)];
    const state = foldPool({ poolId: pool.id, schedule, lines, asOf: now });
    // Lines are in the order in which they happened, so the first one ahead of now is the next to count.
    const refoldAt = lines.find((line) => line.occurredAt > now)?.occurredAt ?? latestInstant;
    this.#pools.set(pool.id, { schedule, state, refoldAt });
    return state;
  }

  /** The pool as it stood, or will stand, at any instant. */
  poolAt(workspace: Workspace, pool: Pool, asOf: Instant): PoolState {
    const schedule = this.scheduleOf(workspace, pool);
    return foldPool({ poolId: pool.id, schedule, lines: this.linesOf(pool.id), asOf });
  }

  /** All lines of a pool, in the order in which they happened. Rows that are no lines are passed over. */
  linesOf(poolId: string): Iterable<Transaction> {
    return this.#query('"poolId"=? ORDER BY "occurredAt"', [poolId]);
  }

  /** Lines by SQL over the columns of the transactions; texts are compared with columns, not with documents. */
  linesWhere(where: string, parameters: readonly (string | number)[]): readonly Transaction[] {
    return [...this.#query(where, parameters)];
  }

  line(id: string): Transaction | undefined {
    return this.linesWhere('id=?', [id])[0];
  }

  transactionsTable(): string {
    const table = this.database.connection.tableOf('transactions');
    assert(table, 'The transactions are open');
    return table.quotedName;
  }

  *#query(where: string, parameters: readonly (string | number)[]): Iterable<Transaction> {
    const rows = this.database.connection.database
      .prepare(`SELECT document FROM ${this.transactionsTable()} WHERE deleted=0 AND ${where}`)
      .iterate(...parameters.map((value) => (typeof value === 'string' ? toColumnText(value) : value)));
    for (const row of rows) {
      const line = fromDocument(JSON.parse(String(row['document'])));
      if (line) yield line;
    }
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
    const { id, name, platform, anchor, timeZone, weekStart, sample, createdAt } = record;
    const plain = { id, name, platform, anchor, timeZone, weekStart, sample, createdAt };
    this.#workspaces.set(record.id, { ...plain, catalogue, changes, index });
  }
}

interface CachedPool {
  readonly schedule: AllotmentSchedule;
  readonly state: PoolState;
  /** When a line that is dated ahead begins to count. */
  readonly refoldAt: Instant;
}

/** Who does something, and through what. */
export interface Actor {
  readonly memberId: string | null;
  readonly origin: Origin;
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HeldLease } from '../../shared/entitlement/lease.ts';
import type { Clock } from '../../shared/kernel/instant.ts';
import { contentOf, unnamedDevice, type Authorship, type Entry, type EntryKind } from '../../shared/protocol/entry.ts';
import { wireBytes } from '../../shared/protocol/limits.ts';
import type { PulledDocument } from '../../shared/protocol/pull.ts';
import type { AcceptedRow, Conflict, PushRow } from '../../shared/protocol/push.ts';
import type { Verdict } from '../../shared/protocol/verdict.ts';
import type { DeviceState, DeviceStore, StoreWrite } from '../../shared/sync-engine/device-store.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { fromColumnText, toColumnText } from '../storage-sqlite/column-text.ts';
import type { SqliteConnection } from '../storage-sqlite/connection.ts';
import { EntryCollections } from './entry-collections.ts';
import { entryKinds, kindStoredAs, saysTheSame, storedKind } from './entry-documents.ts';
import { keepAside } from './aside.ts';
import { deviceKey, deviceOf } from './sync-tables.ts';
import { insertRow, type SyncedRows } from './synced-rows.ts';
import { changeWorkspaceRecord, workspaceRecordOf, type KeptLease, type WorkspaceRecord } from './workspace-records.ts';

/** Told after entries were written or taken away, before the next write. */
export interface StoreHooks {
  /** Entries that are new here, or other than they were; lines come after everything that they are understood with. */
  readonly written: (workspaceId: string, entries: readonly Entry[]) => void;
  /** Entries of these kinds are no longer there; `again`: they are about to be pulled anew. */
  readonly dropped: (workspaceId: string, kinds: ReadonlySet<EntryKind>, again: boolean) => void;
  /** Something else changed that a person may look at: the outbox, a verdict, a lease. */
  readonly changed: (workspaceId: string) => void;
}

/**
 * What a device knows of one workspace of a server, over the file: entries in the collections, everything else in tables
 * beside them. Each part of a write is one transaction, with what goes along with its entries; a write that was cut off in
 * between is asked for again, and finds what is there already.
 */
export class FileDeviceStore implements DeviceStore {
  readonly #entries: EntryCollections;
  readonly #clock: Clock;
  readonly #connection: SqliteConnection;
  readonly #workspaceId: string;
  readonly #hooks: StoreHooks;

  constructor(
    database: OpenDatabase,
    given: {
      readonly workspaceId: string;
      readonly rows: SyncedRows;
      readonly clock: Clock;
      readonly hooks: StoreHooks;
    },
  ) {
    this.#entries = new EntryCollections(database, given.rows);
    this.#clock = given.clock;
    this.#connection = database.connection;
    this.#workspaceId = given.workspaceId;
    this.#hooks = given.hooks;
  }

  /** @throws Error when the workspace was left meanwhile; a round that is under way ends with it. */
  record(): WorkspaceRecord {
    const record = workspaceRecordOf(this.#connection, this.#workspaceId);
    if (record === undefined) throw new WorkspaceLeft();
    return record;
  }

  async state(): Promise<DeviceState> {
    const { workspaceId, mark, body } = this.record();
    const { deviceId, checkpoint, access, forked } = body;
    const mayBringBack = access === 'company-admin' || access === 'team-lead';
    return { deviceId, workspaceId, checkpoint, mayBringBack, mark, forked };
  }

  async outbox(limit: { readonly rowsMax: number; readonly bytesMax: number }): Promise<readonly PushRow[]> {
    const { key, body } = this.record();
    // Which numbers were used already is known once everything was pulled.
    if (body.putBack) return [];
    const own = deviceKey(this.#connection, body.deviceId);
    const waiting = this.#connection
      .prepare(
        `SELECT id, kind, device, number FROM sync_row WHERE workspace=? AND confirmed=0
         ORDER BY device<>?, CASE WHEN device=? THEN number ELSE abs(place) END, id LIMIT ?`,
      )
      .all(key, own, own, limit.rowsMax);
    const rows: PushRow[] = [];
    let bytes = 0;
    for (const row of waiting) {
      const columnId = String(row['id']);
      const kind = kindStoredAs(row['kind']);
      const entry = this.#entries.entry(kind, columnId);
      // What cannot be read is told with all other damage, and everything else goes on.
      if (entry === undefined) continue;
      const by = { deviceId: deviceOf(this.#connection, Number(row['device'])), number: Number(row['number']) };
      const pushed = { id: fromColumnText(columnId), by, entry };
      bytes += wireBytes(JSON.stringify(pushed));
      if (bytes > limit.bytesMax && rows.length > 0) break;
      rows.push(pushed);
    }
    return rows;
  }

  /** Settles something about the workspace in one transaction. */
  async settle(work: (connection: SqliteConnection, record: WorkspaceRecord) => boolean): Promise<boolean> {
    const settled = this.#connection.transaction(() => work(this.#connection, this.record()));
    if (settled) this.#hooks.changed(this.#workspaceId);
    return settled;
  }

  async write(write: StoreWrite): Promise<void> {
    const record = this.record();
    switch (write.kind) {
      case 'documents':
        await this.#keepDocuments(record, write.documents);
        break;
      case 'checkpoint':
        this.#change(record, { checkpoint: write.checkpoint });
        break;
      case 'confirmed':
        await this.#confirm(record, write.accepted);
        break;
      case 'conflicts':
        for (const conflict of write.conflicts) await this.#giveWay(record, conflict);
        break;
      case 'requeue':
        await this.#requeue(record, write);
        break;
      case 'forget-pulled':
        await this.#forgetPulled(record);
        break;
      case 'leases':
        this.#change(record, { leases: this.#since(record, write.leases), mark: write.mark });
        break;
      case 'forked':
        this.#change(record, { forked: true });
        break;
    }
    this.#hooks.changed(this.#workspaceId);
  }

  /** With when each was first told of as it is. */
  #since({ leases: known }: WorkspaceRecord, leases: readonly HeldLease[]): readonly KeptLease[] {
    return leases.map((lease) => {
      const same = known.find(({ id, amount }) => id === lease.id && amount === lease.amount);
      return { ...lease, grownAt: same?.grownAt ?? this.#clock() };
    });
  }

  #change({ key }: WorkspaceRecord, changes: Parameters<typeof changeWorkspaceRecord>[2]): void {
    this.#connection.transaction(() => changeWorkspaceRecord(this.#connection, key, changes));
  }

  async #keepDocuments(record: WorkspaceRecord, documents: readonly PulledDocument[]): Promise<void> {
    const entries = documents.filter((document) => document.kind === 'entry');
    const known = this.#known(record, entries);
    const byKind = Map.groupBy(entries, ({ entry }) => entry.kind);
    for (const kind of entryKinds) {
      const { fresh = [], again = [] } = Object.groupBy(byKind.get(kind) ?? [], ({ entry }) =>
        known.has(toColumnText(contentOf(entry).id)) ? 'again' : 'fresh',
      );
      for (let from = 0; from < fresh.length; from += entriesAtOnce) {
        const written = await this.#insert(record, kind, fresh.slice(from, from + entriesAtOnce));
        if (written.length > 0) this.#hooks.written(this.#workspaceId, written);
        // Whoever asks for something meanwhile is answered in between.
        if (from + entriesAtOnce < fresh.length) await nextTurn();
      }
      const changed: Entry[] = [];
      for (const pulled of again) if (await this.#takeAgain(record, pulled)) changed.push(pulled.entry);
      if (changed.length > 0) this.#hooks.written(this.#workspaceId, changed);
    }
    const verdicts = documents.filter((document) => document.kind === 'verdict');
    const { plain = [], refused = [] } = Object.groupBy(verdicts, ({ verdict }) =>
      verdict.kind === 'refused' ? 'refused' : 'plain',
    );
    if (plain.length > 0) {
      this.#connection.transaction(() => {
        for (const { verdict, seq } of plain) this.#keepVerdict(record.key, verdict, seq);
      });
    }
    for (const { verdict, seq } of refused) await this.#judge(record, verdict, seq);
  }

  /** Which of the entries have a row here already, by their ids as the columns have them. */
  #known({ key }: WorkspaceRecord, entries: readonly PulledEntry[]): ReadonlySet<string> {
    const ids = entries.map(({ entry }) => toColumnText(contentOf(entry).id));
    const rows = this.#connection
      .prepare('SELECT id FROM sync_row WHERE workspace=? AND id IN (SELECT value FROM json_each(?))')
      .all(key, JSON.stringify(ids));
    return new Set(rows.map(({ id }) => String(id)));
  }

  /** Entries that are new here: with their rows in one transaction. It can be pulled again, and so may wait for the disk. */
  async #insert(record: WorkspaceRecord, kind: EntryKind, pulled: readonly PulledEntry[]): Promise<Entry[]> {
    if (pulled.length === 0) return [];
    const byId = new Map(pulled.map((document) => [contentOf(document.entry).id, document]));
    const insert = this.#connection.prepare(insertRow);
    const devices = new Map<string, number>();
    const keyOf = (deviceId: string): number => {
      const known = devices.get(deviceId) ?? deviceKey(this.#connection, deviceId);
      devices.set(deviceId, known);
      return known;
    };
    const follow = (id: string): void => {
      const document = byId.get(id);
      if (document === undefined) return;
      const { by, seq } = document;
      insert.run(record.key, toColumnText(id), storedKind(kind), keyOf(by.deviceId), by.number, seq, 1);
    };
    const there = await this.#entries.insert(
      kind,
      pulled.map(({ entry }) => entry),
      follow,
    );
    const written: Entry[] = [];
    for (const document of pulled) {
      if (!there.has(contentOf(document.entry).id) || (await this.#takeAgain(record, document))) {
        written.push(document.entry);
      }
    }
    return written;
  }

  /** An entry whose id is known here: the server's holds. Answers whether it says something else than what was here. */
  async #takeAgain(record: WorkspaceRecord, { entry, by, seq }: PulledEntry): Promise<boolean> {
    const { id } = contentOf(entry);
    const place = (): void => this.#place(record, { id, kind: entry.kind, by, seq });
    const here = this.#entries.entry(entry.kind, toColumnText(id));
    if (here !== undefined && saysTheSame(here, entry)) {
      this.#connection.transaction(place);
      return false;
    }
    await this.#entries.replace(entry, place);
    return true;
  }

  #place(
    { key }: WorkspaceRecord,
    row: { readonly id: string; readonly kind: EntryKind; readonly by: Authorship; readonly seq: number | null },
  ): void {
    const device = deviceKey(this.#connection, row.by.deviceId);
    this.#connection
      .prepare(insertRow)
      .run(key, toColumnText(row.id), storedKind(row.kind), device, row.by.number, row.seq, 1);
  }

  async #confirm(record: WorkspaceRecord, answered: readonly AcceptedRow[]): Promise<void> {
    const { key } = record;
    const broughtBack = await this.#dropBroughtBack(
      record,
      answered.map(({ id }) => id),
    );
    const accepted = answered.filter(({ id }) => !broughtBack.has(toColumnText(id)));
    const counted = accepted.filter(({ verdict }) => verdict.kind !== 'refused');
    this.#connection.transaction(() => {
      const confirm = this.#connection.prepare('UPDATE sync_row SET confirmed=1, place=? WHERE workspace=? AND id=?');
      for (const { id, seq, verdict } of counted) {
        confirm.run(seq, key, toColumnText(id));
        if (verdict.kind !== 'booked') this.#keepVerdict(key, verdict, seq);
      }
    });
    for (const { verdict, seq } of accepted) if (verdict.kind === 'refused') await this.#judge(record, verdict, seq);
  }

  /** A verdict as it comes. What is refused counts no longer, and is kept where it can be seen. */
  async #judge(record: WorkspaceRecord, verdict: Verdict, seq: number | null): Promise<void> {
    const { key } = record;
    const columnId = toColumnText(verdict.entryId);
    const row = this.#connection.prepare('SELECT kind FROM sync_row WHERE workspace=? AND id=?').get(key, columnId);
    if (verdict.kind !== 'refused' || row === undefined) {
      this.#connection.transaction(() => this.#keepVerdict(key, verdict, seq));
      return;
    }
    const kind = kindStoredAs(row['kind']);
    const entry = this.#entries.entry(kind, columnId);
    const leave = (): void => {
      this.#keepVerdict(key, verdict, seq);
      if (entry !== undefined) keepAside(this.#connection, key, { why: 'refused', entry, verdict, at: this.#clock() });
      this.#connection.prepare('DELETE FROM sync_row WHERE workspace=? AND id=?').run(key, columnId);
      this.#connection.prepare('DELETE FROM sync_lease_line WHERE line=?').run(columnId);
    };
    if (entry === undefined) this.#connection.transaction(leave);
    else await this.#entries.remove(kind, [verdict.entryId], leave);
    this.#hooks.dropped(this.#workspaceId, new Set([kind]), false);
  }

  #keepVerdict(key: number, verdict: Verdict, seq: number | null): void {
    this.#connection
      .prepare('INSERT OR REPLACE INTO sync_verdict (workspace, id, place, body) VALUES (?,?,?,?)')
      .run(key, toColumnText(verdict.entryId), seq, JSON.stringify(verdict));
  }

  /** The server's entry counts; the device's own stays beside the ledger. */
  async #giveWay(record: WorkspaceRecord, { id, seq, by, master }: Conflict): Promise<void> {
    const { key } = record;
    if ((await this.#dropBroughtBack(record, [id])).size > 0) return;
    const columnId = toColumnText(id);
    const row = this.#connection.prepare('SELECT kind FROM sync_row WHERE workspace=? AND id=?').get(key, columnId);
    const ownKind = row === undefined ? master.kind : kindStoredAs(row['kind']);
    const own = this.#entries.entry(ownKind, columnId);
    const take = (): void => {
      if (own !== undefined)
        keepAside(this.#connection, key, { why: 'conflict', entry: own, verdict: null, at: this.#clock() });
      this.#place(record, { id, kind: master.kind, by, seq });
    };
    if (ownKind !== master.kind && own !== undefined) {
      await this.#entries.remove(ownKind, [id], () => undefined);
      this.#hooks.dropped(this.#workspaceId, new Set([ownKind]), false);
    }
    await this.#entries.replace(master, take);
    this.#hooks.written(this.#workspaceId, [master]);
  }

  async #requeue(
    { key, body }: WorkspaceRecord,
    { afterSeq, othersToo }: { readonly afterSeq: number; readonly othersToo: boolean },
  ): Promise<void> {
    const own = deviceKey(this.#connection, body.deviceId);
    this.#connection.transaction(() => {
      this.#connection.prepare('DELETE FROM sync_verdict WHERE workspace=? AND place>?').run(key, afterSeq);
      this.#connection
        .prepare(
          'UPDATE sync_row SET confirmed=0 WHERE workspace=? AND place>? AND confirmed=1 AND (device=? OR (? AND device<>?))',
        )
        .run(key, afterSeq, own, othersToo ? 1 : 0, deviceKey(this.#connection, unnamedDevice));
    });
    // What is not sent again, and what the server had shown without its author.
    await this.#drop(key, 'place>? AND confirmed=1 AND device<>?', [afterSeq, own]);
  }

  /** What waits to be brought back for others waits on, in its order: nobody else may have it any more. */
  async #forgetPulled({ key, body }: WorkspaceRecord): Promise<void> {
    const own = deviceKey(this.#connection, body.deviceId);
    this.#connection.transaction(() =>
      this.#connection
        .prepare('UPDATE sync_row SET place=-abs(place) WHERE workspace=? AND confirmed=0 AND device<>?')
        .run(key, own),
    );
    await this.#drop(key, 'device<>? AND confirmed=1', [own]);
    this.#connection.transaction(() => {
      this.#connection
        .prepare(
          `DELETE FROM sync_verdict WHERE workspace=? AND place IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM sync_row WHERE sync_row.workspace=sync_verdict.workspace AND sync_row.id=sync_verdict.id)`,
        )
        .run(key);
      changeWorkspaceRecord(this.#connection, key, { pulled: false });
    });
  }

  /**
   * Entries of others that waited while the view became another one have a place below zero: once the server has answered
   * for them they go, and come as the view shows them, maybe under another name. Answers which of the ids those are.
   */
  async #dropBroughtBack({ key }: WorkspaceRecord, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const where = 'place<0 AND id IN (SELECT value FROM json_each(?))';
    const answered = JSON.stringify(ids.map(toColumnText));
    const rows = this.#connection.prepare(`SELECT id FROM sync_row WHERE workspace=? AND ${where}`).all(key, answered);
    if (rows.length > 0) await this.#drop(key, where, [answered]);
    return new Set(rows.map(({ id }) => String(id)));
  }

  /** Takes entries away that are the server's to show, some at a time so that everything else goes on. */
  async #drop(key: number, where: string, parameters: readonly (number | string)[]): Promise<void> {
    const next = this.#connection.prepare(`SELECT id, kind FROM sync_row WHERE workspace=? AND ${where} LIMIT ?`);
    const kinds = new Set<EntryKind>();
    for (;;) {
      const rows = next.all(key, ...parameters, rowsAtOnce);
      if (rows.length === 0) break;
      for (const [kind, ofKind] of Map.groupBy(rows, (row) => kindStoredAs(row['kind']))) {
        kinds.add(kind);
        const ids = ofKind.map(({ id }) => String(id));
        const leave = (): void => {
          const remove = this.#connection.prepare('DELETE FROM sync_row WHERE workspace=? AND id=?');
          for (const id of ids) remove.run(key, id);
        };
        await this.#entries.remove(kind, ids.map(fromColumnText), leave);
      }
    }
    if (kinds.size > 0) this.#hooks.dropped(this.#workspaceId, kinds, true);
  }
}

type PulledEntry = Extract<PulledDocument, { readonly kind: 'entry' }>;

/** The workspace is no longer one of a server: whatever was under way for it ends here. */
export class WorkspaceLeft extends Error {
  override readonly name = 'WorkspaceLeft';
}

const rowsAtOnce = 500;
/** So many are written in one go: enough that what each go costs is little, few enough that nobody waits. */
const entriesAtOnce = 2_500;

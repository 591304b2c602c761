import type { ClockReading, HeldLease } from '../../shared/entitlement/lease.ts';
import { err, type Result } from '../../shared/kernel/result.ts';
import type { Transaction } from '../../shared/ledger/transaction.ts';
import { contentOf, unnamedDevice, type Authorship, type Entry } from '../../shared/protocol/entry.ts';
import type { LeaseRequest } from '../../shared/protocol/lease-messages.ts';
import type { Conflict, PushRow } from '../../shared/protocol/push.ts';
import type { Verdict } from '../../shared/protocol/verdict.ts';
import type { DevicePorts, DeviceState, NetworkFailure, StoreWrite } from '../../shared/sync-engine/device-store.ts';
import type { Bug } from './bugs.ts';

/** A row on a device: its place once the server has it, and whether that is sure. */
export interface DeviceRow {
  readonly id: string;
  readonly by: Authorship;
  readonly entry: Entry;
  readonly seq: number | null;
  readonly confirmed: boolean;
  readonly verdict: Verdict | null;
  /** Of somebody else, brought back while the view became another one: it comes again as that shows it. */
  readonly outOfView?: boolean;
}

/** What lies on the disk of a device. All of it survives a crash. */
export class MemoryDevice {
  state: DeviceState;
  rows = new Map<string, DeviceRow>();
  verdicts = new Map<string, { readonly seq: number; readonly verdict: Verdict }>();
  readonly conflicts: Conflict[] = [];
  leases: readonly HeldLease[] = [];
  readonly #bugs: ReadonlySet<Bug>;
  #lastNumber = 0;

  constructor(deviceId: string, changes: Partial<DeviceState> = {}, bugs: ReadonlySet<Bug> = new Set()) {
    this.#bugs = bugs;
    this.state = {
      deviceId,
      workspaceId: 'workspace',
      checkpoint: null,
      mayBringBack: false,
      mark: null,
      forked: false,
      ...changes,
    };
  }

  /** Writes a line of this device down. */
  record(line: Transaction): void {
    this.write({ kind: 'line', line });
  }

  /** Writes an entry of this device down; one whose id is there already says nothing new. */
  write(entry: Entry): void {
    const { id } = contentOf(entry);
    if (this.rows.has(id)) return;
    this.#lastNumber += 1;
    const by = { deviceId: this.state.deviceId, number: this.#lastNumber };
    this.rows.set(id, { id, by, entry, seq: null, confirmed: false, verdict: null });
  }

  entries(): readonly Entry[] {
    return [...this.rows.values()].flatMap(({ id, entry, verdict }) => {
      const said = this.verdicts.get(id)?.verdict ?? verdict;
      return said?.kind === 'refused' ? [] : [entry];
    });
  }

  /** Everything that counts here: not what was refused. */
  lines(): readonly Transaction[] {
    return this.entries().flatMap((entry) => (entry.kind === 'line' ? entry.line : []));
  }

  outbox(): readonly PushRow[] {
    const waiting = [...this.rows.values()].filter(({ confirmed }) => !confirmed);
    const own = waiting.filter(({ by }) => by.deviceId === this.state.deviceId);
    const others = waiting.filter(({ by }) => by.deviceId !== this.state.deviceId);
    const ordered = [
      ...own.toSorted((left, right) => left.by.number - right.by.number),
      ...others.toSorted((left, right) => (left.seq ?? 0) - (right.seq ?? 0)),
    ];
    return ordered.map(({ id, by, entry }) => ({ id, by, entry }));
  }

  keep(write: StoreWrite): void {
    switch (write.kind) {
      case 'documents':
        for (const document of write.documents) {
          if (document.kind === 'entry') {
            const { seq, by, entry } = document;
            const { id } = contentOf(entry);
            const said = this.rows.get(id)?.verdict ?? null;
            // What is part of the history counts, whatever was said of it before.
            const verdict = said?.kind === 'refused' ? null : said;
            this.rows.set(id, { id, by, entry, seq, confirmed: true, verdict });
          }
          if (document.kind === 'verdict') this.verdicts.set(document.verdict.entryId, document);
        }
        break;
      case 'checkpoint':
        this.state = { ...this.state, checkpoint: write.checkpoint };
        break;
      case 'confirmed':
        for (const { id, seq, verdict } of write.accepted) {
          const row = this.rows.get(id);
          if (row?.outOfView) this.rows.delete(id);
          else if (row) this.rows.set(id, { ...row, seq, confirmed: true, verdict });
        }
        break;
      case 'conflicts':
        for (const conflict of write.conflicts) {
          const { id, seq, by, master } = conflict;
          if (this.rows.get(id)?.outOfView) {
            this.rows.delete(id);
            continue;
          }
          this.conflicts.push(conflict);
          this.rows.set(id, { id, seq, by, entry: master, confirmed: true, verdict: null });
        }
        break;
      case 'requeue':
        this.#requeue(write);
        break;
      case 'forget-pulled':
        for (const row of this.rows.values()) {
          if (row.by.deviceId === this.state.deviceId) continue;
          if (row.confirmed || this.#bugs.has('outbox-forgotten')) this.rows.delete(row.id);
          else this.rows.set(row.id, { ...row, outOfView: true });
        }
        this.verdicts.clear();
        break;
      case 'leases':
        this.leases = write.leases;
        this.state = { ...this.state, mark: write.mark };
        break;
      case 'forked':
        this.state = { ...this.state, forked: true };
        break;
    }
  }

  #requeue({ afterSeq, othersToo }: Extract<StoreWrite, { readonly kind: 'requeue' }>): void {
    for (const row of this.rows.values()) {
      if (row.seq === null || row.seq <= afterSeq || !row.confirmed) continue;
      const isOwn = row.by.deviceId === this.state.deviceId;
      const isNamed = row.by.deviceId !== unnamedDevice;
      if (isOwn || (othersToo && isNamed)) this.rows.set(row.id, { ...row, confirmed: false, verdict: null });
      else this.rows.delete(row.id);
    }
    for (const [id, { seq }] of this.verdicts) if (seq > afterSeq) this.verdicts.delete(id);
  }
}

export interface MemoryPorts {
  readonly device: MemoryDevice;
  readonly send: (path: 'push' | 'pull' | 'leases', body: unknown) => Promise<Result<unknown, NetworkFailure>>;
  /** Left out where the server tells of none. */
  readonly segment?: (name: string) => Promise<Result<unknown, NetworkFailure>>;
  readonly clocks: () => ClockReading;
  readonly leaseWishes?: () => LeaseRequest | null;
  /** Waited for before each look at the disk, and before each write is there. */
  readonly pause?: () => Promise<void>;
}

export function portsOf({ device, send, segment, clocks, leaseWishes, pause }: MemoryPorts): DevicePorts {
  return {
    store: {
      state: async () => {
        await pause?.();
        return device.state;
      },
      outbox: async ({ rowsMax }) => {
        await pause?.();
        return device.outbox().slice(0, rowsMax);
      },
      write: async (write) => {
        await pause?.();
        device.keep(write);
      },
    },
    network: { send, segment: segment ?? (() => Promise.resolve(err({ kind: 'unreachable' }))) },
    clocks,
    leaseWishes: () => Promise.resolve(leaseWishes?.() ?? null),
  };
}

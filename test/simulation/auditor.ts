import { borneByHold } from '../../shared/entitlement/lease.ts';
import type { Transaction } from '../../shared/ledger/transaction.ts';
import { canonicalText } from '../../shared/protocol/body-hash.ts';
import { restOf } from '../../shared/sync-engine/booking-facts.ts';
import { bookKey } from '../../shared/sync-engine/pool-book.ts';
import type { MemoryServer } from './memory-server.ts';
import type { SimulatedDevice } from './simulated-device.ts';

/** What must be true, whatever happened. Each finding begins with the number of what it breaks. */
export class Auditor {
  readonly findings: string[] = [];
  /** What leases had left when they were reclaimed from devices that had not reported: by so much pools may overrun. */
  reclaimed = 0;
  readonly #server: MemoryServer;
  /** Highest checkpoint by device and epoch. */
  readonly #highest = new Map<string, number>();

  constructor(server: MemoryServer) {
    this.#server = server;
  }

  /** (2) The hard bound holds, or the excess is at most what was reclaimed unreported. (9) Nobody lends who may not. */
  looksAtBooks(given: { readonly tailWasLost: boolean; readonly maySpend: (deviceId: string) => boolean }): void {
    const { books, leases } = this.#server.kept;
    let overrun = 0;
    for (const [key, book] of books) {
      const rests = [...leases.values()].filter((lease) => bookKey(lease) === key).map(restOf);
      const leased = rests.reduce((total: number, rest) => total + rest, 0);
      if (leased !== book.leased) this.#finds(`(2) ${key} has ${book.leased} leased, its leases have ${leased} left`);
      if (book.settled + book.leased > book.granted || book.shortfall > 0)
        this.#finds(`(2) ${key} is beyond its credits`);
      overrun += book.overrun;
    }
    if (overrun > this.reclaimed && !given.tailWasLost)
      this.#finds(`(2) overrun by ${overrun}, reclaimed ${this.reclaimed}`);
    for (const { id, deviceId, amount, borne } of leases.values()) {
      if (borne > amount && !given.tailWasLost) this.#finds(`(2) lease ${id} is overdrawn by ${borne - amount}`);
      if (!given.maySpend(deviceId)) this.#finds(`(9) ${deviceId} has a lease`);
    }
  }

  /** (5) Nothing at or below the checkpoint is missing on the disk. (6) Checkpoints only grow within an epoch. */
  looksAtDisk({ disk }: SimulatedDevice): void {
    const { checkpoint, deviceId } = disk.state;
    const { epochs, documents } = this.#server.kept;
    if (checkpoint === null || checkpoint.epoch !== epochs.at(-1)?.epoch) return;
    for (const document of documents) {
      if (document.seq > checkpoint.seq) break;
      const isThere =
        document.kind !== 'entry' || document.entry.kind !== 'line' || disk.rows.get(document.entry.line.id)?.confirmed;
      if (!isThere) this.#finds(`(5) ${deviceId} lacks place ${document.seq} below its checkpoint ${checkpoint.seq}`);
    }
    const key = `${deviceId} ${checkpoint.epoch}`;
    if (checkpoint.seq < (this.#highest.get(key) ?? 0)) this.#finds(`(6) ${deviceId} went back to ${checkpoint.seq}`);
    this.#highest.set(key, checkpoint.seq);
  }

  /** Once everything is quiet. */
  looksAtEnd(devices: readonly SimulatedDevice[]): void {
    const { rows, documents, books } = this.#server.kept;
    const entries = documents.flatMap((document) => (document.kind === 'entry' ? document.entry : []));
    const booked = entries.flatMap((entry) => (entry.kind === 'line' ? entry.line : []));
    const total = [...books.values()].reduce((sum, book) => sum + book.settled + book.overrun + book.overage, 0);
    if (total !== usedBy(booked)) this.#finds(`(1) the books have ${total} used, the lines ${usedBy(booked)}`);
    if (new Set(booked.map(({ id }) => id)).size !== booked.length) this.#finds('(3) a line was booked twice');
    const truth = textOf(booked);
    for (const { disk, acknowledged } of devices) {
      const { deviceId } = disk.state;
      // What was refused is remembered by the device; a server that lost it need not know of it again.
      const lost = acknowledged.filter((id) => !rows.has(id) && disk.rows.get(id)?.verdict?.kind !== 'refused');
      if (lost.length > 0) this.#finds(`(4) of ${deviceId} the server lacks ${lost.join(', ')}`);
      if (disk.outbox().length > 0) this.#finds(`(11) ${deviceId} still has ${disk.outbox().length} rows to send`);
      if (textOf(disk.lines()) !== truth) this.#finds(`(7) ${deviceId} has other lines than the server`);
    }
  }

  #finds(what: string): void {
    if (this.findings.length < 20) this.findings.push(what);
  }
}

/** What lines use, folded from the lines alone. */
function usedBy(lines: readonly Transaction[]): number {
  const holds = new Map(lines.flatMap((line) => (line.kind === 'hold' ? [[line.id, line] as const] : [])));
  const settlements = new Map(
    lines.flatMap((line) =>
      line.kind === 'capture' || line.kind === 'release' ? [[line.linkedId, line] as const] : [],
    ),
  );
  let used = 0;
  for (const line of lines) if (line.kind === 'usage') used += line.credits;
  for (const id of new Set([...holds.keys(), ...settlements.keys()])) {
    used += borneByHold(holds.get(id), settlements.get(id)).used;
  }
  return used;
}

function textOf(lines: readonly Transaction[]): string {
  return canonicalText(lines.toSorted((left, right) => (left.id < right.id ? -1 : 1)));
}

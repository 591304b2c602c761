import type { Borne } from '../entitlement/lease.ts';
import { add, credits, greatest, negate, noCredits, type Credits } from '../kernel/credits.ts';
import { contains } from '../kernel/period.ts';
import type { Capture, Correction, Grant, Hold, Refund, Release, Transaction, Void } from '../ledger/transaction.ts';
import { unnamedDevice, workspaceOf, type Authorship, type Entry } from '../protocol/entry.ts';
import type { AcceptedRow, Conflict, PushResult } from '../protocol/push.ts';
import type { RefusalReason, Verdict } from '../protocol/verdict.ts';
import {
  restOf,
  type BookingFacts,
  type BookingWrites,
  type HoldGroup,
  type KnownRow,
  type LeaseRecord,
  type NewRow,
  type Review,
  type Sender,
} from './booking-facts.ts';
import { borneAfter, followOf, type Follow } from './given-back.ts';
import { spentAt, type IncomingRow } from './incoming-row.ts';
import { bookAt, bookKey, canBear, giveBack, regrant, settle, settleLeased, type PoolBook } from './pool-book.ts';

export interface Batch {
  readonly rows: readonly IncomingRow[];
  readonly sender: Sender;
  readonly seq: number;
  readonly facts: BookingFacts;
  readonly review: (entry: Entry, by: Authorship) => Review;
}

/**
 * Books a batch in its order: what the server answers, and all that it writes. Pure: the same batch on the same facts
 * gives the same, and the same batch once more changes nothing. Rules M1–M7.
 */
export function bookBatch(batch: Batch): { readonly answer: PushResult; readonly writes: BookingWrites } {
  const desk = new Desk(batch);
  for (const row of batch.rows) desk.take(row);
  return desk.result();
}

/** What has been booked of a batch so far. */
class Desk {
  readonly #batch: Batch;
  readonly #rows: Map<string, KnownRow>;
  readonly #groups: Map<string, HoldGroup>;
  readonly #bases: Map<string, Transaction>;
  readonly #follows: Map<string, readonly Follow[]>;
  readonly #leases: Map<string, LeaseRecord>;
  readonly #books: Map<string, PoolBook>;
  readonly #newRows: NewRow[] = [];
  readonly #verdicts: { readonly seq: number; readonly verdict: Verdict }[] = [];
  readonly #accepted: AcceptedRow[] = [];
  readonly #conflicts: Conflict[] = [];
  readonly #forkedBy: string[] = [];
  #seq: number;
  #numberMax: number;

  constructor(batch: Batch) {
    const { facts, seq } = batch;
    this.#batch = batch;
    this.#rows = new Map(facts.rows.map((row) => [row.id, row]));
    this.#groups = new Map(facts.groups);
    this.#bases = new Map(facts.bases);
    this.#follows = new Map(facts.follows);
    this.#leases = new Map(facts.leases.map((lease) => [lease.id, lease]));
    this.#books = new Map(facts.books.map((book) => [bookKey(book), book]));
    this.#seq = seq;
    this.#numberMax = facts.numberMax;
  }

  take(row: IncomingRow): void {
    const known = this.#rows.get(row.id);
    if (known) this.#answerKnown(row, known);
    else this.#accept(row);
  }

  result(): { readonly answer: PushResult; readonly writes: BookingWrites } {
    const forked = this.#forkedBy.length > 0;
    return {
      answer: { kind: 'pushed', accepted: this.#accepted, conflicts: this.#conflicts, forked },
      writes: {
        seq: this.#seq,
        rows: this.#newRows,
        verdicts: this.#verdicts,
        groups: this.#groups,
        leases: [...this.#leases.values()],
        books: [...this.#books.values()],
        numberMax: { deviceId: this.#batch.sender.deviceId, number: this.#numberMax },
        forkedBy: this.#forkedBy,
      },
    };
  }

  /** The same row again is answered as the first time; another body under its id meets the one that counts. [M2] [M3] */
  #answerKnown(row: IncomingRow, known: KnownRow): void {
    const { id, seq, entry, verdict, by } = known;
    if (known.bodyHash === row.bodyHash || seq === null || entry === null) this.#accepted.push({ id, seq, verdict });
    else this.#conflicts.push({ id, seq, by, master: entry });
  }

  #accept(row: IncomingRow): void {
    this.#watchNumber(row);
    const refused = this.#refusalOf(row);
    if (refused !== null || !row.parsed.ok) {
      this.#refuse(row, refused ?? 'malformed');
      return;
    }
    const entry = row.parsed.value;
    const { refused: objection, late, overCap } = this.#batch.review(entry, row.by);
    if (objection !== null) {
      this.#refuse(row, objection);
      return;
    }
    const excess = entry.kind === 'line' ? this.#count(entry.line, row.by) : noCredits;
    this.#write(row, entry, verdictOn(row.id, { late, overCap, excess }));
  }

  /** An own row that is new and has an old number was written by another copy of the device. [M5] */
  #watchNumber({ by, id }: IncomingRow): void {
    if (by.deviceId !== this.#batch.sender.deviceId) return;
    if (by.number <= this.#numberMax) this.#forkedBy.push(id);
    this.#numberMax = Math.max(this.#numberMax, by.number);
  }

  /** What speaks against a row before the server's own rules are asked: these are asked once, and last. */
  #refusalOf({ parsed, by }: IncomingRow): RefusalReason | null {
    const { sender } = this.#batch;
    if (!parsed.ok) return parsed.error;
    const entry = parsed.value;
    if (workspaceOf(entry) !== sender.workspaceId) return 'unknown-workspace';
    const isOwn = by.deviceId === sender.deviceId;
    if (!isOwn && (!sender.mayBringBack || by.deviceId === unnamedDevice)) return 'not-allowed';
    if (entry.kind !== 'line') return null;
    const { line } = entry;
    const book = this.#bookFor(line);
    if (!book) return 'unknown-pool';
    if (!canBear(book, figureOf(line))) return 'too-large';
    const isSettlement = line.kind === 'capture' || line.kind === 'release';
    return isSettlement && this.#groups.get(line.linkedId)?.settlement ? 'already-resolved' : null;
  }

  /** Changes the books by what a line says; answers by how much it overran a hard limit. [M6] [M7] */
  #count(line: Transaction, by: Authorship): Credits {
    switch (line.kind) {
      case 'usage':
        return this.#change(line, by, line.id, () => this.#bases.set(line.id, line));
      case 'hold':
      case 'capture':
      case 'release':
        return this.#countHold(line, by);
      case 'refund':
        return this.#follow(line, by);
      case 'void':
        if (line.of !== 'grant') return this.#follow(line, by);
        this.#regrantLater(line, negate(this.#grantedBy(line.linkedId)));
        return noCredits;
      case 'correction':
        if (line.linkedId !== null) return this.#follow(line, by);
        return line.credits >= 0
          ? this.#change(line, by, line.id, () => this.#bases.set(line.id, line))
          : this.#move(line, by, { ...nothing, used: credits(-line.credits) }, nothing);
      case 'grant':
        this.#bases.set(line.id, line);
        this.#regrantLater(line, line.amount);
        return noCredits;
    }
  }

  #grantedBy(grantId: string): Credits {
    const grant = this.#bases.get(grantId);
    return grant?.kind === 'grant' ? grant.amount : noCredits;
  }

  /** A grant counts in every period that it reaches, and a void ends that; neither is use. [G1] */
  #regrantLater(line: Grant | Void, amount: Credits): void {
    for (const book of this.#books.values()) {
      if (book.poolId !== line.poolId || book.period.end <= line.occurredAt) continue;
      this.#books.set(bookKey(book), regrant(book, greatest(add(book.granted, amount), noCredits)));
    }
  }

  /** A hold and its settlement count together, whichever comes first. */
  #countHold(line: Hold | Capture | Release, by: Authorship): Credits {
    const holdId = line.kind === 'hold' ? line.id : line.linkedId;
    const before = this.#groups.get(holdId) ?? { hold: undefined, settlement: undefined };
    const after = line.kind === 'hold' ? { ...before, hold: line } : { ...before, settlement: line };
    return this.#change(line, by, holdId, () => this.#groups.set(holdId, after));
  }

  /** What two give back of one use without knowing of each other is given back as far as it was used, and not twice. */
  #follow(line: Refund | Void | Correction, by: Authorship): Credits {
    const found = followOf(line);
    if (!found) return noCredits;
    const { baseId, follow } = found;
    const after = [...(this.#follows.get(baseId) ?? []), follow];
    return this.#change(line, by, baseId, () => this.#follows.set(baseId, after));
  }

  /** Lets the books follow from what was known of a use to what is known of it after `change`. */
  #change(line: Transaction, by: Authorship, baseId: string, change: () => void): Credits {
    const before = this.#borneBy(baseId);
    change();
    return this.#move(line, by, before, this.#borneBy(baseId));
  }

  #borneBy(baseId: string): Borne {
    const [line, group, follows] = [this.#bases.get(baseId), this.#groups.get(baseId), this.#follows.get(baseId)];
    return borneAfter({ line, group, follows: follows ?? [] });
  }

  /** From what was borne to what is borne now: by leases first, by the pool for the rest. */
  #move(line: Transaction, by: Authorship, before: Borne, after: Borne): Credits {
    let book = this.#bookFor(line);
    if (!book) return noCredits;
    let left = after.used - before.used;
    for (const leaseId of new Set([...before.byLease.keys(), ...after.byLease.keys()])) {
      const wanted = (after.byLease.get(leaseId) ?? 0) - (before.byLease.get(leaseId) ?? 0);
      if (wanted === 0) continue;
      const moved = this.#moveLease(line, by, leaseId, wanted);
      book = settleLeased(book, moved);
      left -= moved;
    }
    const authorised = isAuthorised(line);
    const settled =
      left < 0
        ? { book: giveBack(book, credits(-left)), excess: noCredits }
        : settle(book, { amount: credits(left), authorised });
    this.#books.set(bookKey(book), settled.book);
    // What this period takes of a grant that outlasts it, the other periods have no longer.
    for (const other of this.#batch.facts.spread?.(this.#books, book.poolId) ?? []) {
      this.#books.set(bookKey(other), other);
    }
    return authorised && book.hard ? settled.excess : noCredits;
  }

  /** Lets a lease bear more (positive) or less; answers by how much what it has left went down. */
  #moveLease(line: Transaction, by: Authorship, leaseId: string, wanted: number): number {
    const lease = this.#leases.get(leaseId);
    if (!lease || !serves(lease, line, wanted > 0 ? by.deviceId : lease.deviceId)) return 0;
    const after = { ...lease, borne: credits(Math.max(lease.borne + wanted, 0)) };
    this.#leases.set(leaseId, after);
    return restOf(lease) - restOf(after);
  }

  #bookFor(line: Transaction): PoolBook | undefined {
    return bookAt(this.#books.values(), line.poolId, spentAt(line));
  }

  /**
   * A refusal is remembered, so that the row stays refused; that of a row which somebody else brings back is not: its
   * author may send it yet, and is judged then. [M4]
   */
  #refuse(row: IncomingRow, reason: RefusalReason): void {
    const verdict: Verdict = { kind: 'refused', entryId: row.id, reason };
    if (row.by.deviceId === this.#batch.sender.deviceId) this.#write(row, null, verdict);
    else this.#accepted.push({ id: row.id, seq: null, verdict });
  }

  #write(row: IncomingRow, entry: Entry | null, verdict: Verdict): void {
    let seq: number | null = null;
    if (entry !== null) {
      this.#seq += 1;
      seq = this.#seq;
    }
    if (verdict.kind !== 'booked') {
      this.#seq += 1;
      this.#verdicts.push({ seq: this.#seq, verdict });
    }
    const text = entry === null ? null : row.text;
    const known = { id: row.id, bodyHash: row.bodyHash, by: row.by, seq, entry, text, verdict };
    this.#rows.set(row.id, known);
    this.#newRows.push(known);
    this.#accepted.push({ id: row.id, seq, verdict });
  }
}

const nothing: Borne = { used: noCredits, byLease: new Map() };

function verdictOn(
  entryId: string,
  found: { readonly late: boolean; readonly overCap: boolean; readonly excess: Credits },
): Verdict {
  if (found.excess > 0) return { kind: 'overrun', entryId, excess: found.excess };
  if (found.overCap) return { kind: 'over-cap', entryId };
  return { kind: found.late ? 'late' : 'booked', entryId };
}

/** A lease serves its own device, in its pool and period, until it is closed; whoever settles a hold frees it. */
function serves(lease: LeaseRecord, line: Transaction, deviceId: string): boolean {
  const isOwn = lease.deviceId === deviceId && lease.poolId === line.poolId;
  return isOwn && lease.closed === null && contains(lease.period, spentAt(line));
}

/** Whether a hard limit was asked before this was done. What already happened is never measured against it. [E6] */
function isAuthorised(line: Transaction): boolean {
  switch (line.kind) {
    case 'usage':
      return !line.happened;
    case 'hold':
    case 'capture':
      return true;
    case 'release':
    case 'refund':
    case 'void':
    case 'correction':
    case 'grant':
      return false;
  }
}

function figureOf(line: Transaction): number {
  if (line.kind === 'grant') return line.amount;
  return line.kind === 'release' ? 0 : Math.abs(line.credits);
}

import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { credits, type Credits } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import type { Hold, Transaction } from '../../shared/ledger/transaction.ts';
import type { PulledDocument } from '../../shared/protocol/pull.ts';
import type { PushResult } from '../../shared/protocol/push.ts';
import { acceptPush, type BookingTransaction, type Transact } from '../../shared/sync-engine/accept-push.ts';
import { restOf, type LeaseRecord, type Sender } from '../../shared/sync-engine/booking-facts.ts';
import { answerLeases, type LendingTransaction } from '../../shared/sync-engine/lend.ts';
import { bookKey, type PoolBook } from '../../shared/sync-engine/pool-book.ts';
import { sha256 } from '../../server/history/push.ts';
import { capture, correction, cr, hold, refund, release, usage, voidOf } from '../support/ledger-lines.ts';
import { thoroughness } from '../support/thoroughness.ts';

/** A storage behind the ports of the server's engine, with one workspace of one hard pool in it. */
export interface ServerStorage {
  readonly workspaceId: string;
  readonly poolId: string;
  /** What the pool has in the period of `now`. */
  readonly granted: Credits;
  /** Now, and so far within a period that a minute before it is within it too. */
  readonly now: Instant;
  readonly epoch: () => Promise<string>;
  /** Bookings by a device whose person may do everything. */
  readonly book: (deviceId: string) => Transact<BookingTransaction>;
  /** Lending to a device whose person may spend. */
  readonly lend: (deviceId: string) => Transact<LendingTransaction>;
  /** All documents after a place, as an administrator pulls them. */
  readonly documents: (afterSeq: number) => Promise<readonly PulledDocument[]>;
  readonly seq: () => Promise<number>;
  readonly books: () => Promise<readonly PoolBook[]>;
  readonly leases: () => Promise<readonly LeaseRecord[]>;
  readonly close: () => Promise<void>;
}

interface Row {
  readonly id: string;
  readonly by: { readonly deviceId: string; readonly number: number };
  readonly entry: unknown;
}

/** Devices on a storage: each numbers what it writes. */
class Devices {
  readonly storage: ServerStorage;
  readonly #numbers = new Map<string, number>();

  constructor(storage: ServerStorage) {
    this.storage = storage;
  }

  row(deviceId: string, line: Transaction): Row {
    const { workspaceId, poolId } = this.storage;
    const number = (this.#numbers.get(deviceId) ?? 0) + 1;
    this.#numbers.set(deviceId, number);
    const entry = { kind: 'line', line: { ...line, workspaceId, poolId } };
    return { id: line.id, by: { deviceId, number }, entry: JSON.parse(JSON.stringify(entry)) };
  }

  async pushRows(deviceId: string, rows: readonly Row[]): Promise<PushResult> {
    const { storage } = this;
    const { workspaceId } = storage;
    const sender: Sender = { deviceId, workspaceId, view: 'clear', mayBringBack: true };
    const request = { epoch: await storage.epoch(), rows: [...rows] };
    const { answer } = await acceptPush(storage.book(deviceId), { request, sender, digest: sha256 });
    if (answer.kind !== 'pushed') throw new Error('The storage is in another epoch');
    return answer;
  }

  push(deviceId: string, ...lines: readonly Transaction[]): Promise<PushResult> {
    return this.pushRows(
      deviceId,
      lines.map((line) => this.row(deviceId, line)),
    );
  }

  topUp(deviceId: string, needed: Credits) {
    const { lend, poolId, now } = this.storage;
    return answerLeases(lend(deviceId), { request: { kind: 'top-up', poolId, needed }, deviceId, now });
  }

  giveBack(deviceId: string, leaseIds: readonly string[]) {
    const request = { kind: 'return' as const, leaseIds: [...leaseIds] };
    return answerLeases(this.storage.lend(deviceId), { request, deviceId, now: this.storage.now });
  }
}

/**
 * What every storage of the server must do, whatever it is made of: the engine relies on all of it. Each check gets a
 * fresh storage and throws where that is not so.
 */
export const serverStorageChecks: Readonly<Record<string, (open: () => Promise<ServerStorage>) => Promise<void>>> = {
  '[M1] places rise without gaps in the order of the commits, and every one has its document': async (open) => {
    const storage = await open();
    const devices = new Devices(storage);
    const first = await storage.seq();
    const pushes = Array.from({ length: 12 }, (_, place) =>
      devices.push(`device-${place % 4}`, spend(storage, `a${place}`, 1), spend(storage, `b${place}`, 2)),
    );
    await Promise.all(pushes);
    const documents = await storage.documents(first);
    expect(documents.map(({ seq }) => seq)).toEqual(Array.from({ length: 24 }, (_, place) => first + place + 1));
    expect(await storage.seq()).toBe(first + 24);
    expect(new Set(documents.map((document) => (document.kind === 'entry' ? idOf(document) : ''))).size).toBe(24);
  },
  '[M1] nothing is kept of a transaction that fails after it has written': async (open) => {
    const storage = await open();
    const devices = new Devices(storage);
    const seq = await storage.seq();
    const failing: Transact<BookingTransaction> = (work) =>
      storage.book('ana')(async (transaction) => {
        await work(transaction);
        throw new Error('The computer stops here');
      });
    const request = { epoch: await storage.epoch(), rows: [devices.row('ana', spend(storage, 'lost', 30))] };
    const sender: Sender = { deviceId: 'ana', workspaceId: storage.workspaceId, view: 'clear', mayBringBack: true };
    await expect(acceptPush(failing, { request, sender, digest: sha256 })).rejects.toThrow('stops here');
    expect(await storage.seq()).toBe(seq);
    expect(await storage.documents(seq)).toEqual([]);
    const { accepted } = await devices.push('ben', spend(storage, 'kept', 10));
    expect(accepted).toMatchObject([{ seq: seq + 1, verdict: { kind: 'booked' } }]);
    expect(await present(devices)).toMatchObject({ settled: cr(10) });
  },
  '[M2] [M3] rows are known again by their body, refused ones too': async (open) => {
    const storage = await open();
    const devices = new Devices(storage);
    const rows = [
      devices.row('ana', spend(storage, 'ä “quoted” \\ \n line', 10)),
      { ...devices.row('ana', spend(storage, 'wrong', 10)), entry: { kind: 'line', line: { kind: 'usage' } } },
      devices.row('ana', happened(storage, 'over', storage.granted / 1_000_000 + 5)),
    ];
    const first = await devices.pushRows('ana', rows);
    const seq = await storage.seq();
    expect(await devices.pushRows('ana', rows)).toEqual(first);
    expect(await storage.seq()).toBe(seq);
    const other = { ...devices.row('ben', spend(storage, 'over', 1)), id: 'over' };
    expect(await devices.pushRows('ben', [other])).toMatchObject({
      accepted: [],
      conflicts: [{ id: 'over', master: { kind: 'line', line: { credits: storage.granted + cr(5) } } }],
    });
  },
  '[M4] [H2] a hold is settled once, in the same push and in a later one': async (open) => {
    const storage = await open();
    const devices = new Devices(storage);
    const held = holdOf(storage, 'hold', 20);
    await devices.push('ana', held, captureOf('capture', held, 5));
    const { accepted } = await devices.push('ben', release('release', held, storage.now));
    expect(accepted).toMatchObject([{ verdict: { kind: 'refused', reason: 'already-resolved' } }]);
    expect(await present(devices)).toMatchObject({ settled: cr(5), overage: 0 });
  },
  '[M5] a number that was used already gives a copy away': async (open) => {
    const storage = await open();
    const devices = new Devices(storage);
    const row = devices.row('ana', spend(storage, 'first', 1));
    await devices.pushRows('ana', [row]);
    const copy = { ...devices.row('ana', spend(storage, 'second', 1)), by: row.by };
    expect(await devices.pushRows('ana', [copy])).toMatchObject({ forked: true });
  },
  '[M7] [B1] one lease a device and period, which grows, is used up and given back': async (open) => {
    const storage = await open();
    const devices = new Devices(storage);
    const [lease] = await devices.topUp('ana', cr(20));
    await devices.push('ana', { ...spend(storage, 'under', 15), leaseId: lease?.id ?? '' });
    const [grown] = await devices.topUp('ana', cr(30));
    expect(grown).toMatchObject({ id: lease?.id, amount: cr(45) });
    expect(await present(devices)).toMatchObject({ settled: cr(15), leased: cr(30) });
    expect(await devices.giveBack('ana', [lease?.id ?? ''])).toEqual([]);
    expect(await present(devices)).toMatchObject({ settled: cr(15), leased: 0 });
  },
  '[M6] a race for the last credits ends within what there is': async (open) => {
    const storage = await open();
    const devices = new Devices(storage);
    const tenth = credits(storage.granted / 10);
    const asked = await Promise.all(
      Array.from({ length: 20 }, (_, place) =>
        place % 2 === 0
          ? devices.topUp(`device-${place}`, tenth)
          : devices.push(`device-${place}`, spend(storage, `use-${place}`, tenth / 1_000_000)),
      ),
    );
    expect(asked).toHaveLength(20);
    const book = await present(devices);
    expect(book).toMatchObject({ shortfall: 0 });
    expect((book?.settled ?? 0) + (book?.leased ?? 0)).toBe(storage.granted);
    const leased = (await storage.leases()).reduce((total, lease) => total + restOf(lease), 0);
    expect(leased).toBe(book?.leased);
  },
  '[M6] [H7] a use that two take back without knowing of each other is given back once': async (open) => {
    const storage = await open();
    const devices = new Devices(storage);
    const [used, held] = [spend(storage, 'used', 60), holdOf(storage, 'held', 40)];
    await devices.push('ana', used, held, captureOf('captured', held, 30), spend(storage, 'other', 100));
    await devices.push('ana', voidOf('void', used, storage.now), refund('refund', held, storage.now, cr(20)));
    expect(await present(devices)).toMatchObject({ settled: cr(110) });
    await devices.push('ben', refund('again', used, storage.now, cr(60)));
    await devices.push('ben', correction('less', cr(-30), { base: used, when: storage.now }));
    await devices.push('ben', voidOf('all', held, storage.now, cr(30)));
    expect(await present(devices)).toMatchObject({ settled: cr(100) });
    // What a correction adds joins the use, of which more was given back than there was.
    await devices.push('ana', correction('more', cr(50), { base: used, when: storage.now }));
    expect(await present(devices)).toMatchObject({ settled: cr(100) });
    expect(await devices.topUp('ana', credits(storage.granted - cr(100)))).toHaveLength(1);
  },
  '[G5] the books are what the lines and leases say, whatever was done': async (open) => {
    await fc.assert(
      fc.asyncProperty(fc.array(deeds, { minLength: 1, maxLength: 25 }), async (done) => {
        const storage = await open();
        const devices = new Devices(storage);
        await play(devices, done);
        await looksRight(devices);
      }),
      { numRuns: 6 * thoroughness },
    );
  },
};

/** Runs all of them on a storage. */
export function serverStorageContract(name: string, open: () => Promise<ServerStorage>): void {
  describe(`the storage of a server: ${name}`, () => {
    const opened: ServerStorage[] = [];
    afterEach(async () => {
      for (const storage of opened.splice(0)) await storage.close();
    });
    it.each(Object.entries(serverStorageChecks))('%s', async (_, check) => {
      const opening = async (): Promise<ServerStorage> => {
        const storage = await open();
        opened.push(storage);
        return storage;
      };
      await expect(check(opening)).resolves.toBeUndefined();
    });
  });
}

async function present({ storage }: Devices): Promise<PoolBook | undefined> {
  return (await storage.books()).find(({ period }) => period.start <= storage.now && storage.now < period.end);
}

type Deed =
  | { readonly kind: 'use' | 'happened' | 'hold' | 'top-up'; readonly device: number; readonly amount: number }
  | { readonly kind: 'settle'; readonly device: number; readonly amount: number }
  | { readonly kind: 'return'; readonly device: number; readonly amount: number };

const deeds: fc.Arbitrary<Deed> = fc.record({
  kind: fc.constantFrom('use', 'use', 'happened', 'hold', 'settle', 'top-up', 'return'),
  device: fc.integer({ min: 0, max: 2 }),
  amount: fc.integer({ min: 1, max: 60 }),
});

async function play(devices: Devices, done: readonly Deed[]): Promise<void> {
  const { storage } = devices;
  const open: Hold[] = [];
  const leases = new Map<string, string>();
  for (const [place, { kind, device, amount }] of done.entries()) {
    const deviceId = `device-${device}`;
    const id = `deed-${place}`;
    const leaseId = leases.get(deviceId);
    const under = leaseId === undefined ? {} : { leaseId };
    if (kind === 'use') await devices.push(deviceId, { ...spend(storage, id, amount), ...under });
    if (kind === 'happened') await devices.push(deviceId, happened(storage, id, amount));
    if (kind === 'hold') {
      const held = { ...holdOf(storage, id, amount), ...under };
      open.push(held);
      await devices.push(deviceId, held);
    }
    if (kind === 'settle') {
      const held = open.pop();
      if (!held) continue;
      const line = amount > 30 ? release(id, held, storage.now) : captureOf(id, held, amount);
      await devices.push(deviceId, line);
    }
    if (kind === 'top-up') {
      const [lease] = await devices.topUp(deviceId, cr(amount));
      if (lease) leases.set(deviceId, lease.id);
    }
    if (kind === 'return' && leaseId !== undefined) await devices.giveBack(deviceId, [leaseId]);
  }
}

async function looksRight({ storage }: Devices): Promise<void> {
  const [books, leases, documents] = [await storage.books(), await storage.leases(), await storage.documents(0)];
  let overrun = 0;
  for (const book of books) {
    expect(book.settled + book.leased).toBeLessThanOrEqual(book.granted + book.shortfall);
    const own = leases.filter((lease) => bookKey(lease) === bookKey(book));
    expect(own.reduce((total, lease) => total + restOf(lease), 0)).toBe(book.leased);
    overrun += book.overrun;
  }
  const lines = documents.flatMap((document) =>
    document.kind === 'entry' && document.entry.kind === 'line' ? document.entry.line : [],
  );
  const settlements = new Map(
    lines.flatMap((line) =>
      line.kind === 'capture' || line.kind === 'release' ? [[line.linkedId, line] as const] : [],
    ),
  );
  let used = 0;
  for (const line of lines) {
    if (line.kind === 'usage') used += line.credits;
    if (line.kind !== 'hold') continue;
    const settlement = settlements.get(line.id);
    used += settlement === undefined ? line.credits : settlement.kind === 'capture' ? settlement.credits : 0;
  }
  const booked = books.reduce((total, book) => total + book.settled + book.overrun + book.overage, 0);
  expect(booked).toBe(used);
  const told = documents.flatMap((document) =>
    document.kind === 'verdict' && document.verdict.kind === 'overrun' ? document.verdict.excess : [],
  );
  // What was overrun and given back since is told all the same.
  expect(overrun).toBeLessThanOrEqual(told.reduce((total: number, excess) => total + excess, 0));
}

function idOf(document: PulledDocument & { readonly kind: 'entry' }): string {
  return document.entry.kind === 'line' ? document.entry.line.id : '';
}

const moment = (storage: ServerStorage): Instant => instant(storage.now - 1_000);
/** A price of a catalogue that no server knows is believed. */
const priced = { unitRate: cr(1), catalogueVersion: 'of-somebody-else' } as const;

function spend(storage: ServerStorage, id: string, amount: number): Transaction & { readonly kind: 'usage' } {
  return usage(id, moment(storage), cr(amount), priced);
}

function happened(storage: ServerStorage, id: string, amount: number): Transaction {
  return usage(id, moment(storage), cr(amount), { ...priced, happened: true });
}

function holdOf(storage: ServerStorage, id: string, amount: number): Hold {
  return { ...hold(id, moment(storage), cr(amount)), ...priced };
}

function captureOf(id: string, held: Hold, amount: number): Transaction {
  return capture(id, held, held.occurredAt, cr(amount));
}

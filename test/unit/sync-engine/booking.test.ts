import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restOfLease } from '../../../shared/entitlement/lease.ts';
import { credits } from '../../../shared/kernel/credits.ts';
import { instant } from '../../../shared/kernel/instant.ts';
import type { Transaction } from '../../../shared/ledger/transaction.ts';
import { unnamedDevice } from '../../../shared/protocol/entry.ts';
import type { PushResult } from '../../../shared/protocol/push.ts';
import { restOf, type Review, type Sender } from '../../../shared/sync-engine/booking-facts.ts';
import {
  freeOf,
  giveBack,
  lendTo,
  openBook,
  regrant,
  settle,
  settleLeased,
  takeBack,
} from '../../../shared/sync-engine/pool-book.ts';
import { MemoryServer, type MemoryServerOptions } from '../../simulation/memory-server.ts';
import {
  at,
  capture,
  correction,
  cr,
  grant,
  hold,
  plain,
  poolId,
  refund,
  release,
  usage,
  voidOf,
} from '../../support/ledger-lines.ts';

const noon = at('2026-01-05T12:00');
const ana: Sender = { deviceId: 'ana', workspaceId: 'workspace', view: 'all', mayBringBack: false };
const ben: Sender = { ...ana, deviceId: 'ben' };
const january = { start: at('2026-01-01'), end: at('2026-02-01') };

/** A pool of 100 credits a month with a hard limit, unless said otherwise. */
function desk(changes: Partial<MemoryServerOptions> = {}) {
  const pools = [{ poolId, granted: cr(100), hard: true }];
  const server = new MemoryServer({ pools, activeDevices: 1, ...changes });
  const numbers = new Map<string, number>();
  const rowOf = (sender: Sender, line: Transaction) => {
    const number = (numbers.get(sender.deviceId) ?? 0) + 1;
    numbers.set(sender.deviceId, number);
    return { id: line.id, by: { deviceId: sender.deviceId, number }, entry: { kind: 'line', line } };
  };
  const pushRows = async (sender: Sender, rows: readonly unknown[], epoch = 'epoch-0') =>
    (await server.answer('push', { epoch, rows }, sender, noon)) as PushResult;
  const push = (sender: Sender, ...lines: readonly Transaction[]) =>
    pushRows(
      sender,
      lines.map((line) => rowOf(sender, line)),
    );
  const verdicts = async (sender: Sender, ...lines: readonly Transaction[]) =>
    (await push(sender, ...lines)).accepted.map(({ verdict }) => verdict);
  const ask = async (sender: Sender, body: unknown, now = noon) =>
    ((await server.answer('leases', body, sender, now)) as { leases: { id: string; amount: number }[] }).leases;
  const lease = async (sender: Sender, needed: number): Promise<string> =>
    (await ask(sender, { kind: 'top-up', poolId, needed: cr(needed) }))[0]!.id;
  const book = () => {
    const found = [...server.kept.books.values()].find(({ period }) => period.start === january.start);
    const { granted, settled, leased, shortfall, overrun, overage } = found!;
    return { granted, settled, leased, shortfall, overrun, overage };
  };
  return { server, rowOf, pushRows, push, verdicts, ask, lease, book };
}

const figures = (granted: number, settled: number, leased: number, more: object = {}) => ({
  granted: cr(granted),
  settled: cr(settled),
  leased: cr(leased),
  shortfall: 0,
  overrun: 0,
  overage: 0,
  ...more,
});

describe('accepting', () => {
  it('[M1] places rise without gaps in the order of the batch, each verdict at a place of its own', async () => {
    const { push, server } = desk();
    await push(ana, usage('a', noon, cr(60)), usage('b', noon, cr(60)), usage('c', noon, cr(1)));
    expect(server.kept.documents.map(({ kind, seq }) => `${seq} ${kind}`)).toEqual([
      '1 entry',
      '2 entry',
      '3 verdict',
      '4 entry',
      '5 verdict',
    ]);
  });

  it('[M2] the same rows again are answered the same and change nothing, written down later or not', async () => {
    const { server, rowOf, pushRows } = desk();
    const lines = [usage('a', noon, cr(60)), usage('b', noon, cr(60)), release('c', hold('x', noon, cr(1)), noon)];
    const rows = lines.map((line) => rowOf(ana, line));
    const first = await pushRows(ana, rows);
    const { kept } = server;
    const again = rows.map((row) => ({
      ...row,
      entry: { ...row.entry, line: { ...row.entry.line, recordedAt: noon + 1 } },
    }));
    expect(await pushRows(ana, again)).toEqual(first);
    expect(server.kept).toEqual(kept);
  });

  it('[M2] the same row twice in one batch is booked once', async () => {
    const { rowOf, pushRows, book } = desk();
    const row = rowOf(ana, usage('a', noon, cr(10)));
    const { accepted } = await pushRows(ana, [row, row]);
    expect(accepted.map(({ seq }) => seq)).toEqual([1, 1]);
    expect(book()).toEqual(figures(100, 10, 0));
  });

  it('[M3] another body under a known id meets the one that counts', async () => {
    const { push, book } = desk();
    await push(ana, usage('a', noon, cr(10)));
    const { accepted, conflicts } = await push(ben, usage('a', noon, cr(30)));
    expect(accepted).toEqual([]);
    expect(conflicts).toMatchObject([{ id: 'a', seq: 1, master: { line: { credits: cr(10) } } }]);
    expect(book()).toEqual(figures(100, 10, 0));
  });

  it('[M4] a row that is refused leaves the rest of the batch alone, and stays refused', async () => {
    const { rowOf, pushRows, push } = desk();
    const foreign = usage('b', noon, cr(1));
    const rows = [
      { ...rowOf(ana, usage('a', noon, cr(1))), entry: { kind: 'line', line: { kind: 'usage' } } },
      rowOf(ana, { ...foreign, workspaceId: 'another' }),
      rowOf(ana, { ...usage('c', noon, cr(1)), poolId: 'nowhere' }),
      rowOf(ana, usage('d', noon, credits(Number.MAX_SAFE_INTEGER))),
      rowOf(ana, usage('e', noon, cr(1))),
    ];
    const { accepted } = await pushRows(ana, rows);
    expect(accepted.map(({ verdict }) => ('reason' in verdict ? verdict.reason : verdict.kind))).toEqual([
      'malformed',
      'unknown-workspace',
      'unknown-pool',
      'too-large',
      'booked',
    ]);
    expect((await push(ana, foreign)).accepted).toMatchObject([{ seq: null, verdict: { kind: 'refused' } }]);
  });

  it.each<[string, Partial<Review>, string]>([
    ['refused', { refused: 'not-allowed', late: true }, 'refused'],
    ['over a cap', { overCap: true, late: true }, 'over-cap'],
    ['late', { late: true }, 'late'],
  ])('[M4] what the server’s own rules say of an entry: %s', async (_, said, kind) => {
    const { verdicts } = desk({ review: () => ({ refused: null, late: false, overCap: false, ...said }) });
    expect(await verdicts(ana, usage('a', noon, cr(1)))).toMatchObject([{ kind }]);
  });

  it('[M4] the second settlement of a hold is refused; the first one counts', async () => {
    const { verdicts, book } = desk();
    const held = hold('h', noon, cr(40));
    expect(await verdicts(ana, held, capture('c', held, noon, cr(30)))).toMatchObject([
      { kind: 'booked' },
      { kind: 'booked' },
    ]);
    expect(await verdicts(ben, release('r', held, noon))).toMatchObject([{ reason: 'already-resolved' }]);
    expect(book()).toEqual(figures(100, 30, 0));
  });

  it('[M5] a number that was taken by another row gives a copied device away; the row counts all the same', async () => {
    const { rowOf, pushRows, server } = desk();
    const [first, second] = [usage('a', noon, cr(1)), usage('b', noon, cr(1))].map((line) => rowOf(ana, line));
    expect((await pushRows(ana, [first, second])).forked).toBe(false);
    const copy = { ...rowOf(ana, usage('c', noon, cr(1))), by: second!.by };
    const answer = await pushRows(ana, [copy]);
    expect([answer.forked, answer.accepted[0]?.verdict.kind, server.forkedBy]).toEqual([true, 'booked', ['c']]);
    expect((await pushRows(ana, [first, second])).forked).toBe(false);
  });

  it('[M5] rows of another device are taken from who may bring them back, and only from them', async () => {
    const { rowOf, pushRows } = desk();
    const row = rowOf(ana, usage('a', noon, cr(1)));
    const other = rowOf(ana, usage('b', noon, cr(1)));
    const admin = { ...ben, mayBringBack: true };
    expect((await pushRows(ben, [row])).accepted).toMatchObject([{ verdict: { reason: 'not-allowed' } }]);
    expect(await pushRows(admin, [other])).toMatchObject({
      forked: false,
      accepted: [{ verdict: { kind: 'booked' } }],
    });
  });
});

describe('what somebody else brings back', () => {
  it('[M4] a refusal of it is not remembered: the author is judged when they send it', async () => {
    const { rowOf, pushRows } = desk();
    const row = rowOf(ana, usage('a', noon, cr(1)));
    const refused = { verdict: { kind: 'refused', reason: 'not-allowed' }, seq: null };
    expect((await pushRows(ben, [row, row])).accepted).toMatchObject([refused, refused]);
    expect((await pushRows(ana, [row])).accepted).toMatchObject([{ verdict: { kind: 'booked' }, seq: 1 }]);
  });

  it('[M5] [Y16] what a view had shown without its author is nobody’s to send', async () => {
    const { rowOf, pushRows, server } = desk();
    const named = rowOf(ana, usage('pseudonym', noon, cr(1)));
    const unnamed = { ...named, by: { deviceId: unnamedDevice, number: 7 } };
    const answer = await pushRows({ ...ben, mayBringBack: true }, [unnamed]);
    expect(answer.accepted).toMatchObject([{ verdict: { kind: 'refused', reason: 'not-allowed' } }]);
    expect(server.kept.documents).toEqual([]);
  });
});

describe('the book of a pool', () => {
  it('[M6] a use takes what is free; an authorised rest overruns, one that had happened is overage', async () => {
    const { verdicts, book } = desk();
    expect(await verdicts(ana, usage('a', noon, cr(80)), usage('b', noon, cr(30)))).toEqual([
      { kind: 'booked', entryId: 'a' },
      { kind: 'overrun', entryId: 'b', excess: cr(10) },
    ]);
    expect(await verdicts(ana, usage('c', noon, cr(5), { happened: true }))).toMatchObject([{ kind: 'booked' }]);
    expect(book()).toEqual(figures(100, 100, 0, { overrun: cr(10), overage: cr(5) }));
  });

  it('[M6] a soft limit has overage and no overruns', async () => {
    const { verdicts, book } = desk({ pools: [{ poolId, granted: cr(100), hard: false }] });
    expect(await verdicts(ana, usage('a', noon, cr(130)))).toMatchObject([{ kind: 'booked' }]);
    expect(book()).toEqual(figures(100, 100, 0, { overage: cr(30) }));
  });

  it('[M6] counts holds, settlements, refunds, voids, corrections and grants', async () => {
    const { push, book } = desk();
    const [held, used] = [hold('h', noon, cr(40)), usage('u', noon, cr(30))];
    await push(ana, held, used);
    expect(book()).toEqual(figures(100, 70, 0));
    await push(
      ana,
      capture('c', held, noon, cr(25)),
      refund('r', used, noon, cr(10)),
      correction('k', cr(3), { when: noon }),
    );
    expect(book()).toEqual(figures(100, 48, 0));
    await push(ana, voidOf('v', held, noon, cr(25)), correction('l', cr(-3), { when: noon }), grant('g', noon, cr(50)));
    expect(book()).toEqual(figures(150, 20, 0));
  });

  it('[M6] a settlement that comes before its hold counts once', async () => {
    const { push, book } = desk();
    const held = hold('h', noon, cr(40));
    await push(ben, capture('c', held, noon, cr(25)));
    expect(book()).toEqual(figures(100, 25, 0));
    await push(ana, held);
    expect(book()).toEqual(figures(100, 25, 0));
  });

  it('[M6] [H7] a use that two give back without knowing of each other is given back once', async () => {
    const { push, book, ask } = desk();
    const [used, held] = [usage('u', noon, cr(60)), hold('h', noon, cr(40))];
    await push(ana, used, held, capture('c', held, noon, cr(30)));
    await push(ana, voidOf('v', used, noon), refund('r', held, noon, cr(20)));
    expect(book()).toEqual(figures(100, 10, 0));
    await push(ben, refund('s', used, noon, cr(60)), voidOf('w', held, noon, cr(30)));
    await push(ben, correction('k', cr(-30), { base: used, when: noon }));
    expect(book()).toEqual(figures(100, 0, 0));
    // What a correction adds joins the use, and goes with what was given back too often.
    await push(ana, usage('next', noon, cr(50)), correction('l', cr(40), { base: used, when: noon }));
    expect(book()).toEqual(figures(100, 50, 0));
    expect(await ask(ana, { kind: 'top-up', poolId, needed: cr(60) })).toEqual([]);
  });

  it('[M6] [H7] of a captured hold nothing is given back before its capture', async () => {
    const { push, book } = desk();
    const held = hold('h', noon, cr(40));
    const later = instant(noon + 60_000);
    await push(ana, held, refund('r', held, noon, cr(10)));
    expect(book()).toEqual(figures(100, 40, 0));
    await push(ben, capture('c', held, later, cr(30)));
    expect(book()).toEqual(figures(100, 30, 0));
    await push(ben, refund('s', held, later, cr(25)), refund('t', held, later, cr(25)));
    expect(book()).toEqual(figures(100, 0, 0));
  });

  it('[M6] [H7] what is given back is the same in whatever order the lines arrive', async () => {
    const [used, held] = [usage('u', noon, cr(20)), hold('h', noon, cr(25))];
    const lines = [
      used,
      held,
      capture('c', held, noon, cr(15)),
      voidOf('v', used, noon),
      refund('r', used, noon, cr(15)),
      correction('k', cr(5), { base: used, when: noon }),
      correction('l', cr(-8), { base: used, when: noon }),
      refund('s', held, noon, cr(9)),
      refund('t', held, noon, cr(5)),
      usage('other', noon, cr(7)),
    ];
    const batches = fc.shuffledSubarray(lines, { minLength: lines.length });
    await fc.assert(
      fc.asyncProperty(batches, fc.nat(lines.length), async (shuffled, place) => {
        const { push, book } = desk();
        await push(ana, ...shuffled.slice(0, place));
        await push(ben, ...shuffled.slice(place));
        expect(book()).toEqual(figures(100, 7 + 1, 0));
      }),
      { numRuns: 60 },
    );
  });

  it('[M6] fewer credits shrink what is free first, and note what they leave uncovered', () => {
    const full = settle(lendTo(openBook({ poolId, period: january, hard: true, granted: cr(100) }), cr(30)), {
      amount: cr(50),
      authorised: true,
    }).book;
    expect([plain(freeOf(full)), plain(regrant(full, cr(85)).shortfall)]).toEqual([20, 0]);
    const shrunk = regrant(full, cr(60));
    expect([plain(freeOf(shrunk)), plain(shrunk.shortfall)]).toEqual([0, 20]);
    expect(plain(takeBack(shrunk, cr(30)).shortfall)).toBe(0);
    expect(() => lendTo(shrunk, cr(1))).toThrow(/would lease/);
  });

  it('[M6] settled and leased stay within what was granted, whatever happens', () => {
    const anyStep = fc.tuple(
      fc.constantFrom('settle', 'give back', 'lend', 'use lease', 'take back', 'regrant'),
      fc.nat(60),
    );
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
        let book = openBook({ poolId, period: january, hard: true, granted: credits(100) });
        for (const [what, figure] of steps) {
          const amount = credits(figure);
          const leased = credits(Math.min(figure, book.leased));
          if (what === 'settle') book = settle(book, { amount, authorised: figure % 2 === 0 }).book;
          if (what === 'give back') book = giveBack(book, amount);
          if (what === 'lend') book = lendTo(book, credits(Math.min(figure, freeOf(book))));
          if (what === 'use lease') book = settleLeased(book, leased);
          if (what === 'take back') book = takeBack(book, leased);
          if (what === 'regrant') book = regrant(book, credits(figure * 3));
          expect(book.settled + book.leased).toBeLessThanOrEqual(book.granted + book.shortfall);
          expect(freeOf(book)).toBeGreaterThanOrEqual(0);
          expect(book.shortfall > 0 && freeOf(book) > 0).toBe(false);
        }
      }),
    );
  });
});

describe('lending', () => {
  it('[M7] a lease is carved out of what is free, and what is used under it comes out of the lease', async () => {
    const { lease, verdicts, book } = desk();
    const leaseId = await lease(ana, 60);
    expect(book()).toEqual(figures(100, 0, 60));
    expect(await verdicts(ben, usage('x', noon, cr(50)))).toMatchObject([{ kind: 'overrun', excess: cr(10) }]);
    expect(await verdicts(ana, usage('a', noon, cr(60), { leaseId }))).toMatchObject([{ kind: 'booked' }]);
    expect(book()).toEqual(figures(100, 100, 0, { overrun: cr(10) }));
  });

  it('[M7] one lease a device, pool and period grows; a top-up gives all that is needed or nothing', async () => {
    const { ask, book } = desk();
    const topUp = (needed: number) => ask(ana, { kind: 'top-up', poolId, needed: cr(needed) });
    const [first] = await topUp(30);
    expect(await topUp(50)).toMatchObject([{ id: first!.id, amount: cr(50) }]);
    expect(await topUp(40)).toMatchObject([{ amount: cr(50) }]);
    expect(await topUp(101)).toMatchObject([{ amount: cr(50) }]);
    expect(book()).toEqual(figures(100, 0, 50));
  });

  it('[M7] all that an overdrawn lease grows by can be spent', async () => {
    const { lease, push, ask, book, server } = desk();
    const leaseId = await lease(ana, 20);
    await push(ana, usage('a', noon, cr(45), { leaseId }));
    expect(book()).toEqual(figures(100, 45, 0));
    await ask(ana, { kind: 'top-up', poolId, needed: cr(30) });
    expect(book()).toEqual(figures(100, 45, 30));
    expect(restOf(server.kept.leases.get(leaseId)!)).toBe(cr(30));
  });

  it('[M7] a renewal goes by what is expected, and brings the next period’s lease in time', async () => {
    const { ask } = desk();
    const renew = { kind: 'renew', expectedByPool: [{ poolId, expected: cr(20) }] };
    expect(await ask(ana, renew)).toMatchObject([{ amount: cr(20), spendableForMs: 7 * 86_400_000 }]);
    expect(await ask(ana, renew, at('2026-01-26'))).toMatchObject([
      { amount: cr(20) },
      { amount: cr(20), period: { start: january.end } },
    ]);
  });

  it('[M7] no lease for who may not spend, and none from a soft pool', async () => {
    const topUp = { kind: 'top-up', poolId, needed: cr(1) };
    expect(await desk({ maySpend: () => false }).ask(ana, topUp)).toEqual([]);
    expect(await desk({ pools: [{ poolId, granted: cr(100), hard: false }] }).ask(ana, topUp)).toEqual([]);
  });

  it('[M7] a lease serves its own device, period and pool only, and nobody once it is closed', async () => {
    const { lease, verdicts, book, ask, server } = desk();
    const leaseId = await lease(ana, 60);
    await verdicts(ben, usage('b', noon, cr(10), { leaseId }));
    await verdicts(ana, usage('c', at('2026-02-02'), cr(10), { leaseId }));
    expect(book()).toEqual(figures(100, 10, 60));
    await ask(ana, { kind: 'return', leaseIds: [leaseId] });
    expect(book()).toEqual(figures(100, 10, 0));
    expect(await verdicts(ana, usage('d', noon, cr(95), { leaseId }))).toMatchObject([
      { kind: 'overrun', excess: cr(5) },
    ]);
    expect(server.kept.leases.get(leaseId)).toMatchObject({ closed: 'returned' });
  });

  it.each([
    ['reclaimed once its time has come', { kind: 'reclaimed', now: at('2026-01-19T12:00') }, 0],
    ['not reclaimed before', { kind: 'reclaimed', now: instant(at('2026-01-19T12:00') - 1) }, 60],
    ['taken from a device that is revoked', { kind: 'revoked', deviceId: 'ana' }, 0],
    ['left alone when another one is', { kind: 'revoked', deviceId: 'ben' }, 60],
  ] as const)('[M7] a lease is %s', async (_, how, leased) => {
    const { lease, server, book } = desk();
    await lease(ana, 60);
    await server.closeLeases(how);
    expect(book()).toEqual(figures(100, 0, leased));
  });

  it('[M7] what a lease has left is the fold of its lines, whatever comes in whatever order', async () => {
    const anyUse = fc.record({
      amount: fc.integer({ min: 1, max: 30 }),
      what: fc.constantFrom('usage', 'hold', 'capture', 'capture more', 'release', 'refund'),
      about: fc.nat(9),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anyUse, { maxLength: 12 }), fc.boolean(), async (uses, turned) => {
        const { lease, push, server } = desk();
        const leaseId = await lease(ana, 90);
        const lines: Transaction[] = [];
        for (const [place, { amount, what, about }] of uses.entries()) {
          const id = `${place}`;
          const holds = lines.filter((line) => line.kind === 'hold');
          const held = holds[about % Math.max(holds.length, 1)];
          if (what === 'usage') lines.push(usage(id, noon, cr(amount), { leaseId }));
          else if (what === 'hold' || !held) lines.push({ ...hold(id, noon, cr(amount)), leaseId });
          else if (what === 'capture') lines.push(capture(id, held, noon, cr(Math.min(amount, plain(held.credits)))));
          else if (what === 'capture more')
            lines.push({ ...capture(id, held, noon, cr(plain(held.credits) + amount)), leaseId });
          else if (what === 'release') lines.push(release(id, held, noon));
          else lines.push(refund(id, held, noon, cr(amount)));
        }
        const sent = turned ? lines.toReversed() : lines;
        if (sent.length > 0) await push(ana, ...sent);
        const booked = [...server.kept.rows.values()].flatMap(({ entry }) =>
          entry?.kind === 'line' ? entry.line : [],
        );
        const record = server.kept.leases.get(leaseId)!;
        expect(restOf(record)).toBe(restOfLease(record, booked).rest);
        const book = [...server.kept.books.values()].find(({ leased }) => leased > 0);
        expect(book?.leased ?? 0).toBe(restOf(record));
      }),
      { numRuns: 300 },
    );
  });
});

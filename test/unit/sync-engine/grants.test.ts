import { describe, expect, it } from 'vitest';
import type { Transaction } from '../../../shared/ledger/transaction.ts';
import { bookBatch } from '../../../shared/sync-engine/book-batch.ts';
import { openBook, regrant, settle } from '../../../shared/sync-engine/pool-book.ts';
import { at, cr, pack, poolId, voidOfGrant } from '../../support/ledger-lines.ts';

const noon = at('2026-01-05T12:00');
const period = { start: at('2026-01-01'), end: at('2026-02-01') };
const sender = { deviceId: 'ana', workspaceId: 'workspace', view: 'all', mayBringBack: false };
const bought = pack('pack', noon, cr(50));

/** A book of 100 credits and a pack of 50, with so much used; then one line. */
function bookAfter(used: number, line: Transaction) {
  const open = openBook({ poolId, period, hard: true, granted: cr(150) });
  const { book } = settle(open, { amount: cr(used), authorised: true });
  const text = JSON.stringify({ kind: 'line', line });
  const row = { id: line.id, by: { deviceId: 'ana', number: 1 }, bodyHash: 'hash', text };
  const { writes } = bookBatch({
    rows: [{ ...row, parsed: { ok: true, value: { kind: 'line', line } } }],
    sender,
    seq: 0,
    facts: {
      rows: [],
      groups: new Map(),
      leases: [],
      books: [book],
      numberMax: 0,
      bases: new Map([['pack', bought]]),
      follows: new Map(),
    },
    review: () => ({ refused: null, late: false, overCap: false }),
  });
  return writes.books[0];
}

describe('a grant that is voided', () => {
  it('[G1] [M6] takes what is free, and gives no use back', () => {
    const voided = voidOfGrant('void', 'pack', noon);
    expect(bookAfter(120, voided)).toMatchObject({ granted: cr(100), settled: cr(120), shortfall: cr(20) });
    // Whatever credits the line itself claims.
    expect(bookAfter(80, { ...voided, credits: cr(80) })).toMatchObject({
      granted: cr(100),
      settled: cr(80),
      shortfall: 0,
    });
  });

  it('[M6] of a grant that nobody knows changes no book', () => {
    const open = openBook({ poolId, period, hard: true, granted: cr(150) });
    expect(bookAfter(0, voidOfGrant('void', 'another', noon))).toEqual(regrant(open, cr(150)));
  });
});

import { describe, expect, it } from 'vitest';
import type { Instant } from '../../../shared/kernel/instant.ts';
import type { TermsIndex } from '../../../shared/ledger/schedule.ts';
import type { Transaction } from '../../../shared/ledger/transaction.ts';
import { askPool, availableOf } from '../../../shared/ledger/what-if.ts';
import { at, cr, grant, hold, pack, plain, refund, usage, voidOfGrant } from '../../support/ledger-lines.ts';
import { plainTerms, withoutAllotment } from '../../support/plain-terms.ts';
import { change, fold, ledgerOf } from '../../support/workspace-terms.ts';

const jan = (day: number): Instant => at(`2026-01-${String(day).padStart(2, '0')}`);

function ask(index: TermsIndex, lines: readonly Transaction[], asked: { amount: number; when: Instant; now: Instant }) {
  const answer = askPool({
    ledger: ledgerOf(index, lines),
    amount: cr(asked.amount),
    at: asked.when,
    now: asked.now,
  });
  return {
    headroom: plain(answer.headroom),
    overageAdded: plain(answer.overageAdded),
    split: answer.split.map((share) => [share.kind, plain(share.credits)]),
    freesAt: answer.freesAt,
  };
}

describe('asking for a use now', () => {
  it('[G3] says who would pay, and books nothing', () => {
    const lines = [pack('pack', jan(2), cr(50)), usage('use', jan(3), cr(80))];
    const now = jan(5);
    const state = fold(plainTerms(), lines, now);
    const before = availableOf(state);
    expect(ask(plainTerms(), lines, { amount: 60, when: now, now })).toEqual({
      headroom: 70,
      overageAdded: 0,
      split: [
        ['allotment', 20],
        ['pack', 40],
      ],
      freesAt: at('2026-02-01'),
    });
    expect(availableOf(state)).toBe(before);
  });

  it('[H4] sees what holds have set aside as gone', () => {
    const lines = [grant('credit', jan(1), cr(100)), usage('use', jan(2), cr(20)), hold('hold', jan(3), cr(50))];
    const answer = ask(withoutAllotment, lines, { amount: 50, when: jan(4), now: jan(4) });
    expect([answer.headroom, answer.overageAdded]).toEqual([30, 20]);
  });

  it('[E1] frees with the next allotment or seats that count soon, and never when nothing is due', () => {
    expect(ask(plainTerms(), [], { amount: 1, when: jan(4), now: jan(4) }).freesAt).toBe(at('2026-02-01'));
    expect(ask(withoutAllotment, [], { amount: 1, when: jan(4), now: jan(4) }).freesAt).toBeNull();
    const ended = plainTerms({}, { changes: [change(jan(20), { kind: 'plan', planId: null })] });
    expect(ask(ended, [], { amount: 1, when: jan(4), now: jan(4) }).freesAt).toBeNull();
  });
});

describe('asking for a use in the past', () => {
  it('[E7] the headroom is what later use has left', () => {
    const lines = [usage('use', jan(10), cr(70))];
    const answer = ask(plainTerms(), lines, { amount: 40, when: jan(5), now: jan(12) });
    expect([answer.headroom, answer.overageAdded]).toEqual([30, 10]);
    // The asked use itself is paid; it is the later one that would no longer be.
    expect(answer.split).toEqual([['allotment', 40]]);
  });

  it('[E7] credits that have lapsed since are no harm to later periods', () => {
    const lines = [usage('january', jan(10), cr(60)), usage('february', at('2026-02-05'), cr(100))];
    const answer = ask(plainTerms(), lines, { amount: 40, when: jan(5), now: at('2026-02-10') });
    expect([answer.headroom, answer.overageAdded]).toEqual([40, 0]);
  });

  it('[E7] credits that burn first and are needed later are no headroom, even while others lapse unused', () => {
    const lines = [
      grant('first', jan(1), cr(100), { priority: 10 }),
      grant('lapses', jan(1), cr(100), { priority: 20, expiresAt: jan(5) }),
      usage('later', jan(10), cr(100)),
    ];
    const answer = ask(withoutAllotment, lines, { amount: 150, when: jan(3), now: jan(12) });
    expect([answer.headroom, answer.overageAdded]).toEqual([0, 100]);
    expect(ask(withoutAllotment, lines, { amount: 1, when: jan(3), now: jan(12) }).overageAdded).toBe(1);
  });

  it('[E7] what was given back later counts as headroom only if no use in between needs it', () => {
    const used = usage('use', jan(4), cr(100));
    const lines = [used, refund('refund', used, jan(8), cr(60))];
    expect(ask(plainTerms(), lines, { amount: 10, when: jan(3), now: jan(12) }).headroom).toBe(0);
    expect(ask(plainTerms(), lines, { amount: 10, when: jan(9), now: jan(12) }).headroom).toBe(60);
  });

  it('[E7] credits that a void stopped since could still be spent before it', () => {
    const lines = [grant('credit', jan(1), cr(50)), voidOfGrant('void', 'credit', jan(10))];
    expect(ask(withoutAllotment, lines, { amount: 10, when: jan(5), now: jan(12) }).headroom).toBe(50);
    expect(ask(withoutAllotment, lines, { amount: 10, when: jan(11), now: jan(12) }).headroom).toBe(0);
  });

  it('[E7] without any line the pool answers with what it was allotted then', () => {
    expect(ask(plainTerms(), [], { amount: 10, when: jan(5), now: at('2026-02-12') }).headroom).toBe(100);
    const before = ask(plainTerms(), [], { amount: 10, when: at('2025-12-05'), now: jan(12) });
    expect([before.headroom, before.split]).toEqual([100, [['allotment', 10]]]);
  });
});

describe('asking for a use that is dated ahead', () => {
  it('[E7] counts what is dated ahead of it too', () => {
    const lines = [usage('ahead', at('2026-02-03'), cr(70))];
    const answer = ask(plainTerms(), lines, { amount: 40, when: at('2026-02-05'), now: jan(12) });
    expect([answer.headroom, answer.overageAdded]).toEqual([30, 10]);
  });
});

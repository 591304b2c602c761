import { describe, expect, it } from 'vitest';
import { defaultPriority } from '../../../shared/ledger/transaction.ts';
import { sharesOf } from '../../../shared/ledger/spends.ts';
import {
  at,
  correction,
  cr,
  grant,
  hold,
  pack,
  plain,
  refund,
  release,
  usage,
  voidOfGrant,
} from '../../support/ledger-lines.ts';
import { plainTerms, withoutAllotment } from '../../support/plain-terms.ts';
import { balanceAt, change, fold, remaining } from '../../support/workspace-terms.ts';

const jan = (day: number, time = '00:00'): ReturnType<typeof at> =>
  at(`2026-01-${String(day).padStart(2, '0')}T${time}`);

function splitOf(lines: Parameters<typeof fold>[1], id: string, index = withoutAllotment) {
  const spend = fold(index, lines, jan(31)).spendById.get(id);
  return spend && sharesOf(spend).map((share) => [share.grantId ?? 'overage', plain(share.credits)]);
}

describe('a grant', () => {
  it('[G1] that is voided stops at that instant, and what it paid before stays paid', () => {
    const lines = [
      grant('credit', jan(1), cr(100)),
      usage('before', jan(2), cr(30)),
      voidOfGrant('void', 'credit', jan(3)),
      usage('after', jan(3), cr(10)),
    ];
    expect(splitOf(lines, 'before')).toEqual([['credit', 30]]);
    expect(splitOf(lines, 'after')).toEqual([['overage', 10]]);
    const balance = balanceAt(withoutAllotment, lines, jan(4));
    expect([balance.voided, balance.available, balance.overage].map(plain)).toEqual([70, 0, 10]);
  });

  it('[G1] that is voided before it becomes effective never pays', () => {
    const lines = [
      voidOfGrant('void', 'credit', jan(1)),
      grant('credit', jan(2), cr(100)),
      usage('use', jan(3), cr(10)),
    ];
    expect(splitOf(lines, 'use')).toEqual([['overage', 10]]);
    const state = fold(withoutAllotment, lines, jan(4));
    expect(state.anomalies).toEqual([]);
    expect(plain(balanceAt(withoutAllotment, lines, jan(4)).voided)).toBe(100);
  });

  it('[G1] that nobody knows cannot be voided, and the line is told apart', () => {
    const state = fold(withoutAllotment, [voidOfGrant('void', 'nowhere', jan(1))], jan(2));
    expect(state.anomalies).toEqual([{ lineId: 'void', code: 'unknown-grant' }]);
  });

  it('[G1] keeps its amount: what returns to a voided grant is voided too', () => {
    const used = usage('use', jan(2), cr(30));
    const lines = [
      grant('credit', jan(1), cr(100)),
      used,
      voidOfGrant('void', 'credit', jan(3)),
      refund('refund', used, jan(4)),
    ];
    expect(plain(balanceAt(withoutAllotment, lines, jan(5)).voided)).toBe(100);
  });

  it('[G4] pays nothing before its effective-from, and from then on it does', () => {
    const lines = [grant('credit', jan(3), cr(100)), usage('a', jan(2, '23:59'), cr(5)), usage('b', jan(3), cr(5))];
    expect(splitOf(lines, 'a')).toEqual([['overage', 5]]);
    expect(splitOf(lines, 'b')).toEqual([['credit', 5]]);
  });

  it('[G4] pays nothing at or after its expiry', () => {
    const lines = [
      grant('credit', jan(1), cr(100), { expiresAt: jan(3) }),
      usage('a', jan(2, '23:59:59.999'), cr(5)),
      usage('b', jan(3), cr(5)),
    ];
    expect(splitOf(lines, 'a')).toEqual([['credit', 5]]);
    expect(splitOf(lines, 'b')).toEqual([['overage', 5]]);
    expect(plain(balanceAt(withoutAllotment, lines, jan(3)).lapsed)).toBe(95);
  });

  it('[G4] that would expire before it begins never pays', () => {
    const lines = [grant('credit', jan(3), cr(100), { expiresAt: jan(2) }), usage('use', jan(3), cr(5))];
    expect(splitOf(lines, 'use')).toEqual([['overage', 5]]);
  });
});

describe('burn order', () => {
  const of = (lines: Parameters<typeof fold>[1]) =>
    fold(withoutAllotment, lines, jan(10)).inForce.map((slot) => slot.id);

  it('[G2] goes by priority first, whatever expires sooner', () => {
    expect(
      of([
        grant('late', jan(1), cr(1), { priority: 20, expiresAt: jan(20) }),
        grant('soon', jan(1), cr(1), { priority: 10 }),
      ]),
    ).toEqual(['soon', 'late']);
  });

  it('[G2] then by expiry, never last', () => {
    expect(
      of([
        grant('never', jan(1), cr(1)),
        grant('later', jan(1), cr(1), { expiresAt: jan(25) }),
        grant('sooner', jan(1), cr(1), { expiresAt: jan(20) }),
      ]),
    ).toEqual(['sooner', 'later', 'never']);
  });

  it('[G2] then by effective-from, then by id', () => {
    expect(of([grant('c', jan(2), cr(1)), grant('b', jan(1), cr(1)), grant('a', jan(2), cr(1))])).toEqual([
      'b',
      'a',
      'c',
    ]);
  });

  it('[G2] by default an allotment burns before an adjustment, and an adjustment before a pack', () => {
    expect(defaultPriority).toEqual({ allotment: 10, adjustment: 15, pack: 20 });
    const index = plainTerms();
    const lines = [pack('pack', jan(1), cr(50)), grant('gift', jan(1), cr(50)), usage('use', jan(2), cr(170))];
    const spend = fold(index, lines, jan(3)).spendById.get('use');
    expect(spend && sharesOf(spend).map((share) => [share.kind, plain(share.credits)])).toEqual([
      ['allotment', 100],
      ['adjustment', 50],
      ['pack', 20],
    ]);
  });
});

describe('the split', () => {
  it('[G3] is recomputed after a late event, while the receipt keeps what was decided', () => {
    const receipt = [{ grantId: 'a', kind: 'adjustment' as const, credits: cr(10) }];
    const use = usage('use', jan(5), cr(10), { receipt });
    const late = usage('late', jan(4), cr(95));
    const grants = [grant('a', jan(1), cr(100)), grant('b', jan(2), cr(100))];
    expect(splitOf([...grants, use], 'use')).toEqual([['a', 10]]);
    expect(splitOf([...grants, use, late], 'use')).toEqual([
      ['a', 5],
      ['b', 5],
    ]);
    expect(use.receipt).toEqual(receipt);
  });
});

describe('equal instants', () => {
  it('[K4] an event exactly at the reset is paid by the new period', () => {
    const use = usage('use', at('2026-02-01'), cr(10));
    const balance = balanceAt(plainTerms(), [use], at('2026-02-01'));
    expect([balance.used, balance.available, balance.lapsed].map(plain)).toEqual([10, 90, 100]);
  });

  it('[K7] a grant pays for a use at its very instant, and a void of it comes before that use', () => {
    const lines = [usage('a-use', jan(2), cr(10)), grant('z-credit', jan(2), cr(100))];
    expect(splitOf(lines, 'a-use')).toEqual([['z-credit', 10]]);
    expect(splitOf([...lines, voidOfGrant('void', 'z-credit', jan(2))], 'a-use')).toEqual([['overage', 10]]);
  });

  it('[K7] two uses at one instant are paid by id', () => {
    const lines = [grant('credit', jan(1), cr(10)), usage('b', jan(2), cr(10)), usage('a', jan(2), cr(10))];
    expect(splitOf(lines, 'a')).toEqual([['credit', 10]]);
    expect(splitOf(lines, 'b')).toEqual([['overage', 10]]);
  });
});

describe('overage', () => {
  it('[G8] of a period leaves the next allotment whole', () => {
    const balance = balanceAt(plainTerms(), [usage('use', jan(5), cr(130))], at('2026-02-01'));
    expect([balance.used, balance.overage, balance.available, balance.overageEver].map(plain)).toEqual([0, 0, 100, 30]);
  });

  it('[G9] is not paid by a grant that comes after it; the grant pays from its effective-from on', () => {
    const lines = [usage('over', jan(5), cr(130)), grant('credit', jan(6), cr(50)), usage('after', jan(7), cr(20))];
    const balance = balanceAt(plainTerms(), lines, jan(8));
    expect([balance.used, balance.overage, balance.available].map(plain)).toEqual([150, 30, 30]);
    expect(remaining(balance)).toEqual([0, 30]);
  });
});

describe('the books', () => {
  it('[G6] lapsed and voided count since the pool began, and the law holds with overage', () => {
    const lines = [
      usage('january', jan(5), cr(40)),
      usage('february', at('2026-02-05'), cr(110)),
      pack('pack', at('2026-03-01'), cr(30)),
      voidOfGrant('void', 'pack', at('2026-03-02')),
    ];
    const balance = balanceAt(plainTerms(), lines, at('2026-03-03'));
    expect(
      [balance.grantedEver, balance.usedEver, balance.overageEver, balance.lapsed, balance.voided].map(plain),
    ).toEqual([330, 150, 10, 60, 30]);
    expect(330).toBe(150 - 10 + plain(balance.available) + 60 + 30);
  });
});

describe('roll-over', () => {
  const rollOver = { min: '10', max: '60', source: 'page' };

  it('[G10] is none unless the plan says so', () => {
    expect(plain(balanceAt(plainTerms(), [], at('2026-02-01')).available)).toBe(100);
  });

  it.each([
    [0, 160],
    [30, 160],
    [70, 130],
    [95, 110],
    [100, 110],
  ])('[G10] of at least 10 and at most 60: used %i of 100, the new period begins with %i', (used, begins) => {
    const lines = used === 0 ? [] : [usage('use', jan(5), cr(used))];
    const balance = balanceAt(plainTerms({ rollOver }), lines, at('2026-02-01'));
    expect(plain(balance.available)).toBe(begins);
  });

  it('[G10] leaves out what a hold has set aside, which lapses when it is given back', () => {
    const held = hold('hold', jan(5), cr(50));
    const index = plainTerms({ rollOver });
    expect(plain(balanceAt(index, [held], at('2026-02-01')).available)).toBe(150);
    const released = balanceAt(index, [held, release('release', held, at('2026-02-02'))], at('2026-02-02'));
    expect([released.available, released.lapsed].map(plain)).toEqual([150, 100]);
  });

  it('[G11] leaves out a recurring add-on line, which does not roll over', () => {
    const index = plainTerms(
      {
        rollOver,
        addOns: [{ id: 'extra', name: 'Extra', kind: 'recurring-credits', onByDefault: false, source: 'page' }],
      },
      { changes: [change(jan(1), { kind: 'add-on', on: true, creditsPerPeriod: cr(40) }, 'extra')] },
    );
    const lines = [usage('use', jan(5), cr(100))];
    expect(plain(balanceAt(index, lines, jan(6)).available)).toBe(40);
    // 40 of the line or of the allotment are left, whichever burns last; 10 is the least that rolls over.
    expect(plain(balanceAt(index, lines, at('2026-02-01')).available)).toBeLessThanOrEqual(200);
  });
});

describe('a reading', () => {
  it('[G13] opens the balance in mid-period with use that nobody logged', () => {
    const opening = correction('reading', cr(37), { when: jan(15) });
    const balance = balanceAt(plainTerms(), [opening], jan(15));
    expect([balance.used, balance.available].map(plain)).toEqual([37, 63]);
  });

  it('[G13] that is lower than the ledger takes back the latest uses of its period first', () => {
    const lines = [
      usage('first', jan(5), cr(10)),
      usage('second', jan(6), cr(10)),
      usage('later', jan(20), cr(10)),
      correction('drift', cr(-14), { when: jan(25), spentAt: jan(10) }),
    ];
    const state = fold(plainTerms(), lines, jan(26));
    const used = [...state.spendById.values()].map((spend) => [
      spend.id,
      spend.parts.reduce((sum, part) => sum + part.used, 0),
    ]);
    expect(used.map(([id, micro]) => [id, Number(micro) / 1_000_000])).toEqual([
      ['first', 6],
      ['second', 0],
      ['later', 10],
    ]);
    expect(state.anomalies).toEqual([]);
  });

  it('[G13] never takes back what another period used, and says so', () => {
    const lines = [
      usage('january', jan(5), cr(10)),
      usage('february', at('2026-02-05'), cr(10)),
      correction('drift', cr(-14), { when: at('2026-02-10') }),
    ];
    const state = fold(plainTerms(), lines, at('2026-02-11'));
    expect(state.anomalies).toEqual([{ lineId: 'drift', code: 'more-than-was-used' }]);
    const balance = balanceAt(plainTerms(), lines, at('2026-02-11'));
    expect([balance.used, balance.usedEver].map(plain)).toEqual([0, 10]);
  });
});

describe('orders', () => {
  it('[P1] a pack is granted once, however often its line arrives', () => {
    const bought = pack('order', jan(2), cr(2000));
    const balance = balanceAt(withoutAllotment, [bought, bought, bought], jan(3));
    expect(remaining(balance)).toEqual([2000]);
  });

  it('[P2] credits of an order appear when it is granted, not before', () => {
    const bought = pack('order', jan(10), cr(2000));
    expect(plain(balanceAt(withoutAllotment, [bought], jan(9)).available)).toBe(0);
    expect(plain(balanceAt(withoutAllotment, [bought], jan(10)).available)).toBe(2000);
  });
});

describe('a plan that was ended', () => {
  it('[E2] takes what is left of its allotment with it, at that instant', () => {
    const index = plainTerms({}, { changes: [change(jan(10), { kind: 'plan', planId: null })] });
    const lines = [usage('use', jan(5), cr(30))];
    const before = balanceAt(index, lines, jan(9));
    const after = balanceAt(index, lines, jan(10));
    expect([before.available, after.available, after.lapsed].map(plain)).toEqual([70, 0, 70]);
  });
});

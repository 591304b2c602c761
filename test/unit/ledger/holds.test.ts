import { describe, expect, it } from 'vitest';
import { sharesOf } from '../../../shared/ledger/spends.ts';
import {
  at,
  capture,
  correction,
  cr,
  grant,
  hold,
  plain,
  refund,
  release,
  usage,
  voidOf,
} from '../../support/ledger-lines.ts';
import { perSeat, plainTerms, withoutAllotment } from '../../support/plain-terms.ts';
import { balanceAt, change, fold, remaining } from '../../support/workspace-terms.ts';

const jan = (day: number): ReturnType<typeof at> => at(`2026-01-${String(day).padStart(2, '0')}`);
const credit = grant('credit', jan(1), cr(100));

function figures(lines: Parameters<typeof fold>[1], asOf = jan(31), index = withoutAllotment) {
  const { used, held, available, overage, lapsed } = balanceAt(index, lines, asOf);
  return {
    used: plain(used),
    held: plain(held),
    available: plain(available),
    overage: plain(overage),
    lapsed: plain(lapsed),
  };
}

function resolutionOf(lines: Parameters<typeof fold>[1], asOf = jan(31)) {
  const state = fold(withoutAllotment, lines, asOf);
  return { resolution: state.spendById.get('hold')?.resolution?.how ?? null, anomalies: state.anomalies };
}

describe('a hold', () => {
  it('[H1] lowers what is available and not what remains or is used', () => {
    const lines = [credit, hold('hold', jan(2), cr(30))];
    expect(figures(lines)).toEqual({ used: 0, held: 30, available: 70, overage: 0, lapsed: 0 });
    expect(remaining(balanceAt(withoutAllotment, lines, jan(3)))).toEqual([100]);
  });

  it('[H2] that is captured in part frees the rest at once', () => {
    const held = hold('hold', jan(2), cr(30));
    const lines = [credit, held, capture('capture', held, jan(3), cr(20))];
    expect(figures(lines)).toEqual({ used: 20, held: 0, available: 80, overage: 0, lapsed: 0 });
  });

  it('[H2] is resolved once: what comes second changes nothing and is told apart', () => {
    const held = hold('hold', jan(2), cr(30));
    const lines = [credit, held, release('release', held, jan(3)), capture('capture', held, jan(4))];
    expect(figures(lines)).toEqual({ used: 0, held: 0, available: 100, overage: 0, lapsed: 0 });
    expect(resolutionOf(lines)).toEqual({
      resolution: 'released',
      anomalies: [{ lineId: 'capture', code: 'hold-already-resolved' }],
    });
  });

  it('[H2] that times out gives everything back at that instant, before any line of that instant', () => {
    const held = hold('hold', jan(2), cr(30), jan(4));
    expect(figures([credit, held], jan(3)).held).toBe(30);
    expect(figures([credit, held], jan(4)).available).toBe(100);
    const lines = [credit, held, capture('capture', held, jan(4))];
    expect(resolutionOf(lines).resolution).toBe('expired');
    expect(figures(lines).used).toBe(0);
  });

  it('[H2] the same line twice is one line', () => {
    const held = hold('hold', jan(2), cr(30));
    const captured = capture('capture', held, jan(3), cr(20));
    expect(resolutionOf([credit, held, held, captured, captured])).toEqual({ resolution: 'captured', anomalies: [] });
  });

  it('[H2] a settlement of what is no hold, or of nothing, is told apart', () => {
    const used = usage('use', jan(2), cr(5));
    const held = hold('hold', jan(2), cr(5));
    const state = fold(
      withoutAllotment,
      [credit, used, capture('a', { ...held, id: 'use' }, jan(3)), capture('b', held, jan(3))],
      jan(4),
    );
    expect(state.anomalies).toEqual([
      { lineId: 'a', code: 'not-a-hold' },
      { lineId: 'b', code: 'unknown-line' },
    ]);
  });

  it('[H3] captured for more than was held takes the difference from what is there at the capture', () => {
    const held = hold('hold', jan(2), cr(30));
    const lines = [credit, held, usage('use', jan(3), cr(60)), capture('capture', held, jan(4), cr(50))];
    expect(figures(lines)).toEqual({ used: 110, held: 0, available: 0, overage: 10, lapsed: 0 });
  });

  it('[H3] a correction of its use before the capture is no part of what was held', () => {
    const held = hold('hold', jan(2), cr(30));
    const more = correction('more', cr(10), { base: held, when: jan(5) });
    const lines = [credit, held, more, capture('capture', held, jan(4), cr(40))];
    expect(figures(lines).used).toBe(50);
  });

  it('[H4] sets aside overage too, which counts as overage only when it is captured', () => {
    const held = hold('hold', jan(2), cr(130));
    expect(figures([credit, held])).toEqual({ used: 0, held: 130, available: 0, overage: 0, lapsed: 0 });
    const partly = [credit, held, capture('capture', held, jan(3), cr(110))];
    expect(figures(partly)).toEqual({ used: 110, held: 0, available: 0, overage: 10, lapsed: 0 });
    const released = [credit, held, release('release', held, jan(3))];
    expect(figures(released)).toEqual({ used: 0, held: 0, available: 100, overage: 0, lapsed: 0 });
  });

  it('[H5] of January that is captured in February counts in January', () => {
    const held = hold('hold', jan(31), cr(30));
    const lines = [held, capture('capture', held, at('2026-02-02'), cr(20))];
    const state = fold(plainTerms(), lines, at('2026-02-03'));
    expect(state.totalsByPeriodStart.get(jan(1))).toEqual({ used: 20_000_000, overage: 0 });
    expect(figures(lines, at('2026-02-03'), plainTerms())).toEqual({
      used: 0,
      held: 0,
      available: 100,
      overage: 0,
      lapsed: 80,
    });
  });

  it('[H5] what is given back after the reset returns to its grant and stays lapsed', () => {
    const held = hold('hold', jan(31), cr(30));
    const open = figures([held], at('2026-02-01'), plainTerms());
    expect(open).toEqual({ used: 0, held: 30, available: 100, overage: 0, lapsed: 70 });
    const lines = [held, release('release', held, at('2026-02-02'))];
    expect(figures(lines, at('2026-02-02'), plainTerms())).toEqual({
      used: 0,
      held: 0,
      available: 100,
      overage: 0,
      lapsed: 100,
    });
  });

  it('[H6] where credits go when generation begins and return on failure: hold, then release or capture', () => {
    const failed = hold('hold', jan(2), cr(90));
    const done = hold('done', jan(3), cr(10));
    const lines = [credit, failed, release('release', failed, jan(2)), done, capture('capture', done, jan(3))];
    expect(figures(lines)).toEqual({ used: 10, held: 0, available: 90, overage: 0, lapsed: 0 });
  });

  it('[H8] without a time-out stays open for good', () => {
    expect(figures([credit, hold('hold', jan(2), cr(30))], at('2036-01-01')).held).toBe(30);
  });

  it('[H8] whose time-out is not after its beginning is over when it begins', () => {
    const lines = [credit, hold('hold', jan(2), cr(30), jan(2))];
    expect(figures(lines, jan(2))).toEqual({ used: 0, held: 0, available: 100, overage: 0, lapsed: 0 });
  });
});

describe('giving back', () => {
  const first = grant('first', jan(1), cr(20), { priority: 1 });
  const second = grant('second', jan(1), cr(30), { priority: 2 });
  const split = (lines: Parameters<typeof fold>[1]) => {
    const spend = fold(withoutAllotment, lines, jan(31)).spendById.get('use');
    return spend && sharesOf(spend).map((share) => [share.grantId ?? 'overage', plain(share.credits)]);
  };

  it('[H7] returns overage first, then to the last grant that paid', () => {
    const used = usage('use', jan(2), cr(60));
    const lines = [first, second, used];
    expect(split([...lines, refund('refund', used, jan(3), cr(15))])).toEqual([
      ['first', 20],
      ['second', 25],
    ]);
    expect(split([...lines, refund('refund', used, jan(3), cr(45))])).toEqual([['first', 15]]);
  });

  it('[H7] gives back overage first also when a grant came to pay after it', () => {
    const held = hold('use', jan(2), cr(60));
    const later = grant('later', jan(3), cr(40));
    const lines = [first, second, held, later, capture('capture', held, jan(4), cr(80))];
    expect(split([...lines, refund('refund', held, jan(5), cr(15))])).toEqual([
      ['first', 20],
      ['second', 30],
      ['later', 15],
    ]);
  });

  it('[H7] gives back at most what is used, and tells apart what asks for more', () => {
    const used = usage('use', jan(2), cr(10));
    const lines = [first, used, refund('a', used, jan(3), cr(8)), refund('b', used, jan(3), cr(8))];
    const state = fold(withoutAllotment, lines, jan(4));
    expect(state.anomalies).toEqual([{ lineId: 'b', code: 'more-than-was-used' }]);
    expect(figures(lines).used).toBe(0);
  });

  it('[H7] frees credits for what comes after it', () => {
    const used = usage('use', jan(2), cr(20));
    const lines = [
      first,
      used,
      refund('refund', used, jan(3)),
      usage('next', jan(3), cr(5)),
      usage('last', jan(4), cr(20)),
    ];
    // At one instant spends come before gifts, so `next` finds the grant still empty.
    expect(figures(lines)).toEqual({ used: 25, held: 0, available: 0, overage: 5, lapsed: 0 });
  });

  it('[L3] a void takes back what it says and leaves a later correction alone', () => {
    const used = usage('use', jan(2), cr(5));
    const lines = [
      first,
      used,
      voidOf('void', used, jan(3), cr(5)),
      correction('again', cr(3), { base: used, when: jan(4) }),
    ];
    expect(figures(lines).used).toBe(3);
  });

  it('[L3] a correction that adds counts with the use that it corrects, at whatever time it was entered', () => {
    const index = plainTerms(perSeat('50'), {
      seats: { editor: 1 },
      changes: [change(jan(10), { kind: 'seats', seatsByRole: { editor: 2 } })],
    });
    const used = usage('use', jan(2), cr(45));
    const lines = [used, correction('more', cr(10), { base: used, when: jan(20) })];
    const state = fold(index, lines, jan(21));
    expect(state.spendById.get('use')?.parts.map((part) => [part.slot?.kind ?? 'overage', part.used])).toEqual([
      ['allotment', 50_000_000],
      ['overage', 5_000_000],
    ]);
    expect(figures(lines, jan(19), index).used).toBe(45);
  });

  it('[L3] a correction that takes away gives back when it was entered', () => {
    const used = usage('use', jan(2), cr(10));
    const lines = [credit, used, correction('less', cr(-4), { base: used, when: jan(5) })];
    expect(figures(lines, jan(4)).used).toBe(10);
    expect(figures(lines, jan(5)).used).toBe(6);
  });

  it('[L3] a correction of a line that this pool does not know counts as a use of its own', () => {
    const elsewhere = usage('elsewhere', jan(2), cr(10));
    const lines = [credit, correction('more', cr(4), { base: elsewhere, when: jan(5) })];
    expect(figures(lines).used).toBe(4);
    const less = correction('less', cr(-4), { base: elsewhere, when: jan(5) });
    expect(fold(withoutAllotment, [less], jan(6)).anomalies).toEqual([{ lineId: 'less', code: 'unknown-line' }]);
  });
});

describe('late lines', () => {
  it('[L1] count in the period in which they happened, however late they arrive', () => {
    const late = usage('late', jan(30), cr(25), { recordedAt: at('2026-06-01') });
    const state = fold(plainTerms(), [late], at('2026-06-01'));
    expect(state.totalsByPeriodStart.get(jan(1))?.used).toBe(25_000_000);
    expect(figures([late], at('2026-06-01'), plainTerms()).used).toBe(0);
  });

  it('[L1] dated ahead count from their instant on', () => {
    const ahead = usage('ahead', jan(20), cr(25), { recordedAt: jan(2) });
    expect(figures([credit, ahead], jan(19)).used).toBe(0);
    expect(figures([credit, ahead], jan(20)).used).toBe(25);
  });

  it('[L1] a correction is no part of a balance before both it and its use have happened', () => {
    const ahead = usage('ahead', jan(20), cr(25));
    const lines = [credit, ahead, correction('more', cr(5), { base: ahead, when: jan(2) })];
    const early = fold(withoutAllotment, lines, jan(10));
    expect(early.spendById.size).toBe(0);
    expect(figures(lines, jan(20)).used).toBe(30);
  });

  it('[L2] the same id again is a no-op', () => {
    const used = usage('use', jan(2), cr(10));
    expect(figures([credit, used, used]).used).toBe(10);
  });

  it('[L4] a voided use is taken back whole, and only once', () => {
    const used = usage('use', jan(2), cr(10), { memberId: 'ada', teamId: 'old-team' });
    const lines = [credit, used, voidOf('void', used, jan(3))];
    expect(figures(lines).used).toBe(0);
    const twice = fold(withoutAllotment, [...lines, voidOf('void-2', used, jan(4))], jan(5));
    expect(twice.anomalies).toEqual([{ lineId: 'void-2', code: 'more-than-was-used' }]);
  });
});

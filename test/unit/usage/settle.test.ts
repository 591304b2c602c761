import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { credits, quantity } from '../../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../../shared/kernel/instant.ts';
import { balanceOf } from '../../../shared/ledger/balance-of.ts';
import { usedOf } from '../../../shared/ledger/spends.ts';
import { useOf, type Hold, type Transaction, type Usage } from '../../../shared/ledger/transaction.ts';
import {
  captureHold,
  correctUse,
  refundUse,
  releaseHold,
  voidUse,
  type SettleDetails,
} from '../../../shared/usage/settle.ts';
import { at, capture, cr, grant, hold, plain, refund, release, usage, voidOf } from '../../support/ledger-lines.ts';
import { withoutAllotment } from '../../support/plain-terms.ts';
import { anyInstant, anyWorkspace, lastInstant } from '../../support/random-ledger.ts';
import { fold } from '../../support/workspace-terms.ts';

const jan = (day: number): Instant => at(`2026-01-${String(day).padStart(2, '0')}`);
const credit = grant('credit', jan(1), cr(100));
const held = hold('hold', jan(2), cr(30));
const used = usage('use', jan(2), cr(30), { memberId: 'ada', teamId: 'design' });

const stateOf = (lines: readonly Transaction[], asOf = jan(31)) => fold(withoutAllotment, [credit, ...lines], asOf);

function details(when: Instant, id = 'settled'): SettleDetails {
  return { id, at: when, recordedAt: jan(31), authorId: 'ada', origin: 'app' };
}

const capturing = (lines: readonly Transaction[], amount: number | null, when = jan(5), differenceAllowed = false) =>
  captureHold(stateOf(lines), held, amount === null ? null : cr(amount), { ...details(when), differenceAllowed });
const refunding = (lines: readonly Transaction[], base: Hold | Usage, amount: number | null, when = jan(5)) =>
  refundUse(stateOf(lines), base, amount === null ? null : cr(amount), { ...details(when), reason: null });
const voiding = (lines: readonly Transaction[], base: Hold | Usage, when = jan(5)) =>
  voidUse(stateOf(lines), base, { ...details(when), reason: 'Mistyped' });
const correcting = (lines: readonly Transaction[], base: Hold | Usage, count: number, when = jan(5)) =>
  correctUse(stateOf(lines), base, quantity(count * 1_000_000), { ...details(when), reason: 'Miscounted' });

const outcome = (result: ReturnType<typeof capturing> | ReturnType<typeof refunding> | ReturnType<typeof correcting>) =>
  result.ok ? plain(result.value.credits) : result.error.code;

describe('capturing a hold', () => {
  it('[H2] spends all of it, or a part', () => {
    expect(outcome(capturing([held], null))).toBe(30);
    expect(outcome(capturing([held], 20))).toBe(20);
    expect(outcome(capturing([held], 0))).toBe('not-positive');
  });

  it('[H2] a second resolution is refused with the first one named', () => {
    const named = (lines: readonly Transaction[]) => {
      const result = capturing([held, ...lines], null);
      return result.ok ? null : result.error;
    };
    expect(named([capture('first', held, jan(3))])).toEqual({ code: 'already-resolved', how: 'captured', by: 'first' });
    expect(named([release('first', held, jan(3))])).toEqual({ code: 'already-resolved', how: 'released', by: 'first' });
  });

  it('[H2] a hold that timed out is refused from then on, but not for a capture before it', () => {
    const short = hold('hold', jan(2), cr(30), jan(4));
    const late = captureHold(stateOf([short]), short, null, { ...details(jan(4)), differenceAllowed: false });
    expect(late.ok ? null : late.error).toEqual({ code: 'already-resolved', how: 'expired', by: null });
    const inTime = captureHold(stateOf([short]), short, null, { ...details(jan(3)), differenceAllowed: false });
    expect(outcome(inTime)).toBe(30);
    expect(inTime.ok && usedOf(stateOf([short, inTime.value]).spendById.get('hold') ?? neverSpent)).toBe(cr(30));
  });

  it('[H3] more than was held needs a decision on the difference', () => {
    const refused = capturing([held], 50);
    expect(refused.ok ? null : refused.error).toEqual({ code: 'more-than-was-held', held: cr(30), difference: cr(20) });
    expect(outcome(capturing([held], 50, jan(5), true))).toBe(50);
  });

  it('[H5] counts where the hold began', () => {
    const result = capturing([held], 20);
    expect(result.ok && [result.value.spentAt, result.value.occurredAt, result.value.linkedId]).toEqual([
      jan(2),
      jan(5),
      'hold',
    ]);
  });

  it('[H2] is refused before the hold began, and for what is no hold', () => {
    expect(outcome(capturing([held], null, jan(1)))).toBe('before-it-began');
    const noHold = captureHold(stateOf([used]), used, null, { ...details(jan(5)), differenceAllowed: false });
    expect(outcome(noHold)).toBe('not-a-hold');
    expect(outcome(capturing([], null))).toBe('not-a-hold');
  });
});

const neverSpent = {
  id: '',
  kind: 'hold' as const,
  at: jan(1),
  periodStart: jan(1),
  expiresAt: null,
  parts: [],
  resolution: null,
};

describe('releasing a hold', () => {
  it('[H6] gives everything back, once', () => {
    const released = releaseHold(stateOf([held]), held, details(jan(3)));
    expect(released.ok && [released.value.kind, released.value.spentAt]).toEqual(['release', jan(2)]);
    const again = releaseHold(stateOf([held, release('first', held, jan(3))]), held, details(jan(4)));
    expect(again.ok ? null : again.error.code).toBe('already-resolved');
  });
});

describe('refunding', () => {
  it('[H7] gives back all, or a part, at most what is used', () => {
    expect(outcome(refunding([used], used, null))).toBe(30);
    expect(outcome(refunding([used], used, 12))).toBe(12);
    const toomuch = refunding([used, refund('first', used, jan(3), cr(20))], used, 12);
    expect(toomuch.ok ? null : toomuch.error).toEqual({ code: 'more-than-was-used', used: cr(10) });
  });

  it('[H7] finds nothing in an open hold, a released one, or what was given back', () => {
    expect(outcome(refunding([held], held, null))).toBe('nothing-to-give-back');
    expect(outcome(refunding([held, release('r', held, jan(3))], held, null))).toBe('nothing-to-give-back');
    expect(outcome(refunding([used, refund('r', used, jan(3))], used, null))).toBe('nothing-to-give-back');
    expect(outcome(refunding([used], used, 0))).toBe('not-positive');
  });

  it('[H7] of a captured hold is refused before the capture, where there was nothing to give back yet', () => {
    const lines = [held, capture('capture', held, jan(4))];
    expect(outcome(refunding(lines, held, null, jan(3)))).toBe('before-it-began');
    expect(outcome(refunding(lines, held, null, jan(4)))).toBe(30);
    expect(outcome(refunding([used], used, null, jan(1)))).toBe('before-it-began');
  });

  it('[L4] keeps who used it and in which team', () => {
    const result = refunding([used], used, 5);
    expect(result.ok && [result.value.memberId, result.value.teamId, result.value.featureId]).toEqual([
      'ada',
      'design',
      'image',
    ]);
  });
});

describe('taking a use back', () => {
  it('[L4] returns what is used of it, with a reason', () => {
    const result = voiding([used, refund('r', used, jan(3), cr(10))], used);
    expect(result.ok && [result.value.of, plain(result.value.credits), result.value.reason]).toEqual([
      'usage',
      20,
      'Mistyped',
    ]);
    const captured = voiding([held, capture('c', held, jan(3), cr(20))], held);
    expect(captured.ok && [captured.value.of, plain(captured.value.credits)]).toEqual(['capture', 20]);
  });

  it('[L4] also a use that cost nothing can be taken back', () => {
    const free = usage('free', jan(2), cr(0));
    const result = voiding([free], free);
    expect(result.ok && plain(result.value.credits)).toBe(0);
  });

  it('[L4] is refused where nothing is used, or before it was', () => {
    const code = (result: ReturnType<typeof voiding>) => (result.ok ? null : result.error.code);
    expect(code(voiding([used, voidOf('v', used, jan(3))], used))).toBe('nothing-to-give-back');
    expect(code(voiding([held], held))).toBe('nothing-to-give-back');
    expect(code(voiding([used], used, jan(1)))).toBe('before-it-began');
    expect(code(voiding([held, capture('c', held, jan(4))], held, jan(3)))).toBe('before-it-began');
  });
});

describe('correcting an entry', () => {
  it('[L3] books the difference as a linked line and edits nothing', () => {
    const result = correcting([used], used, 42);
    expect(
      result.ok && [
        result.value.kind,
        result.value.linkedId,
        plain(result.value.credits),
        result.value.restatedQuantity,
      ],
    ).toEqual(['correction', 'use', 12, 42_000_000]);
    expect(outcome(correcting([used], used, 20))).toBe(-10);
  });

  it('[L2] brings the entry to the new quantity, after refunds and earlier corrections too', () => {
    let lines: readonly Transaction[] = [used, refund('r', used, jan(3), cr(4))];
    for (const [place, count] of [50, 7, 29].entries()) {
      const result = correctUse(stateOf(lines), used, quantity(count * 1_000_000), {
        ...details(jan(5 + place), `correction-${place}`),
        reason: 'Miscounted',
      });
      if (!result.ok) throw new Error(result.error.code);
      lines = [...lines, result.value];
      const spend = stateOf(lines).spendById.get('use');
      expect(spend && plain(usedOf(spend))).toBe(count);
    }
    expect(stateOf(lines).anomalies).toEqual([]);
  });

  it('[L4] is refused where it changes nothing, was metered, was taken back, or has not happened yet', () => {
    expect(outcome(correcting([used], used, 30))).toBe('unchanged');
    expect(outcome(correcting([used], used, 0))).toBe('not-positive');
    const metered = usage('use', jan(2), cr(30), { unitRate: null, pricing: 'metered' });
    expect(outcome(correcting([metered], metered, 12))).toBe('metered');
    expect(outcome(correcting([used, voidOf('v', used, jan(3))], used, 12))).toBe('nothing-to-give-back');
    expect(outcome(correcting([held], held, 12))).toBe('nothing-to-give-back');
    expect(outcome(correcting([used], used, 12, jan(1)))).toBe('before-it-began');
  });
});

describe('whatever is settled', () => {
  const command = fc.record({
    what: fc.constantFrom('capture', 'release', 'refund', 'void', 'correct'),
    about: fc.nat(5),
    days: fc.integer({ min: -2, max: 40 }),
    amount: fc.option(fc.integer({ min: 1, max: 40 })),
  });
  const base = fc.record({ at: anyInstant, amount: fc.integer({ min: 1, max: 30 }), expires: fc.option(fc.nat(20)) });

  it('[H2] [H7] what these rules accept is never at odds with the ledger, backdated or not', () => {
    const property = fc.property(
      anyWorkspace,
      fc.array(base, { minLength: 1, maxLength: 6 }),
      fc.array(command, { maxLength: 16, size: 'max' }),
      ({ index }, bases, commands) => {
        const spends = bases.map(({ at: when, amount, expires }, place): Hold | Usage =>
          expires === null
            ? usage(`s${place}`, when, credits(amount))
            : hold(`s${place}`, when, credits(amount), expires < 3 ? null : instant(when + expires * 86_400_000)),
        );
        const lines: Transaction[] = [...spends];
        for (const [place, { what, about, days, amount }] of commands.entries()) {
          const asked = spends[about % spends.length];
          if (!asked) continue;
          const given = { ...details(instant(asked.occurredAt + days * 86_400_000), `line-${place}`), reason: 'Test' };
          const state = fold(index, lines, lastInstant);
          const wanted = amount === null ? null : credits(amount);
          const result =
            what === 'capture'
              ? captureHold(state, asked, wanted, { ...given, differenceAllowed: place % 2 === 0 })
              : what === 'release'
                ? releaseHold(state, asked, given)
                : what === 'refund'
                  ? refundUse(state, asked, wanted, given)
                  : what === 'void'
                    ? voidUse(state, asked, given)
                    : correctUse(state, asked, quantity(amount ?? 1), given);
          if (result.ok) lines.push(result.value);
          const after = fold(index, lines, lastInstant);
          expect(after.anomalies).toEqual([]);
          const said = lines.reduce((total, line) => total + (useOf(line)?.credits ?? 0), 0);
          expect(balanceOf(after, lastInstant).usedEver).toBe(said);
        }
      },
    );
    fc.assert(property, { numRuns: 150 });
  });
});

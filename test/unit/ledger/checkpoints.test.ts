import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkpointIn, checkpointText } from '../../../replica/database/checkpoint-text.ts';
import { credits } from '../../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../../shared/kernel/instant.ts';
import { balanceOf } from '../../../shared/ledger/balance-of.ts';
import { scheduleUntil, type PoolCheckpoint } from '../../../shared/ledger/checkpoint.ts';
import { keyOf } from '../../../shared/ledger/line-order.ts';
import { holdsUntil, openLedger } from '../../../shared/ledger/open-ledger.ts';
import type { PoolLedger } from '../../../shared/ledger/pool-ledger.ts';
import { scheduleOf, type TermsIndex } from '../../../shared/ledger/schedule.ts';
import { sharesOf } from '../../../shared/ledger/spends.ts';
import type { Correction, Transaction } from '../../../shared/ledger/transaction.ts';
import { askPool, clashesWithLater } from '../../../shared/ledger/what-if.ts';
import { correction, grant, hold, poolId, refund, usage } from '../../support/ledger-lines.ts';
import { anyInstant, anyLines, anyWorkspace, engineAnswer, lastInstant } from '../../support/random-ledger.ts';
import { thoroughness } from '../../support/thoroughness.ts';
import { ledgerOf } from '../../support/workspace-terms.ts';

/** The earliest instant that a question may ask about, and what was read for it. */
interface Opened {
  readonly ledger: PoolLedger;
  readonly linesRead: number;
}

/** Opens a ledger as a database would: from checkpoints that hold, and the lines since. */
function opened(
  index: TermsIndex,
  given: { readonly lines: readonly Transaction[]; readonly checkpoints: readonly PoolCheckpoint[]; from: Instant },
): Opened {
  const { lines, checkpoints, from } = given;
  let linesRead = 0;
  const ledger = openLedger({
    poolId,
    schedule: scheduleOf(index, poolId, null),
    from,
    checkpointUntil: (at) =>
      checkpoints.filter((known) => known.at <= at).toSorted((left, right) => right.at - left.at)[0] ?? null,
    linesSince: (at) => {
      const read = lines.filter((line) => at === null || line.occurredAt >= at);
      linesRead = read.length;
      return read;
    },
    locate: (id) => {
      const line = lines.find((known) => known.id === id);
      return line ? keyOf(line).at : null;
    },
  });
  return { ledger, linesRead };
}

/** Through the stored form and back. */
function stored(checkpoint: PoolCheckpoint): PoolCheckpoint {
  const read = checkpointIn(checkpointText(checkpoint));
  expect(read).toEqual(checkpoint);
  return read ?? checkpoint;
}

function checkpointsOf(ledger: PoolLedger, instants: readonly Instant[], asOf: Instant): readonly PoolCheckpoint[] {
  return instants
    .toSorted((left, right) => left - right)
    .flatMap((at) => ledger.checkpointAt(at, asOf) ?? [])
    .map(stored);
}

/** Everything but splits of what lies before `from`, which a ledger from a checkpoint has left out. */
function answerFrom(ledger: PoolLedger, asOf: Instant, from: Instant) {
  const state = ledger.stateAt(asOf);
  const { splits: _splits, ...figures } = engineAnswer(state, asOf);
  const splits = [...state.spendById.values()]
    .filter((spend) => spend.at >= from)
    .map((spend) => [spend.id, sharesOf(spend), spend.resolution]);
  const holds = new Map([...state.openHoldById.values()].map((held) => [held.id, sharesOf(held)]));
  return { ...figures, splits, holds, balance: balanceOf(state, asOf), slots: state.slots };
}

const anyInstants = fc.array(anyInstant, { minLength: 1, maxLength: 6 });

describe('a ledger that goes on from a checkpoint', () => {
  it('[G5] answers every question as one that has all lines, whichever checkpoints are kept and whatever comes later', () => {
    const property = fc.property(
      anyWorkspace,
      fc.tuple(anyLines, anyLines),
      fc.record({
        instants: anyInstants,
        madeAt: anyInstant,
        again: anyInstants,
        froms: anyInstants,
        isLast: fc.boolean(),
      }),
      fc.nat(60),
      ({ index }, [early, later], { instants, madeAt, again, froms, isLast }, amount) => {
        const known: Transaction[] = [...early];
        let kept = checkpointsOf(ledgerOf(index, known), instants, isLast ? lastInstant : madeAt);
        for (const [place, line] of later.map((one) => ({ ...one, id: `${one.id}+` })).entries()) {
          known.push(line);
          kept = kept.filter((checkpoint) => checkpoint.at <= holdsUntil(line));
          if (place % 5 !== 4) continue;
          // From a ledger that went on from a checkpoint itself.
          const { ledger } = opened(index, { lines: known, checkpoints: kept, from: lastInstant });
          kept = [...kept, ...checkpointsOf(ledger, again, lastInstant)];
        }
        const all = ledgerOf(index, known);
        for (const from of [...froms, lastInstant]) {
          const { ledger } = opened(index, { lines: known, checkpoints: kept, from });
          expect(ledger.covers(from)).toBe(true);
          for (const asOf of [...froms, lastInstant].filter((at) => at >= from)) {
            expect(answerFrom(ledger, asOf, from)).toEqual(answerFrom(all, asOf, from));
            const asked = { amount: credits(amount), at: from, now: asOf };
            expect(askPool({ ...asked, ledger })).toEqual(askPool({ ...asked, ledger: all }));
          }
        }
      },
    );
    fc.assert(property, { numRuns: 300 * thoroughness });
  }, 1_800_000);

  it('[G5] takes further lines as one that has all of them, or says that it cannot', () => {
    const property = fc.property(
      anyWorkspace,
      fc.tuple(anyLines, anyLines),
      anyInstants,
      ({ index }, [early, later], instants) => {
        const kept = checkpointsOf(ledgerOf(index, early), instants, lastInstant);
        const known: Transaction[] = [...early];
        const { ledger } = opened(index, { lines: early, checkpoints: kept, from: lastInstant });
        for (const line of later.map((one) => ({ ...one, id: `${one.id}+` }))) {
          const locate = (id: string): Instant | null => {
            const base = known.find((one) => one.id === id);
            return base ? keyOf(base).at : null;
          };
          if (!ledger.canTake(line, locate)) continue;
          known.push(line);
          ledger.add([line]);
          const from = ledger.base?.since ?? lastInstant;
          expect(answerFrom(ledger, lastInstant, from)).toEqual(answerFrom(ledgerOf(index, known), lastInstant, from));
        }
      },
    );
    fc.assert(property, { numRuns: 150 * thoroughness });
  }, 1_800_000);

  it('[G13] tells whether a reading clashes with later lines as one that has all of them', () => {
    const property = fc.property(
      anyWorkspace,
      anyLines,
      fc.record({ instants: anyInstants, at: anyInstant, amount: fc.integer({ min: 1, max: 40 }) }),
      ({ index }, lines, { instants, at, amount }) => {
        const asked: Correction = correction('drift', credits(-amount), { when: at, spentAt: at });
        const kept = checkpointsOf(ledgerOf(index, lines), instants, lastInstant);
        const from = scheduleOf(index, poolId, null).periodAt(at).start;
        const { ledger } = opened(index, { lines, checkpoints: kept, from });
        expect(clashesWithLater(ledger, asked, lastInstant)).toBe(
          clashesWithLater(ledgerOf(index, lines), asked, lastInstant),
        );
      },
    );
    fc.assert(property, { numRuns: 150 * thoroughness });
  }, 1_800_000);
});

describe('what a checkpoint leaves out', () => {
  const day = (number: number): Instant => instant(Date.UTC(2026, 0, number));
  const [workspace] = fc.sample(anyWorkspace, { numRuns: 1, seed: 7 });
  if (!workspace) throw new Error('There is a workspace');
  const { index } = workspace;
  const use = usage('use', day(3), credits(5));
  const held = hold('held', day(4), credits(3), null);
  const lines: readonly Transaction[] = [
    grant('pack', day(2), credits(50)),
    use,
    held,
    usage('last', day(20), credits(1)),
  ];
  const checkpoint = ledgerOf(index, lines).checkpointAt(day(10), day(21));
  if (!checkpoint) throw new Error('There is a checkpoint');

  it('is asked for at one’s peril: it throws and never answers from less than it needs', () => {
    const { ledger, linesRead } = opened(index, { lines, checkpoints: [checkpoint], from: day(21) });
    expect(linesRead).toBe(1);
    const state = ledger.stateAt(day(21));
    expect(state.spendById.get('held', day(4))).toMatchObject({ id: 'held', resolution: null });
    expect(() => state.spendById.get('use', day(3))).toThrow('is looked for from');
    expect(() => ledger.stateAt(day(9))).toThrow('before its base');
    expect(() => askPool({ ledger, amount: credits(1), at: day(9), now: day(21) })).toThrow('before its base');
    expect(() => ledger.add([usage('late', day(9), credits(1))])).toThrow('before its base');
  });

  it('is read where a line speaks of it', () => {
    const all = [...lines, refund('back', use, day(15), credits(2))];
    const { ledger, linesRead } = opened(index, { lines: all, checkpoints: [checkpoint], from: day(21) });
    expect([ledger.base, linesRead]).toEqual([null, all.length]);
  });

  it('is nothing that is not made yet, and nothing that counts after it was made', () => {
    const madeLater = correction('more', credits(4), { base: use, when: day(30) });
    expect(ledgerOf(index, [...lines, madeLater]).checkpointAt(day(10), day(21))).toBeNull();
    expect(ledgerOf(index, [...lines, madeLater]).checkpointAt(day(10), day(31))?.since).toBe(day(30));
    const ahead = { ...refund('ahead', usage('last', day(20), credits(1)), day(8), credits(1)), occurredAt: day(8) };
    expect(ledgerOf(index, [...lines, ahead]).checkpointAt(day(10), day(21))).toBeNull();
    expect(ledgerOf(index, lines).checkpointAt(day(1), day(21))).toBeNull();
  });

  it('follows from the schedule up to it and from nothing later', () => {
    const now = scheduleUntil(scheduleOf(index, poolId, null), checkpoint);
    const seats = (from: Instant) => ({
      ...index,
      seats: [
        ...index.seats,
        { from, value: { kind: 'seats', seatsByRole: { editor: 40 } } },
      ] satisfies TermsIndex['seats'],
    });
    expect(scheduleUntil(scheduleOf(seats(day(40)), poolId, null), checkpoint)).toBe(now);
    expect(scheduleUntil(scheduleOf(seats(day(9)), poolId, null), checkpoint)).not.toBe(now);
  });
});

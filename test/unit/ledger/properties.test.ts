import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromDocument, toDocument } from '../../../replica/database/transaction-document.ts';
import { credits } from '../../../shared/kernel/credits.ts';
import { instant } from '../../../shared/kernel/instant.ts';
import { balanceOf } from '../../../shared/ledger/balance-of.ts';
import { compareBurnOrder, type GrantTerms } from '../../../shared/ledger/burn-order.ts';
import { splitNow } from '../../../shared/ledger/fold.ts';
import { compareKeys, countsFrom, keyOf } from '../../../shared/ledger/line-order.ts';
import type { PoolState } from '../../../shared/ledger/pool-state.ts';
import { heldOf, sharesOf, usedOf } from '../../../shared/ledger/spends.ts';
import { useOf, type Transaction } from '../../../shared/ledger/transaction.ts';
import { askPool, foldedIn } from '../../../shared/ledger/what-if.ts';
import { capture, hold, refund, release, usage } from '../../support/ledger-lines.ts';
import { anyInstant, anyLines, anyWorkspace, engineAnswer, lastInstant } from '../../support/random-ledger.ts';
import { thoroughness } from '../../support/thoroughness.ts';
import { fold, ledgerOf } from '../../support/workspace-terms.ts';

const runs = { numRuns: 200 * thoroughness };

describe('order of arrival', () => {
  it('[G5] lines in any order, and some of them twice, give the same state', () => {
    const shuffled = anyLines.chain((lines) =>
      fc.tuple(fc.constant(lines), fc.shuffledSubarray([...lines], { minLength: lines.length }), fc.nat(30)),
    );
    const property = fc.property(anyWorkspace, shuffled, anyInstant, ({ index }, [lines, arrived, twice], asOf) => {
      const again = [...arrived, ...arrived.slice(0, twice)];
      expect(engineAnswer(fold(index, again, asOf), asOf)).toEqual(engineAnswer(fold(index, lines, asOf), asOf));
    });
    fc.assert(property, runs);
  });

  it('[G5] line by line, in batches, with questions in between, the ledger answers like one fold of all', () => {
    const arrivals = fc.array(fc.record({ batch: fc.integer({ min: 1, max: 4 }), asOf: anyInstant }), {
      minLength: 30,
    });
    const property = fc.property(anyWorkspace, anyLines, arrivals, ({ index }, lines, asked) => {
      const ledger = ledgerOf(index, []);
      const pending = [...lines];
      const known: Transaction[] = [];
      for (const { batch, asOf } of asked) {
        const arrived = pending.splice(0, batch);
        known.push(...arrived);
        ledger.add(arrived);
        expect(engineAnswer(ledger.stateAt(asOf), asOf)).toEqual(engineAnswer(fold(index, known, asOf), asOf));
      }
    });
    fc.assert(property, { numRuns: 60 * thoroughness });
  });

  it('[G5] any snapshot deleted, the ledger answers the same, then and after what arrives later', () => {
    const kept = fc.array(fc.boolean(), { minLength: 40, maxLength: 40 });
    const property = fc.property(
      anyWorkspace,
      fc.tuple(anyLines, anyLines),
      kept,
      anyInstant,
      ({ index }, [early, later], isKept, asOf) => {
        const lines = [...early, ...later.map((line) => ({ ...line, id: `${line.id}+` }))];
        const [all, some] = [ledgerOf(index, early), ledgerOf(index, early)];
        for (const ledger of [all, some]) ledger.stateAt(lastInstant);
        some.keepSnapshots((number) => isKept[number] === true);
        for (const at of [asOf, lastInstant]) {
          expect(engineAnswer(some.stateAt(at), at)).toEqual(engineAnswer(all.stateAt(at), at));
        }
        some.keepSnapshots((number) => isKept[39 - number] === true);
        for (const line of lines) some.add([line]);
        for (const at of [lastInstant, asOf]) {
          expect(engineAnswer(some.stateAt(at), at)).toEqual(engineAnswer(fold(index, lines, at), at));
        }
      },
    );
    fc.assert(property, { numRuns: 150 * thoroughness });
  });

  it('[L2] lines that are there already change nothing', () => {
    const property = fc.property(anyWorkspace, anyLines, ({ index }, lines) => {
      const ledger = ledgerOf(index, lines);
      const before = engineAnswer(ledger.stateAt(lastInstant), lastInstant);
      const { size } = ledger.lines;
      for (const line of lines) ledger.add([line]);
      expect(ledger.lines.size).toBe(size);
      expect(engineAnswer(ledger.stateAt(lastInstant), lastInstant)).toEqual(before);
    });
    fc.assert(property, { numRuns: 50 * thoroughness });
  });

  it('[K7] lines have one order: total, and by id among equals', () => {
    const property = fc.property(anyLines, (lines) => {
      const keys = lines.map(keyOf);
      for (const left of keys) {
        for (const right of keys) {
          const order = Math.sign(compareKeys(left, right));
          expect(order + Math.sign(compareKeys(right, left))).toBe(0);
          expect(order === 0).toBe(left.id === right.id);
        }
      }
    });
    fc.assert(property, { numRuns: 50 * thoroughness });
  });
});

describe('the law of the books', () => {
  it('[G6] granted = used − overage + remaining + held on ended grants + lapsed + voided, at every instant', () => {
    const property = fc.property(anyWorkspace, anyLines, fc.array(anyInstant), ({ index }, lines, instants) => {
      for (const asOf of [...instants, lastInstant]) {
        const state = fold(index, lines, asOf);
        const balance = balanceOf(state, asOf);
        const remaining = balance.grants.reduce((total, grant) => total + grant.remaining, 0);
        const heldOnEnded = state.slots.reduce((total, slot) => total + (slot.ended ? slot.held : 0), 0);
        expect(balance.grantedEver).toBe(
          balance.usedEver - balance.overageEver + remaining + heldOnEnded + balance.lapsed + balance.voided,
        );
        const heldInForce = balance.grants.reduce((total, grant) => total + grant.held, 0);
        expect(balance.available).toBe(remaining - heldInForce);
        const beyond = [...state.spendById.values()].flatMap((spend) =>
          spend.parts.filter((part) => part.slot === null),
        );
        expect(state.unpaid).toBe(beyond.reduce((total, part) => total + part.used + part.held, 0));
      }
    });
    fc.assert(property, runs);
  });

  it('[G6] no grant ever pays less than nothing or more than its amount, and none pays before it is effective', () => {
    const property = fc.property(anyWorkspace, anyLines, anyInstant, ({ index }, lines, asOf) => {
      for (const slot of fold(index, lines, asOf).slots) {
        expect(slot.used).toBeGreaterThanOrEqual(0);
        expect(slot.held).toBeGreaterThanOrEqual(0);
        expect(slot.used + slot.held).toBeLessThanOrEqual(slot.amount);
        expect(slot.effectiveFrom).toBeLessThanOrEqual(asOf);
      }
    });
    fc.assert(property, runs);
  });

  it('[G7] what lines say of use and what the ledger says are one, where no line is at odds with another', () => {
    const property = fc.property(anyWorkspace, anyLines, ({ index }, lines) => {
      const state = fold(index, lines, lastInstant);
      fc.pre(state.anomalies.length === 0);
      const said = lines.reduce((total, line) => total + (useOf(line)?.credits ?? 0), 0);
      const balance = balanceOf(state, lastInstant);
      expect(balance.usedEver).toBe(said);
      expect(balance.overageEver).toBeLessThanOrEqual(balance.usedEver);
    });
    fc.assert(property, { numRuns: 100 * thoroughness });
  });
});

describe('burn order', () => {
  const anyTerms: fc.Arbitrary<GrantTerms> = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    kind: fc.constantFrom('allotment', 'pack', 'adjustment'),
    priority: fc.constantFrom(10, 15, 20),
    effectiveFrom: fc.nat(3).map(instant),
    expiresAt: fc.option(fc.nat(3).map(instant)),
  });

  it('[G2] burn order is total: antisymmetric, transitive, and equal only for the same terms', () => {
    const property = fc.property(anyTerms, anyTerms, anyTerms, (a, b, c) => {
      expect(Math.sign(compareBurnOrder(a, b)) + Math.sign(compareBurnOrder(b, a))).toBe(0);
      if (compareBurnOrder(a, b) <= 0 && compareBurnOrder(b, c) <= 0) {
        expect(compareBurnOrder(a, c)).toBeLessThanOrEqual(0);
      }
      if (a.id !== b.id) expect(compareBurnOrder(a, b)).not.toBe(0);
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it('[G2] grants in force stand in burn order, and no later one has paid for the last use while an earlier was free', () => {
    const property = fc.property(anyWorkspace, anyLines, anyInstant, fc.nat(60), ({ index }, lines, asOf, amount) => {
      const state = fold(index, lines, asOf);
      expect(state.inForce).toEqual(state.inForce.toSorted(compareBurnOrder));
      const shares = splitNow(state, credits(amount)).filter((share) => share.grantId !== null);
      for (const [place, share] of shares.entries()) {
        const slot = state.inForce.find((known) => known.id === share.grantId);
        const free = (slot?.amount ?? 0) - (slot?.used ?? 0) - (slot?.held ?? 0);
        if (place < shares.length - 1) expect(share.credits).toBe(free);
      }
    });
    fc.assert(property, runs);
  });
});

describe('spends', () => {
  it('[G3] the split of a use adds up to its price', () => {
    const property = fc.property(anyWorkspace, anyLines, anyInstant, fc.nat(90), ({ index }, lines, asOf, amount) => {
      const shares = splitNow(fold(index, lines, asOf), credits(amount));
      expect(shares.reduce((total, share) => total + share.credits, 0)).toBe(amount);
      const used = usage('zz', asOf, credits(amount));
      const booked = fold(index, [...lines, used], asOf).spendById.get('zz');
      expect(booked && sharesOf(booked).reduce((total, share) => total + share.credits, 0)).toBe(
        expectedAfterGifts(lines, asOf, booked && usedOf(booked), amount),
      );
    });
    fc.assert(property, runs);
  });

  /** Drift at the same instant may take the new use back again, which is the only thing that makes it smaller. */
  function expectedAfterGifts(lines: readonly Transaction[], asOf: number, used: number | undefined, amount: number) {
    const drift = lines.some((line) => line.kind === 'correction' && line.credits < 0 && countsFrom(line) >= asOf);
    return drift ? used : amount;
  }

  it('[H2] a hold is resolved once whatever comes in between, and what is captured and given back is what was held', () => {
    const settlement = fc.record({ capture: fc.boolean(), days: fc.nat(40), amount: fc.integer({ min: 1, max: 40 }) });
    const property = fc.property(
      anyWorkspace,
      anyLines,
      fc.record({ at: anyInstant, amount: fc.integer({ min: 1, max: 40 }), expires: fc.option(fc.nat(40)) }),
      fc.array(settlement, { minLength: 1, maxLength: 4 }),
      ({ index }, others, held, settlements) => {
        const day = 86_400_000;
        const expiresAt = held.expires === null ? null : instant(held.at + held.expires * day);
        const asked = hold('h', held.at, credits(held.amount), expiresAt);
        const answers = settlements.map(({ capture: captures, days, amount }, place) => {
          const when = instant(held.at + days * day);
          return captures ? capture(`h${place}`, asked, when, credits(amount)) : release(`h${place}`, asked, when);
        });
        const lines = [...others.filter((line) => line.kind !== 'correction'), asked, ...answers];
        const state = fold(index, lines, lastInstant);
        const spend = state.spendById.get('h');
        const first = answers.toSorted((left, right) => compareKeys(keyOf(left), keyOf(right)))[0];
        const timedOut = expiresAt !== null && first !== undefined && expiresAt <= first.occurredAt;
        const expected = timedOut || first?.kind !== 'capture' ? 0 : first.credits;
        expect(spend && heldOf(spend)).toBe(0);
        expect(spend && usedOf(spend)).toBe(expected);
        expect(spend?.resolution?.by).toBe(timedOut ? null : first?.id);
        const refusedOnes = answers.filter((line) => timedOut || line !== first).map((line) => line.id);
        const anomalies = state.anomalies.filter((anomaly) => refusedOnes.includes(anomaly.lineId));
        expect(anomalies.map((anomaly) => anomaly.code)).toEqual(refusedOnes.map(() => 'hold-already-resolved'));
        // Whatever was set aside and not captured pays for something else again, or has ended with its grant.
        for (const slot of state.slots) expect(slot.held).toBe(openHeldOn(state, slot.id));
      },
    );
    fc.assert(property, runs);
  });

  function openHeldOn(state: PoolState, slotId: string): number {
    let total = 0;
    for (const spend of state.openHoldById.values()) {
      for (const part of spend.parts) if (part.slot?.id === slotId) total += part.held;
    }
    return total;
  }

  it('[H7] refunds never exceed what is used and undo the payment from its last part to its first', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 });
    const property = fc.property(
      anyWorkspace,
      anyLines,
      anyInstant,
      fc.nat(60),
      parts,
      (workspace, others, at, price, gifts) => {
        const { index } = workspace;
        const before = others.filter((line) => countsFrom(line) < at);
        const used = usage('u', at, credits(price));
        const lines: Transaction[] = [...before, used];
        const paid = unitsOf(fold(index, lines, at), 'u');
        let left = price;
        for (const [place, gift] of gifts.entries()) {
          lines.push(refund(`u${place}`, used, at, credits(gift)));
          left = Math.max(left - gift, 0);
          const state = fold(index, lines, at);
          expect(unitsOf(state, 'u')).toEqual(paid.slice(0, left));
          expect(state.anomalies.some((anomaly) => anomaly.lineId === `u${place}`)).toBe(
            gifts.slice(0, place + 1).reduce((total, amount) => total + amount, 0) > price,
          );
        }
      },
    );
    fc.assert(property, runs);
  });

  /** Who pays for each credit of a spend, in burn order, overage last. */
  function unitsOf(state: PoolState, id: string): readonly string[] {
    const spend = state.spendById.get(id);
    return spend
      ? sharesOf(spend).flatMap((share) => Array.from<string>({ length: share.credits }).fill(share.grantId ?? 'over'))
      : [];
  }
});

describe('asking before booking', () => {
  it('[E7] at the end of the ledger, asking the state agrees with folding the use in', () => {
    const property = fc.property(anyWorkspace, anyLines, anyInstant, fc.nat(90), ({ index }, lines, asked, amount) => {
      const counted = lines.map(countsFrom).filter((at) => at <= asked);
      const now = instant(Math.max(asked, ...counted));
      const given = { ledger: ledgerOf(index, lines), at: now, now, amount: credits(amount) };
      expect(askPool(given)).toEqual(foldedIn(given));
    });
    fc.assert(property, runs);
  });

  it('[E7] the headroom is the most that adds no overage: all of it adds none, one more adds some', () => {
    const property = fc.property(anyWorkspace, anyLines, anyInstant, fc.nat(90), ({ index }, lines, at, amount) => {
      const ledger = ledgerOf(index, lines);
      const ask = (asked: number) => askPool({ ledger, amount: credits(asked), at, now: lastInstant });
      const { headroom, overageAdded } = ask(amount);
      expect(ask(headroom).overageAdded).toBe(0);
      expect(overageAdded > 0).toBe(amount > headroom);
      expect(ask(headroom + 1).overageAdded).toBeGreaterThan(0);
    });
    fc.assert(property, { numRuns: 100 * thoroughness });
  });
});

describe('storage', () => {
  it('[G5] a line survives the way into a stored document and back', () => {
    const property = fc.property(anyLines, (lines) => {
      for (const line of lines) {
        const stored: unknown = JSON.parse(JSON.stringify(toDocument(line)));
        expect(fromDocument(stored)).toEqual(line);
      }
    });
    fc.assert(property, runs);
  });
});

import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { fromDocument, lineOf, toDocument } from '../../../replica/database/transaction-document.ts';
import { shippedCatalogues } from '../../../shared/catalogue/shipped.ts';
import { parseCatalogue } from '../../../shared/catalogue/load.ts';
import { AssertionError } from '../../../shared/kernel/assert.ts';
import { credits, quantity, type Credits, type Quantity } from '../../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../../shared/kernel/instant.ts';
import type { Balance } from '../../../shared/ledger/balance.ts';
import type { Share, Transaction, Usage } from '../../../shared/ledger/transaction.ts';
import { balanceOf } from '../../../shared/ledger/balance-of.ts';
import { askPool } from '../../../shared/ledger/what-if.ts';
import { at, cr, hold, usage } from '../../support/ledger-lines.ts';
import { anyCommands, anyOpening, Desk } from '../../support/ledger-commands.ts';
import { anyInstant, anyLines, anyWorkspace } from '../../support/random-ledger.ts';
import { thoroughness } from '../../support/thoroughness.ts';
import { change, fold, ledgerOf, member } from '../../support/workspace-terms.ts';

const through = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Whatever of the ledger crosses a process or lies in a file comes back as it was. */
describe('the way through JSON and back', () => {
  it('[G5] keeps every kind of line, in documents and by itself', () => {
    const kinds = new Set<string>();
    const property = fc.property(anyLines, (lines) => {
      for (const line of lines) {
        kinds.add(line.kind);
        expect(fromDocument(through(toDocument(line)))).toEqual(line);
        expect(through(line)).toEqual(line);
      }
    });
    fc.assert(property, { numRuns: 200 * thoroughness });
    const all = ['capture', 'correction', 'grant', 'hold', 'refund', 'release', 'usage', 'void'];
    expect([...kinds].toSorted()).toEqual(all);
  });

  it('[G5] keeps balances and what a pool answers', () => {
    const property = fc.property(anyWorkspace, anyLines, anyInstant, fc.nat(60), ({ index }, lines, when, amount) => {
      const balance = balanceOf(fold(index, lines, when), when);
      expect(through(balance)).toEqual(balance);
      const answer = askPool({ ledger: ledgerOf(index, lines), amount: credits(amount), at: when, now: when });
      expect(through(answer)).toEqual(answer);
    });
    fc.assert(property, { numRuns: 100 * thoroughness });
  });

  it('[E1] keeps decisions with all their reasons', () => {
    const property = fc.property(anyOpening, anyCommands, (opening, commands) => {
      const desk = new Desk(opening);
      for (const command of commands) {
        const { decision, settled } = desk.run(command);
        expect(through({ decision, settled })).toEqual({ decision, settled });
      }
    });
    fc.assert(property, { numRuns: 50 * thoroughness });
  });

  it('[G12] keeps every kind of change', () => {
    const values = [
      { kind: 'plan', planId: null },
      { kind: 'seats', seatsByRole: { editor: 3 } },
      { kind: 'entered-allotment', credits: cr('2500.5') },
      { kind: 'add-on', on: true, creditsPerPeriod: null },
      member({ teamId: 'design' }),
      { kind: 'team', name: 'Design', deleted: false },
      { kind: 'cap', credits: cr(5), until: at('2026-02-01') },
      { kind: 'feature', name: 'Image', unit: 'image' },
    ] as const;
    for (const value of values) {
      const made = change(at('2026-01-01'), value, 'subject');
      expect(through(made)).toEqual(made);
    }
  });

  it('[C2] keeps every shipped catalogue', () => {
    for (const catalogue of shippedCatalogues) {
      expect(parseCatalogue(through(catalogue))).toEqual({ ok: true, value: catalogue });
    }
  });
});

describe('exactness', () => {
  it('[K1] no plain number passes for credits, a quantity or an instant', () => {
    expectTypeOf<number>().not.toExtend<Credits>();
    expectTypeOf<number>().not.toExtend<Quantity>();
    expectTypeOf<number>().not.toExtend<Instant>();
    expectTypeOf<Quantity>().not.toExtend<Credits>();
    expectTypeOf<Credits>().not.toExtend<Instant>();
    // Each amount of a line, a share, a balance and a question is one of them.
    expectTypeOf<Extract<Transaction, { credits: unknown }>['credits']>().toEqualTypeOf<Credits>();
    expectTypeOf<Usage['quantity']>().toEqualTypeOf<Quantity>();
    expectTypeOf<Share['credits']>().toEqualTypeOf<Credits>();
    type Amounts = 'allotted' | 'used' | 'held' | 'available' | 'overage' | 'lapsed' | 'voided' | 'grantedEver';
    expectTypeOf<Balance[Amounts]>().toEqualTypeOf<Credits>();
    expectTypeOf<Parameters<typeof askPool>[0]['amount']>().toEqualTypeOf<Credits>();
    expect([credits(1), quantity(1), instant(1)]).toEqual([1, 1, 1]);
  });

  it('[K1] a fraction, NaN, an infinity and what is no longer exact are stopped where they would become credits', () => {
    const fractions = fc.double({ noInteger: true });
    const large = fc.constantFrom(2 ** 53, -(2 ** 53), Infinity, -Infinity, Number.NaN);
    const property = fc.property(fc.oneof(fractions, large), (value) => {
      expect(() => credits(value)).toThrow(AssertionError);
      expect(() => quantity(value)).toThrow(AssertionError);
      expect(() => instant(value)).toThrow(AssertionError);
    });
    fc.assert(property, { numRuns: 300 * thoroughness });
  });

  it('[K1] a line from outside with a fraction or a negative amount is none, and says which field it is', () => {
    const document = toDocument(usage('use', at('2026-01-02'), cr(5)));
    const withBody = (more: object): unknown => ({ ...document, body: { ...document.body, ...more } });
    const problemOf = (stored: unknown): string => {
      const line = lineOf(stored);
      return line.ok ? '' : (line.error.split(':')[0] ?? '');
    };
    expect(problemOf(withBody({}))).toBe('');
    expect(problemOf(withBody({ credits: 0.5 }))).toBe('credits');
    expect(problemOf(withBody({ credits: -1 }))).toBe('credits');
    expect(problemOf(withBody({ credits: 2 ** 53 }))).toBe('credits');
    expect(problemOf(withBody({ credits: '5' }))).toBe('credits');
    expect(problemOf(withBody({ quantity: 1.5 }))).toBe('quantity');
    expect(problemOf({ ...document, occurredAt: 8.64e15 })).toBe('occurredAt');
    expect(problemOf({ ...document, occurredAt: -1 })).toBe('occurredAt');
    expect(problemOf({ ...document, kind: 'gift' })).toBe('kind');
    const held = toDocument(hold('hold', at('2026-01-02'), cr(5)));
    expect(problemOf({ ...held, body: { ...held.body, credits: 0 } })).toBe('credits');
  });

  it('[K1] a document that was changed after it was made of a line is parsed as one from outside', () => {
    const line = usage('use', at('2026-01-02'), cr(5));
    const document = toDocument(line);
    expect(fromDocument({ ...document })).toEqual(line);
    expect(fromDocument({ ...document, occurredAt: -1 })).toBeUndefined();
    expect(fromDocument({ ...document, kind: 'gift' })).toBeUndefined();
    expect(fromDocument({ ...document, poolId: 'other' })).toEqual({ ...line, poolId: 'other' });
    expect(fromDocument({ ...document, body: { ...document.body, credits: 0.5 } })).toBeUndefined();
  });

  it('[K1] all figures of any ledger are whole micro-credits', () => {
    const property = fc.property(anyWorkspace, anyLines, anyInstant, ({ index }, lines, when) => {
      const { grants, ...balance } = balanceOf(fold(index, lines, when), when);
      for (const figure of [...Object.values(balance), ...grants.flatMap((known) => Object.values(known))]) {
        if (typeof figure === 'number') expect(Number.isSafeInteger(figure)).toBe(true);
      }
    });
    fc.assert(property, { numRuns: 100 * thoroughness });
  });
});

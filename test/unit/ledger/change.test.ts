import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../../shared/kernel/instant.ts';
import {
  capSubject,
  compareChanges,
  datedBySubject,
  holdingAt,
  inForceAt,
  parseCapSubject,
  type Change,
} from '../../../shared/ledger/change.ts';
import { at } from '../../support/ledger-lines.ts';
import { change } from '../../support/workspace-terms.ts';

const seats = (id: string, from: string, editor: number): Change => ({
  ...change(at(from), { kind: 'seats', seatsByRole: { editor } }),
  id,
});

describe('dated changes', () => {
  it('[G12] at any instant the one with the latest (effective-from, id) holds', () => {
    const dated = datedBySubject(
      [seats('b', '2026-02-01', 3), seats('a', '2026-02-01', 2), seats('c', '2026-01-01', 1)],
      'seats',
    ).get('');
    const held = (text: string) => holdingAt(dated, at(text))?.seatsByRole['editor'];
    expect(['2025-12-01', '2026-01-15', '2026-02-01'].map(held)).toEqual([1, 1, 3]);
    expect(inForceAt(dated, at('2025-12-01'))).toBeUndefined();
  });

  it('[G12] two admins who edit offline end equal, whichever change arrives first', () => {
    const anyChange = fc
      .record({ id: fc.uuid(), from: fc.nat(5).map(instant), editor: fc.nat(9) })
      .map(({ id, from, editor }): Change => ({
        ...change(from, { kind: 'seats', seatsByRole: { editor } }),
        id,
      }));
    const arrivals = fc
      .uniqueArray(anyChange, { selector: (made) => made.id })
      .chain((changes) => fc.tuple(fc.constant(changes), fc.shuffledSubarray(changes, { minLength: changes.length })));
    const property = fc.property(arrivals, fc.nat(6).map(instant), ([changes, arrived], moment) => {
      const expected = changes
        .filter((made) => made.effectiveFrom <= moment)
        .toSorted(compareChanges)
        .at(-1)?.value;
      expect(inForceAt(datedBySubject(arrived, 'seats').get(''), moment)).toEqual(expected);
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('[G12] a change of one subject leaves the others alone', () => {
    const cap = (id: string) => change(at('2026-01-01'), { kind: 'cap', credits: null, until: null }, id);
    expect([...datedBySubject([cap('one'), cap('two'), seats('c', '2026-01-01', 1)], 'cap').keys()]).toEqual([
      'one',
      'two',
    ]);
  });

  it('[E3] the subject of a cap says whom it binds and over which span, for any id', () => {
    const property = fc.property(
      fc.constantFrom('member' as const, 'team' as const, 'team-members-default' as const, 'member-default' as const),
      fc.option(fc.string({ minLength: 1, unit: 'binary' })),
      fc.constantFrom('day' as const, 'week' as const, 'period' as const),
      (scope, subjectId, span) => {
        expect(parseCapSubject(capSubject(scope, subjectId, span))).toEqual({ scope, span, subjectId });
      },
    );
    fc.assert(property, { numRuns: 200 });
    expect(parseCapSubject('somebody/day/x')).toBeUndefined();
  });
});

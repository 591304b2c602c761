import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NaiveLedger } from '../../support/naive-ledger.ts';
import { anyInstant, anyLines, anyWorkspace, engineAnswer, lastInstant } from '../../support/random-ledger.ts';
import { thoroughness } from '../../support/thoroughness.ts';
import { fold } from '../../support/workspace-terms.ts';

describe('against a ledger that books one credit at a time', () => {
  it('[G5] the engine gives the same balance, splits and anomalies at any instant', () => {
    const property = fc.property(anyWorkspace, anyLines, anyInstant, ({ naive, index }, lines, asOf) => {
      for (const at of [asOf, lastInstant]) {
        const expected = new NaiveLedger(naive, lines, at).balance();
        expect(engineAnswer(fold(index, lines, at), at)).toEqual(expected);
      }
    });
    fc.assert(property, { numRuns: 600 * thoroughness });
  });
});

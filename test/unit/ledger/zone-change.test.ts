import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, parseInstant, type Instant } from '../../../shared/kernel/instant.ts';
import { periodAt } from '../../../shared/ledger/schedule.ts';
import { capSubject, type Change } from '../../../shared/ledger/change.ts';
import { credits } from '../../../shared/kernel/credits.ts';
import { capsBinding } from '../../../shared/entitlement/caps.ts';
import { plainTerms } from '../../support/plain-terms.ts';
import { change } from '../../support/workspace-terms.ts';

function at(text: string): Instant {
  const parsed = parseInstant(text, 'UTC');
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
}

const toZone = (from: Instant, timeZone: string): Change => change(from, { kind: 'time-zone', timeZone });
const inZone = { reset: { on: 'anchor', everyMonths: 1, zone: 'workspace', source: 'page' } } as const;
const spanOf = (index: ReturnType<typeof plainTerms>, text: string): readonly string[] => {
  const { start, end } = periodAt(index, at(text));
  return [new Date(start).toISOString(), new Date(end).toISOString()];
};

describe('another time zone', () => {
  it('[K3] lets the period that runs end where it was to end, and cuts the next ones in the new zone', () => {
    const moved = plainTerms(inZone, {
      timeZone: 'Europe/Berlin',
      changes: [toZone(at('2026-03-10T12:00:00Z'), 'America/New_York')],
    });
    expect(spanOf(moved, '2026-02-15T00:00:00Z')).toEqual(['2026-01-31T23:00:00.000Z', '2026-02-28T23:00:00.000Z']);
    expect(spanOf(moved, '2026-03-15T00:00:00Z')).toEqual(['2026-02-28T23:00:00.000Z', '2026-03-31T22:00:00.000Z']);
    expect(spanOf(moved, '2026-04-15T00:00:00Z')).toEqual(['2026-03-31T22:00:00.000Z', '2026-05-01T04:00:00.000Z']);
    expect(spanOf(moved, '2026-05-15T00:00:00Z')).toEqual(['2026-05-01T04:00:00.000Z', '2026-06-01T04:00:00.000Z']);
  });

  it('[K3] leaves periods of a plan that resets in UTC where they are', () => {
    const moved = plainTerms(
      { reset: { ...inZone.reset, zone: 'UTC' } },
      { changes: [toZone(at('2026-03-10T12:00:00Z'), 'Asia/Tokyo')] },
    );
    expect(spanOf(moved, '2026-05-15T00:00:00Z')).toEqual(['2026-05-01T00:00:00.000Z', '2026-06-01T00:00:00.000Z']);
  });

  it('[K3] [K4] never moves a period that has begun, and periods touch, however often the zone changes', () => {
    const zones = fc.constantFrom('UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Kolkata', 'America/New_York');
    const moves = fc.array(fc.tuple(fc.integer({ min: 0, max: 500 * 24 }), zones), { maxLength: 8 });
    const anchors = fc.constantFrom('2026-01-31', '2026-01-01', '2026-02-15');
    fc.assert(
      fc.property(moves, anchors, fc.integer({ min: 0, max: 600 * 24 }), (given, anchor, asked) => {
        const hour = (hours: number): Instant => instant(at('2026-01-01T00:00:00Z') + hours * 3_600_000);
        const sorted = given.toSorted(([left], [right]) => left - right);
        const changes = sorted.map(([hours, zone]) => toZone(hour(hours), zone));
        const all = plainTerms(inZone, { anchor, timeZone: 'Europe/Berlin', changes });
        for (const [count, one] of changes.entries()) {
          const before = plainTerms(inZone, { anchor, timeZone: 'Europe/Berlin', changes: changes.slice(0, count) });
          expect(periodAt(all, one.effectiveFrom).start).toBe(periodAt(before, one.effectiveFrom).start);
          const earlier = Math.min(hour(asked), one.effectiveFrom);
          expect(periodAt(all, instant(earlier))).toEqual(periodAt(before, instant(earlier)));
        }
        const period = periodAt(all, hour(asked));
        expect(periodAt(all, period.end).start).toBe(period.end);
        expect(periodAt(all, instant(period.start - 1)).end).toBe(period.start);
      }),
      { numRuns: 300 },
    );
  });

  it('[K3] cuts the days of caps anew, for the whole history', () => {
    const from = at('2026-01-01T00:00:00Z');
    const cap = change(
      from,
      { kind: 'cap', credits: credits(1), until: null },
      capSubject('member-default', null, 'day'),
    );
    const spender = { memberId: 'ana', teamId: null };
    const windowOf = (changes: readonly Change[]) =>
      capsBinding(plainTerms(inZone, { changes: [cap, ...changes] }), spender, at('2026-02-10T22:00:00Z'), 1)[0]?.window
        .start;
    expect(windowOf([])).toBe(at('2026-02-10T00:00:00Z'));
    expect(windowOf([toZone(at('2026-03-10T12:00:00Z'), 'Asia/Tokyo')])).toBe(at('2026-02-10T15:00:00Z'));
  });
});

import fc from 'fast-check';
import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import { credits, formatDecimal } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import type { Balance } from '../../shared/ledger/balance.ts';
import { balanceOf } from '../../shared/ledger/balance-of.ts';
import type { Change } from '../../shared/ledger/change.ts';
import type { PoolState } from '../../shared/ledger/pool-state.ts';
import { sharesOf } from '../../shared/ledger/spends.ts';
import type { TermsIndex } from '../../shared/ledger/schedule.ts';
import type { Grant, Hold, Transaction, Usage } from '../../shared/ledger/transaction.ts';
import { plainCatalogue, plainPlan, plainVersion } from '../unit/catalogue/catalogue-builder.ts';
import {
  capture,
  correction,
  grant,
  hold,
  poolId,
  refund,
  release,
  usage,
  voidOf,
  voidOfGrant,
} from './ledger-lines.ts';
import type { NaiveBalance, NaiveTerms } from './naive-ledger.ts';
import { change, workspaceTerms } from './workspace-terms.ts';

/** Random workspaces and random lines, in micro-credits, at few enough instants that many fall together. */

const hourMs = 3_600_000;
const firstDay = Date.UTC(2025, 11, 20);

/** Half days over four calendar months, with the boundaries of months and days among them. */
export const anyInstant: fc.Arbitrary<Instant> = fc.oneof(
  { weight: 4, arbitrary: fc.nat(220).map((halves) => instant(firstDay + halves * 12 * hourMs)) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 2, 3, 4).map((month) => instant(Date.UTC(2026, month, 1))) },
);

/** After every line and time-out. */
export const lastInstant = instant(firstDay + 300 * 24 * hourMs);

interface RandomWorkspace {
  readonly naive: NaiveTerms;
  readonly index: TermsIndex;
}

export const anyWorkspace: fc.Arbitrary<RandomWorkspace> = fc
  .record({
    openingMonth: fc.constantFrom(0, 1),
    creditsPerSeat: fc.integer({ min: 1, max: 12 }),
    firstSeats: fc.integer({ min: 0, max: 4 }),
    seats: fc.array(fc.record({ from: anyInstant, seats: fc.nat(5) }), { maxLength: 3 }),
    planChanges: fc.uniqueArray(anyInstant, { maxLength: 3 }),
    rollOver: fc.option(fc.record({ min: fc.nat(6), further: fc.nat(20) }), { freq: 2 }),
    addOn: fc.option(fc.record({ from: anyInstant, credits: fc.integer({ min: 1, max: 10 }) }), { freq: 2 }),
  })
  .map((given) => {
    const opensAt = instant(Date.UTC(2026, given.openingMonth, 1));
    const rollOver = given.rollOver && { min: given.rollOver.min, max: given.rollOver.min + given.rollOver.further };
    const distinct = [...new Map(given.seats.map((entry) => [entry.from, entry])).values()];
    const later = distinct.filter(({ from }) => from !== opensAt);
    const dated = [{ from: opensAt, seats: given.firstSeats }, ...later];
    const seats = dated.toSorted((left, right) => left.from - right.from);
    const turns = given.planChanges.filter((at) => at > opensAt).toSorted((left, right) => left - right);
    const { addOn, creditsPerSeat } = given;
    const planEnds = turns.filter((_, place) => place % 2 === 0);
    const planResumes = turns.filter((_, place) => place % 2 === 1);
    const changes: Change[] = [
      ...later.map((entry) => change(entry.from, { kind: 'seats', seatsByRole: { editor: entry.seats } })),
      ...planEnds.map((at) => change(at, { kind: 'plan', planId: null })),
      ...planResumes.map((at) => change(at, { kind: 'plan', planId: 'team' })),
    ];
    if (addOn) {
      const on = { kind: 'add-on', on: true, creditsPerPeriod: credits(addOn.credits) } as const;
      changes.push(change(addOn.from, on, 'extra'));
    }
    const index = workspaceTerms({
      catalogue: seatCatalogue(creditsPerSeat, rollOver),
      plan: 'team',
      seats: { editor: given.firstSeats },
      anchor: new Date(opensAt).toISOString().slice(0, 10),
      changes,
    });
    return { naive: { opensAt, creditsPerSeat, seats, planEnds, planResumes, rollOver, addOn }, index };
  });

function seatCatalogue(perSeat: number, rollOver: { readonly min: number; readonly max: number } | null): Catalogue {
  const text = (micro: number): string => formatDecimal(credits(micro));
  const source = 'page';
  const plan = plainPlan({
    allotment: { rule: 'per-seat', perRole: [{ role: 'editor', credits: text(perSeat) }], source },
    reset: { on: 'calendar-month', everyMonths: 1, zone: 'UTC', source },
    addOns: [{ id: 'extra', name: 'Extra', kind: 'recurring-credits', onByDefault: false, source }],
    ...(rollOver && { rollOver: { min: text(rollOver.min), max: text(rollOver.max), source } }),
  });
  return plainCatalogue({ versions: [plainVersion({ plans: [plan] })] });
}

interface Command {
  readonly what:
    | 'use'
    | 'hold'
    | 'capture'
    | 'release'
    | 'refund'
    | 'void'
    | 'grant'
    | 'void-grant'
    | 'correct'
    | 'drift';
  readonly id: number;
  readonly at: Instant;
  readonly amount: number;
  /** Which earlier line it is about. */
  readonly about: number;
  readonly further: number;
}

const anyCommand: fc.Arbitrary<Command> = fc.record({
  what: fc.constantFrom(
    ...(['use', 'use', 'hold', 'hold', 'capture', 'capture', 'release', 'refund'] as const),
    ...(['void', 'grant', 'void-grant', 'correct', 'drift'] as const),
  ),
  id: fc.nat(0xfff_ffff),
  at: anyInstant,
  amount: fc.nat(30),
  about: fc.nat(1000),
  further: fc.nat(40),
});

/** Any set of lines: also settlements of what was settled, of what is unknown, and gifts beyond what was used. */
export const anyLines: fc.Arbitrary<readonly Transaction[]> = fc
  .array(anyCommand, { maxLength: 28, size: 'max' })
  .map((commands) => {
    const lines: Transaction[] = [];
    for (const [place, command] of commands.entries()) {
      const line = lineOf(command, lines, `${command.id.toString(16).padStart(7, '0')}-${place}`);
      if (line) lines.push(line);
    }
    return lines;
  });

function lineOf(command: Command, lines: readonly Transaction[], id: string): Transaction | undefined {
  const { at, about } = command;
  const amount = credits(command.amount);
  const positive = credits(command.amount + 1);
  const bases = lines.filter((line): line is Hold | Usage => line.kind === 'hold' || line.kind === 'usage');
  const grants = lines.filter((line): line is Grant => line.kind === 'grant');
  const holds = bases.filter((line) => line.kind === 'hold');
  const base = bases[about % Math.max(bases.length, 1)];
  const open = holds[about % Math.max(holds.length, 1)];
  // From a little before the base to three weeks after it.
  const after = (line: Transaction): Instant => instant(line.occurredAt + (command.further - 4) * 12 * hourMs);
  switch (command.what) {
    case 'use':
      return usage(id, at, amount);
    case 'hold':
      return hold(id, at, positive, about % 3 === 0 ? instant(at + (command.further - 1) * 12 * hourMs) : null);
    case 'capture':
      return open && capture(id, aliased(open, about, base), after(open), positive);
    case 'release':
      return open && release(id, aliased(open, about, base), after(open));
    case 'refund':
      return base && refund(id, base, after(base), positive);
    case 'void':
      return base && voidOf(id, base, after(base));
    case 'correct':
      return base && correction(id, credits(command.amount - 10), { base, when: after(base) });
    case 'drift':
      return correction(id, credits(command.amount - 15), {
        when: instant(at + (about % 3) * 12 * hourMs),
        spentAt: instant(at + ((about % 5) - 2) * 12 * hourMs),
      });
    case 'grant':
      return grant(id, at, positive, {
        priority: [5, 10, 15, 20][about % 4] ?? 15,
        expiresAt: about % 3 === 0 ? instant(at + (command.further - 1) * 12 * hourMs) : null,
      });
    case 'void-grant': {
      if (about % 4 === 0) {
        const month = new Date(Date.UTC(2026, about % 3, 1)).toISOString();
        return voidOfGrant(id, `allotment/${poolId}/${month}`, at);
      }
      const named = grants[about % Math.max(grants.length, 1)];
      return named && voidOfGrant(id, named.id, after(named));
    }
  }
}

/** Now and then a settlement names a line that is no hold, or none at all. */
function aliased(open: Hold, about: number, base: Hold | Usage | undefined): Hold {
  if (about % 17 === 0) return { ...open, id: 'nowhere' };
  return about % 13 === 0 && base ? { ...open, id: base.id } : open;
}

/** What the engine says, in the shape of the naive ledger. */
export function engineAnswer(state: PoolState, asOf: Instant): NaiveBalance {
  const balance: Balance = balanceOf(state, asOf);
  const { poolId: _poolId, asOf: _asOf, grants, ...figures } = balance;
  return {
    ...figures,
    grants: grants.map((known) => `${known.id} ${known.amount} ${known.remaining} ${known.held}`),
    splits: [...state.spendById.values()]
      .map((spend) => {
        const shares = sharesOf(spend).map((share) => `${share.grantId ?? 'over'}=${share.credits}`);
        return `${spend.id}: ${shares.join(' ')}`;
      })
      .filter((split) => split.includes('=')),
    anomalies: state.anomalies.map((anomaly) => `${anomaly.lineId} ${anomaly.code}`).toSorted(),
  };
}

import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import { shippedCatalogues } from '../../shared/catalogue/shipped.ts';
import { assert } from '../../shared/kernel/assert.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { startOfDay, type LocalDate } from '../../shared/kernel/time-zone.ts';
import type { Balance } from '../../shared/ledger/balance.ts';
import { balanceOf } from '../../shared/ledger/balance-of.ts';
import type { Change, ChangeValue, MemberValue } from '../../shared/ledger/change.ts';
import { PoolLedger } from '../../shared/ledger/pool-ledger.ts';
import type { PoolState } from '../../shared/ledger/pool-state.ts';
import { indexTerms, scheduleOf, type TermsIndex } from '../../shared/ledger/schedule.ts';
import type { Transaction } from '../../shared/ledger/transaction.ts';
import { plain, poolId } from './ledger-lines.ts';

export function shipped(platform: string): Catalogue {
  const catalogue = shippedCatalogues.find((candidate) => candidate.platform === platform);
  assert(catalogue, `No catalogue ${platform}`);
  return catalogue;
}

let made = 0;

/** A dated change; of equal instants the one made later has the later id. */
export function change(from: Instant, value: ChangeValue, subject = ''): Change {
  made += 1;
  return {
    id: `change-${String(made).padStart(6, '0')}`,
    workspaceId: 'workspace',
    subject,
    effectiveFrom: from,
    recordedAt: from,
    authorId: null,
    origin: 'app',
    reason: null,
    value,
  };
}

export function member(given: Partial<MemberValue> = {}): ChangeValue {
  const value = { name: 'Ada', role: 'member', teamId: null, access: 'member' as const, active: true, ...given };
  return { kind: 'member', member: value };
}

/** The terms of a workspace that took `plan` on its anchor. */
export function workspaceTerms(given: {
  readonly catalogue: Catalogue;
  readonly plan: string;
  readonly seats?: Readonly<Record<string, number>>;
  readonly anchor?: LocalDate;
  readonly timeZone?: string;
  readonly changes?: readonly Change[];
}): TermsIndex {
  const { catalogue, anchor = '2026-01-01', timeZone = 'UTC', seats = {} } = given;
  const start = startOfDay(anchor, timeZone);
  const changes = [
    change(start, { kind: 'plan', planId: given.plan }),
    change(start, { kind: 'seats', seatsByRole: seats }),
    ...(given.changes ?? []),
  ];
  return indexTerms({ workspaceId: 'workspace', catalogue, anchor, timeZone, changes });
}

/** The ledger of the one pool with all lines in it. */
export function ledgerOf(index: TermsIndex, lines: readonly Transaction[], memberId: string | null = null): PoolLedger {
  const ledger = new PoolLedger({ poolId, schedule: scheduleOf(index, poolId, memberId) });
  ledger.add(lines);
  return ledger;
}

export function fold(
  index: TermsIndex,
  lines: readonly Transaction[],
  asOf: Instant,
  memberId: string | null = null,
): PoolState {
  return ledgerOf(index, lines, memberId).stateAt(asOf);
}

export function balanceAt(
  index: TermsIndex,
  lines: readonly Transaction[],
  asOf: Instant,
  memberId: string | null = null,
): Balance {
  return balanceOf(fold(index, lines, asOf, memberId), asOf);
}

/** What is left of each grant in force, in burn order, as plain numbers. */
export function remaining(balance: Balance): readonly number[] {
  return balance.grants.map((grant) => plain(grant.remaining));
}

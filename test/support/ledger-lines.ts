import { assert } from '../../shared/kernel/assert.ts';
import { credits, parseCredits, quantity, type Credits } from '../../shared/kernel/credits.ts';
import { parseInstant, type Instant } from '../../shared/kernel/instant.ts';
import {
  defaultPriority,
  type Capture,
  type Correction,
  type Grant,
  type Hold,
  type Refund,
  type Release,
  type Transaction,
  type Usage,
  type Void,
} from '../../shared/ledger/transaction.ts';

/** Short ways to write lines of one pool; every line can be told apart by its id alone. */

export const poolId = 'pool';

/** An instant in UTC: `at('2026-01-31')`, `at('2026-01-31T09:30')`. */
export function at(text: string): Instant {
  const parsed = parseInstant(text, 'UTC');
  assert(parsed.ok, `No instant: ${text}`);
  return parsed.value;
}

/** Whole or decimal credits. */
export function cr(amount: number | string): Credits {
  const parsed = parseCredits(String(amount));
  assert(parsed.ok && !parsed.value.rounded, `No credits: ${amount}`);
  return parsed.value.value;
}

/** Credits as the plain number that a person would write. */
export function plain(value: Credits): number {
  return value / 1_000_000;
}

function line(id: string, when: Instant) {
  return {
    id,
    workspaceId: 'workspace',
    poolId,
    occurredAt: when,
    recordedAt: when,
    authorId: null,
    origin: 'app' as const,
  };
}

const nobody = { memberId: null, teamId: null, featureId: 'image', variant: null };

function spend(id: string, when: Instant, amount: Credits) {
  return {
    ...line(id, when),
    ...nobody,
    quantity: quantity(amount),
    unitRate: cr(1),
    credits: amount,
    pricing: 'listed' as const,
    catalogueVersion: '1',
    receipt: [],
  };
}

export function usage(id: string, when: Instant, amount: Credits, changes: Partial<Usage> = {}): Usage {
  return { kind: 'usage', ...spend(id, when, amount), happened: false, ...changes };
}

export function hold(id: string, when: Instant, amount: Credits, expiresAt: Instant | null = null): Hold {
  return { kind: 'hold', ...spend(id, when, amount), expiresAt };
}

function linked(id: string, base: Transaction, when: Instant) {
  return { ...line(id, when), ...nobody, linkedId: base.id, spentAt: base.occurredAt };
}

export function capture(id: string, base: Hold, when: Instant, amount: Credits = base.credits): Capture {
  return { kind: 'capture', ...linked(id, base, when), credits: amount };
}

export function release(id: string, base: Hold, when: Instant): Release {
  return { kind: 'release', ...linked(id, base, when) };
}

export function refund(id: string, base: Hold | Usage, when: Instant, amount: Credits = base.credits): Refund {
  return { kind: 'refund', ...linked(id, base, when), credits: amount, reason: null };
}

export function voidOf(id: string, base: Hold | Usage, when: Instant, amount: Credits = base.credits): Void {
  const of = base.kind === 'hold' ? 'capture' : 'usage';
  return { kind: 'void', of, ...linked(id, base, when), credits: amount, reason: 'Mistyped' };
}

export function voidOfGrant(id: string, grantId: string, when: Instant): Void {
  const linkedLine = { ...line(id, when), ...nobody, linkedId: grantId, spentAt: when };
  return { kind: 'void', of: 'grant', ...linkedLine, featureId: null, credits: credits(0), reason: 'Refunded' };
}

/** A difference booked afterwards; without `base` one that nobody logged, such as drift. */
export function correction(
  id: string,
  amount: Credits,
  given: { readonly base?: Hold | Usage; readonly when: Instant; readonly spentAt?: Instant },
): Correction {
  return {
    kind: 'correction',
    ...line(id, given.when),
    ...nobody,
    linkedId: given.base?.id ?? null,
    spentAt: given.spentAt ?? given.base?.occurredAt ?? given.when,
    credits: amount,
    reason: 'Reading',
  };
}

export function grant(id: string, from: Instant, amount: Credits, changes: Partial<Grant> = {}): Grant {
  return {
    kind: 'grant',
    ...line(id, from),
    grantKind: 'adjustment',
    amount,
    priority: defaultPriority[changes.grantKind ?? 'adjustment'],
    expiresAt: null,
    packId: null,
    orderId: null,
    ...changes,
  };
}

export function pack(id: string, from: Instant, amount: Credits): Grant {
  return grant(id, from, amount, { grantKind: 'pack', packId: 'starter', orderId: id });
}

import { unreachable } from '../kernel/assert.ts';
import { add, multiply, noCredits, quantity, microPerUnit, type Credits } from '../kernel/credits.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { AllotmentRule } from './catalogue.ts';
import { figure } from './figure.ts';

/** Paid seats by platform role, only of roles that take a seat. [S3] */
export type SeatsByRole = Readonly<Record<string, number>>;

export interface AllotmentGiven {
  readonly seats: SeatsByRole;
  /** 0 for the period that starts on the anchor. */
  readonly periodNumber: number;
  /** Credits per period that the user entered from the contract or the account page; null when nobody has. */
  readonly entered: Credits | null;
}

export type AllotmentProblem =
  /** More seats than the platform publishes a figure for: ask for the contract's, never extrapolate. */
  | { readonly code: 'not-published'; readonly seats: number; readonly publishedUpTo: number }
  /** The platform publishes no figure at all and nobody has entered one. */
  | { readonly code: 'not-entered' }
  /** Seats × credits is more than a count of credits can hold. [K1] */
  | { readonly code: 'out-of-range' };

/** What a shared pool is allotted in one period. [G0] */
export function allotmentOf(rule: AllotmentRule, given: AllotmentGiven): Result<Credits, AllotmentProblem> {
  switch (rule.rule) {
    case 'by-seat-bracket': {
      const seats = Object.values(given.seats).reduce((total, count) => total + count, 0);
      return bracketOf(rule, { seats, entered: given.entered });
    }
    case 'per-seat': {
      let total = noCredits;
      for (const { role, credits } of rule.perRole) {
        const seats = Object.hasOwn(given.seats, role) ? (given.seats[role] ?? 0) : 0;
        const share = multiply(figure(credits), quantity(seats * microPerUnit));
        if (share === undefined || !Number.isSafeInteger(total + share)) return err({ code: 'out-of-range' });
        total = add(total, share);
      }
      return ok(total);
    }
    case 'fixed':
    case 'entered':
    case 'none':
      return ofPeriod(rule, given);
  }
  return unreachable(rule);
}

/**
 * What the pool of one member in `role` is allotted in one period, where a plan has a pool per member (Visily's paid
 * plans: 3,000 for an editor, 600 for a guest editor). A role that the rule does not name gets nothing. [S3]
 */
export function memberAllotmentOf(
  rule: AllotmentRule,
  role: string,
  given: Omit<AllotmentGiven, 'seats'> = { periodNumber: 1, entered: null },
): Result<Credits, AllotmentProblem> {
  switch (rule.rule) {
    case 'by-seat-bracket':
      return bracketOf(rule, { seats: 1, entered: given.entered });
    case 'per-seat': {
      const share = rule.perRole.find((candidate) => candidate.role === role);
      return ok(share ? figure(share.credits) : noCredits);
    }
    case 'fixed':
    case 'entered':
    case 'none':
      return ofPeriod(rule, given);
  }
  return unreachable(rule);
}

function ofPeriod(
  rule: Extract<AllotmentRule, { rule: 'fixed' | 'entered' | 'none' }>,
  { periodNumber, entered }: Omit<AllotmentGiven, 'seats'>,
): Result<Credits, AllotmentProblem> {
  switch (rule.rule) {
    case 'fixed':
      return ok(figure(periodNumber === 0 && rule.firstPeriod !== undefined ? rule.firstPeriod : rule.credits));
    case 'entered':
      return entered === null ? err({ code: 'not-entered' }) : ok(entered);
    case 'none':
      return ok(noCredits);
  }
  return unreachable(rule);
}

function bracketOf(
  { brackets }: Extract<AllotmentRule, { rule: 'by-seat-bracket' }>,
  { seats, entered }: { readonly seats: number; readonly entered: Credits | null },
): Result<Credits, AllotmentProblem> {
  const bracket = brackets.find(({ from, to }) => seats >= from && seats <= to);
  if (bracket) return ok(figure(bracket.credits));
  if (seats === 0) return ok(noCredits);
  if (entered !== null) return ok(entered);
  return err({ code: 'not-published', seats, publishedUpTo: brackets.at(-1)?.to ?? 0 });
}

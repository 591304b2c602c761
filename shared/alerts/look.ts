import { instant, type Instant } from '../kernel/instant.ts';
import type { Alert, AlertFact, AlertRules, UsePoint } from './alert.ts';
import { markOf, type HoldSeen, type ReachedMark, type Sight, type UseSeen, type Watch } from './watch.ts';

/** What is new, and what is to be remembered: both are stored together, or neither. */
export interface Looked {
  readonly watch: Watch;
  /** In the order in which they are told. */
  readonly alerts: readonly Alert[];
}

/**
 * Looks at a workspace again and tells what was crossed since the last look, each thing once. The first look, without a
 * watch, only remembers. [N1]
 */
export function look(before: Watch | null, sight: Sight, rules: AlertRules): Looked {
  const uses = usesSeen(before, sight, rules);
  const resets = sight.resets.filter(({ start }) => !(before?.resets.includes(start) ?? false));
  const runOut = runOutSeen(before, sight, rules);
  const holds = holdsSeen(before, sight, rules);
  const orders = sight.orders.filter(({ id }) => !(before?.orders.includes(id) ?? false));
  const stuckSince = sight.sync === null ? null : (sight.sync.lastSuccessAt ?? never);
  const stuck = stuckSince === null || stuckSince === before?.stuckSince ? null : sight.sync;
  const mondays = before?.mondays ?? [];
  const digest = sight.digest !== null && !mondays.includes(sight.digest.monday) ? sight.digest : null;
  const facts: readonly AlertFact[] = [
    ...resets.map(({ start, previous, used, overage, allotted }): AlertFact => ({
      kind: 'reset',
      rule: 'N2',
      resetAt: start,
      previous,
      used,
      overage,
      allotted,
    })),
    ...uses.facts,
    ...runOut.facts,
    ...holds.facts,
    ...orders.map(({ id, packName, outcome, credits }): AlertFact => ({
      kind: 'order-decided',
      rule: 'N2',
      orderId: id,
      packName,
      outcome,
      credits,
    })),
    ...(stuck === null ? [] : [{ kind: 'sync-stuck', rule: 'N2', ...stuck } as const]),
    ...(digest === null ? [] : [{ kind: 'digest', rule: 'N2', ...digest } as const]),
  ];
  const told = before === null ? [] : facts;
  const number = before?.nextNumber ?? 1;
  return {
    watch: {
      since: before?.since ?? sight.at,
      nextNumber: number + told.length,
      reached: uses.reached,
      resets: [...(before?.resets ?? []), ...resets.map(({ start }) => start)].slice(-periodsKept),
      runOuts: runOut.told,
      holds: holds.told,
      orders: [...(before?.orders ?? []), ...orders.map(({ id }) => id)],
      stuckSince: stuckSince ?? before?.stuckSince ?? null,
      mondays: digest === null ? mondays : [...mondays, digest.monday].slice(-mondaysKept),
    },
    alerts: told.map((fact, index) => ({ id: `${fact.kind}/${number + index}`, at: sight.at, fact })),
  };
}

/** The instants at which a course has to be looked at: just before each thing that lowers use, and at its end. */
export function courseInstants(
  lowered: readonly Instant[],
  span: { readonly from: Instant; readonly until: Instant },
): readonly Instant[] {
  const { from, until } = span;
  const befores = lowered.filter((at) => at > from && at <= until).map((at) => instant(at - 1));
  return [...new Set(befores.toSorted((left, right) => left - right)), until];
}

function usesSeen(before: Watch | null, sight: Sight, rules: AlertRules) {
  const facts: AlertFact[] = [];
  const reached: ReachedMark[] = [];
  for (const use of sight.uses) {
    const mark = markOf(before, use.poolId, use.period.start);
    const known = new Set(mark?.percents ?? []);
    const now = new Set(known);
    let told = false;
    for (const percent of rules.thresholds) {
      const { crossed, above } = followed(use, percent, { known: known.has(percent), fresh: mark === undefined });
      if (above) now.add(percent);
      else now.delete(percent);
      if (crossed === null) continue;
      const { poolId, memberId, period } = use;
      const recovered = !above;
      told = true;
      facts.push({ kind: 'threshold', rule: 'N1', poolId, memberId, period, percent, recovered, ...crossed });
    }
    const percents = [...now].toSorted((left, right) => left - right);
    // A mark without a threshold knows up to where a recovery has been seen.
    if (percents.length > 0 || told || mark) {
      reached.push({ poolId: use.poolId, periodStart: use.period.start, until: use.until, percents });
    }
  }
  // What is out of sight, as after the clock was set back, is remembered.
  const seen = new Set(sight.uses.map((use) => `${use.poolId}/${use.period.start}`));
  const others = (before?.reached ?? []).filter((mark) => !seen.has(`${mark.poolId}/${mark.periodStart}`));
  return { facts, reached: [...others.slice(-marksKept), ...reached] };
}

/** Follows a course past one threshold: what it stood at when it was last crossed, and whether it is above in the end. */
function followed(
  use: UseSeen,
  percent: number,
  given: { readonly known: boolean; readonly fresh: boolean },
): { readonly crossed: UsePoint | null; readonly above: boolean } {
  let above = given.fresh ? reaches(use.opening, percent) : given.known;
  let crossed: UsePoint | null = null;
  for (const point of use.course) {
    const reached = reaches(point, percent);
    if (reached && !above) crossed = point;
    above = reached;
  }
  const last = use.course.at(-1);
  return { crossed: crossed !== null && above && last ? last : crossed, above };
}

/** Exact, however large both are. Nothing is a threshold of nothing. */
function reaches({ used, of }: UsePoint, percent: number): boolean {
  return of > 0 && BigInt(used) * 100n >= BigInt(of) * BigInt(percent);
}

function runOutSeen(before: Watch | null, { runOut }: Sight, rules: AlertRules) {
  const known = before?.runOuts ?? [];
  if (runOut === null) return { facts: [], told: known };
  const { periodStart, ...figures } = runOut;
  const percent = figures.probability * 100;
  const told = known.includes(periodStart);
  if (!told && percent > rules.runOutPercent) {
    const fact: AlertFact = { kind: 'run-out', rule: 'N2', ...figures };
    return { facts: [fact], told: [...known, periodStart].slice(-periodsKept) };
  }
  // A forecast moves a little every day: only one that has clearly become better may be told again.
  const better = told && percent <= rules.runOutPercent - clearlyPercent;
  return { facts: [], told: better ? known.filter((start) => start !== periodStart) : known };
}

function holdsSeen(before: Watch | null, { at, holds }: Sight, rules: AlertRules) {
  const known = new Set(before?.holds ?? []);
  const facts: AlertFact[] = [];
  const told: string[] = [];
  const note = (key: string, fact: AlertFact): void => {
    if (!known.has(key)) facts.push(fact);
    told.push(key);
  };
  for (const hold of holds) {
    const { id: holdId, memberId, credits, since } = hold;
    const expiresAt = expiringAt(hold, at, rules.holdMinutes * minuteMs);
    if (expiresAt !== null) {
      const expired = hold.state === 'expired';
      const figures = { holdId, memberId, credits, expiresAt, expired };
      note(`expiring/${holdId}`, { kind: 'hold-expiring', rule: 'N2', ...figures });
    }
    if (hold.state === 'open' && at - since > openMsMax) {
      note(`open/${holdId}`, { kind: 'hold-open', rule: 'H8', holdId, memberId, credits, since });
    }
  }
  const fresh = new Set(told);
  const others = [...known].filter((key) => !fresh.has(key)).slice(-holdsKept);
  return { facts, told: [...others, ...told] };
}

/** When a hold times out, where that is close or over; null otherwise. */
function expiringAt({ expiresAt, state }: HoldSeen, at: Instant, leadMs: number): Instant | null {
  return expiresAt !== null && (state === 'expired' || expiresAt - at <= leadMs) ? expiresAt : null;
}

/** When a round went well that never did. */
const never = instant(0);
const minuteMs = 60_000;
/** [H8] */
const openMsMax = 24 * 60 * minuteMs;
/** By how many points a run-out has to become less probable than what it is told at, to be told again. */
const clearlyPercent = 10;
const marksKept = 4000;
const periodsKept = 400;
const mondaysKept = 60;
const holdsKept = 2000;

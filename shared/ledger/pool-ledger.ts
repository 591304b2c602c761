import { assert } from '../kernel/assert.ts';
import { earlier, later, type Instant } from '../kernel/instant.ts';
import { checkpointOf, restorePool, type PoolCheckpoint } from './checkpoint.ts';
import { fold, isBehind, openPool } from './fold.ts';
import { forkPool } from './fork.ts';
import { compareKeys, keyOf, type LineKey } from './line-order.ts';
import { endOfInstant, PoolLines, startOfInstant, type KeyedLine } from './pool-lines.ts';
import type { PoolState } from './pool-state.ts';
import type { AllotmentSchedule } from './schedule.ts';
import type { BalanceLine } from './transaction.ts';

/**
 * The ledger of one pool: lines in, the state at any instant out. It is a function of the set of lines and the schedule;
 * what it keeps besides them (how far it has come, and snapshots on the way) only makes it faster. [G5]
 *
 * It may go on from a checkpoint, with the lines that count from there on only. Then it `covers` what lies behind no
 * part of that, and asking it for anything else is a mistake that throws: it never answers from less than it needs.
 */
export class PoolLedger {
  readonly poolId: string;
  readonly schedule: AllotmentSchedule;
  readonly lines = new PoolLines();
  /** What it goes on from; null where it has every line of the pool. */
  readonly base: PoolCheckpoint | null;
  readonly #openHoldIds: ReadonlySet<string>;
  /** Everything up to some instant. null until it is asked for. */
  #head: PoolState | null = null;
  /** States on the way to the head, the oldest first. */
  #snapshots: PoolState[] = [];
  #phasesSinceSnapshot = 0;
  #phasesBetweenSnapshots = phasesBetweenSnapshotsFirst;

  constructor(given: {
    readonly poolId: string;
    readonly schedule: AllotmentSchedule;
    readonly base?: PoolCheckpoint | null;
  }) {
    this.poolId = given.poolId;
    this.schedule = given.schedule;
    this.base = given.base ?? null;
    this.#openHoldIds = new Set(this.base?.openHolds.map((hold) => hold.id));
  }

  /** Whether it can be asked about an instant, and about spends from then on. */
  covers(from: Instant): boolean {
    return this.base === null || from >= this.base.since;
  }

  /** Whether a line can be added: it counts after the base, and speaks of nothing that the base has left out. */
  canTake(line: BalanceLine, locate: Locate): boolean {
    return this.base === null || (keyOf(line).at >= this.base.at && this.#reachOf(line, locate) === null);
  }

  /** The earliest instant before the base that its lines speak of; null where the base is early enough for them. */
  reachesBack(locate: Locate): Instant | null {
    let earliest: Instant | null = null;
    if (this.base === null) return null;
    for (const { line } of this.lines.others) {
      const at = this.#reachOf(line, locate);
      if (at !== null && (earliest === null || at < earliest)) earliest = at;
    }
    return earliest;
  }

  /** Adds lines, in any order and however late; those that are there already are passed over. [L1] [L2] */
  add(lines: Iterable<BalanceLine>): void {
    const { base } = this;
    const first = this.lines.add(lines);
    assert(
      base === null || first === null || first.at >= base.at,
      `Lines of pool ${this.poolId} count before its base`,
    );
    if (first !== null && this.#head !== null && isBehind(this.#head, first)) this.#rewind(first);
  }

  /**
   * The state as of an instant, with every line that had been made and counts by then, or only those up to `until`. It
   * is to be read at once: the next line, or the next question, may move it.
   */
  stateAt(asOf: Instant, until: LineKey = endOfInstant(asOf)): PoolState {
    assert(this.covers(asOf), `Pool ${this.poolId} is asked about ${asOf}, before its base`);
    const skipped = this.lines.notYetMade(asOf);
    if (skipped.size === 0 && asOf >= this.#opensAt(skipped)) {
      const head = this.#head;
      if (head === null || !isBehind(head, until)) return this.#advanceHead(until);
    }
    const state = this.#forkBefore(until, skipped) ?? this.#openAt(asOf, skipped);
    fold([state], this.lines, { until, skipped });
    return state;
  }

  /** A state of its own, with every line before `key` that had been made at `asOf`. */
  stateBefore(key: LineKey, skipped: ReadonlySet<KeyedLine>): PoolState {
    assert(this.covers(key.at), `Pool ${this.poolId} is asked about ${key.at}, before its base`);
    const opensAt = earlier(this.#opensAt(skipped), key.at);
    const state = this.#forkBefore(key, skipped) ?? this.#open(opensAt, opensAt);
    fold([state], this.lines, { until: key, skipped });
    return state;
  }

  /**
   * What to go on from another time: everything before an instant, as it is known at `asOf`. null where a line stands in
   * the way, being made before that instant and counting after it, or not being made yet. [G5]
   */
  checkpointAt(at: Instant, asOf: Instant): PoolCheckpoint | null {
    const since = later(this.base?.since ?? at, this.lines.madeUntil(at));
    const count = this.lines.countBefore(at) + (this.base?.lines ?? 0);
    if (count === 0 || since > asOf || at > asOf || this.lines.isAstride(at)) return null;
    if (this.base !== null && at <= this.base.at) return null;
    return checkpointOf(this.stateAt(asOf, startOfInstant(at)), { at, since, lines: count });
  }

  /** Forgets snapshots but the first one: what follows costs more, and is the same. */
  keepSnapshots(isKept: (number: number) => boolean): void {
    const kept: PoolState[] = [];
    let dropped = 0;
    for (const [number, state] of [...this.#snapshots, ...(this.#head ? [this.#head] : [])].entries()) {
      if (number > 0 && state !== this.#head && !isKept(number)) {
        dropped += 1;
        continue;
      }
      for (; dropped > 0; dropped -= 1) state.spendById.absorbParent();
      if (state !== this.#head) kept.push(state);
    }
    this.#snapshots = kept;
  }

  #opensAt(skipped: ReadonlySet<KeyedLine>): Instant {
    if (this.base !== null) return this.base.opensAt;
    return earlier(this.schedule.opensAt, this.lines.firstAt(skipped) ?? this.schedule.opensAt);
  }

  /** Before the pool opened: people are asked about before the day on which they were entered. [G0] */
  #openAt(asOf: Instant, skipped: ReadonlySet<KeyedLine>): PoolState {
    const { opensAt, mayOpenAt } = this.schedule;
    const asked = asOf >= mayOpenAt ? earlier(asOf, opensAt) : opensAt;
    const firstAt = this.lines.firstAt(skipped);
    const opens = firstAt !== null && firstAt <= asOf ? earlier(asked, firstAt) : asked;
    return this.#open(opens, earlier(opens, asOf));
  }

  #open(opensAt: Instant, from: Instant): PoolState {
    const { poolId, schedule, lines, base } = this;
    return base === null
      ? openPool({ poolId, schedule, lines, opensAt, from })
      : restorePool(poolId, base, { schedule, lines });
  }

  /** What a line speaks of, where that lies before the base and is not carried over by it. */
  #reachOf(line: BalanceLine, locate: Locate): Instant | null {
    const { base } = this;
    if (base === null || !('linkedId' in line) || (line.kind === 'void' && line.of === 'grant')) return null;
    if (line.linkedId === null) {
      // It takes from the latest uses of the whole period.
      const { start } = this.schedule.periodAt(line.spentAt);
      return line.kind === 'correction' && line.credits < 0 && start < base.at ? start : null;
    }
    if (this.#openHoldIds.has(line.linkedId) || this.lines.hasSpend(line.linkedId, line.spentAt)) return null;
    const at = locate(line.linkedId);
    return at !== null && at < base.at ? at : null;
  }

  #advanceHead(until: LineKey): PoolState {
    if (this.#head === null) {
      const opensAt = this.#opensAt(new Set());
      this.#snapshots = [this.#open(opensAt, opensAt)];
      this.#goOnFromSnapshot();
    }
    assert(this.#head, 'There is a head');
    fold([this.#head], this.lines, { until, pause: () => [this.#passPhase()] });
    return this.#head;
  }

  /** Takes a snapshot now and then, rarer the more there are. */
  #passPhase(): PoolState {
    assert(this.#head, 'There is a head');
    this.#phasesSinceSnapshot += 1;
    if (this.#phasesSinceSnapshot < this.#phasesBetweenSnapshots) return this.#head;
    this.#snapshots.push(this.#head);
    this.#goOnFromSnapshot();
    if (this.#snapshots.length > snapshotsMax) {
      this.keepSnapshots((number) => number % 2 === 0);
      this.#phasesBetweenSnapshots *= 2;
    }
    return this.#head;
  }

  #goOnFromSnapshot(): PoolState {
    const last = this.#snapshots.at(-1);
    assert(last, 'There is a snapshot');
    this.#head = forkPool(last);
    this.#phasesSinceSnapshot = 0;
    return this.#head;
  }

  /** Goes back to the last snapshot that `key` does not lie behind. */
  #rewind(key: LineKey): void {
    while (this.#snapshots.length > 0) {
      const last = this.#snapshots.at(-1);
      if (last && !isBehind(last, key)) {
        this.#goOnFromSnapshot();
        return;
      }
      this.#snapshots.pop();
    }
    this.#head = null;
  }

  /** A copy of the last snapshot that nothing skipped and nothing from `key` on is part of. */
  #forkBefore(key: LineKey, skipped: ReadonlySet<KeyedLine>): PoolState | null {
    let first = key;
    for (const keyed of skipped) if (compareKeys(keyed.key, first) < 0) first = keyed.key;
    const opensAt = skipped.size === 0 ? null : this.#opensAt(skipped);
    let low = -1;
    let high = this.#snapshots.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const snapshot = this.#snapshots[middle];
      if (snapshot && !isBehind(snapshot, first)) low = middle;
      else high = middle - 1;
    }
    const snapshot = this.#snapshots[low];
    if (!snapshot || (opensAt !== null && opensAt !== snapshot.opensAt)) return null;
    return forkPool(snapshot);
  }
}

/** When a line with an id counts, wherever it is; null where the pool has none. */
export type Locate = (id: string) => Instant | null;

const phasesBetweenSnapshotsFirst = 8;
const snapshotsMax = 128;

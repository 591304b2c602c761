import { assert } from '../kernel/assert.ts';
import type { Instant } from '../kernel/instant.ts';
import { fold, isBehind, openPool } from './fold.ts';
import { forkPool } from './fork.ts';
import { compareKeys, type LineKey } from './line-order.ts';
import { endOfInstant, PoolLines, type KeyedLine } from './pool-lines.ts';
import type { PoolState } from './pool-state.ts';
import type { AllotmentSchedule } from './schedule.ts';
import type { BalanceLine } from './transaction.ts';

/**
 * The ledger of one pool: lines in, the state at any instant out. It is a function of the set of lines and the schedule;
 * what it keeps besides them (how far it has come, and snapshots on the way) only makes it faster. [G5]
 */
export class PoolLedger {
  readonly poolId: string;
  readonly schedule: AllotmentSchedule;
  readonly lines: PoolLines;
  /** Everything up to some instant. null until it is asked for. */
  #head: PoolState | null = null;
  /** States on the way to the head, the oldest first. */
  #snapshots: PoolState[] = [];
  #phasesSinceSnapshot = 0;
  #phasesBetweenSnapshots = phasesBetweenSnapshotsFirst;

  constructor(given: {
    readonly poolId: string;
    readonly schedule: AllotmentSchedule;
    /** Those of another ledger of the pool, under an older schedule. */
    readonly lines?: PoolLines;
  }) {
    this.poolId = given.poolId;
    this.schedule = given.schedule;
    this.lines = given.lines ?? new PoolLines();
  }

  /** Adds lines, in any order and however late; those that are there already are passed over. [L1] [L2] */
  add(lines: Iterable<BalanceLine>): void {
    const first = this.lines.add(lines);
    if (first !== null && this.#head !== null && isBehind(this.#head, first)) this.#rewind(first);
  }

  /**
   * The state as of an instant, with every line that had been made and counts by then, or only those up to `until`. It
   * is to be read at once: the next line, or the next question, may move it.
   */
  stateAt(asOf: Instant, until: LineKey = endOfInstant(asOf)): PoolState {
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
    const opensAt = earlier(this.#opensAt(skipped), key.at);
    const state = this.#forkBefore(key, skipped) ?? this.#open(opensAt, opensAt);
    fold([state], this.lines, { until: key, skipped });
    return state;
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
    return openPool({ poolId: this.poolId, schedule: this.schedule, lines: this.lines, opensAt, from });
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

function earlier(left: Instant, right: Instant): Instant {
  return left <= right ? left : right;
}

const phasesBetweenSnapshotsFirst = 8;
const snapshotsMax = 128;

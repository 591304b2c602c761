import { hashText } from '../../shared/kernel/hash.ts';
import { randomInteger, seededRandom, type Random } from '../../shared/kernel/random.ts';

/** Virtual time, chance and a trace: all that happens, happens one after the other and follows from the seed. */
export class World {
  readonly random: Random;
  nowMs: number;
  actions = 0;
  /** Whether faults happen at all: they stop at the end. */
  isFaulty = true;
  traceHash = 0;
  readonly faults = new Map<string, number>();
  readonly #queue: Planned[] = [];
  #planned = 0;

  constructor(seed: number, startMs: number) {
    this.random = seededRandom(seed);
    this.nowMs = startMs;
  }

  below(end: number): number {
    return randomInteger(this.random, end);
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  oneOf<Value>(values: readonly Value[]): Value | undefined {
    return values[this.below(Math.max(values.length, 1))];
  }

  note(what: string): void {
    this.actions += 1;
    this.traceHash = hashText(`${this.traceHash} ${this.nowMs} ${what}`);
  }

  fault(kind: string): void {
    this.faults.set(kind, (this.faults.get(kind) ?? 0) + 1);
    this.note(kind);
  }

  /** Whether a fault happens here and now. */
  strikes(kind: string, probability: number): boolean {
    if (!this.isFaulty || !this.chance(probability)) return false;
    this.fault(kind);
    return true;
  }

  /** Does something again and again as long as there are faults, after anything up to twice as long. */
  repeat(everyMs: number, run: () => void): void {
    const again = (): void => {
      if (!this.isFaulty) return;
      run();
      this.later(this.below(2 * everyMs), again);
    };
    this.later(this.below(2 * everyMs), again);
  }

  later(ms: number, run: () => void): void {
    this.#planned += 1;
    this.#push({ atMs: this.nowMs + ms, order: this.#planned, run });
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.later(ms, resolve);
    });
  }

  /** Lets time pass; what becomes due runs in order, each to its end before the next. */
  async runUntil(endMs: number): Promise<void> {
    for (let next = this.#queue[0]; next !== undefined && next.atMs <= endMs; next = this.#queue[0]) {
      this.#pop();
      this.nowMs = next.atMs;
      next.run();
      // After this, everything that followed at once has been done.
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    this.nowMs = endMs;
  }

  #push(planned: Planned): void {
    const queue = this.#queue;
    let place = queue.length;
    queue.push(planned);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(planned, queue[parent]!)) break;
      queue[place] = queue[parent]!;
      place = parent;
    }
    queue[place] = planned;
  }

  #pop(): void {
    const queue = this.#queue;
    const last = queue.pop()!;
    if (queue.length === 0) return;
    let place = 0;
    for (;;) {
      let child = place * 2 + 1;
      if (child >= queue.length) break;
      if (child + 1 < queue.length && isBefore(queue[child + 1]!, queue[child]!)) child += 1;
      if (!isBefore(queue[child]!, last)) break;
      queue[place] = queue[child]!;
      place = child;
    }
    queue[place] = last;
  }
}

interface Planned {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

function isBefore(left: Planned, right: Planned): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
}

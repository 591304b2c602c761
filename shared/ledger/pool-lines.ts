import type { Instant } from '../kernel/instant.ts';
import { compareKeys, countsFrom, keyOf, type LineKey } from './line-order.ts';
import type { BalanceLine } from './transaction.ts';
import { Uses } from './uses.ts';

/** A line that is no plain use, with its place in the order of its pool. */
export interface KeyedLine {
  readonly key: LineKey;
  readonly line: Exclude<BalanceLine, { readonly kind: 'usage' }>;
}

/** All lines of one pool, each once, in the order in which they count. [K7] [L2] */
export class PoolLines {
  readonly uses = new Uses();
  readonly #others: KeyedLine[] = [];
  /** Corrections that add to a use before they were made: they are no part of a balance in between. */
  readonly #retroactive: KeyedLine[] = [];

  get others(): readonly KeyedLine[] {
    return this.#others;
  }

  get size(): number {
    return this.uses.size + this.#others.length;
  }

  /** Puts lines in their places and answers the key of the first one that is new; null when all were there. */
  add(lines: Iterable<BalanceLine>): LineKey | null {
    let first: LineKey | null = null;
    for (const line of lines) {
      const key = keyOf(line);
      const isNew =
        line.kind === 'usage'
          ? this.uses.insert({ id: line.id, at: line.occurredAt, credits: line.credits })
          : this.#insert({ key, line });
      if (isNew && (first === null || compareKeys(key, first) < 0)) first = key;
    }
    return first;
  }

  /** When the first line counts, leaving out some; null when there is none. */
  firstAt(skipped: ReadonlySet<KeyedLine>): Instant | null {
    const use = this.uses.size === 0 ? null : this.uses.useAt(0).at;
    const other = this.#others.find((keyed) => !skipped.has(keyed))?.key.at ?? null;
    if (use === null || other === null) return use ?? other;
    return use < other ? use : other;
  }

  /** Lines that count by then, but had not been made yet. */
  notYetMade(asOf: Instant): ReadonlySet<KeyedLine> {
    if (this.#retroactive.length === 0) return none;
    return new Set(this.#retroactive.filter(({ key, line }) => key.at <= asOf && countsFrom(line) > asOf));
  }

  /** How many lines other than plain uses come before a key. */
  othersBefore(key: LineKey): number {
    let low = 0;
    let high = this.#others.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#others[middle];
      if (other && compareKeys(other.key, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #insert(keyed: KeyedLine): boolean {
    const last = this.#others.at(-1);
    if (last === undefined || compareKeys(last.key, keyed.key) < 0) this.#others.push(keyed);
    else {
      const place = this.othersBefore(keyed.key);
      const there = this.#others[place];
      if (there && compareKeys(there.key, keyed.key) === 0) return false;
      this.#others.splice(place, 0, keyed);
    }
    if (countsFrom(keyed.line) > keyed.key.at) this.#retroactive.push(keyed);
    return true;
  }
}

/** Before every line of an instant, and after all of them. */
export function startOfInstant(at: Instant): LineKey {
  return { at, rank: -Infinity, id: '' };
}
export function endOfInstant(at: Instant): LineKey {
  return { at, rank: Infinity, id: '' };
}

/** After the line with a key and before every other one that follows it. */
export function justAfter(key: LineKey): LineKey {
  return { ...key, id: `${key.id}\u0000` };
}

const none: ReadonlySet<KeyedLine> = new Set();

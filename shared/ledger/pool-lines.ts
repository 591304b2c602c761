import { instant, type Instant } from '../kernel/instant.ts';
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
  /** Lines that speak of what comes after them. */
  readonly #ahead: KeyedLine[] = [];
  /** Spends that are no plain uses. */
  readonly #spendIds = new Set<string>();

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

  /** How many lines count before an instant. */
  countBefore(at: Instant): number {
    const key = startOfInstant(at);
    return this.uses.placeOf(key) + this.othersBefore(key);
  }

  /** The latest instant before which at most so many lines count; null where no line comes after them. */
  instantAfter(count: number): Instant | null {
    if (count < 0 || count >= this.size) return null;
    let low = Number(this.firstAt(none) ?? 0);
    let high = Math.max(
      this.uses.size === 0 ? low : this.uses.useAt(this.uses.size - 1).at,
      this.#others.at(-1)?.key.at ?? low,
    );
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.countBefore(instant(middle)) <= count) low = middle;
      else high = middle - 1;
    }
    return instant(low);
  }

  /** When the last of the lines that count before an instant was made, as far as that was later than they count. */
  madeUntil(at: Instant): Instant {
    let made = at;
    for (const { key, line } of this.#retroactive) {
      const from = countsFrom(line);
      if (key.at < at && from > made) made = from;
    }
    return made;
  }

  /** Whether a line that was made before an instant counts only from then on. */
  isAstride(at: Instant): boolean {
    return this.#ahead.some(({ key, line }) => line.occurredAt < at && key.at >= at);
  }

  /** Whether a spend is among the lines; `at` is when it began, as far as is known. */
  hasSpend(id: string, at: Instant): boolean {
    return this.#spendIds.has(id) || this.uses.find(id, at) !== null;
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
    const { key, line } = keyed;
    if (countsFrom(line) > key.at) this.#retroactive.push(keyed);
    if (line.occurredAt < key.at) this.#ahead.push(keyed);
    if (line.kind === 'hold' || (line.kind === 'correction' && line.credits >= 0)) this.#spendIds.add(line.id);
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

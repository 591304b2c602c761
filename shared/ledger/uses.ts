import { assert } from '../kernel/assert.ts';
import { credits, type Credits } from '../kernel/credits.ts';
import { compareText } from '../kernel/id.ts';
import { instant, type Instant } from '../kernel/instant.ts';
import type { LineKey } from './line-order.ts';

/** What a balance depends on of a plain use. */
export interface Use {
  readonly id: string;
  readonly at: Instant;
  readonly credits: Credits;
}

/** The rank of uses among lines of one instant, as in `line-order.ts`. */
export const useRank = 2;

/**
 * The plain uses of a pool in the order in which they count, as columns with running sums: what a million of them add up
 * to between two places is found in a handful of steps. A place is the number of uses before it; it moves when a use is
 * put in before it. [G5]
 */
export class Uses {
  readonly #chunks: Chunk[] = [];
  /** How many uses, and what sum of credits, lie before each chunk; right up to `#counted`. */
  #before: { readonly uses: number; readonly credits: number }[] = [];
  #size = 0;
  #instantById: Map<string, Instant> | null = null;

  get size(): number {
    return this.#size;
  }

  /** Puts a use in its place; false when it is there already. */
  insert(use: Use): boolean {
    const last = this.#chunks.at(-1);
    const isLast = last === undefined || last.compareEnd(use) < 0;
    const number = isLast ? this.#chunks.length - 1 : this.#chunkOf(use.at, use.id);
    let chunk = this.#chunks[number];
    const offset = isLast ? (chunk?.count ?? 0) : (chunk?.offsetOf(use.at, use.id) ?? 0);
    if (chunk?.ids[offset] === use.id && chunk.instants[offset] === use.at) return false;
    let from = Math.max(number, 0);
    if (!chunk || (isLast && chunk.count >= chunkUsesMax)) {
      chunk = new Chunk();
      this.#chunks.push(chunk);
      chunk.insert(0, use);
      from = this.#chunks.length - 1;
    } else if (chunk.count >= chunkUsesMax) {
      const second = chunk.split();
      this.#chunks.splice(number + 1, 0, second);
      if (offset <= chunk.count) chunk.insert(offset, use);
      else second.insert(offset - chunk.count, use);
    } else chunk.insert(offset, use);
    this.#size += 1;
    // What lies before the chunk itself has not changed.
    this.#before.length = Math.min(this.#before.length, from + 1);
    this.#instantById?.set(use.id, use.at);
    return true;
  }

  /** How many uses come before `key`. */
  placeOf({ at, rank, id }: LineKey): number {
    if (rank < useRank) return this.#placeAt(at, null);
    return rank > useRank ? this.#placeAt(instant(at + 1), null) : this.#placeAt(at, id);
  }

  /** The place of a use; null when there is none. Without `at` ids are indexed, once, to find it at any instant. */
  find(id: string, at: Instant | null): number | null {
    this.#instantById ??= at === null ? new Map(this.#chunks.flatMap((chunk) => chunk.entries())) : null;
    const when = at ?? this.#instantById?.get(id);
    if (when === undefined) return null;
    const place = this.#placeAt(when, id);
    return place < this.#size && this.useAt(place).id === id ? place : null;
  }

  useAt(place: number): Use {
    const { chunk, offset } = this.#locate(place);
    const id = chunk.ids[offset];
    assert(id !== undefined, `There is no use ${place}`);
    return {
      id,
      at: instant(chunk.instants[offset] ?? 0),
      credits: credits((chunk.sums[offset + 1] ?? 0) - (chunk.sums[offset] ?? 0)),
    };
  }

  /** What the uses before a place add up to, in micro-credits. */
  sumBefore(place: number): number {
    if (place === 0) return 0;
    const { chunk, offset, number } = this.#locate(place - 1);
    return (this.#start(number).credits ?? 0) + (chunk.sums[offset + 1] ?? 0);
  }

  #placeAt(at: Instant, id: string | null): number {
    const number = this.#chunkOf(at, id);
    const chunk = this.#chunks[number];
    return chunk ? this.#start(number).uses + chunk.offsetOf(at, id) : 0;
  }

  /** The last chunk that begins at or before (at, id), else the first one; −1 when there is none. */
  #chunkOf(at: Instant, id: string | null): number {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#chunks[middle]?.compareAt(0, at, id) ?? 1) <= 0) low = middle;
      else high = middle - 1;
    }
    return high < 0 ? -1 : low;
  }

  #locate(place: number): { readonly chunk: Chunk; readonly offset: number; readonly number: number } {
    assert(place >= 0 && place < this.#size, `There is no use ${place} of ${this.#size}`);
    this.#start(this.#chunks.length - 1);
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#before[middle]?.uses ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    const chunk = this.#chunks[low];
    assert(chunk, `There is no chunk ${low}`);
    return { chunk, offset: place - this.#start(low).uses, number: low };
  }

  #start(number: number): { readonly uses: number; readonly credits: number } {
    for (let next = this.#before.length; next <= number; next += 1) {
      const before = this.#before[next - 1] ?? { uses: 0, credits: 0 };
      const chunk = next === 0 ? undefined : this.#chunks[next - 1];
      const uses = before.uses + (chunk?.count ?? 0);
      this.#before.push({ uses, credits: before.credits + (chunk?.sums[chunk.count] ?? 0) });
    }
    return this.#before[number] ?? { uses: 0, credits: 0 };
  }
}

/** Some hundreds of uses that follow each other. */
class Chunk {
  count = 0;
  ids: string[] = [];
  instants = new Float64Array(chunkUsesFirst);
  /** What the uses before each one in this chunk add up to, and after the last one the sum of all. */
  sums = new Float64Array(chunkUsesFirst + 1);

  insert(offset: number, { id, at, credits: amount }: Use): void {
    if (this.count === this.instants.length) this.#grow();
    this.instants.copyWithin(offset + 1, offset, this.count);
    this.instants[offset] = at;
    this.sums.copyWithin(offset + 1, offset, this.count + 1);
    this.count += 1;
    for (let later = offset + 1; later <= this.count; later += 1) this.sums[later] = (this.sums[later] ?? 0) + amount;
    if (offset === this.ids.length) this.ids.push(id);
    else this.ids.splice(offset, 0, id);
  }

  /** Keeps the first half and gives the second one away. */
  split(): Chunk {
    const half = this.count >> 1;
    const second = new Chunk();
    second.count = this.count - half;
    second.ids = this.ids.splice(half);
    second.instants = this.instants.slice(half);
    const base = this.sums[half] ?? 0;
    second.sums = this.sums.slice(half).map((sum) => sum - base);
    this.count = half;
    return second;
  }

  /** How many uses of this chunk come before (at, id), or before the instant where there is no id. */
  offsetOf(at: Instant, id: string | null): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.compareAt(middle, at, id) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  compareAt(offset: number, at: Instant, id: string | null): number {
    return (this.instants[offset] ?? 0) - at || (id === null ? 1 : compareText(this.ids[offset] ?? '', id));
  }

  compareEnd({ at, id }: Use): number {
    return this.count === 0 ? -1 : this.compareAt(this.count - 1, at, id);
  }

  entries(): readonly (readonly [string, Instant])[] {
    return this.ids.map((id, offset) => [id, instant(this.instants[offset] ?? 0)]);
  }

  #grow(): void {
    const length = Math.min(this.instants.length * 4, chunkUsesMax);
    const instants = new Float64Array(length);
    instants.set(this.instants);
    const sums = new Float64Array(length + 1);
    sums.set(this.sums);
    this.instants = instants;
    this.sums = sums;
  }
}

const chunkUsesFirst = 32;
/** A use that comes late moves at most so many others. */
const chunkUsesMax = 2048;

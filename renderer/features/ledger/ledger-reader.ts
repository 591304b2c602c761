// Reads a ledger of any length by key, page after page, as far as the person scrolls; and again when it has changed.
import type { LedgerPage, LedgerRow } from '../../../shared/bridge/views.ts';

export interface LedgerSnapshot {
  /** The newest lines, without a gap, as far as they have been read. */
  readonly rows: readonly LedgerRow[];
  /** How many lines there are in all. */
  readonly total: number;
  /** Nothing has been answered yet. */
  readonly pending: boolean;
  readonly error: unknown;
}

export interface PageRequest {
  readonly cursor: string | null;
  readonly limit: number;
}

export type ReadPage = (request: PageRequest, signal: AbortSignal) => Promise<LedgerPage>;

const firstPage = 200;
const pageMax = 1000;
/** Lines that are read beyond those in view, so that scrolling meets them ready. */
const ahead = 100;

/**
 * One selection of the ledger. `want` says how far the person looks; `refresh`, that lines were added or changed: then
 * what is in view is read again from the top and swapped in at once, so that late lines stand where they belong.
 * One request is under way at a time. A failure stops reading until `retry`.
 */
export class LedgerReader {
  readonly #readPage: ReadPage;
  readonly #listeners = new Set<() => void>();
  #ending = new AbortController();
  #snapshot: LedgerSnapshot = { rows: [], total: 0, pending: true, error: null };
  #nextCursor: string | null = null;
  #wanted = 0;
  #stale = true;
  #running = false;

  constructor(readPage: ReadPage) {
    this.#readPage = readPage;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): LedgerSnapshot => this.#snapshot;

  /** The person sees lines up to this one, counted from 0. */
  readonly want = (index: number): void => {
    this.#wanted = index + 1;
    void this.#run();
  };

  readonly refresh = (): void => {
    this.#stale = true;
    void this.#run();
  };

  readonly retry = (): void => {
    this.#publish({ error: null });
    void this.#run();
  };

  /** Starts to read; the function that it returns ends what is under way. It may be connected again. */
  readonly connect = (): (() => void) => {
    const ending = new AbortController();
    this.#ending = ending;
    this.refresh();
    return () => ending.abort();
  };

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    const { signal } = this.#ending;
    try {
      while (!signal.aborted && this.#hasWork()) {
        if (this.#stale) await this.#readAgain(signal);
        else await this.#readOn(signal);
      }
    } catch (error) {
      if (!signal.aborted) this.#publish({ error, pending: false });
    }
    this.#running = false;
    // Connected again while the last request was still on its way back.
    if (signal.aborted && !this.#ending.signal.aborted) void this.#run();
  }

  #hasWork(): boolean {
    if (this.#snapshot.error !== null) return false;
    return this.#stale || (this.#nextCursor !== null && this.#snapshot.rows.length < this.#wanted + ahead);
  }

  /** The lines after those that are there. */
  async #readOn(signal: AbortSignal): Promise<void> {
    const { rows } = this.#snapshot;
    const limit = clamp(this.#wanted + ahead - rows.length, firstPage, pageMax);
    const page = await this.#readPage({ cursor: this.#nextCursor, limit }, signal);
    if (signal.aborted) return;
    this.#nextCursor = page.nextCursor;
    this.#publish({ rows: [...rows, ...page.rows], total: page.total, pending: false });
  }

  /** Everything from the top to what is in view. A change meanwhile starts over with the next turn. */
  async #readAgain(signal: AbortSignal): Promise<void> {
    this.#stale = false;
    const target = Math.max(firstPage, Math.min(this.#snapshot.rows.length, this.#wanted + ahead));
    const rows: LedgerRow[] = [];
    let cursor: string | null = null;
    let total = 0;
    try {
      do {
        const limit = clamp(target - rows.length, firstPage, pageMax);
        const page: LedgerPage = await this.#readPage({ cursor, limit }, signal);
        rows.push(...page.rows);
        cursor = page.nextCursor;
        total = page.total;
      } while (cursor !== null && rows.length < target);
    } catch (error) {
      this.#stale = true;
      throw error;
    }
    if (signal.aborted) return;
    this.#nextCursor = cursor;
    this.#publish({ rows, total, pending: false });
  }

  #publish(change: Partial<LedgerSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/**
 * By how many places the line at `index` of `before` has moved in `after`: what keeps it where it is on screen when
 * lines were added above it. If that line is gone, the next one that is still there is taken; 0 when none is.
 */
export function shiftOf(before: readonly LedgerRow[], after: readonly LedgerRow[], index: number): number {
  const placeById = new Map(after.map((row, place) => [row.id, place]));
  for (let place = Math.max(0, index); place < before.length; place++) {
    const moved = placeById.get(before[place]?.id ?? '');
    if (moved !== undefined) return moved - place;
  }
  return 0;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

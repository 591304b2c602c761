import { between, blockEnd, compareKeys, othersFirst, type LedgerKey, type LedgerTable } from './ledger-blocks.ts';
import type { LedgerConditions, SqlPart } from './ledger-filter.ts';

/**
 * How many lines a filter selects, exactly. Few are counted each time. Where there are many, what was counted is kept
 * by blocks of the ledger, so that another span of time, and lines that came since, cost next to nothing. It is a cache:
 * dropping it changes speed and nothing else.
 */
export class LedgerTallies {
  readonly #tallies = new Map<string, Promise<Tally>>();
  readonly #partings = new Map<string, Parting>();
  #cleared = 0;

  clear(): void {
    this.#cleared += 1;
    this.#tallies.clear();
    this.#partings.clear();
  }

  async total(ledger: LedgerTable, conditions: LedgerConditions): Promise<number> {
    const { line } = conditions;
    if (conditions.indexed !== 'not' && !this.#tallies.has(keyOf(ledger, line))) {
      const few = countFew(ledger, conditions);
      if (few !== null) return few;
    }
    const tally = await this.of(ledger, line);
    return tally.count(conditions);
  }

  /** What is counted of a filter, up to the last write. */
  async of(ledger: LedgerTable, line: SqlPart): Promise<LedgerTally> {
    const key = keyOf(ledger, line);
    for (;;) {
      const cleared = this.#cleared;
      const known = this.#tallies.get(key) ?? this.#begun(ledger, line);
      this.#keep(key, known);
      try {
        const tally = await known;
        // A line that was rewritten while others were counted may have been counted as both.
        if (cleared !== this.#cleared) continue;
        if (tally.follow(followedMax)) return tally;
      } catch (error) {
        this.#tallies.delete(key);
        throw error;
      }
      if (this.#tallies.get(key) === known) this.#tallies.delete(key);
    }
  }

  /** All filters of a workspace are counted by the same blocks: to find where they end takes as long as to count. */
  async #begun(ledger: LedgerTable, line: SqlPart): Promise<Tally> {
    const place = JSON.stringify([ledger.table, ledger.workspaceId]);
    const sequence = ledger.connection.lastSequence();
    const known = this.#partings.get(place);
    const isFine = known !== undefined && sequence >= known.sequence && sequence - known.sequence <= partedMax;
    const tally = await Tally.of(ledger, line, isFine ? known.ends : null);
    if (!isFine) this.#partings.set(place, { sequence, ends: tally.ends() });
    return tally;
  }

  /** The one asked for last is dropped last. */
  #keep(key: string, tally: Promise<Tally>): void {
    this.#tallies.delete(key);
    this.#tallies.set(key, tally);
    for (const oldest of this.#tallies.keys()) {
      if (this.#tallies.size <= talliesMax) return;
      this.#tallies.delete(oldest);
    }
  }
}

/** Where the blocks of a ledger end. Any ends are right; after many writes they are no longer evenly apart. */
interface Parting {
  /** The last write when it was made. */
  readonly sequence: number;
  readonly ends: readonly LedgerKey[];
}

function keyOf({ table }: LedgerTable, { sql, parameters }: SqlPart): string {
  return JSON.stringify([table, sql, parameters]);
}

/** What SQLite counts on an index at once; null where that are too many. */
function countFew({ connection, table }: LedgerTable, conditions: LedgerConditions): number | null {
  const { sql, parameters } = conditions.line;
  const span = timeOf(conditions);
  const row = connection
    .prepare(
      `SELECT count(*) AS lines FROM (SELECT 1 FROM ${table} WHERE deleted=0 AND ${sql}${span.sql} LIMIT ${fewMax + 1})`,
    )
    .get(...parameters, ...span.parameters);
  const lines = Number(row?.['lines']);
  return lines > fewMax ? null : lines;
}

function timeOf({ from, to }: Pick<LedgerConditions, 'from' | 'to'>): SqlPart {
  return {
    sql: `${from === null ? '' : ' AND "occurredAt">=?'}${to === null ? '' : ' AND "occurredAt"<?'}`,
    parameters: [...(from === null ? [] : [from]), ...(to === null ? [] : [to])],
  };
}

/** Lines that a filter selects, by blocks of the ledger. */
export interface LedgerTally {
  /** How many there are in a span of time. */
  readonly count: (span: Pick<LedgerConditions, 'from' | 'to'>) => number;
  /** Blocks in which there are some, newest first; those that begin at `end` or after it are left out. */
  readonly blocksBefore: (
    end: LedgerKey | null,
  ) => Iterable<{ readonly first: LedgerKey | null; readonly end: LedgerKey | null }>;
}

/** Consecutive lines: from `first` on, up to where the next block begins. */
interface Block {
  /** null for the beginning of the ledger. */
  readonly first: LedgerKey | null;
  /** Lines among them that the filter selects. */
  lines: number;
}

class Tally implements LedgerTally {
  readonly #ledger: LedgerTable;
  readonly #line: SqlPart;
  readonly #blocks: Block[] = [];
  /** The last write that is counted. */
  #sequence: number;
  #outdated = false;

  private constructor(ledger: LedgerTable, line: SqlPart) {
    this.#ledger = ledger;
    this.#line = line;
    this.#sequence = ledger.connection.lastSequence();
  }

  /** By blocks that end where `ends` says, or wherever ten thousand lines are full. */
  static async of(ledger: LedgerTable, line: SqlPart, ends: readonly LedgerKey[] | null): Promise<Tally> {
    const tally = new Tally(ledger, line);
    for (let first: LedgerKey | null = null; ;) {
      const end: LedgerKey | null = ends ? (ends[tally.#blocks.length] ?? null) : blockEnd(ledger, first);
      tally.#blocks.push({ first, lines: tally.#countBetween(first, end) });
      if (end === null) break;
      first = end;
      await othersFirst(ledger.connection);
    }
    // However many came meanwhile: beginning again would never end while a file is imported.
    tally.follow(Number.MAX_SAFE_INTEGER);
    return tally;
  }

  ends(): readonly LedgerKey[] {
    return this.#blocks.flatMap(({ first }) => first ?? []);
  }

  /**
   * Counts what was written since. Answers false when it has to be counted anew: after lines were removed, which no
   * ledger does but a whole workspace may be, or after more than `linesMax` were added. [L2]
   */
  follow(linesMax: number): boolean {
    const { connection, table } = this.#ledger;
    const last = connection.lastSequence();
    if (this.#outdated || last < this.#sequence) return false;
    if (last === this.#sequence) return true;
    const { sql, parameters } = this.#line;
    const rows = connection
      .prepare(
        `SELECT deleted, "occurredAt", id, (${sql}) AS selected FROM ${table} WHERE sequence>? ORDER BY sequence LIMIT ?`,
      )
      .all(...parameters, this.#sequence, linesMax === Number.MAX_SAFE_INTEGER ? -1 : linesMax + 1);
    if (rows.length > linesMax || rows.some((row) => row['deleted'] !== 0)) this.#outdated = true;
    if (this.#outdated) return false;
    for (const row of rows) {
      if (row['selected'] !== 1) continue;
      const block = this.#blocks[this.#blockOf({ at: Number(row['occurredAt']), id: String(row['id']) })];
      if (block) block.lines += 1;
    }
    this.#sequence = last;
    return true;
  }

  /** Lines of a span of time. Blocks that lie in it whole are known; at its two ends is counted. */
  count({ from, to }: Pick<LedgerConditions, 'from' | 'to'>): number {
    const first = from === null ? null : { at: from, id: '' };
    const end = to === null ? null : { at: to, id: '' };
    const firstWhole = first === null ? 0 : this.#blockOf(first) + 1;
    const endWhole = end === null ? this.#blocks.length : this.#blockOf(end);
    if (firstWhole > endWhole) return this.#countBetween(first, end);
    let lines = 0;
    for (const block of this.#blocks.slice(firstWhole, endWhole)) lines += block.lines;
    if (first !== null) lines += this.#countBetween(first, this.#blocks[firstWhole]?.first ?? null);
    if (end !== null) lines += this.#countBetween(this.#blocks[endWhole]?.first ?? null, end);
    return lines;
  }

  *blocksBefore(end: LedgerKey | null) {
    let place = end === null ? this.#blocks.length - 1 : this.#blockOf(end);
    for (; place >= 0; place -= 1) {
      const block = this.#blocks[place];
      if (block && block.lines > 0) yield { first: block.first, end: this.#blocks[place + 1]?.first ?? null };
    }
  }

  /** Which block a line belongs to. */
  #blockOf(key: LedgerKey): number {
    let [low, high] = [0, this.#blocks.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const first = this.#blocks[middle]?.first ?? null;
      if (first === null || compareKeys(first, key) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #countBetween(first: LedgerKey | null, end: LedgerKey | null): number {
    const { connection, source } = this.#ledger;
    const { sql, parameters } = this.#line;
    const bounds = between(first, end);
    const row = connection
      .prepare(`SELECT count(*) AS lines FROM ${source} WHERE deleted=0 AND ${sql}${bounds.sql} AND sequence<=?`)
      .get(...parameters, ...bounds.parameters, this.#sequence);
    return Number(row?.['lines']);
  }
}

/** So many are counted in about two milliseconds. */
const fewMax = 50_000;
/** Of more than this it is quicker to count anew. */
const followedMax = 5_000;
const talliesMax = 100;
/** After so many writes the largest block may be some times as large as it was. */
const partedMax = 50_000;

// What was used on each day of a workspace, kept by this process: the first time all of its days are read, and then news.
import { z } from 'zod';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { addDays, startOfDay, type LocalDate } from '../../shared/kernel/time-zone.ts';
import type { Transaction } from '../database/database.ts';
import type { History } from '../history/history-terms.ts';

/** Days without a gap, the last one yesterday; in micro-credits. */
export interface DaysUsed {
  readonly first: LocalDate;
  readonly used: readonly number[];
}

interface Kept extends History {
  readonly timeZone: string;
  /** Entries up to here, spent before `until`, are counted. */
  readonly seq: number;
  readonly until: Instant;
  readonly usedByDay: ReadonlyMap<LocalDate, number>;
}

interface DayStarts {
  readonly dates: readonly LocalDate[];
  readonly starts: readonly Instant[];
}

const zonesMax = 50;
const countedSchema = z.array(z.object({ place: z.int(), used: z.int() }));

export class DayUses {
  readonly #kept = new Map<string, Kept>();
  readonly #starts = new Map<string, DayStarts>();
  readonly #workspacesMax: number;

  constructor(workspacesMax = 500) {
    this.#workspacesMax = workspacesMax;
  }

  /** The days up to yesterday from the first one with use on, `daysMax` at most; days of 23 and 25 hours are days. [K6] */
  async upTo(
    transaction: Pick<Transaction, 'query'>,
    given: {
      readonly workspaceId: string;
      readonly history: History & { readonly seq: number };
      readonly timeZone: string;
      readonly today: LocalDate;
      readonly daysMax: number;
    },
  ): Promise<DaysUsed> {
    const { workspaceId, history, timeZone, today, daysMax } = given;
    const { dates, starts } = this.#daysBefore(today, { timeZone, daysMax });
    const [earliest = today] = dates;
    const until = starts.at(-1) ?? instant(0);
    const known = this.#known(workspaceId, { history, timeZone, until });
    const { rows } = await transaction.query(
      `SELECT width_bucket(spent_at, $2::bigint[]) - 1 AS place, sum(used)::float8 AS used FROM (
         SELECT spent_at, used FROM entry
         WHERE workspace_id = $1 AND used IS NOT NULL AND seq > $3 AND seq <= $4 AND spent_at >= $5 AND spent_at < $6
         UNION ALL
         SELECT spent_at, used FROM entry
         WHERE workspace_id = $1 AND used IS NOT NULL AND seq <= $3 AND spent_at >= $7 AND spent_at < $6
       ) AS found GROUP BY 1`,
      [workspaceId, starts, known?.seq ?? 0, history.seq, starts[0], until, known?.until ?? until],
    );
    const usedByDay = new Map([...(known?.usedByDay ?? [])].filter(([day]) => day >= earliest));
    for (const { place, used } of countedSchema.parse(rows)) {
      const day = dates[place] ?? today;
      usedByDay.set(day, (usedByDay.get(day) ?? 0) + used);
    }
    const { epoch, origin, seq } = history;
    this.#keep(workspaceId, { epoch, origin, seq, timeZone, until, usedByDay });
    const idle = dates.findIndex((day) => usedByDay.has(day));
    const days = idle < 0 ? [] : dates.slice(idle, -1);
    return { first: days[0] ?? today, used: days.map((day) => usedByDay.get(day) ?? 0) };
  }

  /** The days before one and the day itself, with the instants at which they begin: the same for all of a zone. */
  #daysBefore(
    today: LocalDate,
    { timeZone, daysMax }: { readonly timeZone: string; readonly daysMax: number },
  ): DayStarts {
    const key = `${today}/${timeZone}/${daysMax}`;
    const known = this.#starts.get(key);
    if (known) return known;
    const dates = Array.from({ length: daysMax + 1 }, (_, index) => addDays(today, index - daysMax));
    const made = { dates, starts: dates.map((date) => startOfDay(date, timeZone)) };
    if (this.#starts.size >= zonesMax) this.#starts.clear();
    this.#starts.set(key, made);
    return made;
  }

  /** Nothing of another history, of other days, or of a time that has not come yet. */
  #known(
    workspaceId: string,
    given: {
      readonly history: History & { readonly seq: number };
      readonly timeZone: string;
      readonly until: Instant;
    },
  ): Kept | undefined {
    const { history, timeZone, until } = given;
    const known = this.#kept.get(workspaceId);
    const holds =
      known?.epoch === history.epoch &&
      known.origin === history.origin &&
      known.timeZone === timeZone &&
      known.seq <= history.seq &&
      known.until <= until;
    return holds ? known : undefined;
  }

  #keep(workspaceId: string, kept: Kept): void {
    this.#kept.delete(workspaceId);
    this.#kept.set(workspaceId, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#workspacesMax && oldest !== undefined) this.#kept.delete(oldest);
  }
}

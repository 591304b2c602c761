import type { Instant } from '../../shared/kernel/instant.ts';
import { hoursOf } from '../../shared/kernel/hours.ts';
import { dayOf, type LocalDate } from '../../shared/kernel/time-zone.ts';
import { useOf, type Transaction } from '../../shared/ledger/transaction.ts';
import { fromDocument } from '../database/transaction-document.ts';
import type { SqliteConnection } from '../storage-sqlite/connection.ts';
import { figureKeys, type Calendar, type FigureTable } from './usage-tables.ts';

/** By how much a line changes what was used, when and by whom; empty ids are *unattributed*. */
export interface CountedUse {
  readonly workspaceId: string;
  readonly at: Instant;
  readonly credits: number;
  readonly uses: number;
  readonly featureId: string;
  readonly teamId: string;
  readonly memberId: string;
}

/** The use in a stored document; undefined for lines that change none and for what is no line. */
export function countedIn(stored: unknown): CountedUse | undefined {
  const line = fromDocument(stored);
  return line && countedOf(line);
}

export function countedOf(line: Transaction): CountedUse | undefined {
  const use = useOf(line);
  if (!use || line.kind === 'grant') return undefined;
  return {
    workspaceId: line.workspaceId,
    at: use.at,
    credits: use.credits,
    uses: line.kind === 'usage' || line.kind === 'capture' ? 1 : line.kind === 'void' ? -1 : 0,
    featureId: line.featureId ?? '',
    teamId: line.teamId ?? '',
    memberId: line.memberId ?? '',
  };
}

/** Sums up lines before they touch the tables, so that a bulk of a thousand lines costs a handful of updates. */
export class UsageBatch {
  readonly #sums = new Map<string, Sum>();

  /** `sign` is -1 for a line that is taken out again. */
  add(calendar: Calendar, use: CountedUse, sign: 1 | -1): void {
    const day = dayOf(use.at, calendar.timeZone);
    const { id } = calendar;
    const { featureId, teamId, memberId } = use;
    this.#sum(use, sign, 'usage_by_day', id, teamId, day, featureId);
    this.#sum(use, sign, 'usage_by_feature_day', id, day, featureId);
    this.#sum(use, sign, 'usage_by_team_day', id, day, teamId);
    this.#sum(use, sign, 'usage_by_member_day', id, day, memberId);
    this.#sum(use, sign, 'usage_by_member_month', id, monthOf(day), memberId);
    this.addHour(calendar, use, sign, day);
  }

  /** The hour alone. */
  addHour(calendar: Calendar, use: CountedUse, sign: 1 | -1, day: LocalDate): void {
    if (day < calendar.hoursFrom) return;
    const hour = hoursOf(day, calendar.timeZone).findLast((each) => each.start <= use.at);
    if (hour) this.#sum(use, sign, 'usage_by_hour', calendar.id, hour.start);
  }

  get size(): number {
    return this.#sums.size;
  }

  /** Adds the sums to the tables and forgets them. */
  flush(connection: SqliteConnection): void {
    for (const { table, key, credits, uses } of this.#sums.values()) {
      connection.prepare(upsertOf[table]).run(...key, credits, uses);
    }
    this.#sums.clear();
  }

  #sum(use: CountedUse, sign: 1 | -1, table: FigureTable, ...key: readonly (string | number)[]): void {
    const name = `${table}\u0000${key.join('\u0000')}`;
    const known = this.#sums.get(name);
    if (known) {
      known.credits += sign * use.credits;
      known.uses += sign * use.uses;
    } else this.#sums.set(name, { table, key, credits: sign * use.credits, uses: sign * use.uses });
  }
}

/** `2026-11` */
export function monthOf(day: LocalDate): string {
  return day.slice(0, 7);
}

interface Sum {
  readonly table: FigureTable;
  readonly key: readonly (string | number)[];
  credits: number;
  uses: number;
}

const upsertOf = {
  usage_by_day: upsert('usage_by_day'),
  usage_by_feature_day: upsert('usage_by_feature_day'),
  usage_by_team_day: upsert('usage_by_team_day'),
  usage_by_member_day: upsert('usage_by_member_day'),
  usage_by_member_month: upsert('usage_by_member_month'),
  usage_by_hour: upsert('usage_by_hour'),
} as const satisfies Record<FigureTable, string>;

function upsert(table: FigureTable): string {
  const keys = figureKeys[table];
  const places = keys.split(', ').map(() => '?');
  return `INSERT INTO ${table} (calendar, ${keys}, credits, uses) VALUES (?,${places.join(',')},?,?)
    ON CONFLICT DO UPDATE SET credits=credits+excluded.credits, uses=uses+excluded.uses`;
}
